"""Results of groups side by side: segments, years, units, kinds of respondents; small groups stay hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from surveys.analysis.counts import percent
from surveys.analysis.small_groups import SMALLEST_GROUP, withheld
from surveys.models import Answer, Campaign, Questionnaire, Response, TallyCount, TallySheet
from surveys.queries import Collected
from surveys.summaries import percent_of
from surveys.sums import Place, without

#: Respondents of a campaign, year and segment.
Part = tuple[int, int, str]


@dataclass(frozen=True)
class Group:
    """Some of the respondents. `percent` is their conformity or share satisfied; None while withheld."""

    name: str
    respondents: int
    percent: float | None
    is_withheld: bool


@dataclass(frozen=True)
class Grouping:
    """All respondents parted by one question; those who did not say are left out."""

    name: str
    groups: tuple[Group, ...]


def groupings_of(collected: Collected, units: dict[int, str]) -> list[Grouping]:
    """By unit, and by every characteristic the questionnaire asks; `units` are names by id."""
    if collected.answers is None:
        return []
    found = []
    if len({unit_id for unit_id, _segment, _characteristics in collected.people}) > 1:
        found.append(("", [(str(key), name) for key, name in units.items()], _units(collected)))
    for asked in collected.questionnaire.characteristics.all():
        labels = [
            segment if asked.is_segment else given.get(asked.code, "")
            for _unit, segment, given in collected.people
        ]
        found.append((asked.name, asked.choices, labels))
    groupings = [_grouping(collected, name, choices, labels) for name, choices, labels in found]
    return [grouping for grouping in groupings if len(grouping.groups) > 1]


def _units(collected: Collected) -> list[str]:
    return [str(unit_id) for unit_id, _segment, _characteristics in collected.people]


def _grouping(
    collected: Collected, name: str, choices: Sequence[tuple[str, str]], labels: list[str]
) -> Grouping:
    people = {code: labels.count(code) for code, _shown in choices}
    unsaid = len(labels) - sum(people.values())
    hidden = withheld({**people, "": unsaid})
    groups = []
    answers = collected.answers
    assert answers is not None  # noqa: S101 - the caller has asked
    for code, shown in choices:
        if not people[code]:
            continue
        value = None
        if code not in hidden:
            of_group = answers.of(np.array([label == code for label in labels], dtype=bool))
            value = percent_of(of_group.counts(), collected.questionnaire)
        groups.append(Group(shown, people[code], value, code in hidden))
    return Grouping(name, tuple(groups))


def over_years(campaigns: Sequence[Campaign], few: Iterable[Place] = ()) -> list[tuple[int, str, Group]]:
    """(year, segment, group) of all `campaigns`, oldest first, without the `few`; each answer by its own
    version. Four queries."""
    versions = {campaign.questionnaire_id: campaign.questionnaire for campaign in campaigns}
    ids = [campaign.pk for campaign in campaigns]
    people: dict[Part, int] = defaultdict(int)
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    responses = Response.objects.filter(campaign__in=ids, submitted=True)
    sheets = TallySheet.objects.filter(campaign__in=ids)
    responses, sheets = without(responses, sheets, few)
    by_year = responses.order_by().values_list("campaign", ExtractYear("answered_on"), "segment")
    for campaign, year, segment, number in by_year.annotate(number=Count("pk")):
        people[campaign, year, segment] += number
    for campaign, period, segment, number in sheets.values_list(
        "campaign", "period", "segment", "respondents"
    ):
        people[campaign, period.year, segment] += number
    given = Answer.objects.filter(response__in=responses.order_by(), reality__isnull=False)
    for version, year, segment, reality, expectation, number in (
        given.order_by()
        .values_list(
            "item__questionnaire",
            ExtractYear("response__answered_on"),
            "response__segment",
            "reality",
            "expectation",
        )
        .annotate(number=Count("pk"))
    ):
        if expectation is not None or not versions[version].is_paired:
            _add(sums[year, segment], versions[version], reality, number, (expectation or 0) * number)
    for version, period, segment, answer, real, expected in (
        TallyCount.objects.filter(sheet__in=sheets.order_by())
        .order_by()
        .values_list("item__questionnaire", "sheet__period", "sheet__segment", "answer")
        .annotate(real=Sum("reality_count"), expected=Sum("expectation_count"))
    ):
        _add(sums[period.year, segment], versions[version], answer, real, answer * (expected or 0))
    hidden = hidden_years(people)
    found = []
    for year, segment in sorted({(year, segment) for _campaign, year, segment in people}):
        number = sum(people[part] for part in people if part[1:] == (year, segment))
        is_hidden = (year, segment) in hidden
        value = None if is_hidden else percent(*sums[year, segment])
        found.append((year, segment, Group(segment, number, value, is_hidden)))
    return found


def hidden_years(people: Mapping[Part, int]) -> set[tuple[int, str]]:
    """(year, segment) that are not shown: too few, or a campaign's page would give the few away.

    A page shows its campaign as a whole, by segment, and all campaigns by year and segment. So the few
    of a segment must not be what is left of a year, of a campaign over its years, or of a year's
    campaigns, once the larger parts are subtracted.
    """
    columns: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_campaign: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    few: dict[tuple[int, str], int] = defaultdict(int)
    for (campaign, year, segment), number in people.items():
        columns[year][segment] += number
        by_campaign[campaign, segment][str(year)] += number
        few[year, segment] += number if number < SMALLEST_GROUP else 0
    hidden = {(year, segment) for year, people_of in columns.items() for segment in withheld(people_of)}
    hidden |= {place for place, number in few.items() if 0 < number < SMALLEST_GROUP}
    for (_campaign, segment), years in by_campaign.items():
        if sum(years.values()) >= SMALLEST_GROUP:
            hidden |= {(int(year), segment) for year in withheld(years)}
    return hidden


def _add(
    sums: list[int], questionnaire: Questionnaire, answer: int, number: int, expectation_weight: int
) -> None:
    """Add answers to [numerator, denominator] of the percentage."""
    if questionnaire.is_paired:
        sums[0] += answer * number
        sums[1] += expectation_weight
    else:
        sums[0] += number if answer >= questionnaire.satisfied_from else 0
        sums[1] += number
