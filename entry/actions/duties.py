"""Giving forms to units, and taking them away."""

from __future__ import annotations

from django.db import transaction

from entry.models import Form, FormAssignment, Scope
from hospitals.models import Unit
from indicators.periods import Period


@transaction.atomic
def assign_form(
    *,
    form: Form,
    unit: Unit,
    first_month: Period,
    last_month: Period | None = None,
    scope: Scope = Scope.BELOW,
) -> FormAssignment:
    """Let `unit`, or the units below it that the form is made for, fill it from `first_month` on.

    What is expected of the hospital changes with it, so its scores follow (`entry.signals`).
    """
    assignment, _created = FormAssignment.objects.update_or_create(
        form=form, unit=unit, defaults={"scope": scope, "first_month": first_month, "last_month": last_month}
    )
    return assignment


@transaction.atomic
def take_form_away(*, form: Form, unit: Unit) -> None:
    """Undo an assignment. What was entered stays."""
    for assignment in FormAssignment.objects.filter(form=form, unit=unit).select_related("unit__hospital"):
        assignment.delete()
