"""The chart of an indicator and the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.measures import PERCENT, RUPIAH, ideal_in_words, measured, number
from indicators.models import Indicator, Verdict
from indicators.period_names import part_of_year_name, short_part_of_year_name
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


class Comparison(NamedTuple):
    """What a chart puts beside each other, the same for all indicators of a page.

    `cells[year][part]` is a period, or None where it comes after the chosen one. Years have one part.
    """

    chosen: Period
    years: Sequence[int]
    parts: Sequence[Period]
    cells: Sequence[Sequence[Period | None]]

    @property
    def of_years(self) -> bool:
        return self.chosen.kind is PeriodKind.YEAR


def comparison_of(periods: Sequence[Period]) -> Comparison:
    """From `compared_periods`, whose last one is the chosen one."""
    chosen = periods[-1]
    years = sorted({period.year for period in periods})
    first = Period(years[0], chosen.kind)
    parts = [part for n in range(12) if (part := first.shifted(n)).year == years[0]]
    cells = [
        [cell if (cell := Period(year, chosen.kind, part.index)) <= chosen else None for part in parts]
        for year in years
    ]
    return Comparison(chosen, years, parts, cells)


def chart_of(indicator: Indicator, points: Mapping[Period, Point], compared: Comparison) -> Chart | None:
    """Chart and table of `points`; None where nothing is known."""
    known = [point.value for point in points.values() if point.value is not None]
    if not known:
        return None
    scale = _scale_of(indicator, max(map(abs, known)))
    rows = [[points.get(cell) if cell else None for cell in year] for year in compared.cells]
    if compared.of_years:
        alone = [row[0] for row in rows]
        figure, table = _years(indicator, alone, compared, scale), _years_table(indicator, alone, compared)
        title = _("%(indicator)s by year")
    else:
        figure, table = _by_year(rows, compared, scale), _by_year_table(indicator, rows, compared)
        title = _("%(indicator)s, the years beside each other")
    return Chart(figure, table, title % {"indicator": indicator.name}, scale.note)


def _scale_of(indicator: Indicator, largest: float) -> _Scale:
    if indicator.unit_of_measure == RUPIAH and largest >= 1e6:
        return _Scale(1e-6, 1, "", _("million rupiah"))
    suffix = PERCENT if indicator.unit_of_measure == PERCENT else ""
    return _Scale(1.0, indicator.decimals, suffix, "")


def _years(
    indicator: Indicator, points: Sequence[Point | None], compared: Comparison, scale: _Scale
) -> charts.Figure:
    line = _line(indicator.name, points, scale)
    ideal = [_edges(point, scale) for point in points]
    return charts.bars(line, [str(year) for year in compared.years], ideal, scale.decimals, scale.suffix)


def _by_year(rows: Sequence[Sequence[Point | None]], compared: Comparison, scale: _Scale) -> charts.Figure:
    lines = [
        _line(str(year), row, scale)
        for year, row in zip(compared.years, rows, strict=True)
        if any(point is not None and point.value is not None for point in row)
    ]
    places = [short_part_of_year_name(part) for part in compared.parts]
    ideal = [_latest_edges([row[n] for row in rows], scale) for n in range(len(places))]
    return charts.lines_by_year(lines, places, ideal, scale.decimals, scale.suffix)


def _latest_edges(points: Sequence[Point | None], scale: _Scale) -> charts.Edges:
    """The ideal range of one part of the year, as it was last in force."""
    return next((e for p in reversed(points) if (e := _edges(p, scale)) != (None, None)), (None, None))


def _line(name: str, points: Sequence[Point | None], scale: _Scale) -> charts.Line:
    values = [None if p is None or p.value is None else p.value * scale.factor for p in points]
    texts = ["" if v is None else number(v, scale.decimals) for v in values]
    return charts.Line(name, values, texts)


def _edges(point: Point | None, scale: _Scale) -> charts.Edges:
    if point is None:
        return (None, None)
    low, high = (
        None if edge is None else edge * scale.factor for edge in (point.range_low, point.range_high)
    )
    return low, high


def _years_table(indicator: Indicator, points: Sequence[Point | None], compared: Comparison) -> Table:
    head = [_("Period"), _("Value"), _("Ideal"), _("Score"), _("Verdict")]
    rows = [
        (str(year), _year_cells(indicator, point)) for year, point in zip(compared.years, points, strict=True)
    ]
    return Table(head, rows)


def _year_cells(indicator: Indicator, point: Point | None) -> list[Cell]:
    if point is None:
        return [Cell(UNKNOWN)] * 4
    ideal = ideal_in_words(point.range_low, point.range_high, indicator.decimals, indicator.unit_of_measure)
    return [
        Cell(_value(indicator, point)),
        Cell(ideal or UNKNOWN),
        Cell(UNKNOWN if point.score is None else number(point.score, SCORE_DECIMALS)),
        Cell(str(point.verdict.label) if point.verdict else UNKNOWN, point.verdict),
    ]


def _by_year_table(
    indicator: Indicator, rows: Sequence[Sequence[Point | None]], compared: Comparison
) -> Table:
    body = [
        (
            part_of_year_name(part),
            [_cell(indicator, row[n]) for row in rows],
        )
        for n, part in enumerate(compared.parts)
    ]
    return Table([_("Period"), *(str(year) for year in compared.years)], body)


def _cell(indicator: Indicator, point: Point | None) -> Cell:
    return Cell(_value(indicator, point), point.verdict if point else None)


def _value(indicator: Indicator, point: Point | None) -> str:
    if point is None or point.value is None:
        return UNKNOWN
    return measured(point.value, indicator.decimals, indicator.unit_of_measure)
