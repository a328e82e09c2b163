"""The chart of an indicator and the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.compared import compared_word
from indicators.measures import PERCENT, RUPIAH, ideal_in_words, number, number_format, unit_in_words
from indicators.models import Indicator, Verdict
from indicators.period_names import (
    months_of_year_so_far,
    months_so_far,
    part_of_year_name,
    short_months_so_far,
    short_part_of_year_name,
)
from indicators.periods import Period, PeriodKind
from indicators.same_months import Before
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
    """`note`: what has to be known to compare what it shows."""

    figure: charts.Figure
    table: Table
    title: str
    unit: str
    note: str = ""


class _Scale(NamedTuple):
    """Large amounts of rupiah are drawn in millions, so that labels stay short."""

    factor: float
    decimals: int
    suffix: str
    note: str


class Comparison(NamedTuple):
    """What a chart puts beside each other, the same for all indicators of a page.

    `cells[year][part]` is a period, or None where it comes after the chosen one. Years have one part.
    `through`: where the chosen one is not over, the last month that is in it. It stands beside the same
    months of the year before; a month that is not over has none.
    """

    chosen: Period
    years: Sequence[int]
    part_names: Sequence[str]
    short_part_names: Sequence[str]
    cells: Sequence[Sequence[Period | None]]
    through: Period | None = None

    @property
    def of_years(self) -> bool:
        return self.chosen.kind is PeriodKind.YEAR

    @property
    def runs(self) -> bool:
        return self.through is not None and self.chosen.kind is not PeriodKind.MONTH

    def so_far(self, write: Callable[[Period, Period], str], *, years_before: int = 0) -> str:
        """The months that the chosen one holds, or those of a year before; itself where it is over."""
        period = self.chosen
        for _year in range(years_before):
            period = period.year_before()
        return str(period) if self.through is None else write(period, self.through)


def comparison_of(periods: Sequence[Period], *, through: Period | None = None) -> Comparison:
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
        through,
    )


def chart_of(
    indicator: Indicator,
    points: Mapping[Period, Point],
    compared: Comparison,
    before: Before | None = None,
    verdict_before: Verdict | None = None,
) -> Chart | None:
    """Chart and table of `points`; None where nothing is known.

    `before`: where the chosen period still runs, the same months of the year before, and their verdict.
    """
    then = None
    if before is not None and compared.runs:
        then = Point(before.value, before.range_low, before.range_high, before.score, verdict_before)
    known = [point.value for point in [*points.values(), then] if point and point.value is not None]
    if not known:
        return None
    scale = _scale_of(indicator, max(map(abs, known)))
    rows = [[points.get(cell) if cell else None for cell in year] for year in compared.cells]
    lines = [_line(str(year), row, scale) for year, row in zip(compared.years, rows, strict=True)]
    if compared.of_years:
        figure, table = _years(indicator, [row[0] for row in rows], scale, compared, then)
        title = _("%(indicator)s by year")
    else:
        figure, table = _by_year(rows, lines, compared, scale, then)
        title = _("%(indicator)s, the years beside each other")
    return Chart(figure, table, title % {"indicator": indicator.name}, scale.note)


def what_is_whole(compared: Comparison) -> str:
    """How to read all charts of a page whose period is not over; empty where it is."""
    if not compared.runs:
        return ""
    words = {"months": compared.so_far(months_so_far), "year": compared.chosen.year - 1}
    if compared.of_years:
        said = _("%(months)s stands beside the same months of %(year)s; the others are figures of the year.")
        return said % words
    return _("Hollow marks: %(months)s, and the same months of %(year)s.") % words


def _scale_of(indicator: Indicator, largest: float) -> _Scale:
    if indicator.unit_of_measure == RUPIAH and largest >= 1e6:
        return _Scale(1e-6, 1, "", _("million rupiah"))
    suffix = PERCENT if indicator.unit_of_measure == PERCENT else ""
    return _Scale(1.0, indicator.decimals, suffix, "")


def _line(name: str, points: Sequence[Point | None], scale: _Scale) -> charts.Line:
    write = number_format(scale.decimals)
    values = [None if p is None or p.value is None else p.value * scale.factor for p in points]
    return charts.Line(name, values, ["" if v is None else write(v) for v in values])


class _Bar(NamedTuple):
    """One bar and one row of the table. `than`: what it is compared with."""

    title: str
    place: str
    point: Point | None
    than: Point | None


def _years(
    indicator: Indicator,
    points: Sequence[Point | None],
    scale: _Scale,
    comparison: Comparison,
    then: Point | None,
) -> tuple[charts.Figure, Table]:
    """One bar and one row of the table for every year; beside one that still runs, the same months before."""
    found = [
        _Bar(str(year), str(year), point, before)
        for year, point, before in zip(comparison.years, points, [None, *points], strict=False)
    ]
    if comparison.runs:
        last = found.pop().point
        if then is not None:
            found.append(_bar_so_far(comparison, then, None, years_before=1))
        found.append(_bar_so_far(comparison, last, then))
    line = _line(indicator.name, [bar.point for bar in found], scale)
    ideal = [_edges(bar.point, scale) for bar in found]
    figure = charts.bars(line, [bar.place for bar in found], ideal, scale.decimals, scale.suffix)
    head = [_("Period"), _value_head(indicator, scale), _("Ideal"), _("Score"), _("Verdict")]
    head.append(_("Than last year"))
    body = [
        (bar.title, _year_cells(indicator, bar.point, text, scale, bar.than.value if bar.than else None))
        for bar, text in zip(found, line.texts, strict=True)
    ]
    return figure, Table(head, body)


def _bar_so_far(
    comparison: Comparison, point: Point | None, than: Point | None, *, years_before: int = 0
) -> _Bar:
    title = comparison.so_far(short_months_so_far, years_before=years_before)
    # Months and year below each other.
    return _Bar(title, title.replace(" ", "<br>"), point, than)


def _value_head(indicator: Indicator, scale: _Scale) -> str:
    """The unit of measure stands in the head of the column, unless it is a sign behind each number."""
    unit = "" if scale.suffix else scale.note or unit_in_words(indicator.unit_of_measure)
    return _("Value, %(unit)s") % {"unit": unit} if unit else _("Value")


def _year_cells(
    indicator: Indicator, point: Point | None, text: str, scale: _Scale, before: float | None
) -> list[Cell]:
    if point is None:
        return [Cell(UNKNOWN)] * 5
    decimals = indicator.decimals
    unit = indicator.unit_of_measure if indicator.unit_of_measure in (PERCENT, RUPIAH) else ""
    return [
        Cell(f"{text}{scale.suffix}" if text else UNKNOWN),
        Cell(ideal_in_words(point.range_low, point.range_high, decimals, unit) or UNKNOWN),
        Cell(UNKNOWN if point.score is None else number(point.score, SCORE_DECIMALS)),
        Cell(str(point.verdict.label) if point.verdict else UNKNOWN, point.verdict),
        Cell(compared_word(indicator, point, before) or UNKNOWN),
    ]


def _by_year(
    rows: Sequence[Sequence[Point | None]],
    lines: Sequence[charts.Line],
    compared: Comparison,
    scale: _Scale,
    then: Point | None,
) -> tuple[charts.Figure, Table]:
    """A line of the chart and a column of the table for every year. What still runs has a row of its own,
    beside the same months of the year before."""
    ideal = [_latest_edges([row[n] for row in rows], scale) for n in range(len(compared.part_names))]
    body = [
        (name, [_cell(line.texts[n], row[n], scale) for line, row in zip(lines, rows, strict=True)])
        for n, name in enumerate(compared.part_names)
    ]
    beside = None
    if compared.runs:
        n = compared.chosen.index
        name, cells = body[n]
        so_far: list[Cell] = [Cell(UNKNOWN)] * len(lines)
        so_far[-1], cells[-1] = cells[-1], Cell(UNKNOWN)
        if then is not None and len(lines) > 1:
            line = _line(compared.so_far(months_so_far, years_before=1), [then], scale)
            so_far[-2] = _cell(line.texts[0], then, scale)
            beside = line
        body.insert(n + 1, (f"{name}: {compared.so_far(months_of_year_so_far)}", so_far))
        lines = [*lines[:-1], lines[-1]._replace(hollow=[place == n for place in range(len(body) - 1)])]
    known = [line for line in lines if any(line.texts)]
    figure = charts.lines_by_year(
        known, compared.short_part_names, ideal, scale.decimals, scale.suffix, beside=beside
    )
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
