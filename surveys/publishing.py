"""From answers to data values: the sums of a survey, by unit and period, through the one pipeline.

All campaigns of a hospital with the same questionnaire code are published together: an inpatients'
and an outpatients' campaign of one month add up. Nothing is added to what was published before; the
sums are always taken anew, so that publishing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Count, Sum

from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, Saved, save_values
from indicators.models import DataElement, Status
from indicators.periods import Period
from surveys.analysis.small_groups import SMALLEST_GROUP
from surveys.models import (
    Answer,
    Audience,
    Campaign,
    PublishMark,
    Questionnaire,
    Response,
    TallyCount,
    TallySheet,
)


@transaction.atomic
def publish_marked(*, campaign_id: int) -> Saved | None:
    """Publish what the marks of a campaign say has changed, and remove them. Safe to repeat.

    Campaigns that add up are locked first: of two workers the later one reads the later answers. None
    when nothing was marked.
    """
    campaign = Campaign.objects.select_related("questionnaire", "unit__hospital").get(pk=campaign_id)
    lock_campaigns(campaign)
    marks = list(PublishMark.objects.filter(campaign=campaign))
    if not marks:
        return None
    saved = publish(campaign, {(mark.unit_id, mark.period) for mark in marks}, by=None)
    PublishMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return saved


def lock_campaigns(campaign: Campaign) -> None:
    """Hold the campaigns that are published together with `campaign` until the transaction ends.

    Answers can still come in: `no_key` does not block rows that refer to them.
    """
    together = Campaign.objects.filter(
        unit__hospital_id=campaign.unit.hospital_id, questionnaire__code=campaign.questionnaire.code
    )
    list(together.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))


def publish(campaign: Campaign, where: Iterable[tuple[int, Period]], *, by: User | None) -> Saved:
    """Save the sums of the units and periods `where`; what has no answers any more is taken back."""
    questionnaire, hospital = campaign.questionnaire, campaign.unit.hospital
    codes: dict[str, str] = questionnaire.publishes
    elements = {e.code: e for e in DataElement.objects.filter(hospital=None, code__in=codes.values())}
    pairs = set(where)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={unit_id for unit_id, _period in pairs})}
    values: list[NewValue] = []
    for unit_id, period in sorted(pairs):
        sums = sums_of(hospital, questionnaire, units[unit_id], period)
        values.extend(_values(sums, codes, elements, units[unit_id], period))
    return save_values(values, by=by, why=f"survey {questionnaire.code}")


def _values(
    sums: dict[str, int] | None,
    codes: dict[str, str],
    elements: dict[str, DataElement],
    unit: Unit,
    period: Period,
) -> Iterator[NewValue]:
    for name, code in codes.items():
        if code not in elements:
            continue
        if sums is None:
            yield NewValue(unit, elements[code], period, None, None)
        else:
            yield NewValue(unit, elements[code], period, float(sums[name]), Status.REPORTED)


def sums_of(
    hospital: Hospital, questionnaire: Questionnaire, unit: Unit, period: Period
) -> dict[str, int] | None:
    """Respondents, answers, satisfied answers and weights over all items of a unit and period.

    None without answers, and for employees and partners also with fewer than five of them: the sums
    of so few people tell what single ones answered. A paired item counts when both sides were given.
    """
    ours = {"campaign__unit__hospital": hospital, "campaign__questionnaire__code": questionnaire.code}
    theirs = Response.objects.filter(**ours, unit=unit, submitted=True).filter(
        answered_on__range=(period.start, period.end)
    )
    sheets = TallySheet.objects.filter(**ours, unit=unit, period=period)
    silent = segments_left_out(questionnaire)
    theirs, sheets = theirs.exclude(segment__in=silent), sheets.exclude(segment__in=silent)
    # A month takes the responses of its days; a year's tally stands for itself.
    people = theirs.count() if period.kind == "month" else 0
    people += sheets.aggregate(total=Sum("respondents"))["total"] or 0
    least = 1 if questionnaire.audience == Audience.PATIENTS else SMALLEST_GROUP
    if people < least:
        return None
    sums = dict.fromkeys(
        ("answers", "satisfied_answers", "weight", "reality_weight", "expectation_weight"), 0
    )
    sums["respondents"] = people
    if period.kind == "month":
        given = Answer.objects.filter(response__in=theirs.order_by(), reality__isnull=False)
        if questionnaire.is_paired:
            given = given.filter(expectation__isnull=False)
        for reality, expectation, number in (
            given.order_by().values_list("reality", "expectation").annotate(number=Count("pk"))
        ):
            _add(sums, questionnaire, reality, number, (expectation or 0) * number)
    for answer, real, expected in (
        TallyCount.objects.filter(sheet__in=sheets.order_by())
        .order_by()
        .values_list("answer")
        .annotate(real=Sum("reality_count"), expected=Sum("expectation_count"))
    ):
        _add(sums, questionnaire, answer, real, answer * (expected or 0))
    return sums


def _add(
    sums: dict[str, int], questionnaire: Questionnaire, answer: int, number: int, expectation_weight: int
) -> None:
    sums["answers"] += number
    sums["weight"] += answer * number
    sums["reality_weight"] += answer * number
    sums["expectation_weight"] += expectation_weight
    if answer >= questionnaire.satisfied_from:
        sums["satisfied_answers"] += number


def segments_left_out(questionnaire: Questionnaire) -> list[str]:
    """Segments that are compared but not published, as the state before a change."""
    return [
        option["code"]
        for characteristic in questionnaire.characteristics.filter(is_segment=True)
        for option in characteristic.options
        if not option.get("counts", True)
    ]


def periods_with_answers(campaign: Campaign) -> set[tuple[int, Period]]:
    """Every (unit id, period) the campaign has something for."""
    days = (
        campaign.responses.filter(submitted=True).order_by().values_list("unit_id", "answered_on").distinct()
    )
    found = {(unit_id, Period.month(day.year, day.month)) for unit_id, day in days}
    return found | set(campaign.tally_sheets.values_list("unit_id", "period"))
