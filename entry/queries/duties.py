"""Which forms the units of a hospital fill."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from entry.assignments import Duty, duties_of
from entry.models import Form, FormAssignment
from hospitals.access import Person, visible_units
from hospitals.models import Hospital, Membership, Role, Unit, User
from hospitals.tree import UnitTree
from indicators.periods import Period, month_of


def assigned_in(tree: UnitTree) -> QuerySet[FormAssignment]:
    """The assignments that decide who fills what of the units of `tree`."""
    concerned = Q(unit__in=tree.units) | Q(speaks_of__in=tree.units)
    return FormAssignment.objects.filter(concerned, form__retired=False).select_related(
        "form", "unit__parent"
    )


def duties_in(tree: UnitTree) -> list[Duty]:
    """All duties of the units of a tree, in its order; none where no form was assigned."""
    found = list(assigned_in(tree))
    return duties_of(tree, found) if found else []


def duty_of(*, form: Form, unit: Unit, period: Period) -> Duty | None:
    """Who fills in the form of `unit` for a month, or None when nobody does then; nobody fills a form
    ahead. One query where the parents of the unit were fetched with it: every cell that is saved asks."""
    if form.retired or not _has_begun(period):
        return None
    return next((duty for duty in duties_about(form=form, unit=unit) if duty.holds_in(period)), None)


def duties_about(*, form: Form, unit: Unit) -> list[Duty]:
    """The duties of a form that speak of `unit`, of whichever months."""
    tree = UnitTree.down_to(unit)
    found = duties_of(tree, assigned_in(tree).filter(form=form))
    return [duty for duty in found if duty.unit == unit]


def duties_for(*, form: Form, hospital: Hospital, period: Period) -> list[Duty]:
    """The duties of a form in one month, in the order of the tree."""
    if form.retired or not _has_begun(period):
        return []
    return [duty for duty in duties_anywhere(form=form, hospital=hospital) if duty.holds_in(period)]


def duties_anywhere(*, form: Form, hospital: Hospital) -> list[Duty]:
    """The duties of a form, of whichever months, in the order of the tree."""
    tree = UnitTree.of(hospital)
    return duties_of(tree, assigned_in(tree).filter(form=form))


def duties_of_person(user: User, *, form: Form, hospital: Hospital) -> list[Duty]:
    """The duties of a form, of whichever months, for which `user` enters the numbers."""
    mine = set(visible_units(user, "enter").filter(hospital=hospital).values_list("pk", flat=True))
    duties = duties_in(UnitTree.of(hospital)) if mine else []
    return [duty for duty in duties if duty.form == form and duty.filled_by.pk in mine]


def _has_begun(month: Period) -> bool:
    return month <= month_of(timezone.localdate())


def works_on_forms(user: Person) -> bool:
    """Whether forms are what the person comes for: enters or approves numbers, manages nothing."""
    if not user.is_authenticated or user.is_superuser:
        return False
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    if not roles or not roles <= {Role.DATA_ENTRY, Role.APPROVER}:
        return False
    hospitals = Hospital.objects.filter(units__memberships__user=user)
    return FormAssignment.objects.filter(unit__hospital__in=hospitals, form__retired=False).exists()
