"""Moving what was entered: from the unit that filled in a form to the one that it speaks of."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from entry.models import CellNote, DraftValue, Form, HistoryMove, State, Submission
from hospitals.access import can
from hospitals.models import Unit, User
from indicators.actions import move_values, refuse_both, refuse_outside
from indicators.marks import Change, mark_changed
from indicators.models import DataElement


@transaction.atomic
def move_history(*, form: Form, from_unit: Unit, to_unit: Unit, by: User, reason: str) -> HistoryMove:
    """Give all that `from_unit` reported of the elements of `form` to `to_unit`, with what was said and
    approved about it. One act of the administrator, whatever is locked; the scores follow.

    Raises PermissionDenied, and ValidationError where both have a number, or a form on its way, for the
    same period, or `to_unit` had not begun or was closed: nothing is moved then.
    """
    if not can(by, "administer", from_unit) or not can(by, "administer", to_unit):
        raise PermissionDenied
    reason = reason.strip()[:1000]
    if not reason:
        raise ValidationError(_("Say why."))
    refuse_move(form=form, from_unit=from_unit, to_unit=to_unit)
    elements = list(DataElement.objects.filter(form_elements__form=form).order_by("code"))
    submissions = list(Submission.objects.select_for_update().filter(form=form, unit=from_unit))
    for submission in submissions:
        submission.unit = to_unit
        submission.save()
    if any(submission.state == State.APPROVED for submission in submissions):
        # What `to_unit` gave itself in those months is approved from now on.
        places = [(unit.pk, element.pk) for unit in (from_unit, to_unit) for element in elements]
        mark_changed(hospital_id=to_unit.hospital_id, changes=[Change(*place) for place in places])
    moved = move_values(elements=elements, from_unit=from_unit, to_unit=to_unit, by=by, reason=reason)
    for model in (CellNote, DraftValue):
        there = set(model.objects.filter(unit=to_unit).values_list("element_id", "period"))
        for row in model.objects.filter(unit=from_unit, element__in=elements):
            if (row.element_id, row.period) not in there:
                row.unit = to_unit
                row.save()
    return HistoryMove.objects.create(
        form=form,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        elements=[element.code for element in elements],
        values=moved,
        by=by,
    )


def refuse_move(*, form: Form, from_unit: Unit, to_unit: Unit) -> None:
    """Raise ValidationError where the history of `form` cannot be moved."""
    if from_unit.hospital_id != to_unit.hospital_id:
        raise ValidationError(_("The two units belong to different hospitals."))
    if from_unit == to_unit:
        raise ValidationError(_("Choose another unit to move to."))
    elements = DataElement.objects.filter(form_elements__form=form)
    refuse_both(elements=elements, from_unit=from_unit, to_unit=to_unit)
    refuse_outside(elements=elements, from_unit=from_unit, to_unit=to_unit)
    there = Submission.objects.filter(form=form, unit=to_unit).values("period")
    if both := Submission.objects.filter(form=form, unit=from_unit, period__in=there).first():
        raise ValidationError(_("Both units have filled in the form for %(month)s.") % {"month": both.period})
