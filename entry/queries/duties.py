"""Which forms the units of a hospital fill."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from entry.assignments import Duty, duties_of
from entry.models import Form, FormAssignment, FormElement
from hospitals.access import Person
from hospitals.models import Hospital, Membership, Role, Unit
from hospitals.tree import UnitTree
from indicators.expected import Span
from indicators.periods import Period, month_of


def duties_in(tree: UnitTree) -> list[Duty]:
    """All duties of one hospital, in the order of its tree; none where no form was assigned."""
    assignments = FormAssignment.objects.filter(unit__in=tree.units, form__retired=False).select_related(
        "form"
    )
    found = list(assignments)
    return duties_of(tree, found) if found else []


def duty_of(*, form: Form, unit: Unit, period: Period) -> Duty | None:
    """The duty of a unit for a month, or None when it does not fill the form then; nobody fills a form
    ahead. One query where the parents of the unit were fetched with it: every cell that is saved asks."""
    if form.retired or not _has_begun(period):
        return None
    tree = UnitTree.down_to(unit)
    assignments = FormAssignment.objects.filter(form=form, unit__in=tree.units).select_related("form")
    for duty in duties_of(tree, assignments):
        if duty.unit == unit and duty.holds_in(period):
            return duty
    return None


def units_filling(*, form: Form, units: QuerySet[Unit], period: Period) -> list[Unit]:
    """Those of `units` (of one hospital) that fill `form` in that month, in the order of the tree."""
    asked = {unit.pk: unit for unit in units.select_related("hospital", "parent")}
    if not asked or form.retired or not _has_begun(period):
        return []
    tree = UnitTree.of(next(iter(asked.values())).hospital)
    assignments = FormAssignment.objects.filter(form=form, unit__in=tree.units).select_related("form")
    return [
        asked[duty.unit.pk]
        for duty in duties_of(tree, assignments)
        if duty.unit.pk in asked and duty.holds_in(period)
    ]


def _has_begun(month: Period) -> bool:
    return month <= month_of(timezone.localdate())


def units_expected(tree: UnitTree) -> dict[str, dict[int, list[Span]]]:
    """Ids of the units that have a form in which an element is required, with the months for which
    they fill it, by element code.

    An element that no form of the hospital requires is not among the keys; of it, what was reported
    before is expected, and so it is for the months before a form began.
    """
    duties: dict[int, list[Duty]] = {}
    for duty in duties_in(tree):
        duties.setdefault(duty.form.pk, []).append(duty)
    found: dict[str, dict[int, list[Span]]] = {}
    required = FormElement.objects.filter(form__in=duties, required=True)
    for form_id, code in required.values_list("form_id", "element__code"):
        units = found.setdefault(code, {})
        for duty in duties[form_id]:
            units.setdefault(duty.unit.pk, []).append((duty.first_month, duty.last_month))
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
