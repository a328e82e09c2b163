"""Writes of questionnaires, campaigns and tallies; each is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from hospitals.models import Hospital, Unit, User
from indicators.actions import Saved
from indicators.first_months import FAR_BEFORE
from indicators.periods import Period
from surveys.first_months import check_period
from surveys.links import hash_of_link
from surveys.models import Campaign, Invitation, Questionnaire, TallyCount, TallySheet, new_link_token
from surveys.publishing import lock_campaigns, publish
from surveys.questionnaire_content import Content, content_of_row, write_content
from surveys.tally_files import Tally


@transaction.atomic
def copy_questionnaire(*, original: Questionnaire, hospital: Hospital) -> Questionnaire:
    """A hospital's own next version of a questionnaire, to be edited until it is used.

    It keeps the code, so that results of both versions stand in one row of years.
    """
    theirs = Questionnaire.objects.filter(hospital=hospital, code=original.code)
    newest = theirs.aggregate(newest=Max("version"))["newest"] or 0
    copy = Questionnaire(
        hospital=hospital,
        code=original.code,
        version=max(newest, original.version) + 1,
        based_on=original,
    )
    write_content(copy, content_of_row(original))
    return copy


@transaction.atomic
def edit_questionnaire(*, questionnaire: Questionnaire, content: Content) -> Questionnaire:
    """Make an unused version of a hospital say `content`. Raises FrozenError for one in use."""
    locked = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    write_content(locked, content)
    return locked


@transaction.atomic
def save_tally(
    *,
    campaign: Campaign,
    unit: Unit,
    period: Period,
    tally: Tally,
    segment: str = "",
    answers: Mapping[str, str] | None = None,
    by: User | None,
) -> Saved:
    """Store the counts of a paper survey in place of what was tallied before, and publish them.

    `answers`: reasons by code of the question; the campaign keeps the one given. Raises ValueError when
    the tally is not right or `period` cannot be, and UnansweredError where somebody has to say why first.
    """
    if tally.bad:
        raise ValueError("a tally with bad lines cannot be saved")
    if because := (answers or {}).get(FAR_BEFORE, "").strip():
        campaign.past_because = campaign.past_because or because[:500]
    check_period(campaign, unit=unit, period=period)
    if because:
        campaign.save(update_fields=["past_because"])
    _freeze(campaign)
    lock_campaigns(campaign)
    sheet, _created = TallySheet.objects.update_or_create(
        campaign=campaign,
        unit=unit,
        period=period,
        segment=segment,
        defaults={"respondents": tally.respondents},
    )
    items = {item.code: item for item in campaign.questionnaire.items.all()}
    sheet.counts.all().delete()
    TallyCount.objects.bulk_create(
        TallyCount(
            sheet=sheet,
            item=items[line.item],
            answer=line.answer,
            expectation_count=line.expectation,
            reality_count=line.reality,
        )
        for line in tally.lines
    )
    return publish(campaign, [(unit.pk, period)], by=by)


def campaign_of_year(
    *, hospital: Hospital, questionnaire: Questionnaire, segment: str, year: int
) -> Campaign:
    """The campaign that holds the tallies of a whole year and segment; made when there is none."""
    found = Campaign.objects.filter(
        unit=hospital.root,
        questionnaire__code=questionnaire.code,
        segment=segment,
        starts_on=dt.date(year, 1, 1),
        ends_on=dt.date(year, 12, 31),
        opened_at=None,
    ).first()
    if found is not None:
        return found
    campaign = Campaign(
        unit=hospital.root,
        questionnaire=questionnaire,
        segment=segment,
        starts_on=dt.date(year, 1, 1),
        ends_on=dt.date(year, 12, 31),
    )
    parts = (questionnaire.name, campaign.segment_name, str(year))
    campaign.name = " ".join(part for part in parts if part)
    campaign.save()
    return campaign


@transaction.atomic
def open_campaign(*, campaign: Campaign) -> None:
    """Let people answer; from here on the version of the questionnaire is frozen. Again after closing."""
    _freeze(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(
        opened_at=campaign.opened_at or timezone.now(), closed_at=None
    )


def _freeze(campaign: Campaign) -> None:
    """Wait for an edit of the questionnaire that is under way; the next one will find it in use."""
    Questionnaire.objects.select_for_update(of=("self",)).get(pk=campaign.questionnaire_id)


@transaction.atomic
def close_campaign(*, campaign: Campaign) -> None:
    """Take no more answers. What was sent in stays and counts."""
    Campaign.objects.filter(pk=campaign.pk, closed_at=None).update(closed_at=timezone.now())


@transaction.atomic
def invite(*, campaign: Campaign, number: int) -> list[str]:
    """Make single-use links; their tokens are returned once and never stored."""
    tokens = [new_link_token() for _ in range(number)]
    Invitation.objects.bulk_create(
        Invitation(campaign=campaign, token_hash=hash_of_link(token)) for token in tokens
    )
    return tokens
