"""Submitting, taking back, returning, approving, reopening: a button, a step, the form again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entry import actions
from entry.models import State, Submission
from entry.views.places import Place, find_place, person, sent_by_somebody


@sent_by_somebody("entry:sheet", "hospital", "form", "unit", "month")
def submit(request: HttpRequest, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    try:
        actions.submit(**place.keywords, by=person(request))
    except actions.NotReadyError as refused:
        left = len(refused.problems)
        messages.warning(
            request,
            ngettext(
                "Not submitted yet: %(left)s question is open. It is listed under “Checks”.",
                "Not submitted yet: %(left)s questions are open. They are listed under “Checks”.",
                left,
            )
            % {"left": left},
        )
        return _back_to(place, "#live-problems")
    messages.success(request, _("Submitted. You can take it back until it is approved."))
    return _back_to(place)


@sent_by_somebody("entry:sheet", "hospital", "form", "unit", "month")
def withdraw(request: HttpRequest, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    actions.withdraw(submission=_submission(place), by=person(request))
    messages.success(request, _("Taken back. The numbers can be changed again."))
    return _back_to(place)


@sent_by_somebody("entry:sheet", "hospital", "form", "unit", "month")
def return_for_mending(request: HttpRequest, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    try:
        actions.return_for_mending(
            submission=_submission(place), by=person(request), reason=request.POST.get("reason", "")
        )
    except actions.ReasonMissingError:
        messages.warning(request, _("Say what has to be mended."))
        return _back_to(place)
    messages.success(request, _("Returned to be mended."))
    return redirect("entry:my_forms")


@sent_by_somebody("entry:sheet", "hospital", "form", "unit", "month")
def approve(request: HttpRequest, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    submission = actions.approve(submission=_submission(place), by=person(request))
    if submission.state == State.APPROVED:
        messages.success(request, _("Approved. The numbers are locked."))
    else:
        messages.success(request, _("Approved. It now waits for the second approval."))
    return redirect("entry:my_forms")


@sent_by_somebody("entry:sheet", "hospital", "form", "unit", "month")
def reopen(request: HttpRequest, **codes: str) -> HttpResponse:
    place = find_place(request, **codes)
    try:
        actions.reopen(
            submission=_submission(place), by=person(request), reason=request.POST.get("reason", "")
        )
    except actions.ReasonMissingError:
        messages.warning(request, _("Say why the form has to be opened again."))
        return _back_to(place)
    messages.success(request, _("The form is open again."))
    return _back_to(place)


def _back_to(place: Place, part: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("entry:sheet", kwargs=place.codes) + part)


def _submission(place: Place) -> Submission:
    return get_object_or_404(Submission.objects.select_related("form", "unit__parent"), **place.keywords)
