"""Storing what people answer: a bit at a time, at most once a person, nothing lost and nobody named."""

from __future__ import annotations

import datetime as dt
import logging
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hospitals.messages import tell_worker
from hospitals.models import Unit, User
from indicators.periods import Period, month_of
from surveys.first_months import check_period
from surveys.links import hash_of_key
from surveys.models import (
    AddressCount,
    Answer,
    Campaign,
    Invitation,
    Item,
    PublishMark,
    Questionnaire,
    Response,
    Source,
)

log = logging.getLogger(__name__)

PUBLISH_TASK = "surveys.tasks.publish_campaign"
#: One message in so many seconds is enough: the task publishes all that has come in.
SECONDS_BETWEEN_MESSAGES = 2
LONGEST_COMMENT = 1000
ITEM_CODE = re.compile(r"q[0-9]{1,3}")

Pair = tuple[int | None, int | None]


class RefusedError(Exception):
    """Answers that are not taken; `code` tells the browser why."""

    code = "refused"


class ClosedError(RefusedError):
    """The campaign is not open, or not any more."""

    code = "closed"


class AlreadyAnsweredError(RefusedError):
    """These answers, or those of this invitation, have been sent in before."""

    code = "submitted"


class TooManyError(RefusedError):
    """More new respondents from one address in an hour than the campaign takes."""

    code = "limited"


class NotUnderstoodError(RefusedError):
    """What came in does not fit the questionnaire."""

    code = "not_understood"


@dataclass(frozen=True)
class Given:
    """What a browser or a clerk sends: items as (reality, expectation), the rest only if it was said."""

    answers: dict[str, Pair] = field(default_factory=dict)
    unit_code: str | None = None
    characteristics: dict[str, str] | None = None
    comment: str | None = None
    submit: bool = False


def read_given(body: Any, questionnaire: Questionnaire) -> Given:
    """Check what a browser sent. Raises NotUnderstoodError."""
    if not isinstance(body, dict):
        raise NotUnderstoodError
    answers = body.get("answers", {})
    characteristics, comment = body.get("characteristics"), body.get("comment")
    unit = body.get("unit")
    if not isinstance(answers, dict) or not isinstance(characteristics, dict | None):
        raise NotUnderstoodError
    if not isinstance(comment, str | None) or not isinstance(unit, str | None):
        raise NotUnderstoodError
    if not all(ITEM_CODE.fullmatch(code) for code in answers):
        raise NotUnderstoodError
    read = {code: _pair(pair, questionnaire) for code, pair in answers.items()}
    return Given(
        answers=read,
        unit_code=unit or None,
        characteristics=None if characteristics is None else _known(characteristics, questionnaire),
        comment=None if comment is None else _storable(comment)[:LONGEST_COMMENT],
        submit=body.get("submit") is True,
    )


