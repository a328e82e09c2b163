"""The public pages: nobody signs in, and nothing that was answered is ever sent back."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.answering import (
    AlreadyAnsweredError,
    Given,
    NotUnderstoodError,
    RefusedError,
    TooManyError,
    current_hour,
    read_given,
    save_answers,
)
from surveys.links import KEY, TOKEN, hash_of_address, hash_of_link
from surveys.models import Access, Campaign, Invitation, Questionnaire

#: A whole questionnaire with a comment is a tenth of it.
LARGEST_BODY = 50_000
STATUS_OF = {"closed": 410, "submitted": 409, "limited": 429, "not_understood": 400}
SECONDS_TO_WAIT = 60
KEEP_UNTIL = "Imbang-Keep-Until"

View = Callable[..., HttpResponse]


def in_chosen_language(view: View) -> View:
    """Show the page in the language of `?lang=`, else in the browser's."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.GET.get("lang")
        if chosen not in ("id", "en"):
            return view(request, *args, **kwargs)
        with translation.override(chosen):
            return view(request, *args, **kwargs)

    return shown


def find_campaign(token: str) -> tuple[Campaign, Invitation | None]:
    """The campaign behind a link and, if it is a single-use one, the invitation. Raises Http404.

    A campaign with single-use links cannot be answered through its own.
    """
    if not TOKEN.fullmatch(token):
        raise Http404
    campaigns = Campaign.objects.select_related("questionnaire")
    campaign = campaigns.filter(link_token=token, access=Access.OPEN_LINK).first()
    if campaign is not None:
        return campaign, None
    invitation = Invitation.objects.filter(token_hash=hash_of_link(token)).first()
    if invitation is None:
        raise Http404
    return campaigns.get(pk=invitation.campaign_id), invitation


# No csrf token is asked for: a visitor has no rights here that another site could borrow, and a
# phone that was offline for a day has none that still holds.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questionnaire; without a script in the browser it is sent in as one form."""
    campaign, invitation = find_campaign(token)
    if request.method == "POST":
        return _answer_form(request, campaign, invitation)
    if invitation is not None and invitation.used:
        return render(request, "surveys/answered.html", {"campaign": campaign})
    if not campaign.is_open:
        return _closed(request, campaign)
    units = list(campaign.units.all())
    chosen = request.GET.get("unit")
    context = {
        "campaign": campaign,
        "questionnaire": campaign.questionnaire,
        # Asked for only when the page is not kept from an earlier visitor.
        "items": campaign.questionnaire.items.all(),
        "opened_at": campaign.opened_at and campaign.opened_at.timestamp(),
        "characteristics": _asked(campaign),
        "units": units,
        "chosen_unit": next((unit for unit in units if unit.code == chosen), None),
        "scale": list(enumerate(campaign.questionnaire.scale_words, 1)),
        "token": token,
        "store": hash_of_link(token)[:16],
        "is_invitation": invitation is not None,
        "key": secrets.token_urlsafe(32),
        "other_language": "en" if translation.get_language() == "id" else "id",
    }
    # The browser's worker keeps only pages that say so: those in which can be answered.
    page = render(request, "surveys/answer.html", context)
    page[KEEP_UNTIL] = campaign.ends_on.isoformat()
    return page


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that brings the page back without a network.

    It lies here and not among the static files, because a worker reaches what lies below its own address.
    """
    files = "".join(static(name) for name in ("answering.js", "app.css", "theme.js", "icons.svg"))
    context = {
        "version": hashlib.sha256(files.encode()).hexdigest()[:12],
        "static_path": settings.STATIC_URL,
        "root": reverse("survey_worker").removesuffix("worker.js"),
    }
    return render(request, "surveys/worker.js", context, content_type="text/javascript")


@csrf_exempt
@never_cache
@require_POST
def save(request: HttpRequest, token: str) -> JsonResponse:
    """A bit of the answers, as JSON; what the answer means to the browser is its `status`."""
    campaign, invitation = find_campaign(token)
    try:
        body = _json(request)
        key = body.get("key") if isinstance(body, dict) else None
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise NotUnderstoodError
        given = read_given(body, campaign.questionnaire)
        save_answers(
            campaign=campaign,
            given=given,
            key=key,
            invitation=invitation,
            address_hash=hash_of_address(request, current_hour()),
        )
    except RefusedError as refused:
        headers = {"Retry-After": str(SECONDS_TO_WAIT)} if isinstance(refused, TooManyError) else None
        return JsonResponse({"status": refused.code}, status=STATUS_OF[refused.code], headers=headers)
    return JsonResponse({"status": "submitted" if given.submit else "saved"})


def _json(request: HttpRequest) -> Any:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise NotUnderstoodError
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise NotUnderstoodError from error


def _answer_form(request: HttpRequest, campaign: Campaign, invitation: Invitation | None) -> HttpResponse:
    key = request.POST.get("key", "")
    try:
        if not KEY.fullmatch(key):
            raise NotUnderstoodError
        save_answers(
            campaign=campaign,
            given=_given_of_form(request.POST, campaign.questionnaire),
            key=key,
            invitation=invitation,
            address_hash=hash_of_address(request, current_hour()),
        )
    except AlreadyAnsweredError:
        return render(request, "surveys/answered.html", {"campaign": campaign})
    except RefusedError as refused:
        if refused.code == "closed":
            return _closed(request, campaign)
        context = {"campaign": campaign, "code": refused.code}
        return render(request, "surveys/not_taken.html", context, status=STATUS_OF[refused.code])
    return render(request, "surveys/answered.html", {"campaign": campaign, "thanks": True})


def _given_of_form(form: QueryDict, questionnaire: Questionnaire) -> Given:
    """The fields of the form as what a script would send."""

    def number(name: str) -> int | None:
        text = form.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else None

    codes = questionnaire.items.values_list("code", flat=True)
    body = {
        "answers": {code: [number(f"{code}-reality"), number(f"{code}-expectation")] for code in codes},
        "characteristics": {
            asked.code: form.get(f"about-{asked.code}", "") for asked in questionnaire.characteristics.all()
        },
        "comment": form.get("comment", ""),
        "unit": form.get("unit", ""),
        "submit": True,
    }
    return read_given(body, questionnaire)


def _asked(campaign: Campaign) -> list[Any]:
    """The questions about the respondent, without the segment where the campaign says it."""
    characteristics = campaign.questionnaire.characteristics.all()
    return [asked for asked in characteristics if not (asked.is_segment and campaign.segment)]


def _closed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    waiting = campaign.status(timezone.localdate()) in ("draft", "waiting")
    return render(request, "surveys/closed.html", {"campaign": campaign, "waiting": waiting}, status=410)
