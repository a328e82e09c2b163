"""Forms as files: taken away, filled in, brought back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from entry.actions import OutdatedUploadError, keep_upload, save_upload
from entry.assignments import Duty
from entry.models import Form, Upload
from entry.queries.duties import duties_of_person
from entry.queries.preview import remarks_on
from entry.queries.workbook import form_sheets, layout_of
from entry.uploads import Plan, plan_upload
from entry.value_files import COLUMNS
from entry.views.places import find_form, person, sent_by_somebody
from entry.workbooks.content import Fault, faults_in_words
from entry.workbooks.guard import LARGEST_FILE
from hospitals.access import visible_hospitals
from hospitals.models import Hospital, Unit
from indicators.actions import ValueRefusedError
from indicators.periods import Period, PeriodError, PeriodKind, month_of
from indicators.written_periods import period_in_address

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many changes are shown; all of them are saved.
MOST_SHOWN = 500
MOST_REMARKS = 100


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, hospital: str, form: str) -> HttpResponse:
    """What can be downloaded; and with a file, what it would change."""
    found, the_form, duties = _place(request, hospital, form)
    this_month = month_of(timezone.localdate())
    months = [this_month.shifted(-n) for n in range(13)]
    months = [month for month in months if any(duty.holds_in(month) for duty in duties)] or months
    asked = _asked_month(request) or next((month for month in months if month < this_month), months[0])
    context = {
        "hospital": found,
        "form": the_form,
        "units": _units_of(duties),
        "months": months if asked in months else [*months, asked],
        "years": [timezone.localdate().year - n for n in range(3)],
        "asked_unit": request.GET.get("unit", ""),
        "asked_month": asked,
    }
    if request.method != "POST":
        return render(request, "entry/files.html", context)
    plan, name = _plan(request, found, the_form)
    upload, remarks = None, []
    if not plan.faults and plan.changes:
        remarks = remarks_on(plan, the_form)
        upload = keep_upload(plan=plan, form=the_form, hospital=found, by=person(request), file_name=name)
    preview = {
        "plan": plan,
        "shown": plan.changes[:MOST_SHOWN],
        "faults": list(faults_in_words(plan.faults)),
        "remarks": remarks[:MOST_REMARKS],
        "remarks_left": len(remarks[MOST_REMARKS:]),
        "has_hard": any(remark.severity == "hard" for remark in remarks),
        "upload": upload,
        "file_name": name,
    }
    status = 422 if plan.faults else 200
    return render(request, "entry/files.html", {**context, **preview}, status=status)


@sent_by_somebody("entry:files", "hospital", "form")
def save(request: HttpRequest, hospital: str, form: str, upload: int) -> HttpResponse:
    """The person has seen the preview and says yes: all of it at once."""
    found, the_form, _duties = _place(request, hospital, form)
    kept = get_object_or_404(Upload, pk=upload, hospital=found, form=the_form, by=person(request))
    try:
        saved = save_upload(upload=kept, by=person(request))
    except (OutdatedUploadError, ValueRefusedError) as refused:
        messages.warning(request, _("Nothing was saved. %(reason)s") % {"reason": refused})
    else:
        counts = {"new": saved.created, "changed": saved.changed + saved.removed}
        messages.success(request, _("Saved: %(new)s new numbers, %(changed)s changed.") % counts)
    kept.refresh_from_db()
    return HttpResponseRedirect(_where_it_went(kept))


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, hospital: str, form: str) -> HttpResponse:
    """`?unit=` one unit or all, `?period=` a month or a year, `?as=xlsx` or `csv`."""
    found, the_form, duties = _place(request, hospital, form)
    months = _months(request.GET.get("period", ""))
    asked = request.GET.get("unit", "")
    held = [duty for duty in duties if any(duty.holds_in(month) for month in months)]
    chosen = [duty for duty in held if asked in ("", duty.unit.code)]
    if not chosen:
        raise Http404
    name = f"{the_form.code}-{asked or found.code}-{request.GET['period']}"
    if request.GET.get("as") == "csv":
        response = HttpResponse(_csv(the_form, chosen, months), content_type="text/csv; charset=utf-8")
        name += ".csv"
    else:
        from entry.workbooks.write import write_workbook  # here, because few processes ever need openpyxl

        book = write_workbook(layout_of(the_form, found, months), form_sheets(the_form, chosen, months))
        response = HttpResponse(book, content_type=WORKBOOK_TYPE)
        name += ".xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _place(request: HttpRequest, hospital: str, form: str) -> tuple[Hospital, Form, list[Duty]]:
    """The hospital, the form, and what the person fills in with it; 404 without anything."""
    found = get_object_or_404(visible_hospitals(person(request)), code=hospital)
    the_form = find_form(found, form)
    duties = duties_of_person(person(request), form=the_form, hospital=found)
    if not duties:
        raise Http404
    return found, the_form, duties


def _units_of(duties: Iterable[Duty]) -> list[Unit]:
    return list({duty.unit.pk: duty.unit for duty in duties}.values())


def _where_it_went(upload: Upload) -> str:
    """The form that was filled, the table of several units; what cannot be seen at once: the files."""
    units, months = ({change[of] for change in upload.changes} for of in ("unit", "period"))
    codes = {"hospital": upload.hospital.code, "form": upload.form.code}
    if upload.saved_at is None or len(months) > 1:
        return reverse("entry:files", kwargs=codes)
    if len(units) > 1:
        return reverse("entry:table", kwargs={**codes, "month": months.pop()})
    return reverse("entry:sheet", kwargs={**codes, "unit": units.pop(), "month": months.pop()})


def _asked_month(request: HttpRequest) -> Period | None:
    try:
        period = Period.parse(request.GET.get("period", ""))
    except PeriodError:
        return None
    return period if period.kind == PeriodKind.MONTH else None


def _plan(request: HttpRequest, hospital: Hospital, form: Form) -> tuple[Plan, str]:
    file = request.FILES.get("file")
    if file is None:
        return Plan(faults=[Fault("", "", _("Choose a file."))]), ""
    name = str(file.name)
    if (file.size or 0) > LARGEST_FILE:
        most = {"most": LARGEST_FILE // 1024 // 1024}
        return Plan(faults=[Fault("", "", _("The file is larger than %(most)s MB.") % most)]), name
    is_csv = name.lower().endswith(".csv")
    plan = plan_upload(content=file.read(), is_csv=is_csv, form=form, hospital=hospital, by=person(request))
    return plan, name


def _months(text: str) -> list[Period]:
    period = period_in_address(text)
    if period.kind not in (PeriodKind.MONTH, PeriodKind.YEAR):
        raise Http404
    return period.months()


def _csv(form: Form, duties: list[Duty], months: list[Period]) -> str:
    """One line for each number; those of cells without one are left out."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for sheet in form_sheets(form, duties, months):
        for (code, month), value in sorted(sheet.values.items(), key=lambda item: (item[0][1], item[0][0])):
            # 3 and not 3.0: where a dot groups thousands, a spreadsheet makes thirty of it.
            whole = isinstance(value, float) and value.is_integer()
            writer.writerow([sheet.unit_code, code, month, int(value) if whole else value])
    return stream.getvalue()
