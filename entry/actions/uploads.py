"""Saving what a file holds, after the person has seen what it would change."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entry.actions.cells import submission_for_writing
from entry.models import DraftValue, Form, Upload
from entry.queries.duties import duties_in, duties_of_person
from entry.queries.not_kept import NotKept
from entry.queries.workbook import answers_of, elements_of
from entry.uploads import Plan
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import NewValue, Saved, ValueRefusedError, save_values
from indicators.answers import EMPTY, Answer
from indicators.models import DataElement, Status
from indicators.periods import Period


class OutdatedUploadError(ValueError):
    """The numbers have changed since the preview, or the upload was saved before."""


def keep_upload(*, plan: Plan, form: Form, hospital: Hospital, by: User, file_name: str) -> Upload:
    """Remember what the preview shows. Nothing of it is stored as a number yet."""
    if plan.faults:
        raise ValueError("a plan with faults cannot be kept")
    return Upload.objects.create(
        hospital=hospital,
        form=form,
        by=by,
        file_name=file_name[:200],
        changes=[change.stored() for change in plan.changes],
    )


@transaction.atomic
def save_upload(*, upload: Upload, by: User) -> Saved:
    """Store all of it, or nothing. Raises OutdatedUploadError, ValueRefusedError, PermissionDenied."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.by_id != by.pk:
        raise PermissionDenied
    if upload.saved_at is not None:
        raise OutdatedUploadError(_("This file was saved before."))
    duties = duties_of_person(by, form=upload.form, hospital=upload.hospital)
    units = {duty.unit.code: duty.unit for duty in duties}
    elements = {e.element.code: e.element for e in elements_of(upload.form)}
    changes: list[tuple[Unit, DataElement, Period, str, str]] = []
    for c in upload.changes:
        unit, element = units.get(c["unit"]), elements.get(c["element"])
        period = Period.parse(c["period"])
        if unit is None or element is None or not any(d.unit == unit and d.holds_in(period) for d in duties):
            raise PermissionDenied
        changes.append((unit, element, period, c["seen"], c["value"]))
    forms = {(unit.pk, period): unit for unit, _element, period, _seen, _value in changes}
    for (_unit_id, period), unit in sorted(forms.items(), key=lambda item: item[0]):
        if submission_for_writing(form=upload.form, unit=unit, period=period).is_locked:
            reason = _("The form of %(unit)s for %(month)s was submitted meanwhile.")
            raise ValueRefusedError(reason % {"unit": unit.name, "month": period})
    stored = answers_of(
        units=list(units.values()), elements=[e.pk for e in elements.values()], months={c[2] for c in changes}
    )
    not_kept = NotKept.of(duties_in(UnitTree.of(upload.hospital)))
    values = []
    for unit, element, period, seen, value in changes:
        if stored.get((unit.pk, element.pk, period), EMPTY).canonical != seen:
            reason = _("%(element)s of %(unit)s in %(month)s was changed meanwhile. Upload the file again.")
            words = {"element": element.name, "unit": unit.name, "month": period}
            raise OutdatedUploadError(reason % words)
        not_kept.refuse(unit=unit, element=element, period=period)
        values.append(NewValue(unit, element, period, *_answer(value)))
        DraftValue.objects.filter(unit=unit, element=element, period=period).delete()
    saved = save_values(values, by=by, why=f"file {upload.file_name}")
    upload.saved_at = timezone.now()
    upload.save()
    return saved


def _answer(canonical: str) -> Answer:
    match canonical:
        case "":
            return EMPTY
        case "NA":
            return Answer(None, Status.NOT_APPLICABLE)
        case "NC":
            return Answer(None, Status.NOT_COLLECTED)
    return Answer(float(canonical), Status.REPORTED)
