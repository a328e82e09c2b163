"""One cell saving by itself: JSON in and out, for static/src/entry.js."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entry.actions import CellLockedError, Conflict, Kept, save_cell
from entry.queries.sheet import shown
from entry.typed_numbers import language_of
from entry.views.places import find_form_element, find_place, person
from indicators.actions import ValueRefusedError

#: The states static/src/entry.js knows, with the status of the answer.
SAVED, REFUSED, CONFLICT, LOCKED, SIGNED_OUT = 200, 422, 409, 423, 401


@require_POST
def cell(request: HttpRequest, element: str, **codes: str) -> JsonResponse:
    """Save what was typed into a cell: `text`, typed in `language`, where `seen` stood before."""
    if not request.user.is_authenticated:
        return JsonResponse({"state": "signed-out"}, status=SIGNED_OUT)
    place = find_place(request, **codes)
    form_element = find_form_element(place.form, element)
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
    cells = {element: result.answer, **result.totals}
    elements = {e.element.code: e.element for e in place.form.form_elements.select_related("element")}
    answers = {
        code: {"text": shown(answer, elements[code]), "seen": answer.canonical}
        for code, answer in cells.items()
    }
    return JsonResponse({"state": "saved", "cells": answers}, status=SAVED)
