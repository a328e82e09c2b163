"""The form page, and the parts of it that follow while it is filled in."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from entry import rights
from entry.actions import confirm, save_note
from entry.models import CellNote, Submission
from entry.presenters import texts_for_script
from entry.queries.duties import duties_for, duty_of
from entry.queries.history import confirmations_of, events_of, history_of
from entry.queries.live import live_indicators
from entry.queries.sheet import Sheet, read_sheet
from entry.typed_numbers import language_of
from entry.views.other_months import offers_other_months
from entry.views.places import Place, find_form_element, find_place, person, place_if_seen
from hospitals.access import unit_ids_with, visible_units
from hospitals.models import Unit
from indicators.freshness import freshness_of
from indicators.periods import Period


@login_required
@never_cache
@require_safe
@offers_other_months("entry:sheet")
def sheet(request: HttpRequest, **codes: str) -> HttpResponse:
    """The form of one unit and month, to be filled in or only looked at."""
    place = find_place(request, **codes)
    found = read_sheet(**place.keywords)
    submission = found.submission or Submission(**place.keywords)
    visible = unit_ids_with(person(request), "view")
    return render(
        request,
        "entry/sheet.html",
        {
            **_live_context(request, place, found),
            "sections": found.sections if place.is_asked_for else found.held_sections,
            "others": _has_others(request, place),
            "filled_by": _filled_by(place),
            "earlier": _month_beside(place, visible, -1),
            "later": _month_beside(place, visible, 1),
            "due_on": place.form.due_on(place.period),
            "events": events_of(found.submission),
            "may_withdraw": rights.may_withdraw(person(request), submission),
            "may_check": rights.may_check(person(request), submission),
            "may_reopen": rights.may_reopen(person(request), submission),
            "waits_for_another": rights.waits_for_another(person(request), submission),
            "texts": texts_for_script(),
            "language": language_of(get_language()),
        },
    )


@login_required
@never_cache
@require_safe
@offers_other_months("entry:blank")
def blank(request: HttpRequest, **codes: str) -> HttpResponse:
    """The same form on paper, without numbers."""
    place = find_place(request, **codes)
    context = {"sheet": read_sheet(**place.keywords), "due_on": place.form.due_on(place.period)}
    return render(request, "entry/blank.html", {**context, **place.keywords})


@login_required
@never_cache
@require_safe
def live(request: HttpRequest, **codes: str) -> HttpResponse:
    """Problems, indicators, progress: asked for again after every saved cell."""
    place = find_place(request, **codes)
    return render(request, "entry/_live.html", _live_context(request, place, read_sheet(**place.keywords)))


@login_required
@never_cache
@require_safe
def caught_up(request: HttpRequest, **codes: str) -> HttpResponse:
    """Whether the scores of the hospital have caught up with its numbers."""
    place = find_place(request, **codes)
    freshness = freshness_of(place.unit.hospital)
    return render(request, "entry/_caught_up.html", {"place": place, "freshness": freshness})


@login_required
@never_cache
@require_safe
def cell_details(request: HttpRequest, element: str, **codes: str) -> HttpResponse:
    """The history of a cell, its note, and the answers that are no number."""
    return _cell_details(request, find_place(request, **codes), element)


@login_required
@require_POST
def write_note(request: HttpRequest, element: str, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    save_note(
        form_element=find_form_element(place.form, element),
        unit=place.unit,
        period=place.period,
        text=request.POST.get("text", ""),
        follow_up="follow_up" in request.POST,
        by=person(request),
    )
    return _cell_details(request, place, element, just_saved=True)


@login_required
@require_POST
def confirm_problem(request: HttpRequest, **codes: str) -> HttpResponse:
    """Keep the reason why an unlikely number is right, and show the problems anew."""
    place = find_place(request, **codes)
    reason = request.POST.get("reason", "").strip()
    if reason:
        confirm(
            **place.keywords,
            check_key=request.POST.get("check", ""),
            numbers=request.POST.get("numbers", ""),
            reason=reason,
            by=person(request),
        )
    return render(request, "entry/_live.html", _live_context(request, place, read_sheet(**place.keywords)))


def _cell_details(request: HttpRequest, place: Place, code: str, *, just_saved: bool = False) -> HttpResponse:
    form_element = find_form_element(place.form, code)
    element = form_element.element
    submission = Submission.objects.filter(**place.keywords).select_related("form", "unit__parent").first()
    notes = CellNote.objects.filter(unit=place.unit, element=element, period=place.period)
    context = {
        "place": place,
        "form_element": form_element,
        "element": element,
        "note": notes.select_related("by").first(),
        "confirmations": confirmations_of(submission=submission, element=element) if submission else [],
        "history": history_of(unit=place.unit, element=element, period=place.period),
        "may_note": rights.may_note(person(request), submission or Submission(**place.keywords)),
        "may_enter": _may_enter(request, place),
        "just_saved": just_saved,
    }
    return render(request, "entry/_cell_details.html", context)


def _has_others(request: HttpRequest, place: Place) -> bool:
    """Whether the person fills this form for more than one unit."""
    hospital = place.unit.hospital
    mine = set(visible_units(person(request), "enter").filter(hospital=hospital).values_list("pk", flat=True))
    duties = duties_for(form=place.form, hospital=hospital, period=place.period)
    return sum(duty.filled_by.pk in mine for duty in duties) > 1


def _month_beside(place: Place, visible: Set[int], months_later: int) -> Period | None:
    """The month before or after, where the form opens then as well to who sees the units `visible`."""
    month = place.period.shifted(months_later)
    return month if place_if_seen(place._replace(period=month), visible) else None


def _filled_by(place: Place) -> Unit | None:
    """The unit that fills it in, where it is not the one that it speaks of."""
    duty = duty_of(**place.keywords)
    return duty.filled_by if duty is not None and duty.speaks_of_another else None


def _may_enter(request: HttpRequest, place: Place) -> bool:
    stored = Submission.objects.filter(**place.keywords).select_related("unit").first()
    return rights.may_enter(person(request), stored or Submission(**place.keywords))


def _live_context(request: HttpRequest, place: Place, sheet: Sheet) -> dict[str, Any]:
    submission = sheet.submission or Submission(**place.keywords)
    indicators = live_indicators(
        unit=place.unit,
        period=place.period,
        codes=[cell.element.code for cell in sheet.cells],
        today=timezone.localdate(),
    )
    return {
        "place": place,
        **place.keywords,
        "hospital": place.unit.hospital,
        "sheet": sheet,
        "problems": [
            (p, sheet.confirmation_of(p), sheet.cells_of(p)) for p in sheet.problems if p.check != "missing"
        ],
        "missing": [
            (code, sheet.names.of(code))
            for problem in sheet.problems
            if problem.check == "missing" and place.is_asked_for
            for code in problem.elements
        ],
        "indicators": indicators,
        "may_enter": rights.may_enter(person(request), submission),
        "freshness": freshness_of(place.unit.hospital),
    }
