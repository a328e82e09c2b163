"""A month in which the person does not have a form: in which months they do, and the way to these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from entry.assignments import Duty, months_beside
from hospitals.not_found import SaidNotFound
from indicators.period_names import period_name
from indicators.periods import Period, month_of


class NotThisMonth(Http404):
    """`before` and `after` are the nearest months in which the person has the form and that have begun; the
    message says in which they do. Told on pages alone: what is sent, and parts of a page, are not found."""

    def __init__(self, said: str, *, month: Period, before: Period | None, after: Period | None) -> None:
        super().__init__(said)
        self.month = month
        self.before = before
        self.after = after


def not_this_month(duties: Sequence[Duty], month: Period, *, name: str) -> Http404:
    """To be raised for `month`, in which none of `duties` holds: those that the person sees of what has the
    `name`, of whichever months. Who has none is not told that there is such a thing."""
    if not duties:
        return Http404()
    before, after = months_beside(duties, month, through=month_of(timezone.localdate()))
    return NotThisMonth(_when(duties, month, name), month=month, before=before, after=after)


def _when(duties: Sequence[Duty], month: Period, name: str) -> str:
    """When it can be opened. It may be another's meanwhile: of that the sentence says nothing."""
    if any(duty.holds_in(month) for duty in duties):
        return _("“%(name)s” can be opened once %(month)s begins.") % {
            "name": name,
            "month": period_name(month),
        }
    last, first = months_beside(duties, month)
    words = {
        "name": name,
        "last": period_name(last) if last else "",
        "first": period_name(first) if first else "",
    }
    if last and first:
        return _("“%(name)s” can be opened up to %(last)s and again from %(first)s on.") % words
    if last:
        return _("“%(name)s” can be opened up to %(last)s.") % words
    return _("“%(name)s” can be opened from %(first)s on.") % words


def offers_other_months(page: str) -> Callable[[Callable[..., HttpResponse]], Any]:
    """For the view of the page that is called `page`: where it has nothing for the month of its address, it
    says in which months it has, and leads to the nearest."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **codes: str) -> HttpResponse:
            try:
                return view(request, **codes)
            except NotThisMonth as missing:
                raise SaidNotFound(
                    str(missing),
                    heading=_("Nothing to fill in here for %s") % period_name(missing.month),
                    instead=[
                        (reverse(page, kwargs=codes | {"month": str(month)}), period_name(month))
                        for month in (missing.before, missing.after)
                        if month is not None
                    ],
                ) from missing

        return answer

    return around
