"""Which forms the units of a hospital fill."""

from __future__ import annotations

from django.db.models import QuerySet

from entry.assignments import Duty, duties_of
from entry.models import Form, FormAssignment, FormElement
from hospitals.access import Person
from hospitals.models import Hospital, Membership, Role, Unit
from hospitals.tree import UnitTree
from indicators.periods import Period


def duties_in(tree: UnitTree) -> list[Duty]:
    """All duties of one hospital, in the order of its tree; none where no form was assigned."""
    assignments = FormAssignment.objects.filter(unit__in=tree.units, form__retired=False).select_related(
        "form"
    )
    found = list(assignments)
    return duties_of(tree, found) if found else []


def duty_of(*, form: Form, unit: Unit, period: Period) -> Duty | None:
    """The duty of a unit for a month, or None when it does not fill the form then."""
    tree = UnitTree.of(unit.hospital)
    assignments = FormAssignment.objects.filter(form=form, unit__in=tree.units).select_related("form")
    for duty in duties_of(tree, assignments):
        if duty.unit == unit and duty.holds_in(period):
            return duty
    return None


def units_filling(*, form: Form, units: QuerySet[Unit], period: Period) -> list[Unit]:
    """Those of `units` (of one hospital) that fill `form` in that month, in the order of the tree."""
    asked = {unit.pk: unit for unit in units.select_related("hospital", "parent")}
    if not asked:
        return []
    tree = UnitTree.of(next(iter(asked.values())).hospital)
    assignments = FormAssignment.objects.filter(form=form, unit__in=tree.units).select_related("form")
    return [
        asked[duty.unit.pk]
        for duty in duties_of(tree, assignments)
        if duty.unit.pk in asked and duty.holds_in(period)
    ]


def units_expected(tree: UnitTree) -> dict[str, set[int]]:
    """Ids of the units that have a form in which an element is required, by element code.

    An element that no form of the hospital requires is not
    among the keys; of it, what was reported before is expected.
    """
    duties = duties_in(tree)
    units: dict[int, set[int]] = {}
    for duty in duties:
        units.setdefault(duty.form.pk, set()).add(duty.unit.pk)
    found: dict[str, set[int]] = {}
    required = FormElement.objects.filter(form__in=units, required=True)
    for form_id, code in required.values_list("form_id", "element__code"):
        found.setdefault(code, set()).update(units[form_id])
    return found


def works_on_forms(user: Person) -> bool:
    """Whether forms are what the person comes for: enters or approves numbers, manages nothing."""
    if not user.is_authenticated or user.is_superuser:
        return False
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    if not roles or not roles <= {Role.DATA_ENTRY, Role.APPROVER}:
        return False
    hospitals = Hospital.objects.filter(units__memberships__user=user)
    return FormAssignment.objects.filter(unit__hospital__in=hospitals, form__retired=False).exists()
