"""Which units fill a form. Pure: works on the tree and the assignments, asks nothing of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from entry.models import Form, FormAssignment, Scope
from hospitals.models import Unit
from hospitals.tree import UnitTree
from indicators.periods import Period


@dataclass(frozen=True)
class Duty:
    """A unit fills a form from one month to another (None: without end)."""

    form: Form
    unit: Unit
    first_month: Period
    last_month: Period | None

    def holds_in(self, month: Period) -> bool:
        """Whether the form is to be filled for `month`: it is assigned, and the unit worked then."""
        return (
            self.first_month <= month
            and (self.last_month is None or month <= self.last_month)
            and self.unit.is_open_in(month.start, month.end)
        )


def duties_of(tree: UnitTree, assignments: Iterable[FormAssignment]) -> list[Duty]:
    """Every unit with the forms it fills, in the order of the tree and of the forms.

    Of a form's assignments the one nearest to a unit decides: at the unit itself, else at its
    nearest parent that has one.
    """
    by_form: dict[Form, dict[int, FormAssignment]] = {}
    for assignment in assignments:
        by_form.setdefault(assignment.form, {})[assignment.unit_id] = assignment
    found = []
    for form in sorted(by_form, key=lambda form: (form.position, form.code)):
        for index, unit in enumerate(tree.units):
            nearest = _nearest(tree, index, by_form[form])
            if nearest is not None and _covers(nearest, form, unit):
                found.append(Duty(form, unit, nearest.first_month, nearest.last_month))
    return found


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
