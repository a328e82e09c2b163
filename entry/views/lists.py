"""Lists of forms: mine, and those of the whole hospital."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from entry.presenters import group_headings, standing_words, texts_for_script
from entry.queries.completeness import completeness_of, handed_in_by_month
from entry.queries.work import Group, tables_of, work_of
from entry.views.places import person
from hospitals.access import visible_hospitals, visible_units
from indicators.periods import FIRST_YEAR, LAST_YEAR, Period, month_of

#: So many forms are seen at a glance; of more, those that can wait are folded away.
MANY = 12
CAN_WAIT = (Group.RUNNING, Group.WITH_OTHERS, Group.DONE)


@login_required
@never_cache
@require_safe
def my_forms(request: HttpRequest) -> HttpResponse:
    """What is due, late, returned, waiting for me, done; the whole hospital for who only manages it."""
    work = work_of(person(request), today=timezone.localdate())
    managed = visible_hospitals(person(request), "manage").order_by("name")
    if not work and len(managed) == 1:
        return redirect("entry:completeness", managed[0].code)
    headings = group_headings()
    many = sum(len(items) for items in work.values()) > MANY
    return render(
        request,
        "entry/my_forms.html",
        {
            "groups": [
                (group, *headings[group], items, tables_of(items), len(items) > MANY and group in CAN_WAIT)
                for group, items in work.items()
            ],
            "many": many,
            "several_hospitals": len({item.unit.hospital_id for items in work.values() for item in items})
            > 1,
            "works_on_forms": bool(work) or visible_units(person(request), "enter").exists(),
            "texts": texts_for_script(),
            "managed": managed,
        },
    )


@login_required
@never_cache
@require_safe
def completeness(request: HttpRequest, hospital: str) -> HttpResponse:
    """Units × months of a year: how far every form has come."""
    found = get_object_or_404(visible_hospitals(person(request), "manage"), code=hospital)
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR else today.year
    words = standing_words()
    lines = completeness_of(found, person(request), year=year, today=today)
    return render(
        request,
        "entry/completeness.html",
        {
            "hospital": found,
            "year": year,
            "this_month": month_of(today),
            "months": Period.of_year(year).months(),
            "lines": lines,
            "handed_in": handed_in_by_month(lines),
            "words": words,
        },
    )
