"""Paper forms and tallies: typed in row by row, as counts, or taken from a file."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from entry.csv_files import BadLine
from hospitals.models import Unit, User
from indicators.actions import ValueRefusedError
from indicators.first_months import FAR_BEFORE
from indicators.periods import Period, PeriodError, YearError, month_of
from indicators.questions import UnansweredError
from indicators.written_periods import year_not_taken
from surveys.actions import save_tally
from surveys.answering import Given, NotUnderstoodError, read_given, remove_paper, save_paper
from surveys.first_months import in_words
from surveys.forms import TallyUploadForm
from surveys.models import Campaign, Source, TallyCount, TallySheet
from surveys.queries import tally_form
from surveys.response_files import item_columns, read_response_file
from surveys.tally_files import Tally, check_tally, read_tally_file
from surveys.views.campaigns import find_campaign

LARGEST_FILE = 1_000_000
ROWS_SHOWN = 10


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One row per respondent: digits only, Enter saves and starts the next."""
    campaign = find_campaign(request, code, pk, "enter")
    items = list(campaign.questionnaire.items.all())
    problem = ""
    if request.method == "POST":
        try:
            unit, day = _unit(request, campaign), _day(request, campaign)
            given = _given(request, campaign)
            save_paper(
                campaign=campaign, given=given, unit=unit, answered_on=day, by=cast(User, request.user)
            )
        except (ValueError, NotUnderstoodError) as error:
            problem = in_words(error) or _("Type at least one answer, each from 1 to %s.") % (
                campaign.questionnaire.points
            )
        else:
            kept = request.POST.copy()
            request.session[f"survey-paper-{pk}"] = {
                name: kept.get(name, "") for name in ("unit", "day") if kept.get(name)
            }
            return redirect("survey_paper", code=code, pk=pk)
    last = campaign.responses.filter(source=Source.PAPER, submitted=True).order_by("-pk")[:ROWS_SHOWN]
    context = {
        "campaign": campaign,
        "hospital": campaign.unit.hospital,
        "questionnaire": campaign.questionnaire,
        "items": items,
        "sides": ["reality", "expectation"] if campaign.questionnaire.is_paired else ["reality"],
        "units": campaign.units.all(),
        "characteristics": _asked(campaign),
        "kept": {"day": timezone.localdate().isoformat()} | request.session.get(f"survey-paper-{pk}", {}),
        "typed": request.POST if problem else {},
        "problem": problem,
        "columns": ",".join(item_columns(campaign.questionnaire)),
        "number": campaign.responses.filter(source=Source.PAPER, submitted=True).count(),
        "last": [(response, _row(response, items)) for response in last.prefetch_related("answers")],
    }
    return render(request, "surveys/paper.html", context, status=422 if problem else 200)


