"""One form of all my units side by side."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from entry.checks_over_units import problems_over_units
from entry.presenters import texts_for_script
from entry.queries.duties import units_filling
from entry.queries.sheet import read_sheets
from entry.typed_numbers import language_of
from entry.views.places import Place, find_form, person, read_month
from hospitals.access import visible_hospitals, visible_units
from indicators.periods import month_of


@login_required
@never_cache
@require_safe
def table(request: HttpRequest, hospital: str, form: str, month: str) -> HttpResponse:
    """Rows are the elements, columns the units the person sees that fill the form in that month."""
    found = get_object_or_404(visible_hospitals(person(request)), code=hospital)
    the_form, period = find_form(found, form), read_month(month)
    units = units_filling(
        form=the_form, units=visible_units(person(request)).filter(hospital=found), period=period
    )
    if not units:
        raise Http404
    mine = set(visible_units(person(request), "enter").filter(hospital=found).values_list("pk", flat=True))
    sheets = read_sheets(form=the_form, units=units, period=period)
    columns = [
        (sheet, Place(the_form, sheet.unit, period), sheet.unit.pk in mine and not sheet.is_locked)
        for sheet in sheets
    ]
    rows = [
        (section, [[sheet.sections[s][1][c] for sheet in sheets] for c in range(len(cells))])
        for s, (section, cells) in enumerate(sheets[0].sections)
    ]
    all_units = len(units) == len(units_filling(form=the_form, units=found.units.all(), period=period))
    context = {
        "hospital": found,
        "form": the_form,
        "period": period,
        "later": period.shifted(1) if period < month_of(timezone.localdate()) else None,
        "columns": columns,
        "rows": rows,
        "problems": problems_over_units([s.figures for s in sheets], the_form.checks, sheets[0].names)
        if all_units
        else [],
        "texts": texts_for_script(),
        "language": language_of(get_language()),
    }
    return render(request, "entry/table.html", context)
