"""The chart of an indicator and the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.compared import WORDS, compared
from indicators.measures import PERCENT, RUPIAH, ideal_in_words, measured, number, number_format
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
    `running`: the chosen one is not over, so that its value is not compared with the year before.
    """

    chosen: Period
    years: Sequence[int]
    part_names: Sequence[str]
    short_part_names: Sequence[str]
    cells: Sequence[Sequence[Period | None]]
    running: bool = False

    @property
    def of_years(self) -> bool:
        return self.chosen.kind is PeriodKind.YEAR


def comparison_of(periods: Sequence[Period], *, running: bool = False) -> Comparison:
    """From `compared_periods`, whose last one is the chosen one."""
    chosen = periods[-1]
    years = sorted({period.year for period in periods})
    first = Period(years[0], chosen.kind)
    parts = [part for n in range(12) if (part := first.shifted(n)).year == years[0]]
    cells = [
        [cell if (cell := Period(year, chosen.kind, part.index)) <= chosen else None for part in parts]
        for year in years
    ]
    return Comparison(
        chosen,
        years,
        [part_of_year_name(part) for part in parts],
        [short_part_of_year_name(part) for part in parts],
        cells,
        running,
    )


def chart_of(indicator: Indicator, points: Mapping[Period, Point], compared: Comparison) -> Chart | None:
    """Chart and table of `points`; None where nothing is known."""
    known = [point.value for point in points.values() if point.value is not None]
    if not known:
        return None
    scale = _scale_of(indicator, max(map(abs, known)))
    rows = [[points.get(cell) if cell else None for cell in year] for year in compared.cells]
    lines = [_line(str(year), row, scale) for year, row in zip(compared.years, rows, strict=True)]
    if compared.of_years:
        figure, table = _years(indicator, rows, lines, scale, compared)
        title = _("%(indicator)s by year")
    else:
        figure, table = _by_year(rows, lines, compared, scale)
        title = _("%(indicator)s, the years beside each other")
    return Chart(figure, table, title % {"indicator": indicator.name}, scale.note)


def _scale_of(indicator: Indicator, largest: float) -> _Scale:
    if indicator.unit_of_measure == RUPIAH and largest >= 1e6:
        return _Scale(1e-6, 1, "", _("million rupiah"))
    suffix = PERCENT if indicator.unit_of_measure == PERCENT else ""
    return _Scale(1.0, indicator.decimals, suffix, "")


def _line(name: str, points: Sequence[Point | None], scale: _Scale) -> charts.Line:
    write = number_format(scale.decimals)
    values = [None if p is None or p.value is None else p.value * scale.factor for p in points]
    return charts.Line(name, values, ["" if v is None else write(v) for v in values])


def _years(
    indicator: Indicator,
    rows: Sequence[Sequence[Point | None]],
    lines: Sequence[charts.Line],
    scale: _Scale,
    comparison: Comparison,
) -> tuple[charts.Figure, Table]:
    """One bar and one row of the table for every year: each line has a single place."""
    together = charts.Line(
        indicator.name, [line.values[0] for line in lines], [line.texts[0] for line in lines]
    )
    ideal = [_edges(row[0], scale) for row in rows]
    places = [line.name for line in lines]
    figure = charts.bars(together, places, ideal, scale.decimals, scale.suffix)
    head = [_("Period"), _("Value"), _("Ideal"), _("Score"), _("Verdict"), _("Than last year")]
    body, before = [], None
    for year, line, (point,) in zip(comparison.years, lines, rows, strict=True):
        runs = comparison.running and year == comparison.chosen.year
        body.append(
            (line.name, _year_cells(indicator, point, None if runs or before is None else before.value))
        )
        before = point
    return figure, Table(head, body)


def _year_cells(indicator: Indicator, point: Point | None, before: float | None) -> list[Cell]:
    if point is None:
        return [Cell(UNKNOWN)] * 5
    decimals, unit = indicator.decimals, indicator.unit_of_measure
    return [
        Cell(UNKNOWN if point.value is None else measured(point.value, decimals, unit)),
        Cell(ideal_in_words(point.range_low, point.range_high, decimals, unit) or UNKNOWN),
        Cell(UNKNOWN if point.score is None else number(point.score, SCORE_DECIMALS)),
        Cell(str(point.verdict.label) if point.verdict else UNKNOWN, point.verdict),
        Cell(str(WORDS[word]) if (word := compared(indicator, point, before)) else UNKNOWN),
    ]


def _by_year(
    rows: Sequence[Sequence[Point | None]],
    lines: Sequence[charts.Line],
    compared: Comparison,
    scale: _Scale,
) -> tuple[charts.Figure, Table]:
    """A line of the chart and a column of the table for every year."""
    known = [line for line in lines if any(line.texts)]
    ideal = [_latest_edges([row[n] for row in rows], scale) for n in range(len(compared.part_names))]
    figure = charts.lines_by_year(known, compared.short_part_names, ideal, scale.decimals, scale.suffix)
    body = [
        (name, [_cell(line.texts[n], row[n], scale) for line, row in zip(lines, rows, strict=True)])
        for n, name in enumerate(compared.part_names)
    ]
    return figure, Table([_("Period"), *(line.name for line in lines)], body)


def _cell(text: str, point: Point | None, scale: _Scale) -> Cell:
    return Cell(f"{text}{scale.suffix}" if text else UNKNOWN, point.verdict if point else None)


def _latest_edges(points: Sequence[Point | None], scale: _Scale) -> charts.Edges:
    """The ideal range of one part of the year, as it was last in force."""
    return next((e for p in reversed(points) if (e := _edges(p, scale)) != (None, None)), (None, None))


def _edges(point: Point | None, scale: _Scale) -> charts.Edges:
    if point is None:
        return (None, None)
    low, high = point.range_low, point.range_high
    if scale.factor == 1.0:
        return low, high
    return (
        None if low is None else low * scale.factor,
        None if high is None else high * scale.factor,
    )
