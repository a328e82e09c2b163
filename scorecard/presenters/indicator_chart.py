"""The chart of an indicator and the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.measures import NO_BREAK, PERCENT, RUPIAH, ideal_in_words, measured, number
from indicators.models import Indicator, Verdict
from indicators.period_names import (
    part_of_year_name,
    period_name,
    short_part_of_year_name,
)
from indicators.periods import Period, PeriodKind
from scorecard import charts
from scorecard.rollup import SCORE_DECIMALS
from scorecard.series import Point

UNKNOWN = "–"


class Cell(NamedTuple):
    text: str
    verdict: Verdict | None = None


class Table(NamedTuple):
    """`head`: titles of the columns, the first one of the row titles. Each row: its title, its cells."""

    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


class Chart(NamedTuple):
    figure: charts.Figure
    table: Table
    title: str
    unit: str


class _Scale(NamedTuple):
    """Large amounts of rupiah are drawn in millions, so that labels stay short."""

    factor: float
    decimals: int
    suffix: str
    note: str


def chart_of(indicator: Indicator, points: Mapping[Period, Point], periods: Sequence[Period]) -> Chart | None:
    """Chart and table of `points` at `periods` (see `compared_periods`); None where nothing is known."""
    known = [point.value for point in points.values() if point.value is not None]
    if not known:
        return None
    scale = _scale_of(indicator, max(map(abs, known)))
    if periods[-1].kind is PeriodKind.YEAR:
        figure, table = _years(indicator, points, periods, scale), _years_table(indicator, points, periods)
        title = _("%(indicator)s by year")
    else:
        figure, table = _by_year(points, periods, scale), _by_year_table(indicator, points, periods)
        title = _("%(indicator)s, the years beside each other")
    return Chart(figure, table, title % {"indicator": indicator.name}, scale.note)


def _scale_of(indicator: Indicator, largest: float) -> _Scale:
    if indicator.unit_of_measure == RUPIAH and largest >= 1e6:
        return _Scale(1e-6, 1, "", _("million rupiah"))
    suffix = PERCENT if indicator.unit_of_measure == PERCENT else ""
    return _Scale(1.0, indicator.decimals, suffix, "")


def _years(
    indicator: Indicator, points: Mapping[Period, Point], periods: Sequence[Period], scale: _Scale
) -> charts.Figure:
    line = _line(indicator.name, [points.get(period) for period in periods], scale)
    ideal = [_edges(points.get(period), scale) for period in periods]
    return charts.bars(line, [str(period.year) for period in periods], ideal, scale.decimals, scale.suffix)


def _by_year(points: Mapping[Period, Point], periods: Sequence[Period], scale: _Scale) -> charts.Figure:
    years = sorted({period.year for period in periods})
    kind = periods[-1].kind
    parts = [period for period in periods if period.year == years[0]]
    lines = []
    for year in years:
        at_parts = [points.get(Period(year, kind, part.index)) for part in parts]
        # What comes after the chosen period is not part of the picture.
        until = [point if Period(year, kind, n) <= periods[-1] else None for n, point in enumerate(at_parts)]
        if any(point is not None and point.value is not None for point in until):
            lines.append(_line(str(year), until, scale))
    places = [short_part_of_year_name(part) for part in parts]
    ideal = [_latest_edges(points, part, years, scale) for part in parts]
    return charts.lines_by_year(lines, places, ideal, scale.decimals, scale.suffix)


def _latest_edges(
    points: Mapping[Period, Point], part: Period, years: Sequence[int], scale: _Scale
) -> charts.Edges:
    """The ideal range of this part of the year, as it was last in force."""
    for year in reversed(years):
        edges = _edges(points.get(Period(year, part.kind, part.index)), scale)
        if edges != (None, None):
            return edges
    return (None, None)


def _line(name: str, points: Sequence[Point | None], scale: _Scale) -> charts.Line:
    values = [None if p is None or p.value is None else p.value * scale.factor for p in points]
    texts = ["" if v is None else number(v, scale.decimals) + scale.suffix for v in values]
    return charts.Line(name, values, texts)


def _edges(point: Point | None, scale: _Scale) -> charts.Edges:
    if point is None:
        return (None, None)
    low, high = (
        None if edge is None else edge * scale.factor for edge in (point.range_low, point.range_high)
    )
    return low, high


def _years_table(indicator: Indicator, points: Mapping[Period, Point], periods: Sequence[Period]) -> Table:
    head = [_("Period"), _("Value"), _("Ideal"), _("Score"), _("Verdict")]
    rows = []
    for period in periods:
        point = points.get(period)
        if point is None:
            cells = [Cell(UNKNOWN)] * 4
        else:
            ideal = ideal_in_words(
                point.range_low, point.range_high, indicator.decimals, indicator.unit_of_measure
            )
            score = UNKNOWN if point.score is None else number(point.score, SCORE_DECIMALS)
            verdict = point.verdict.label if point.verdict else UNKNOWN
            cells = [
                Cell(_value(indicator, point)),
                Cell(ideal or UNKNOWN),
                Cell(score),
                Cell(str(verdict), point.verdict),
            ]
        rows.append((period_name(period), cells))
    return Table(head, rows)


def _by_year_table(indicator: Indicator, points: Mapping[Period, Point], periods: Sequence[Period]) -> Table:
    years = sorted({period.year for period in periods})
    parts = [period for period in periods if period.year == years[0]]
    rows = []
    for part in parts:
        cells = []
        for year in years:
            period = Period(year, part.kind, part.index)
            point = points.get(period) if period <= periods[-1] else None
            cells.append(Cell(_value(indicator, point), point.verdict if point else None))
        rows.append((part_of_year_name(part), cells))
    return Table([_("Period"), *(str(year) for year in years)], rows)


def _value(indicator: Indicator, point: Point | None) -> str:
    if point is None or point.value is None:
        return UNKNOWN
    return measured(point.value, indicator.decimals, indicator.unit_of_measure).replace(" ", NO_BREAK)
