"""The page on which somebody says why results that contradict each other are right."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hospitals.access import can, visible_units
from hospitals.models import User
from indicators.agreements.actions import confirm, take_back_confirmation
from indicators.agreements.questions import Question, question_at
from indicators.agreements.wording import contradiction_in_words
from indicators.measures import measured
from indicators.models import ConfirmedResults
from indicators.written_periods import period_in_address


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_results_page(request: HttpRequest, code: str) -> HttpResponse:
    """`?agreement=bed_use&unit=melati&period=2009`: what contradicts, and who has said what about it."""
    question = _question(request, code)
    place = {"agreement": question.agreement, "unit": question.unit, "period": question.period}
    confirmed = ConfirmedResults.objects.filter(**place).select_related("by").first()
    if confirmed is not None and not confirmed.holds_for(question.values):
        confirmed = None
    fault = ""
    if request.method == "POST":
        if not can(request.user, "enter", question.unit):
            raise Http404
        if not (fault := _answer(request, question, confirmed)):
            back = reverse("overview", kwargs={"code": code})
            return redirect(f"{back}?unit={question.unit.code}&period={question.period}")
    context = {
        "hospital": question.unit.hospital,
        "question": question,
        "rows": _rows(question),
        "confirmed": confirmed,
        "may_confirm": can(request.user, "enter", question.unit),
        "why": request.POST.get("why", ""),
        "fault": fault,
    }
    return render(request, "indicators/confirm_results.html", context, status=422 if fault else 200)


def _question(request: HttpRequest, code: str) -> Question:
    """404 for what is not the person's to see, and where nothing contradicts."""
    units = visible_units(request.user).select_related("hospital").filter(hospital__code=code)
    unit = get_object_or_404(units, code=request.GET.get("unit", ""))
    period = period_in_address(request.GET.get("period", ""))
    question = question_at(agreement=request.GET.get("agreement", ""), unit=unit, period=period)
    if question is None:
        raise Http404(_("Nothing contradicts here."))
    return question


def _answer(request: HttpRequest, question: Question, confirmed: ConfirmedResults | None) -> str:
    """Do what was asked for; else say what is wrong."""
    by, why = cast(User, request.user), request.POST.get("why", "").strip()
    if "take_back" in request.POST:
        if confirmed is not None:
            take_back_confirmation(confirmed=confirmed, by=by)
        messages.success(request, _("Taken back: these results have no points."))
        return ""
    if request.POST.get("seen") != question.seen:
        return _("A result has changed meanwhile. Please look again.")
    if not why:
        return _("Say why these results are right.")
    confirm(question, by=by, why=why)
    messages.success(request, _("Confirmed. The scores follow."))
    return ""


def _rows(question: Question) -> list[tuple[str, str, str]]:
    """(indicator, value, what it contradicts) of all results that belong together."""
    said = {c.indicator: contradiction_in_words(c, question.named) for c in question.contradictions}
    return [
        (
            indicator.name,
            measured(question.values[code], indicator.decimals, indicator.unit_of_measure),
            said.get(code, ""),
        )
        for code, indicator in question.named.items()
        if code in question.values
    ]
