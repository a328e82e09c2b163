"""Marks of what has changed, and the hint that there is something to do.

Whoever changes a number, a definition or the tree adds marks in the same transaction. After commit
a Celery message tells a worker; when the broker is away the marks remain, and the sweep finds them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from hospitals.messages import tell_worker
from hospitals.models import Hospital
from indicators.models import RecomputeMark
from indicators.periods import Period

log = logging.getLogger(__name__)

#: Above this many single marks one mark for the whole hospital is cheaper for everybody.
MOST_SINGLE_MARKS = 200
RECOMPUTE_TASK = "scorecard.tasks.recompute_hospital"


class Change(NamedTuple):
    """What has changed; None means all units, all elements, all periods."""

    unit_id: int | None = None
    element_id: int | None = None
    period: Period | None = None


EVERYTHING = Change()


def mark_changed(*, hospital_id: int, changes: Iterable[Change]) -> None:
    """Record that scores of a hospital have to follow `changes`; call inside the changing transaction."""
    wanted = set(changes)
    if not wanted:
        return
    if len(wanted) > MOST_SINGLE_MARKS or EVERYTHING in wanted:
        wanted = {EVERYTHING}
    RecomputeMark.objects.bulk_create(
        RecomputeMark(hospital_id=hospital_id, unit_id=c.unit_id, element_id=c.element_id, period=c.period)
        for c in wanted
    )
    transaction.on_commit(lambda: announce(hospital_id))


def mark_everything(hospitals: Iterable[Hospital]) -> None:
    for hospital in hospitals:
        mark_changed(hospital_id=hospital.pk, changes=[EVERYTHING])


def announce(hospital_id: int) -> None:
    """Tell a worker that a hospital has marks. Never fails: the marks outlive a dead broker."""
    try:
        tell_worker(RECOMPUTE_TASK, hospital_id)
    except Exception as error:
        log.warning("broker not reached, hospital %s waits for the sweep: %s", hospital_id, error)
