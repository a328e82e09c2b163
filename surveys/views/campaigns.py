"""The managers' pages: campaigns, their links and what they have found."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospitals.access import Ability, can, visible_hospitals, visible_units
from hospitals.models import Hospital, User
from surveys.actions import close_campaign, invite, open_campaign
from surveys.forms import CampaignForm, InvitationForm, SampleForm
from surveys.models import Access, Campaign
from surveys.queries import visible_campaigns
from surveys.reports import report_of


def find_hospital(request: HttpRequest, code: str) -> Hospital:
    """The hospital, or 404 for whoever has nothing to do with it."""
    return get_object_or_404(visible_hospitals(request.user), code=code)


def find_campaign(request: HttpRequest, code: str, pk: int, ability: Ability = "view") -> Campaign:
    """The campaign, or 404 where the person lacks the ability: the answer must not tell that it is there."""
    return get_object_or_404(visible_campaigns(request.user, ability), pk=pk, unit__hospital__code=code)


@login_required
@require_safe
def campaign_list(request: HttpRequest, code: str) -> HttpResponse:
    hospital = find_hospital(request, code)
    campaigns = (
        visible_campaigns(request.user)
        .filter(unit__hospital=hospital)
        .prefetch_related("questionnaire__characteristics", "tally_sheets")
        .annotate(answered=Count("responses", filter=Q(responses__submitted=True)))
    )
    today = timezone.localdate()
    rows = [
        {
            "campaign": campaign,
            "status": campaign.status(today),
            "respondents": campaign.answered + sum(s.respondents for s in campaign.tally_sheets.all()),
        }
        for campaign in campaigns
    ]
    context = {
        "hospital": hospital,
        "rows": rows,
        "may_manage": visible_units(request.user, "manage").filter(hospital=hospital).exists(),
        "may_administer": can(request.user, "administer", hospital.root),
    }
    return render(request, "surveys/campaigns.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """A new campaign, or one that exists."""
    hospital = find_hospital(request, code)
    units = visible_units(request.user, "manage").filter(hospital=hospital)
    if not units.exists():
        raise Http404
    campaign = None if pk is None else find_campaign(request, code, pk, "manage")
    form = CampaignForm(request.POST or None, instance=campaign, hospital=hospital, units=units)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        if saved.pk is None:
            saved.created_by = cast(User, request.user)
        saved.save()
        form.save_m2m()
        return redirect("survey_campaign", code=code, pk=saved.pk)
    context = {"hospital": hospital, "form": form, "campaign": campaign, "sample": SampleForm()}
    return render(request, "surveys/campaign_form.html", context)


@login_required
@require_safe
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """The sample size for what was typed into the calculator, as a part of a page."""
    find_hospital(request, code)
    form = SampleForm(request.GET)
    sizes = form.sizes() if form.is_valid() else None
    return render(request, "surveys/_sample.html", {"form": form, "sizes": sizes})


@login_required
@never_cache
@require_safe
def campaign_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """How far a campaign is, and its analysis, of all respondents or one segment."""
    campaign = find_campaign(request, code, pk)
    may_manage = can(request.user, "manage", campaign.unit)
    siblings = visible_campaigns(request.user).filter(
        unit__hospital=campaign.unit.hospital, questionnaire__code=campaign.questionnaire.code
    )
    context = {
        "hospital": campaign.unit.hospital,
        "campaign": campaign,
        "questionnaire": campaign.questionnaire,
        "status": campaign.status(timezone.localdate()),
        "report": report_of(
            campaign, segment=request.GET.get("segment"), siblings=siblings, with_comments=may_manage
        ),
        "may_manage": may_manage,
        "may_enter": can(request.user, "enter", campaign.unit),
        "link": _link(request, campaign.link_token) if campaign.access == Access.OPEN_LINK else "",
        "invitation_form": InvitationForm(),
    }
    return render(request, "surveys/campaign.html", context)


@login_required
@require_POST
def switch_campaign(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Open or close it."""
    campaign = find_campaign(request, code, pk, "manage")
    if request.POST.get("to") == "open":
        open_campaign(campaign=campaign)
        messages.success(request, _("The campaign is open."))
    else:
        close_campaign(campaign=campaign)
        messages.success(request, _("The campaign is closed."))
    return redirect("survey_campaign", code=code, pk=pk)


@login_required
@never_cache
@require_safe
def poster(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A sheet for the wall with the QR code of the open link, for all units or one of them."""
    campaign = find_campaign(request, code, pk)
    if campaign.access != Access.OPEN_LINK:
        raise Http404
    units = list(campaign.units.all())
    unit = next((unit for unit in units if unit.code == request.GET.get("unit")), None)
    address = _link(request, campaign.link_token) + (f"?unit={unit.code}" if unit else "")
    context = {
        "campaign": campaign,
        "unit": unit,
        "units": units,
        "hospital": campaign.unit.hospital,
        "address": address,
        "qr": qr_code(address),
    }
    return render(request, "surveys/poster.html", context)


@login_required
@never_cache
@require_POST
def invitations(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Make single-use links and show them, this once, as slips to be printed and cut."""
    campaign = find_campaign(request, code, pk, "manage")
    form = InvitationForm(request.POST)
    if campaign.access != Access.INVITATIONS or not form.is_valid():
        messages.error(request, _("No links were made."))
        return redirect("survey_campaign", code=code, pk=pk)
    tokens = invite(campaign=campaign, number=form.cleaned_data["number"])
    addresses = [_link(request, token) for token in tokens]
    slips = [(address, qr_code(address)) for address in addresses]
    context = {"campaign": campaign, "hospital": campaign.unit.hospital, "slips": slips}
    return render(request, "surveys/invitations.html", context)


def qr_code(address: str) -> str:
    """The address as a QR code: the content of an svg element that takes the size it is given."""
    import segno  # here, because only this page draws codes

    return segno.make(address, error="m").svg_inline(
        omitsize=True, border=2, light="#fff", dark="#000", svgclass="survey-qr"
    )


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("survey_answer", args=[token]))