def _storable(text: str) -> str:
    """Without what a database cannot hold: the null character and halves of characters."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "").strip()


def _pair(pair: Any, questionnaire: Questionnaire) -> Pair:
    """(reality, expectation) on the scale; anything may be left out."""
    if not isinstance(pair, list) or len(pair) != 2:
        raise NotUnderstoodError
    for answer in pair:
        if answer is not None and (type(answer) is not int or not 1 <= answer <= questionnaire.points):
            raise NotUnderstoodError
    return pair[0], pair[1] if questionnaire.is_paired else None


def _known(characteristics: dict[Any, Any], questionnaire: Questionnaire) -> dict[str, str]:
    """Only what the questionnaire asks: nothing else about a person is ever stored."""
    kept = {}
    for asked in questionnaire.characteristics.all():
        chosen = characteristics.get(asked.code)
        if chosen in dict(asked.choices):
            kept[asked.code] = chosen
    return kept


@transaction.atomic
def save_answers(
    *,
    campaign: Campaign,
    given: Given,
    key: str,
    invitation: Invitation | None = None,
    address_hash: str = "",
    today: dt.date | None = None,
) -> Response:
    """Store what one person has answered so far; with `submit` it is sent in and counts.

    `key` is the secret of the browser; with an invitation it plays no part, because the link itself
    is the secret. Doing it twice changes nothing. Raises RefusedError.
    """
    today = today or timezone.localdate()
    if invitation is not None:
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.used:
            raise AlreadyAnsweredError
        key_hash = invitation.token_hash
    else:
        key_hash = hash_of_key(campaign, key)
    found = Response.objects.select_for_update().filter(campaign=campaign, key_hash=key_hash).first()
    if found is not None and found.submitted:
        raise AlreadyAnsweredError
    if campaign.status(today) != "open":
        raise ClosedError
    if found is None:
        if invitation is None:
            _count_address(campaign, address_hash)
        found = _begin(campaign, key_hash, today)
    _write(found, campaign, given)
    if given.submit:
        _submit(found, campaign, invitation, today)
    return found


@transaction.atomic
def save_paper(*, campaign: Campaign, given: Given, unit: Unit, answered_on: dt.date, by: User) -> Response:
    """Store one paper form. Raises NotUnderstoodError when it holds no answer, and ValueError for a day
    that cannot be or that the campaign has to explain first."""
    check_period(campaign, unit=unit, period=month_of(answered_on))
    response = Response.objects.create(
        campaign=campaign, unit=unit, source=Source.PAPER, answered_on=answered_on
    )
    _write(response, campaign, given)
    _submit(response, campaign, None, answered_on)
    log.info("paper form of campaign %s typed in by user %s", campaign.pk, by.pk)
    return response


@transaction.atomic
def remove_paper(*, response: Response) -> None:
    """Take back a paper form that was typed in wrongly."""
    mark_for_publishing(response.campaign, response.unit_id, month_of(response.answered_on))
    response.delete()


def _begin(campaign: Campaign, key_hash: str, today: dt.date) -> Response:
    """A row for a new respondent; of two first messages of one browser the second finds that of the first."""
    try:
        with transaction.atomic():
            return Response.objects.create(
                campaign=campaign, unit_id=campaign.unit_id, key_hash=key_hash, answered_on=today
            )
    except IntegrityError:
        return Response.objects.select_for_update().get(key_hash=key_hash)


def _write(response: Response, campaign: Campaign, given: Given) -> None:
    asked = Item.objects.filter(questionnaire=campaign.questionnaire_id, code__in=given.answers)
    items = dict(asked.order_by().values_list("code", "pk")) if given.answers else {}
    if not given.answers.keys() <= items.keys():
        raise NotUnderstoodError
    Answer.objects.bulk_create(
        [
            Answer(response=response, item_id=items[code], reality=reality, expectation=expectation)
            for code, (reality, expectation) in given.answers.items()
        ],
        update_conflicts=True,
        unique_fields=["response", "item"],
        update_fields=["reality", "expectation"],
    )
    before = response.unit_id, response.characteristics, response.comment, response.segment
    if given.unit_code is not None:
        response.unit = _chosen_unit(campaign, given.unit_code)
    if given.comment is not None:
        response.comment = given.comment
    if given.characteristics is not None:
        response.characteristics = given.characteristics
        response.segment = _segment_of(campaign.questionnaire, given.characteristics)
    response.segment = campaign.segment or response.segment
    if before != (response.unit_id, response.characteristics, response.comment, response.segment):
        response.save()


def _chosen_unit(campaign: Campaign, code: str) -> Unit:
    unit = next((unit for unit in campaign.units.all() if unit.code == code), None)
    if unit is None:
        raise NotUnderstoodError
    return unit


def _segment_of(questionnaire: Questionnaire, characteristics: dict[str, str]) -> str:
    for asked in questionnaire.characteristics.all():
        if asked.is_segment:
            return characteristics.get(asked.code, "")
    return ""


def _submit(response: Response, campaign: Campaign, invitation: Invitation | None, day: dt.date) -> None:
    answered = response.answers.filter(reality__isnull=False)
    if campaign.questionnaire.is_paired:
        answered = answered.filter(expectation__isnull=False)
    if not answered.exists():
        raise NotUnderstoodError
    response.submitted, response.answered_on = True, day
    if invitation is not None:
        # From here on nothing leads from the link to the answers.
        invitation.used = True
        invitation.save(update_fields=["used"])
        response.key_hash = None
    response.save(update_fields=["submitted", "answered_on", "key_hash"])
    mark_for_publishing(campaign, response.unit_id, month_of(day))


def mark_for_publishing(campaign: Campaign, unit_id: int, period: Period) -> None:
    """Record that the data values have to follow; call inside the transaction of the change."""
    PublishMark.objects.create(campaign=campaign, unit_id=unit_id, period=period)
    transaction.on_commit(lambda: announce(campaign.pk))


def announce(campaign_id: int) -> None:
    """Tell a worker, but not for every answer of a crowd. Never fails: the marks outlive a dead broker."""
    if not cache.add(f"survey-{campaign_id}", "announced", SECONDS_BETWEEN_MESSAGES):
        return
    try:
        tell_worker(PUBLISH_TASK, campaign_id)
    except Exception as error:
        log.warning("broker not reached, campaign %s waits for the sweep: %s", campaign_id, error)


def current_hour() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _count_address(campaign: Campaign, address_hash: str) -> None:
    """Count a new respondent of an address. Raises TooManyError over the campaign's limit."""
    hour = current_hour()
    count, created = AddressCount.objects.get_or_create(
        campaign=campaign, address_hash=address_hash, hour=hour
    )
    if created:
        AddressCount.objects.filter(hour__lt=hour - dt.timedelta(hours=1)).delete()
    within = AddressCount.objects.filter(
        pk=count.pk, respondents__lt=campaign.most_per_address_per_hour
    ).update(respondents=F("respondents") + 1)
    if not within:
        raise TooManyError
