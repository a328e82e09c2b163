"""Writes of data values: the one way a number gets into the database, whatever it came from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from hospitals.dates import day_in_words
from hospitals.models import Unit, User
from indicators.begins import ValueRefusedError as ValueRefusedError
from indicators.begins import begins_of, hospital_begins, outside_in_words, refuse_before_begin
from indicators.marks import Change, mark_changed
from indicators.models import DataElement, DataValue, Status
from indicators.models.value import LARGEST
from indicators.periods import Period

BATCH = 2000

#: Sent inside the transaction before anything is written, with `rows` (the data values that would be
#: created, changed or removed) and `by`. A room above that raises ValueRefusedError stops all of it.
about_to_save = Signal()


class NewValue(NamedTuple):
    """What a unit reports for an element and a period; `value` None with the status that says why.

    `status` None takes back what was reported before.
    """

    unit: Unit
    element: DataElement
    period: Period
    value: float | None
    status: Status | None = Status.REPORTED


@dataclass(frozen=True)
class Saved:
    created: int
    changed: int
    removed: int
    unchanged: int


def refuse_impossible(*, element: DataElement, value: float | None, status: Status | None) -> None:
    """Raise ValueRefusedError, in the language of the person, for what may never be stored."""
    if (value is None) == (status == Status.REPORTED):
        raise ValueRefusedError(_("give a number, or “not applicable” or “not collected” instead"))
    if value is None:
        return
    if not -LARGEST <= value <= LARGEST:
        raise ValueRefusedError(_("the number is too large to be true; look for digits too many"))
    if element.minimum is not None and value < element.minimum:
        raise ValueRefusedError(
            _("%(name)s cannot be less than %(minimum)g") % {"name": element.name, "minimum": element.minimum}
        )
    if element.maximum is not None and value > element.maximum:
        raise ValueRefusedError(
            _("%(name)s cannot be more than %(maximum)g") % {"name": element.name, "maximum": element.maximum}
        )


def refuse_retired(*, element: DataElement, period: Period) -> None:
    """Raise ValueRefusedError for a period by whose end the element is retired. What was stored may be taken
    back."""
    if element.retired_from is not None and element.is_retired_in(period):
        words = {"element": element, "day": day_in_words(element.retired_from)}
        raise ValueRefusedError(_("there is no data element “%(element)s” from %(day)s on") % words)


@transaction.atomic
def save_values(values: Iterable[NewValue], *, by: User | None, why: str = "") -> Saved:
    """Store data values with their history, and mark what has to be recomputed. All or nothing.

    Of two values for the same unit, element and period the later one counts. Raises ValueRefusedError,
    also for what would be new or changed before the hospital or the unit began, or when the element was
    retired.
    """
    wanted = {(v.unit.pk, v.element.pk, v.period): v for v in values}
    for v in wanted.values():
        refuse_impossible(element=v.element, value=v.value, status=v.status)
    begins = _take_turns({unit_id for unit_id, _element, _period in wanted})
    found = _existing(wanted)
    new, changed, removed, unchanged = [], [], [], 0
    for key, v in wanted.items():
        row = found.get(key)
        if v.status is None:
            removed.extend([row] if row else [])
        elif row is None:
            new.append(
                DataValue(unit=v.unit, element=v.element, period=v.period, value=v.value, status=v.status)
            )
        elif (row.value, row.status) != (v.value, v.status):
            row.value, row.status = v.value, v.status
            changed.append(row)
        else:
            unchanged += 1
    for row in (*new, *changed):
        given = wanted[row.unit_id, row.element_id, row.period]
        begin = begins.get(given.unit.pk)
        refuse_before_begin(unit=given.unit, period=row.period, hospital_begins=begin)
        refuse_retired(element=given.element, period=row.period)
    about_to_save.send(sender=DataValue, rows=[*new, *changed, *removed], by=by)
    of_whole_years = _first_of_their_year(new)
    history = {"batch_size": BATCH, "default_user": by, "default_change_reason": why[:100]}
    if new:
        bulk_create_with_history(new, DataValue, **history)
    if changed:
        bulk_update_with_history(changed, DataValue, ["value", "status"], **history)
    for row in removed:
        row._history_user = by
        row._change_reason = why[:100]
        row.delete()
    _mark(wanted, [*new, *changed, *removed], of_whole_years, removed)
    return Saved(len(new), len(changed), len(removed), unchanged)


@transaction.atomic
def move_values(
    *, elements: Sequence[DataElement], from_unit: Unit, to_unit: Unit, by: User, reason: str
) -> int:
    """Give all that one unit reported of `elements` to another; returns how many values. The history of
    both says so. What is locked is moved as well: it is the administrator's act.

    Raises ValidationError, and moves nothing, where both have reported for the same period, or one lies
    outside the time of `to_unit`.
    """
    _take_turns({from_unit.pk, to_unit.pk})
    rows = list(DataValue.objects.filter(unit=from_unit, element__in=elements).select_related("element"))
    refuse_both(elements=elements, from_unit=from_unit, to_unit=to_unit)
    refuse_outside(elements=elements, from_unit=from_unit, to_unit=to_unit)
    for row in rows:
        row._history_user = by
        row._change_reason = f"given {to_unit.code}: {reason}"[:100]
        row.delete()
    new = [
        DataValue(unit=to_unit, element=row.element, period=row.period, value=row.value, status=row.status)
        for row in rows
    ]
    why = f"moved {from_unit.code}: {reason}"[:100]
    bulk_create_with_history(new, DataValue, batch_size=BATCH, default_user=by, default_change_reason=why)
    changes = {Change(unit.pk, row.element_id) for unit in (from_unit, to_unit) for row in new}
    mark_changed(hospital_id=to_unit.hospital_id, changes=changes)
    return len(new)


def refuse_both(*, elements: Iterable[DataElement], from_unit: Unit, to_unit: Unit) -> None:
    """Raise ValidationError where two units have reported one of `elements` for the same period."""
    here = set(
        DataValue.objects.filter(unit=from_unit, element__in=elements).values_list("element_id", "period")
    )
    there = DataValue.objects.filter(unit=to_unit, element__in=elements).select_related("element")
    for row in there.order_by("period", "element"):
        if (row.element_id, row.period) in here:
            raise ValidationError(
                _("Both units have a number for the same period: %(element)s in %(period)s.")
                % {"element": row.element.name, "period": row.period}
            )


def refuse_outside(*, elements: Iterable[DataElement], from_unit: Unit, to_unit: Unit) -> None:
    """Raise ValidationError where values of `elements` lie before `to_unit` began or after it closed."""
    rows = DataValue.objects.filter(unit=from_unit, element__in=elements)
    begins = hospital_begins(to_unit.hospital, to_unit.hospital.root)
    periods = list(rows.values_list("period", flat=True))
    if said := outside_in_words(unit=to_unit, periods=periods, hospital_begins=begins):
        raise ValidationError(said)


def _take_turns(unit_ids: set[int]) -> dict[int, dt.date | None]:
    """Let two clerks on one form save one after the other, so that the later sees what the earlier wrote.

    SQLite has one writer at a time anyway. Returns the first day of the hospital by unit id.
    """
    units = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=unit_ids)
    return begins_of(units.order_by("pk"))


def _existing(wanted: dict) -> dict[tuple[int, int, Period], DataValue]:
    units = {unit_id for unit_id, _element, _period in wanted}
    elements = {element_id for _unit, element_id, _period in wanted}
    periods = {period for _unit, _element, period in wanted}
    if not wanted:
        return {}
    rows = DataValue.objects.filter(
        unit__in=units, element__in=elements, period__gte=min(p.code for p in periods)
    ).filter(period__lte=max(p.code for p in periods))
    return {key: row for row in rows if (key := (row.unit_id, row.element_id, row.period)) in wanted}


def _first_of_their_year(new: list[DataValue]) -> set[tuple[int, int, int]]:
    """Unit, element and year of which nothing was reported before: from then on the unit keeps it."""
    wanted = {(row.unit_id, row.element_id, row.period.year) for row in new}
    if not wanted:
        return set()
    units, elements, years = (set(ids) for ids in zip(*wanted, strict=True))
    known = DataValue.objects.filter(
        unit__in=units,
        element__in=elements,
        period__gte=Period.of_year(min(years)),
        period__lt=Period.of_year(max(years) + 1),
    )
    rows = known.order_by().values_list("unit_id", "element_id", "period")
    return wanted - {(unit_id, element_id, period.year) for unit_id, element_id, period in rows}


def _mark(
    wanted: dict,
    touched: list[DataValue],
    of_whole_years: set[tuple[int, int, int]],
    removed: list[DataValue],
) -> None:
    """Marks of what was touched. What was taken back may have been the first year that there was."""
    gone = {(row.unit_id, row.element_id) for row in removed}
    hospital_of = {v.unit.pk: v.unit.hospital_id for v in wanted.values()}
    changes: dict[int, set[Change]] = defaultdict(set)
    for row in touched:
        pair = (row.unit_id, row.element_id)
        period: Period | None = row.period
        if (*pair, row.period.year) in of_whole_years:
            period = Period.of_year(row.period.year)
        if pair in gone:
            period = None
        changes[hospital_of[row.unit_id]].add(Change(*pair, period))
    for hospital_id, theirs in changes.items():
        mark_changed(hospital_id=hospital_id, changes=theirs)
