"""Reading what pages draw: scores and indicator values of one unit over several periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from hospitals.models import Unit
from indicators.freshness import of_computation
from indicators.models import ApprovedIndicatorValue, Computation, IndicatorValue, Verdict
from indicators.periods import Period, PeriodKind
from scorecard.models import ApprovedScore, Level, Score, TemplatePerspective

#: How many years stand side by side in a chart of years, and in one of shorter periods.
YEARS_IN_A_CHART = 6
YEARS_BESIDE_EACH_OTHER = 3
#: How far the history of scores reaches back: far enough to see the same period a year before.
_HISTORY = {PeriodKind.MONTH: 13, PeriodKind.QUARTER: 9, PeriodKind.SEMESTER: 7}


class Point(NamedTuple):
    """An indicator in one period. `value` None: the gap of `IndicatorValue.reason`."""

    value: float | None
    range_low: float | None
    range_high: float | None
    score: float | None
    verdict: Verdict | None


class ScorePoint(NamedTuple):
    """A score in one period; without a verdict too little of its weight was known."""

    score: float
    verdict: Verdict | None

    @property
    def thin(self) -> bool:
        return self.verdict is None


#: Indicator id → period → its point there; periods without a row are absent.
IndicatorSeries = dict[int, dict[Period, Point]]
#: "overall" or the code of a perspective → period → its score there.
ScoreSeries = dict[str, dict[Period, ScorePoint]]


def compared_periods(period: Period) -> list[Period]:
    """What stands beside `period` in the chart of an indicator, in order, ending with itself.

    Years: those before it. Shorter periods: those of its own year and of the two years before.
    """
    if period.kind is PeriodKind.YEAR:
        return [period.shifted(-steps) for steps in range(YEARS_IN_A_CHART - 1, -1, -1)]
    first = Period(period.year - YEARS_BESIDE_EACH_OTHER + 1, period.kind)
    found = [first]
    while found[-1] < period or found[-1].year < period.year:
        found.append(found[-1].shifted(1))
    return [p for p in found if p <= period or p.year < period.year]


def history_periods(period: Period) -> list[Period]:
    """The periods over which the scores of the perspectives are drawn, ending with `period`."""
    count = _HISTORY.get(period.kind, YEARS_IN_A_CHART)
    return [period.shifted(-steps) for steps in range(count - 1, -1, -1)]


def indicator_series(
    unit: Unit, periods: Iterable[Period], *, approved_only: bool = False
) -> IndicatorSeries:
    """Stored values of all indicators of a unit. One query, for approved numbers alone two."""
    periods = list(periods)
    models: list[type[Any]] = [IndicatorValue, ApprovedIndicatorValue] if approved_only else [IndicatorValue]
    found: IndicatorSeries = {}
    for model in models:
        rows = model.objects.filter(unit=unit, period__in=periods).values_list(
            "indicator_id", "period", "value", "range_low", "range_high", "score", "verdict"
        )
        for indicator, period, value, low, high, score, verdict in rows.iterator():
            judged = Verdict(verdict) if verdict else None
            found.setdefault(indicator, {})[period] = Point(value, low, high, score, judged)
    return found


def score_series(unit: Unit, periods: Iterable[Period], *, approved_only: bool = False) -> ScoreSeries:
    """Stored overall and perspective scores of a unit, whatever template they were made with.

    Two queries, for approved numbers alone three.
    """
    theirs = Q(template__hospital=None) | Q(template__hospital=unit.hospital_id)
    codes = dict(TemplatePerspective.objects.filter(theirs).values_list("pk", "code"))
    periods = list(periods)
    models: list[type[Any]] = [Score, ApprovedScore] if approved_only else [Score]
    found: ScoreSeries = {}
    for model in models:
        rows = model.objects.filter(
            unit=unit, period__in=periods, level__in=[Level.OVERALL, Level.PERSPECTIVE]
        ).values_list("level", "node", "period", "score", "verdict")
        for level, node, period, score, verdict in rows:
            of_node = found.setdefault("overall" if level == Level.OVERALL else codes[node], {})
            if score is None:
                of_node.pop(period, None)
            else:
                of_node[period] = ScorePoint(score, Verdict(verdict) if verdict else None)
    return found


class ScoredPeriod(NamedTuple):
    """A period with an overall score, on `known` of `total` indicators."""

    period: Period
    known: int
    total: int


def scored_periods(unit: Unit) -> list[ScoredPeriod]:
    """Every period of a unit that has an overall score, earliest first. One query."""
    rows = Score.objects.filter(unit=unit, level=Level.OVERALL).order_by("period")
    return sorted(ScoredPeriod(*row) for row in rows.values_list("period", "known", "total"))


def latest_telling(scored: Sequence[ScoredPeriod]) -> Period | None:
    """The latest year that says enough: at least half as many known indicators as the best year.

    A year of which only a survey is known would otherwise stand for the hospital. None without any year.
    """
    years = [entry for entry in scored if entry.period.kind is PeriodKind.YEAR]
    most = max((entry.known for entry in years), default=0)
    telling = [entry.period for entry in years if 2 * entry.known >= most]
    return telling[-1] if telling else None


class LatestScore(NamedTuple):
    """`unapproved`: the score is another one without the numbers that nobody has approved yet.

    Without a verdict too little of its weight is known. `through`: the last month in it, where it still runs.
    """

    period: Period
    score: float
    verdict: Verdict | None
    known: int
    total: int
    unapproved: bool
    through: Period | None = None


def latest_scores(units: Sequence[Unit]) -> dict[int, LatestScore]:
    """Unit id → overall score of its latest telling year. Two queries, however many units."""
    spans = Computation.objects.filter(hospital__in={unit.hospital_id for unit in units})
    fresh = {computation.hospital_id: of_computation(computation) for computation in spans}
    years = {year for computation in spans for year in computation.years}
    overall = {"level": Level.OVERALL, "period__in": [Period.of_year(year) for year in sorted(years)]}
    otherwise = ApprovedScore.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"), **overall)
    rows = Score.objects.filter(unit__in=units, **overall).annotate(unapproved=Exists(otherwise))
    by_unit: dict[int, list[Any]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    hospital_of = {unit.pk: unit.hospital_id for unit in units}
    found = {}
    for unit_id, scores in by_unit.items():
        latest = latest_telling(sorted(ScoredPeriod(s.period, s.known, s.total) for s in scores))
        row = next(s for s in scores if s.period == latest)
        verdict = Verdict(row.verdict) if row.verdict else None
        of_hospital = fresh[hospital_of[unit_id]]
        through = of_hospital.expected_through if of_hospital.is_running(row.period) else None
        found[unit_id] = LatestScore(
            row.period, row.score, verdict, row.known, row.total, row.unapproved, through
        )
    return found


def years_computed(hospital_id: int) -> range:
    """The years that are computed. One query."""
    computation = Computation.objects.filter(hospital=hospital_id).first()
    return computation.years if computation else range(0)
