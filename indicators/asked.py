"""What the rooms above tell of who is asked for which data elements, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q

from hospitals.tree import UnitTree
from indicators.hooks import Expectations, Span, expectations, keepings
from indicators.models import DataElement
from indicators.models.definition import SHIPPED_FIRST, first_month_retired
from indicators.periods import Period

#: Months in which an element is asked for, by its code and by unit id.
Told = dict[str, dict[int, list[Span]]]


class AskedOfUnits(NamedTuple):
    """What the rooms above tell of the elements that they ask for; of the others they say nothing.

    `retired`: by code the first month in which nobody is asked for an element any more, whatever they say.
    """

    kept: Told
    required: Told
    retired: dict[str, Period]


def read_asked(tree: UnitTree) -> AskedOfUnits:
    """One query, and those of the rooms above."""
    retired = _retired(tree)
    required = _told(expectations, tree)
    kept = _merged(_told(keepings, tree), required)
    return AskedOfUnits(_until_retired(kept, retired), _until_retired(required, retired), retired)


def ended(span: Span, retired: Period | None) -> Span:
    """A span without the months from `retired` on; it ends before it begins where none remain."""
    first, last = span
    if retired is None:
        return span
    if retired <= first:
        return first, first.shifted(-1)
    before = retired.shifted(-1)
    return first, before if last is None else min(last, before)


def _retired(tree: UnitTree) -> dict[str, Period]:
    """A hospital's own element stands for the shipped one of the same code, retired or not."""
    hospital_id = tree.units[0].hospital_id if tree.units else None
    theirs = Q(hospital=None) | Q(hospital=hospital_id)
    rows = DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST).values_list("code", "retired_from")
    months = {code: first_month_retired(day) for code, day in rows}
    return {code: month for code, month in months.items() if month is not None}


def _until_retired(told: Told, retired: Mapping[str, Period]) -> Told:
    return told | {
        code: {unit: [ended(span, retired[code]) for span in spans] for unit, spans in told[code].items()}
        for code in told.keys() & retired.keys()
    }


def _told(hooks: Iterable[Expectations], tree: UnitTree) -> Told:
    told: Told = {}
    for hook in hooks:
        told = _merged(told, hook(tree))
    return told


def _merged(told: Told, more: Mapping[str, Mapping[int, Sequence[Span]]]) -> Told:
    found = {code: {unit: [*spans] for unit, spans in of_units.items()} for code, of_units in told.items()}
    for code, of_units in more.items():
        units = found.setdefault(code, {})
        for unit_id, spans in of_units.items():
            units.setdefault(unit_id, []).extend(spans)
    return found