@login_required
@require_POST
def upload(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Paper forms from a CSV file, all or none; every bad line is shown."""
    campaign = find_campaign(request, code, pk, "enter")
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a file."))
        return redirect("survey_paper", code=code, pk=pk)
    units = {unit.code: unit for unit in campaign.units.all()}
    read = read_response_file(
        file.read(LARGEST_FILE),
        campaign.questionnaire,
        units=units,
        days=(campaign.starts_on, min(campaign.ends_on, timezone.localdate())),
    )
    try:
        unit, day = (None if units else campaign.unit), _day(request, campaign)
    except ValueError as error:
        read.bad.append(BadLine(0, str(error)))
    for row in read.rows:
        if not read.bad and unit is None and row.unit is None:
            read.bad.append(BadLine(1, _("the column unit is empty; it has to name one of the units")))
    if read.bad:
        context = {"campaign": campaign, "hospital": campaign.unit.hospital, "bad": read.bad}
        return render(request, "surveys/upload_refused.html", context, status=422)
    try:
        with transaction.atomic():
            for row in read.rows:
                save_paper(
                    campaign=campaign,
                    given=row.given,
                    unit=row.unit or unit or campaign.unit,
                    answered_on=row.day or day,
                    by=cast(User, request.user),
                )
    except ValueError as error:
        context = {"campaign": campaign, "hospital": campaign.unit.hospital, "bad": [in_words(error)]}
        return render(request, "surveys/upload_refused.html", context, status=422)
    messages.success(request, _("%s forms were saved.") % len(read.rows))
    return redirect("survey_paper", code=code, pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, code: str, pk: int, response: int) -> HttpResponse:
    """Take back a row that was typed in wrongly."""
    campaign = find_campaign(request, code, pk, "enter")
    found = get_object_or_404(campaign.responses.filter(source=Source.PAPER), pk=response)
    remove_paper(response=found)
    messages.success(request, _("The row was removed."))
    return redirect("survey_paper", code=code, pk=pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tally(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The counts of a paper survey, typed into a table or taken from a CSV file."""
    campaign = find_campaign(request, code, pk, "enter")
    stored = campaign.tally_sheets.order_by("period").last()
    said = {"period": stored.period, "respondents": stored.respondents} if stored else None
    initial = said or {"period": _period(campaign)}
    form = TallyUploadForm(request.POST or None, request.FILES or None, initial=initial)
    read: Tally | None = None
    if request.method == "POST" and form.is_valid():
        try:
            period = Period.parse(form.cleaned_data["period"])
        except YearError:
            form.add_error("period", f"{year_not_taken(form.cleaned_data['period'])}.")
        except PeriodError:
            form.add_error("period", _("Write a month like 2010-03 or a year like 2010."))
        else:
            read = _read(request, campaign, form)
            if not read.bad and _saved(campaign, period, read, form, by=cast(User, request.user)):
                messages.success(request, _("Saved: %s respondents.") % read.respondents)
                return redirect("survey_campaign", code=code, pk=pk)
    context = {
        "campaign": campaign,
        "hospital": campaign.unit.hospital,
        "questionnaire": campaign.questionnaire,
        "form": form,
        "tally": read,
        "rows": _table(request, campaign, read, stored),
        "scale": list(enumerate(campaign.questionnaire.scale_words, 1)),
        "sheets": campaign.tally_sheets.all(),
    }
    return render(request, "surveys/tally.html", context, status=422 if read and read.bad else 200)


def _saved(campaign: Campaign, period: Period, read: Tally, form: TallyUploadForm, *, by: User) -> bool:
    """Save a tally; what is in the way of it stands beside its field, and a question beside its answer."""
    try:
        save_tally(
            campaign=campaign,
            unit=campaign.unit,
            period=period,
            tally=read,
            segment=campaign.segment,
            answers={FAR_BEFORE: form.cleaned_data["past_because"]},
            by=by,
        )
    except UnansweredError as asked:
        form.add_error("past_because", str(asked))
    except ValueRefusedError as error:
        form.add_error("period", str(error))
    return form.is_valid()


def _unit(request: HttpRequest, campaign: Campaign) -> Unit:
    """The unit the form says; the campaign's own where there is nothing to choose."""
    units = {unit.code: unit for unit in campaign.units.all()}
    if not units:
        return campaign.unit
    unit = units.get(request.POST.get("unit", ""))
    if unit is None:
        raise ValueError(_("Choose the unit."))
    return unit


def _day(request: HttpRequest, campaign: Campaign) -> dt.date:
    try:
        day = dt.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise ValueError(_("The day is not a date.")) from error
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise ValueError(_("The day lies outside the campaign."))
    if day > timezone.localdate():
        raise ValueError(_("The day lies in the future."))
    return day


def _given(request: HttpRequest, campaign: Campaign) -> Given:
    """The digits of a row. Raises NotUnderstoodError for anything that is no answer."""
    answers = {}
    for item in campaign.questionnaire.items.all():
        pair: list[int | None] = []
        for side in ("reality", "expectation"):
            text = request.POST.get(f"{item.code}-{side}", "").strip()
            if text and not (text.isascii() and text.isdigit()):
                raise NotUnderstoodError
            pair.append(int(text) if text else None)
        answers[item.code] = pair
    about = {asked.code: request.POST.get(f"about-{asked.code}", "") for asked in _asked(campaign)}
    body = {"answers": answers, "characteristics": about, "comment": request.POST.get("comment", "")}
    return read_given(body, campaign.questionnaire)


def _asked(campaign: Campaign) -> list[Any]:
    characteristics = campaign.questionnaire.characteristics.all()
    return [asked for asked in characteristics if not (asked.is_segment and campaign.segment)]


def _row(response: Any, items: list[Any]) -> str:
    """What was typed, as it stands on the paper: 34 means reality 3 and expectation 4."""
    given = {answer.item_id: answer for answer in response.answers.all()}
    texts = []
    for item in items:
        answer = given.get(item.pk)
        both = (answer.reality, answer.expectation) if answer else (None,)
        texts.append("".join(str(value) for value in both if value is not None) or "–")
    return " ".join(texts)


def _period(campaign: Campaign) -> str:
    """The period a tally is most likely of: the year, or the month that is running or was the last."""
    last = max(campaign.starts_on, min(campaign.ends_on, timezone.localdate()))
    if (
        campaign.starts_on.year == campaign.ends_on.year
        and campaign.starts_on.month != campaign.ends_on.month
    ):
        return str(campaign.ends_on.year)
    return str(month_of(last))


def _read(request: HttpRequest, campaign: Campaign, form: TallyUploadForm) -> Tally:
    """The tally of the file, or of the table on the page where no file was chosen."""
    wanted, respondents = tally_form(campaign.questionnaire), form.cleaned_data["respondents"]
    file = form.cleaned_data["file"]
    if file is not None:
        return read_tally_file(file.read(LARGEST_FILE), wanted, respondents=respondents)
    cells = []
    for number, code in enumerate(wanted.items, 1):
        for answer in range(1, wanted.points + 1):
            expected = request.POST.get(f"{code}-{answer}-expectation", "").strip()
            real = request.POST.get(f"{code}-{answer}-reality", "").strip()
            if not expected and not real:
                continue
            row = {"item": code, "answer": str(answer), "reality_count": real or "0"}
            row["expectation_count"] = (expected or "0") if wanted.is_paired else expected
            cells.append((number, row))
    return check_tally(cells, wanted, respondents=respondents)


def _table(
    request: HttpRequest, campaign: Campaign, read: Tally | None, stored: TallySheet | None
) -> list[Any]:
    """Rows of the table: what was just typed or uploaded, else what is stored."""
    cells: dict[tuple[str, int, str], Any] = {}
    if read is not None:
        for line in read.lines:
            cells[line.item, line.answer, "reality"] = line.reality
            cells[line.item, line.answer, "expectation"] = line.expectation
    elif stored is not None:
        for count in TallyCount.objects.filter(sheet=stored).select_related("item"):
            cells[count.item.code, count.answer, "reality"] = count.reality_count
            cells[count.item.code, count.answer, "expectation"] = count.expectation_count
    sides = ["reality", "expectation"] if campaign.questionnaire.is_paired else ["reality"]
    words = {"reality": _("How it was"), "expectation": _("How it ought to be")}
    rows = []
    for item in campaign.questionnaire.items.all():
        fields = []
        for side in sides:
            for answer, word in enumerate(campaign.questionnaire.scale_words, 1):
                name, value = f"{item.code}-{answer}-{side}", cells.get((item.code, answer, side))
                label = f"{item.code}, {words[side]}: {word}" if len(sides) > 1 else f"{item.code}: {word}"
                field = {"label": label, "name": name, "value": request.POST.get(name, value)}
                fields.append(field | {"opens_side": answer == 1})
        rows.append((item, fields))
    return rows
