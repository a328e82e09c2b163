"""One form of all my units side by side."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from entry.checks_over_units import problems_over_units
from entry.models import FormElement, FormSection
from entry.presenters import texts_for_script
from entry.queries.cell import Cell
from entry.queries.duties import duties_anywhere, duties_for
from entry.queries.sheet import Sheet, read_sheets
from entry.typed_numbers import language_of
from entry.views.other_months import not_this_month, offers_other_months
from entry.views.places import Place, duties_seen, find_form, person, read_month
from hospitals.access import visible_hospitals, visible_units


@login_required
@never_cache
@require_safe
@offers_other_months("entry:table")
def table(request: HttpRequest, hospital: str, form: str, month: str) -> HttpResponse:
    """Rows are the elements, columns the units of which the form speaks in that month, as far as the person
    sees them or those who fill it in. A cell is None where the unit does not keep the part."""
    period = read_month(month)  # first: a fault in it is told, whatever there is
    found = get_object_or_404(visible_hospitals(person(request)), code=hospital)
    the_form = find_form(found, form)
    everybody = duties_for(form=the_form, hospital=found, period=period)
    visible, mine = (
        set(visible_units(person(request), ability).filter(hospital=found).values_list("pk", flat=True))
        for ability in ("view", "enter")
    )
    duties = duties_seen(everybody, visible)
    if not duties:
        others = duties_seen(duties_anywhere(form=the_form, hospital=found), visible)
        raise not_this_month(others, period, name=the_form.name)
    for duty in duties:
        duty.unit.hospital = found  # known; not to be asked for again with every unit
    sheets = read_sheets(form=the_form, units=[duty.unit for duty in duties], period=period)
    columns = [
        (sheet, Place(the_form, sheet.unit, period), duty.filled_by.pk in mine and not sheet.is_locked)
        for duty, sheet in zip(duties, sheets, strict=True)
    ]
    context = {
        "hospital": found,
        "form": the_form,
        "period": period,
        **{
            name: month
            if duties_seen(duties_for(form=the_form, hospital=found, period=month), visible)
            else None
            for name, month in (("earlier", period.shifted(-1)), ("later", period.shifted(1)))
        },
        "columns": columns,
        "rows": _rows(sheets),
        # Of the month, so of all units in the same words.
        "far_before": next((sheet.far_before for sheet in sheets if sheet.far_before), None),
        "problems": problems_over_units([s.figures for s in sheets], the_form.checks, sheets[0].names)
        if len(duties) == len(everybody)
        else [],
        "texts": texts_for_script(),
        "language": language_of(get_language()),
    }
    return render(request, "entry/table.html", context)


Row = tuple[FormElement, list[Cell | None]]


def _rows(sheets: Sequence[Sheet]) -> list[tuple[FormSection, list[Row]]]:
    """By section each element that any of the units has, with its cells in the order of the units."""
    by_unit = [{cell.form_element.pk: cell for cell in sheet.cells} for sheet in sheets]
    elements = {cell.form_element.pk: cell.form_element for sheet in sheets for cell in sheet.cells}
    in_order = sorted(elements.values(), key=lambda e: (e.section.position, e.position))
    found: dict[FormSection, list[Row]] = {}
    for e in in_order:
        found.setdefault(e.section, []).append((e, [cells.get(e.pk) for cells in by_unit]))
    return list(found.items())
