"""Giving forms to units, and taking them away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from entry.assignments import duties_of, twice_told
from entry.models import Form, FormAssignment, Scope
from entry.queries.duties import assigned_in
from hospitals.models import Unit
from hospitals.tree import UnitTree
from indicators.periods import Period


@transaction.atomic
def assign_form(
    *,
    form: Form,
    unit: Unit,
    first_month: Period,
    last_month: Period | None = None,
    scope: Scope = Scope.BELOW,
    speaks_of: Unit | None = None,
    not_kept: Iterable[str] = (),
) -> FormAssignment:
    """Let `unit`, or the units below it that the form is made for, fill it in from `first_month` on.

    With `speaks_of` the numbers are that unit's, and `unit` alone fills them in; with another `first_month`
    it does so once more, where it has ended before. What was said of the same is replaced. `not_kept` are
    codes of parts that are not asked for. What is expected of the hospital changes with it, so its scores
    follow (`entry.signals`). Raises ValidationError where two would speak of the same in a month.
    """
    if speaks_of == unit:
        speaks_of = None
    same: dict[str, Any] = {"form": form, "unit": unit, "speaks_of": speaks_of}
    said: dict[str, Any] = {"scope": scope, "last_month": last_month, "not_kept": list(not_kept)}
    (said if speaks_of is None else same)["first_month"] = first_month
    assignment, _created = FormAssignment.objects.update_or_create(**same, defaults=said)
    refuse_told_twice(assignment)
    return assignment


def refuse_told_twice(assignment: FormAssignment) -> None:
    """Raise ValidationError where another unit speaks of the same, by this form and in the same months."""
    if assignment.speaks_of is None:
        return
    tree = UnitTree.of(assignment.speaks_of.hospital)
    others = assigned_in(tree).filter(form=assignment.form).exclude(pk=assignment.pk)
    if found := twice_told(duties_of(tree, [*others, assignment])):
        raise ValidationError(
            _("“%(other)s” speaks of “%(unit)s” in these months already; end that first.")
            % {"other": found[0].filled_by.name, "unit": found[0].unit.name}
        )


@transaction.atomic
def take_form_away(*, form: Form, unit: Unit) -> None:
    """Undo the assignments of a form to a unit. What was entered stays."""
    for assignment in FormAssignment.objects.filter(form=form, unit=unit).select_related("unit__hospital"):
        assignment.delete()
