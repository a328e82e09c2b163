"""Results of groups side by side: segments, years, units, kinds of respondents; small groups stay hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from surveys.analysis.counts import percent
from surveys.analysis.small_groups import withheld
from surveys.models import Answer, Campaign, Questionnaire, Response, TallyCount, TallySheet
from surveys.queries import Collected
from surveys.summaries import percent_of


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


def over_years(campaigns: Iterable[Campaign], questionnaire: Questionnaire) -> list[tuple[int, str, Group]]:
    """(year, segment, group) of all `campaigns` with this questionnaire, oldest first. Four queries."""
    ids = [campaign.pk for campaign in campaigns]
    people: dict[tuple[int, str], int] = defaultdict(int)
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    responses = Response.objects.filter(campaign__in=ids, submitted=True)
    sheets = TallySheet.objects.filter(campaign__in=ids)
    for year, segment, number in (
        responses.order_by().values_list(ExtractYear("answered_on"), "segment").annotate(number=Count("pk"))
    ):
        people[year, segment] += number
    for period, segment, number in sheets.values_list("period", "segment", "respondents"):
        people[period.year, segment] += number
    given = Answer.objects.filter(response__in=responses.order_by(), reality__isnull=False)
    if questionnaire.is_paired:
        given = given.filter(expectation__isnull=False)
    for year, segment, reality, expectation, number in (
        given.order_by()
        .values_list(ExtractYear("response__answered_on"), "response__segment", "reality", "expectation")
        .annotate(number=Count("pk"))
    ):
        _add(sums[year, segment], questionnaire, reality, number, (expectation or 0) * number)
    for period, segment, answer, real, expected in (
        TallyCount.objects.filter(sheet__in=sheets.order_by())
        .order_by()
        .values_list("sheet__period", "sheet__segment", "answer")
        .annotate(real=Sum("reality_count"), expected=Sum("expectation_count"))
    ):
        _add(sums[period.year, segment], questionnaire, answer, real, answer * (expected or 0))
    found = []
    for year in sorted({year for year, _segment in people}):
        of_year = {segment: number for (y, segment), number in people.items() if y == year}
        hidden = withheld(of_year)
        for segment in sorted(of_year):
            numerator, denominator = sums[year, segment]
            value = None if segment in hidden else percent(numerator, denominator)
            found.append((year, segment, Group(segment, of_year[segment], value, segment in hidden)))
    return found


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
