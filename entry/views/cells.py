"""One cell saving by itself: JSON in and out, for static/src/entry.js."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entry.actions import CellLockedError, Conflict, Kept, Total, save_cell
from entry.models import FormElement
from entry.typed_numbers import language_of, shown
from entry.views.places import Place, find_place, person, read_month
from hospitals.models import Unit
from indicators.actions import ValueRefusedError

#: The states static/src/entry.js knows, with the status of the answer.
SAVED, REFUSED, CONFLICT, LOCKED, SIGNED_OUT = 200, 422, 409, 423, 401


@require_POST
def cell(request: HttpRequest, element: str, **codes: str) -> JsonResponse:
    """Save what was typed into a cell: `text`, typed in `language`, where `seen` stood before."""
    if not request.user.is_authenticated:
        return JsonResponse({"state": "signed-out"}, status=SIGNED_OUT)
    place, form_element = _find_cell(element, **codes)
    language = language_of(request.POST.get("language") or get_language())
    try:
        result = save_cell(
            form_element=form_element,
            unit=place.unit,
            period=place.period,
            text=request.POST.get("text", ""),
            seen=request.POST.get("seen", ""),
            by=person(request),
            language=language,
        )
    except (CellLockedError, ValueRefusedError) as locked:
        return JsonResponse({"state": "locked", "reason": str(locked)}, status=LOCKED)
    except PermissionDenied:
        # What is not the person's to see is not found, nor what nobody fills in any more.
        if not find_place(request, **codes).is_asked_for:
            raise Http404 from None
        reason = _("You may not enter numbers for this unit.")
        return JsonResponse({"state": "locked", "reason": reason}, status=LOCKED)
    match result:
        case Kept(reason=reason):
            return JsonResponse({"state": "refused", "reason": reason}, status=REFUSED)
        case Conflict(mine=mine, theirs=theirs, by=by):
            return JsonResponse(
                {
                    "state": "conflict",
                    "mine": shown(mine, form_element.element),
                    "theirs": shown(theirs, form_element.element),
                    "seen": theirs.canonical,
                    "by": by,
                },
                status=CONFLICT,
            )
    cells = {form_element.element: Total(result.answer, result.answer), **result.totals}
    answers = {
        changed.code: {"text": shown(total.shown, changed), "seen": total.typed.canonical}
        for changed, total in cells.items()
    }
    return JsonResponse({"state": "saved", "cells": answers}, status=SAVED)


def _find_cell(code: str, *, hospital: str, form: str, unit: str, month: str) -> tuple[Place, FormElement]:
    """The cell, whoever asks: `save_cell` looks at the rights of the person. A hundred of these come in
    every second, so it asks the database as little as it can."""
    period = read_month(month)  # first: a fault in it is told, whatever there is
    found = get_object_or_404(
        Unit.objects.select_related("hospital", "parent__parent"), hospital__code=hospital, code=unit
    )
    theirs = Q(form__hospital=found.hospital_id) | Q(form__hospital=None)
    elements = FormElement.objects.select_related("form", "element").filter(theirs, form__code=form)
    form_element = (
        elements.filter(element__code=code).order_by(F("form__hospital").asc(nulls_last=True)).first()
    )
    if form_element is None:
        raise Http404
    return Place(form_element.form, found, period), form_element
