"""Which units fill in a form, and of whom. Pure: works on the tree and the assignments, asks nothing of
the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from entry.models import Form, FormAssignment, Scope
from hospitals.models import Unit
from hospitals.tree import UnitTree
from indicators.begins import first_day, hospital_begins
from indicators.periods import LAST_YEAR, Period, PeriodKind, nearest_month

_FOREVER = Period.month(LAST_YEAR, 12)


@dataclass(frozen=True)
class Duty:
    """A form is filled in from one month to another (None: without end).

    It speaks of `unit`: the numbers are that unit's. `filled_by` fills it in: its people enter and
    approve. Most units speak of themselves. `not_kept` are codes of parts that the unit does not keep.
    """

    form: Form
    unit: Unit
    filled_by: Unit
    first_month: Period
    last_month: Period | None
    not_kept: frozenset[str] = frozenset()

    @property
    def speaks_of_another(self) -> bool:
        return self.unit.pk != self.filled_by.pk

    @property
    def ends(self) -> Period | None:
        """The last month in which it is assigned and both units still work (None: without end)."""
        closed = [nearest_month(u.closed_on) for u in (self.unit, self.filled_by) if u.closed_on]
        return min([*closed, *([self.last_month] if self.last_month else [])], default=None)

    def holds_in(self, month: Period) -> bool:
        """Whether the form is to be filled for `month`: it is assigned, and both units worked then. No form
        is filled for a longer period."""
        return (
            month.kind is PeriodKind.MONTH
            and self.first_month <= month
            and (self.last_month is None or month <= self.last_month)
            and self.unit.is_open_in(month.start, month.end)
            and self.filled_by.is_open_in(month.start, month.end)
        )

    def overlaps(self, other: Duty) -> bool:
        """Whether both ask for a month of the same form and unit."""
        return (
            (self.form.pk, self.unit.pk) == (other.form.pk, other.unit.pk)
            and (other.last_month is None or self.first_month <= other.last_month)
            and (self.last_month is None or other.first_month <= self.last_month)
        )


def duties_of(tree: UnitTree, assignments: Iterable[FormAssignment]) -> list[Duty]:
    """Every unit of the tree with the forms that speak of it, in the order of the forms and of the tree.

    What a unit fills in of itself, the nearest of a form's assignments decides: at the unit itself, else at
    its nearest parent that has one. While another unit speaks of it, it does not speak for itself. Nothing is
    asked for before the hospital and both units began, whatever an assignment says.
    """
    begins = hospital_begins(tree.units[0].hospital, tree.units[0]) if tree.units else None
    by_form: dict[Form, list[FormAssignment]] = {}
    for assignment in assignments:
        by_form.setdefault(assignment.form, []).append(assignment)
    found: list[Duty] = []
    for form in sorted(by_form, key=lambda form: (form.position, form.code)):
        of_themselves = {a.unit_id: a for a in by_form[form] if a.speaks_of_id is None}
        by_others = _by_others(tree, form, by_form[form])
        for index, unit in enumerate(tree.units):
            told = by_others.get(unit.pk, [])
            nearest = _nearest(tree, index, of_themselves)
            own: Iterable[Duty] = ()
            if nearest is not None and _covers(nearest, form, unit):
                own = _without(_duty(form, unit, unit, nearest), told)
            for duty in (*own, *told):
                found.extend(_begun(duty, begins))
    return found


def _begun(duty: Duty, begins: dt.date | None) -> Iterator[Duty]:
    """A duty without the months in which it cannot be done yet; none where none remain."""
    day = first_day(begins, duty.unit.opened_on, duty.filled_by.opened_on)
    if day is None or duty.first_month >= nearest_month(day):
        yield duty
    elif duty.last_month is None or duty.last_month >= nearest_month(day):
        yield replace(duty, first_month=nearest_month(day))


def _by_others(tree: UnitTree, form: Form, assignments: Iterable[FormAssignment]) -> dict[int, list[Duty]]:
    """By the unit spoken of, what other units fill in of it, in the order of the months."""
    units = {unit.pk: unit for unit in tree.units}
    found: dict[int, list[Duty]] = {}
    for a in sorted(assignments, key=lambda a: a.first_month):
        unit = units.get(a.speaks_of_id or 0)
        if unit is not None:
            filled_by = units.get(a.unit_id) or a.unit
            found.setdefault(unit.pk, []).append(_duty(form, unit, filled_by, a))
    return found


def _duty(form: Form, unit: Unit, filled_by: Unit, assignment: FormAssignment) -> Duty:
    last = assignment.last_month
    if last is not None and last >= _FOREVER:
        last = None
    return Duty(form, unit, filled_by, assignment.first_month, last, frozenset(assignment.not_kept))


def _without(own: Duty, others: Iterable[Duty]) -> Iterator[Duty]:
    """A unit's own duty in the months in which none of `others`, in their order, takes it over."""
    for other in others:
        if not own.overlaps(other):
            continue
        if own.first_month < other.first_month:
            yield replace(own, last_month=other.first_month.shifted(-1))
        if other.last_month is None:
            return
        own = replace(own, first_month=other.last_month.shifted(1))
        if own.last_month is not None and own.last_month < own.first_month:
            return
    yield own


def _nearest(tree: UnitTree, index: int, by_unit: Mapping[int, FormAssignment]) -> FormAssignment | None:
    for position in tree.path(index):
        assignment = by_unit.get(tree.units[position].pk)
        if assignment is None:
            continue
        if assignment.scope == Scope.THIS_UNIT and position != index:
            continue
        return assignment
    return None


def _covers(assignment: FormAssignment, form: Form, unit: Unit) -> bool:
    match assignment.scope:
        case Scope.NOBODY:
            return False
        case Scope.THIS_UNIT:
            return True
    return unit.kind in form.unit_kinds


def months_beside(
    duties: Iterable[Duty], month: Period, *, through: Period = _FOREVER
) -> tuple[Period | None, Period | None]:
    """The nearest months before and after `month` in which one of `duties` holds, up to `through`."""
    spans = [(duty.first_month, min(duty.ends or _FOREVER, through)) for duty in duties]
    before = max((last for first, last in spans if first <= last < month), default=None)
    after = min((first for first, last in spans if month < first <= last), default=None)
    return before, after


def twice_told(duties: Iterable[Duty]) -> tuple[Duty, Duty] | None:
    """Two duties in which two units would speak of a third in the same month, if there are any."""
    seen: dict[tuple[int, int], list[Duty]] = {}
    for duty in duties:
        same = seen.setdefault((duty.form.pk, duty.unit.pk), [])
        if other := next((other for other in same if duty.overlaps(other)), None):
            return other, duty
        same.append(duty)
    return None
