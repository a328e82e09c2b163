"""Everything the page of a campaign says: progress, results, charts, comparisons, cautions."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys import presenters, quality_texts
from surveys.analysis.sampling import response_rate_percent
from surveys.analysis.small_groups import SMALLEST_GROUP, withheld
from surveys.analysis.summary import PairedSummary, Quality, SingleSummary, judge_quality
from surveys.comparison import groupings_of, over_years
from surveys.models import Access, Campaign
from surveys.queries import Collected, collect
from surveys.summaries import summary_of
from surveys.sums import Arrived, Place, arrived, without


@dataclass(frozen=True)
class Progress:
    """How far a campaign is. `asked` people were given a link, `followed` of them used it; `asked` is None
    with a link for everybody.

    `arrived` says what of it the scorecard has; None where nothing is published.
    """

    answered: int
    started: int
    asked: int | None
    followed: int
    target: int | None
    arrived: Arrived | None

    @property
    def response_rate_percent(self) -> float | None:
        return response_rate_percent(self.followed, self.asked)

    @property
    def coverage_percent(self) -> float | None:
        """Of the target sample, shown as a bar; more than everybody wanted fills it."""
        return response_rate_percent(self.answered, self.target)


@dataclass(frozen=True)
class Report:
    """`segment` is the one chosen, of `segments` (code, name, whether there are enough to show it)."""

    progress: Progress
    segments: tuple[tuple[str, str, bool], ...]
    segment: str | None
    summary: PairedSummary | SingleSummary | None = None
    is_withheld: bool = False
    quality: Quality | None = None
    cautions: tuple[str, ...] = ()
    charts: tuple[presenters.Chart, ...] = ()
    comparisons: tuple[presenters.Chart, ...] = ()
    validity: tuple[tuple[str, str, float | None, int, presenters.Table], ...] = ()
    comments: tuple[str, ...] = field(default=())

    @property
    def is_paired(self) -> bool:
        return isinstance(self.summary, PairedSummary)


def report_of(
    campaign: Campaign, *, segment: str | None, siblings: Iterable[Campaign], with_comments: bool
) -> Report:
    """The report of a campaign, of everybody or of one segment; `siblings` are compared over the years."""
    progress = _progress(campaign)
    few = progress.arrived.few if progress.arrived else frozenset()
    collected = collect([campaign], few=few)
    assert collected is not None  # noqa: S101 - there is one campaign
    segments = _segments(campaign, collected, few)
    chosen = segment if segment in {code for code, _name, _enough in segments} else None
    enough = {code: enough for code, _name, enough in segments}
    if chosen is not None:
        collected = collect([campaign], segment=chosen, few=few) or collected
    counts = collected.counts
    base = Report(progress=progress, segments=tuple(segments), segment=chosen)
    if counts.respondents == 0:
        return base
    if counts.respondents < SMALLEST_GROUP or (chosen is not None and not enough[chosen]):
        return Report(progress=progress, segments=tuple(segments), segment=chosen, is_withheld=True)
    summary = summary_of(counts, collected.questionnaire)
    quality = judge_quality(
        collected.answers,
        respondents=counts.respondents,
        tallied=collected.tallied_respondents,
        target=campaign.target_sample if chosen is None else None,
    )
    names = {item.code: item.text for item in collected.items}
    names |= {item.dimension.code: item.dimension.name for item in collected.items}
    words = collected.questionnaire.scale_words
    if isinstance(summary, PairedSummary):
        charts = presenters.paired_charts(summary, counts, words, names)
    else:
        charts = presenters.single_charts(summary, counts, words, names)
    return Report(
        progress=progress,
        segments=tuple(segments),
        segment=chosen,
        summary=summary,
        quality=quality,
        cautions=tuple(
            quality_texts.caution_in_words(caution, target=campaign.target_sample)
            for caution in quality.cautions
        ),
        charts=tuple(charts),
        comparisons=tuple(
            _comparisons(campaign, collected, siblings, progress.arrived, with_groups=chosen is None)
        ),
        validity=tuple(_validity(quality, names)),
        comments=tuple(_comments(campaign)) if with_comments and chosen is None else (),
    )


def _progress(campaign: Campaign) -> Progress:
    submitted = list(campaign.responses.values_list("submitted", flat=True))
    tallied = sum(campaign.tally_sheets.values_list("respondents", flat=True))
    used = list(campaign.invitations.values_list("used", flat=True))
    return Progress(
        answered=sum(submitted) + tallied,
        started=len(submitted) - sum(submitted),
        asked=len(used) or None if campaign.access == Access.INVITATIONS else None,
        followed=sum(used),
        target=campaign.target_sample,
        arrived=arrived(campaign),
    )


def _segments(campaign: Campaign, collected: Collected, few: Iterable[Place]) -> list[tuple[str, str, bool]]:
    """The segments respondents named, when there is more than one."""
    people: dict[str, int] = {}
    for _unit, code, _characteristics in collected.people:
        people[code] = people.get(code, 0) + 1
    _responses, sheets = without(campaign.responses.all(), campaign.tally_sheets.all(), few)
    for code, respondents in sheets.values_list("segment", "respondents"):
        people[code] = people.get(code, 0) + respondents
    if len(people) < 2:
        return []
    hidden = withheld(people)
    names = _segment_names(collected)
    return [(code, names.get(code, code), code not in hidden) for code in sorted(people) if code]


def _segment_names(collected: Collected) -> dict[str, str]:
    for asked in collected.questionnaire.characteristics.all():
        if asked.is_segment:
            return dict(asked.choices)
    return {}


def _comparisons(
    campaign: Campaign,
    collected: Collected,
    siblings: Iterable[Campaign],
    arrived_: Arrived | None,
    *,
    with_groups: bool,
) -> list[presenters.Chart]:
    """Years, and the groups of all respondents: inside a segment they would give away, by subtraction,
    the few of another segment."""
    name = presenters.percent_name(collected.questionnaire)
    units = {unit.pk: unit.name for unit in [campaign.unit, *campaign.units.all()]}
    groupings = groupings_of(collected, units) if with_groups else []
    found = [presenters.grouping_chart(grouping, name) for grouping in groupings]
    if groupings:
        found.insert(0, presenters.respondents_chart(groupings))
    rows = over_years(list(siblings), arrived_.few_of_years if arrived_ else ())
    if len(rows) > 1:
        found.insert(0, presenters.years_chart(rows, name, _segment_names(collected)))
    return found


def _validity(
    quality: Quality, names: dict[str, str]
) -> Iterable[tuple[str, str, float | None, int, presenters.Table]]:
    """(side, verdict, alpha, people, table) of the sides that can be judged."""
    for side, found in quality_texts.sides_of(quality):
        verdict = quality_texts.reliability_in_words(found)
        yield side, verdict, found.alpha, found.respondents, quality_texts.validity_table(found, names)


def _comments(campaign: Campaign) -> list[str]:
    """In no order, and without anything else the person said: a comment must not lead to answers."""
    found = list(
        campaign.responses.filter(submitted=True).exclude(comment="").values_list("comment", flat=True)
    )
    random.Random(campaign.pk + len(found)).shuffle(found)  # noqa: S311 - nothing secret hangs on it
    return found
