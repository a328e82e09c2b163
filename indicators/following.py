"""Scores follow what they were computed from: which models that is, and what a change of one leaves behind.

A change of a row moves the stamp and marks the hospitals it concerns, in the same transaction. Marks are
for hospitals that have scores already; a first computation under way, of which nobody can know, finds that
the stamp has moved, and marks its own hospital when it finishes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save

from hospitals.models import Hospital
from indicators.marks import mark_everything
from indicators.models import DefinitionStamp

#: Models that leave their marks: those named to `follow`, and those whose actions mark the cells they touch.
followed: set[type[Model]] = set()
_THE_ROW = 1
#: Nothing was ever changed.
NO_STAMP = 0
_MOST_STAMPS = 2**62
#: Models of the rows that changed so far, while many change together.
_together: ContextVar[list[type[Model]] | None] = ContextVar("changed together", default=None)


def follow(model: type[Model], concerned: Callable[[Any], Iterable[Hospital]]) -> None:
    """Mark the hospitals that a row of `model` is `concerned` with whenever one is saved or deleted.

    Whoever writes rows in bulk, which sends no signals, saves one that they belong to in the same
    transaction.
    """

    def changed(instance: Model, **signal: Any) -> None:
        if goes_with_hospital(signal):
            return
        if (together := _together.get()) is not None:
            together.append(model)
            return
        # First the stamp: a computation that has not seen this change waits here, or is among the marked.
        move_stamp()
        mark_everything(concerned(instance))

    followed.add(model)
    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=f"scores follow {model.__name__}")


@contextmanager
def shipped_together() -> Iterator[None]:
    """Many rows of what is shipped change in one transaction: one move of the stamp, one mark a hospital."""
    changed: list[type[Model]] = []
    token = _together.set(changed)
    try:
        yield
    finally:
        _together.reset(token)
    if changed:
        move_stamp()
        mark_everything(Hospital.objects.filter(computation__isnull=False))


def goes_with_hospital(signal: dict[str, Any]) -> bool:
    """Whether the row is deleted because its hospital is: then there is nothing left to follow."""
    return isinstance(signal.get("origin"), Hospital)


def whoever_uses(row: Any) -> QuerySet[Hospital]:
    """The hospital to which a definition belongs; all that have scores when it is shipped."""
    if row.hospital_id is not None:
        return Hospital.objects.filter(pk=row.hospital_id)
    return Hospital.objects.filter(computation__isnull=False)


def move_stamp() -> None:
    """Say that definitions are not what they were; holds the stamp until the transaction ends.

    A number drawn by lot and not the next one: after a transaction that was taken back the next would be
    given twice, and `indicators.held` would take one state for the other.
    """
    number = 1 + secrets.randbelow(_MOST_STAMPS)
    if not DefinitionStamp.objects.filter(pk=_THE_ROW).update(number=number):
        DefinitionStamp.objects.bulk_create([DefinitionStamp(pk=_THE_ROW)], ignore_conflicts=True)
        DefinitionStamp.objects.filter(pk=_THE_ROW).update(number=number)


def read_stamp() -> int:
    found = DefinitionStamp.objects.filter(pk=_THE_ROW).values_list("number", flat=True).first()
    return found or NO_STAMP


def read_stamp_at_rest() -> int:
    """The stamp when nobody is moving it, and nobody can until the transaction ends."""
    held = DefinitionStamp.objects.select_for_update(no_key=True).filter(pk=_THE_ROW)
    if (found := held.first()) is None:
        DefinitionStamp.objects.bulk_create([DefinitionStamp(pk=_THE_ROW)], ignore_conflicts=True)
        found = held.get()
    return found.number
