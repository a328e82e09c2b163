"""What the respondents of a unit and year add up to, and which of it may be published.

All campaigns of a hospital with the same questionnaire code are taken together: an inpatients' and
an outpatients' campaign of one month add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum, Value

from hospitals.models import Hospital
from indicators.periods import Period, PeriodKind, month_of
from surveys.analysis.small_groups import SMALLEST_GROUP, put_together
from surveys.item_elements import of_item
from surveys.models import Answer, Campaign, Questionnaire, Response, TallyCount, TallySheet

#: By name: respondents, answers, satisfied_answers, weight, reality_weight, expectation_weight; where there
#: is an index also answers and weight of each item, as answers_q1.
Sums = Counter[str]


def sums_of_year(
    hospital: Hospital, questionnaire: Questionnaire, unit_id: int, year: int
) -> dict[Period, Sums]:
    """Sums over all items, by month of the answers and by period of the tallies. Five queries.

    Where there is an index also those of each item; one that was asked of nobody has none.

    A paired item counts when both sides were given; what counts as satisfied is what the version says
    that was answered.
    """
    whole, after = Period.of_year(year), Period.of_year(year + 1)
    responses, sheets = _counting(hospital, questionnaire)
    responses = responses.filter(unit=unit_id, answered_on__range=(whole.start, whole.end))
    sheets = sheets.filter(unit=unit_id, period__gte=whole.code, period__lt=after.code)
    found: dict[Period, Sums] = {}
    for day, number in responses.order_by().values_list("answered_on").annotate(number=Count("pk")):
        found.setdefault(month_of(day), Counter())["respondents"] += number
    for period, number in sheets.order_by().values_list("period", "respondents"):
        found.setdefault(period, Counter())["respondents"] += number
    versions = {version.pk: version for version in Questionnaire.objects.filter(code=questionnaire.code)}
    # Told apart by item there are as many more rows.
    item = F("item__code") if questionnaire.index else Value("")
    given = Answer.objects.filter(response__in=responses.order_by(), reality__isnull=False)
    for day, version, code, reality, expectation, number in (
        given.order_by()
        .values_list("response__answered_on", "item__questionnaire", item, "reality", "expectation")
        .annotate(number=Count("pk"))
    ):
        if expectation is None and versions[version].is_paired:
            continue
        # A response sent in between two queries has no respondent here yet; its mark publishes it.
        sums = found.setdefault(month_of(day), Counter())
        _add(sums, versions[version], code, reality, number, (expectation or 0) * number)
    for period, version, code, answer, real, expected in (
        TallyCount.objects.filter(sheet__in=sheets.order_by())
        .order_by()
        .values_list("sheet__period", "item__questionnaire", item, "answer")
        .annotate(real=Sum("reality_count"), expected=Sum("expectation_count"))
    ):
        sums = found.setdefault(period, Counter())
        _add(sums, versions[version], code, answer, real, answer * (expected or 0))
    return found


def publishable(by_period: dict[Period, Sums]) -> dict[Period, Sums]:
    """The sums as they are published: nobody's alone, and nobody lost once there are five in the year.

    Months with fewer than five respondents are put together with those that follow. A tally of a
    quarter, semester or year stands for itself, with five.
    """
    months = sorted(period for period in by_period if period.kind == PeriodKind.MONTH)
    groups = put_together({month: by_period[month]["respondents"] for month in months})
    standing = {month: sum((by_period[each] for each in group), Counter()) for month, group in groups.items()}
    for period, sums in by_period.items():
        if period.kind != PeriodKind.MONTH and sums["respondents"] >= SMALLEST_GROUP:
            standing[period] = sums
    return standing


#: Where answers wait for each other: a unit with a year for its months, or with the period of a tally.
Place = tuple[int, int | Period]


@dataclass(frozen=True)
class Arrived:
    """How many respondents of a campaign go into the scorecard, and how many wait until there are five.

    Fewer than five that wait could be found by subtracting what the scorecard shows from the results of
    the campaign, or of a year. Their places are `few`, and `few_of_years`; results leave them out.
    """

    counted: int
    waiting: int
    few: frozenset[Place] = frozenset()
    few_of_years: frozenset[Place] = frozenset()


def arrived(campaign: Campaign) -> Arrived | None:
    """None for a questionnaire of which nothing is published. Two queries."""
    questionnaire = campaign.questionnaire
    if not questionnaire.publishes:
        return None
    responses, sheets = _counting(campaign.unit.hospital, questionnaire)
    together: Counter[Place] = Counter()
    mine: Counter[Place] = Counter()

    def count(unit_id: int, period: Period, campaign_id: int, number: int) -> None:
        place = unit_id, period.year if period.kind == PeriodKind.MONTH else period
        together[place] += number
        if campaign_id == campaign.pk:
            mine[place] += number

    by_day = responses.order_by().values_list("unit", "answered_on", "campaign")
    for unit_id, day, campaign_id, number in by_day.annotate(number=Count("pk")):
        count(unit_id, month_of(day), campaign_id, number)
    for row in sheets.order_by().values_list("unit", "period", "campaign", "respondents"):
        count(*row)
    small = {place: people for place, people in together.items() if people < SMALLEST_GROUP}
    waiting = {place: people for place, people in mine.items() if place in small}
    counted = sum(mine.values()) - sum(waiting.values())
    of_years: Counter[int] = Counter()
    for place, people in small.items():
        of_years[_year(place)] += people
    return Arrived(
        counted,
        sum(waiting.values()),
        few=frozenset(waiting if counted and sum(waiting.values()) < SMALLEST_GROUP else ()),
        few_of_years=frozenset(place for place in small if of_years[_year(place)] < SMALLEST_GROUP),
    )


def without(
    responses: QuerySet[Response], sheets: QuerySet[TallySheet], places: Iterable[Place]
) -> tuple[QuerySet[Response], QuerySet[TallySheet]]:
    """Only what does not stand at these places."""
    for unit_id, when in places:
        if isinstance(when, Period):
            sheets = sheets.exclude(unit=unit_id, period=when)
        else:
            codes = Period.month(when, 1).code, Period.month(when, 12).code
            responses = responses.exclude(unit=unit_id, answered_on__year=when)
            sheets = sheets.exclude(unit=unit_id, period__range=codes)
    return responses, sheets


def _year(place: Place) -> int:
    return place[1].year if isinstance(place[1], Period) else place[1]


def _counting(
    hospital: Hospital, questionnaire: Questionnaire
) -> tuple[QuerySet[Response], QuerySet[TallySheet]]:
    """The responses and tallies that are published."""
    ours = {"campaign__unit__hospital": hospital, "campaign__questionnaire__code": questionnaire.code}
    silent = segments_left_out(questionnaire)
    responses, sheets = Response.objects.filter(**ours, submitted=True), TallySheet.objects.filter(**ours)
    return responses.exclude(segment__in=silent), sheets.exclude(segment__in=silent)


def segments_left_out(questionnaire: Questionnaire) -> list[str]:
    """Segments that are compared but not published, as the state before a change."""
    return [
        option["code"]
        for characteristic in questionnaire.characteristics.all()
        if characteristic.is_segment
        for option in characteristic.options
        if not option.get("counts", True)
    ]


def _add(
    sums: Sums, questionnaire: Questionnaire, item: str, answer: int, number: int, expectation_weight: int
) -> None:
    """Add `number` people who gave an answer; of which `item` only where there is an index."""
    for name, added in (("answers", number), ("weight", answer * number)):
        sums[name] += added
        if item:
            sums[of_item(name, item)] += added
    sums["reality_weight"] += answer * number
    sums["expectation_weight"] += expectation_weight
    if answer >= questionnaire.satisfied_from:
        sums["satisfied_answers"] += number
