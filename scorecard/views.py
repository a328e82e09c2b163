"""Pages of the scorecard: they parse, call and render, and compute nothing."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from entry.queries.duties import works_on_forms
from hospitals.access import VisibleUnit, can, top_units, visible_branches, visible_hospitals
from hospitals.models import Hospital, Unit
from indicators.freshness import freshness_of
from indicators.periods import Period
from indicators.written_periods import period_in_address
from scorecard import charts
from scorecard.presenters.overview import other_cards_of, overview_of
from scorecard.presenters.period_choice import period_choice
from scorecard.queries import Scorecard, scorecard_of
from scorecard.series import (
    compared_periods,
    history_periods,
    indicator_series,
    latest_scores,
    latest_telling,
    score_series,
    scored_periods,
    years_computed,
)

#: How often a page that is looked at asks whether its scores have caught up, and whether they have
#: changed since. An answer costs some 5 ms: twenty open pages take a twentieth of a core.
SECONDS_WHILE_WAITING, SECONDS_WHILE_FRESH = 1, 2


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one hospital a person sees, else the list of them with their latest scores; for those who
    enter and approve numbers, their forms."""
    if works_on_forms(request.user):
        return redirect("entry:my_forms")
    tops = top_units(request.user)
    hospitals = {unit.hospital for unit in tops}
    if not hospitals:
        return render(request, "scorecard/no_role.html")
    if len(hospitals) == 1:
        return redirect("overview", code=hospitals.pop().code)
    scores = latest_scores(tops)
    rows = [(unit, scores.get(unit.pk)) for unit in tops]
    return render(request, "scorecard/home.html", {"rows": rows})


class _AskedByHtmx(HttpRequest):
    """Says whether htmx asks for a part of a page; put there by its middleware."""

    htmx: HtmxDetails


class _Place(NamedTuple):
    """Where a page is: a hospital, the units of it that the person sees, and the one that is shown."""

    hospital: Hospital
    branches: list[VisibleUnit]
    unit: Unit


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """The scorecard of a hospital, or of the unit in `?unit=`, for the period in `?period=`.

    With `?approved=only` numbers that nobody has approved yet are left out.
    """
    place = _place(request, code)
    years = years_computed(place.hospital.pk)
    scored = scored_periods(place.unit)
    period = _period(request) or latest_telling(scored)
    context = {
        **place._asdict(),
        "period": period,
        "freshness": freshness_of(place.hospital),
        "seconds": SECONDS_WHILE_WAITING,
    }
    if period is None:
        return render(request, "scorecard/overview_empty.html", context)
    context["choice"] = period_choice(period, [entry.period for entry in scored])
    if period.year not in years:
        return render(request, "scorecard/overview_empty.html", context)
    compared = [p for p in compared_periods(period) if p.year in years]
    history = [p for p in history_periods(period) if p.year in years]
    approved_only = _approved_only(request)
    scorecard = scorecard_of(place.unit, period, approved_only=approved_only)
    page = overview_of(
        scorecard,
        indicator_series(place.unit, compared, approved_only=approved_only),
        score_series(place.unit, history, approved_only=approved_only),
        compared,
        history,
    )
    return render(
        request,
        "scorecard/overview.html",
        {
            **context,
            **_polling(scorecard.freshness.up_to_date),
            "scorecard": scorecard,
            "freshness": scorecard.freshness,
            "page": page,
            "may_confirm": _may_confirm(request, scorecard),
            "manages": scorecard.unapproved and can(request.user, "manage", place.hospital.root),
            "plotly_template": charts.TEMPLATE,
        },
    )


def _may_confirm(request: HttpRequest, scorecard: Scorecard) -> bool:
    """Whether the person may say that results which contradict each other are right. Mostly none do."""
    marked = any(line.mark and not line.mark.confirmed for line in scorecard.lines)
    return marked and can(request.user, "enter", scorecard.unit)


@login_required
@never_cache
@require_safe
def other_indicators(request: _AskedByHtmx, code: str) -> HttpResponse:
    """The indicators outside the score: a part of the overview, fetched when somebody scrolls there."""
    place = _place(request, code)
    years = years_computed(place.hospital.pk)
    period = _period(request)
    if period is None or period.year not in years:
        raise Http404(_("There are no numbers for this period."))
    compared = [p for p in compared_periods(period) if p.year in years]
    approved_only = _approved_only(request)
    scorecard = scorecard_of(place.unit, period, approved_only=approved_only)
    cards = other_cards_of(
        scorecard,
        indicator_series(place.unit, compared, approved_only=approved_only),
        compared,
    )
    template = "scorecard/_cards.html" if request.htmx else "scorecard/others.html"
    context = {
        **place._asdict(),
        "period": period,
        "cards": cards,
        "may_confirm": _may_confirm(request, scorecard),
        "plotly_template": charts.TEMPLATE,
    }
    return render(request, template, context)


@login_required
@never_cache
@require_safe
def freshness(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the scores have caught up; tells the page when they differ from those it shows.

    `?seen=` is the moment of computation of the scores on the page.
    """
    hospital = get_object_or_404(visible_hospitals(request.user), code=code)
    state = freshness_of(hospital)
    seen = _moment(request.GET.get("seen", ""))
    context = {"hospital": hospital, "freshness": state, "seen": seen, **_polling(state.up_to_date)}
    response = render(request, "scorecard/_freshness.html", context)
    if state.up_to_date and state.computed_at != seen:
        trigger_client_event(response, "scores-changed", {})
    return response


def _place(request: HttpRequest, code: str) -> _Place:
    """Raises Http404 for what does not exist and for what the person may not see alike."""
    hospital = get_object_or_404(visible_hospitals(request.user), code=code)
    branches = visible_branches(request.user, hospital)
    asked = request.GET.get("unit")
    unit = next((b.unit for b in branches if asked in (None, "", b.unit.code)), None)
    if unit is None:
        raise Http404(_("There is no such unit."))
    return _Place(hospital, branches, unit)


def _period(request: HttpRequest) -> Period | None:
    asked = request.GET.get("period")
    return period_in_address(asked) if asked else None


def _approved_only(request: HttpRequest) -> bool:
    return request.GET.get("approved") == "only"


def _polling(up_to_date: bool) -> dict[str, int]:
    return {"seconds": SECONDS_WHILE_FRESH if up_to_date else SECONDS_WHILE_WAITING}


def _moment(text: str):
    try:
        return parse_datetime(text)
    except ValueError:
        return None
