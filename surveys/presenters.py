"""What the analysis page shows: charts and the tables that say the same. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from indicators.measures import number
from surveys import charts
from surveys.analysis.counts import Counts, shares_percent
from surveys.analysis.summary import PairedSummary, SingleSummary
from surveys.comparison import Group, Grouping
from surveys.models import Questionnaire


class Cell(NamedTuple):
    """A text; survey results carry no verdict of their own, the indicators they feed do."""

    text: str
    verdict: None = None


@dataclass(frozen=True)
class Table:
    """A heading, and rows of a name and cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Chart:
    title: str
    figure: charts.Figure
    table: Table


def shown(value: float | None, decimals: int = 1, unit: str = "%") -> str:
    """A number for a table; a dash for what is not known."""
    return "–" if value is None else f"{number(value, decimals)}{unit}"


def signed(value: float, decimals: int) -> str:
    """With a plus where there is more; a minus comes by itself."""
    return f"+{number(value, decimals)}" if value > 0 else number(value, decimals)


def table(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Table:
    return Table(tuple(head), tuple((name, tuple(Cell(text) for text in cells)) for name, cells in rows))


def quadrant_names() -> dict[str, str]:
    return {
        "A": _("A: main priority"),
        "B": _("B: keep it up"),
        "C": _("C: low priority"),
        "D": _("D: more than expected"),
    }


def paired_charts(
    summary: PairedSummary, counts: Counts, words: Sequence[str], names: Mapping[str, str]
) -> list[Chart]:
    """Quadrants, dimensions, conformity of items and the counts; `names` are texts by code."""
    found = [_quadrant_chart(summary, names)]
    if len(summary.dimensions) > 1:
        found.append(_dimension_chart(summary, counts.points, names))
    items = summary.items
    labels = [f"{item.code} {_short(names[item.code])}" for item in items]
    percents = [item.conformity_percent for item in items]
    rows = [
        (
            f"{item.code} {names[item.code]}",
            [
                str(item.reality_weight),
                str(item.expectation_weight),
                shown(item.conformity_percent),
                "–" if item.gap is None else signed(item.gap, 2),
            ],
        )
        for item in items
    ]
    heading = (_("Item"), _("Weight of reality"), _("Weight of expectation"), _("Conformity"), _("Gap"))
    found.append(
        Chart(
            _("Conformity of each item"),
            charts.horizontal_bars(labels, percents, [shown(value) for value in percents]),
            table(heading, rows),
        )
    )
    found.append(_answers_chart(_("Answers about reality"), counts.reality, labels, words))
    if counts.expectation is not None:
        found.append(_answers_chart(_("Answers about expectation"), counts.expectation, labels, words))
    return found


def _quadrant_chart(summary: PairedSummary, names: Mapping[str, str]) -> Chart:
    letters, titles = summary.quadrants.letters, quadrant_names()
    means = {item.code: item.exact_means for item in summary.items}
    points = [
        (code, float(mean[0]), float(mean[1]), letter)
        for code, mean in means.items()
        if mean is not None and (letter := letters[code]) is not None
    ]
    cuts = summary.quadrants.reality_cut or 0.0, summary.quadrants.expectation_cut or 0.0
    axes = (_("Reality (mean)"), _("Expectation (mean)"))
    rows = [
        (f"{code} {names[code]}", [titles[letter], shown(x, 2, ""), shown(y, 2, "")])
        for code, x, y, letter in sorted(points, key=lambda point: (point[3], point[1]))
    ]
    return Chart(
        _("What to do first: importance and performance"),
        charts.quadrant_map(points, cuts, titles, axes),
        table((_("Item"), _("Quadrant"), *axes), rows),
    )


def _dimension_chart(summary: PairedSummary, points: int, names: Mapping[str, str]) -> Chart:
    dimensions = summary.dimensions
    means = [dimension.exact_means for dimension in dimensions]
    series = [
        (_("Reality"), [None if mean is None else float(mean[0]) for mean in means]),
        (_("Expectation"), [None if mean is None else float(mean[1]) for mean in means]),
    ]
    rows = [
        (
            names[dimension.code],
            [
                str(dimension.reality_weight),
                str(dimension.expectation_weight),
                shown(dimension.conformity_percent),
                "–" if dimension.gap is None else signed(dimension.gap, 2),
            ],
        )
        for dimension in dimensions
    ]
    heading = (_("Dimension"), _("Weight of reality"), _("Weight of expectation"), _("Conformity"), _("Gap"))
    # Of an own questionnaire there may be two, which make no polygon.
    labels, percents = [names[d.code] for d in dimensions], [d.conformity_percent for d in dimensions]
    return Chart(
        _("Dimensions"),
        charts.radar(labels, series, float(points))
        if len(dimensions) > 2
        else charts.horizontal_bars(labels, percents, [shown(value) for value in percents]),
        table(heading, rows),
    )


def single_charts(
    summary: SingleSummary, counts: Counts, words: Sequence[str], names: Mapping[str, str]
) -> list[Chart]:
    """Dimensions, share satisfied and counts of answers given once."""
    found = []
    heading = (_("Weight"), _("Satisfied"), _("Mean"))

    def cells(line: Any) -> list[str]:
        return [shown(line.weight, 1, ""), shown(line.satisfied_percent), shown(line.mean, 2, "")]

    if len(summary.dimensions) > 1:
        dimensions = summary.dimensions
        found.append(
            Chart(
                _("Dimensions"),
                charts.radar(
                    [names[dimension.code] for dimension in dimensions],
                    [(_("Satisfied"), [dimension.satisfied_percent for dimension in dimensions])],
                    100.0,
                ),
                table(
                    (_("Dimension"), *heading, *words),
                    [
                        (names[line.code], [*cells(line), *(shown(share) for share in line.answers_percent)])
                        for line in dimensions
                    ],
                ),
            )
        )
    labels = [f"{item.code} {_short(names[item.code])}" for item in summary.items]
    percents = [item.satisfied_percent for item in summary.items]
    found.append(
        Chart(
            _("Satisfied, item by item"),
            charts.horizontal_bars(labels, percents, [shown(value) for value in percents]),
            table(
                (_("Item"), *heading),
                [(f"{item.code} {names[item.code]}", cells(item)) for item in summary.items],
            ),
        )
    )
    found.append(_answers_chart(_("Answers"), counts.reality, labels, words))
    return found


def _answers_chart(title: str, counts: Any, labels: Sequence[str], words: Sequence[str]) -> Chart:
    rows = [(label, [str(int(count)) for count in row]) for label, row in zip(labels, counts, strict=True)]
    return Chart(
        title,
        charts.stacked_shares(labels, words, shares_percent(counts)),
        table((_("Item"), *words), rows),
    )


def grouping_chart(grouping: Grouping, name: str) -> Chart:
    """Groups beside each other; a hidden group shows neither its result nor how few they are."""
    groups = grouping.groups
    return Chart(
        grouping.name or _("Units"),
        charts.horizontal_bars(
            [_label(group.name, group) for group in groups],
            [group.percent for group in groups],
            [shown(group.percent) for group in groups],
        ),
        table(
            (grouping.name or _("Unit"), _("Respondents"), name),
            [(group.name, group_cells(group)) for group in groups],
        ),
    )


def respondents_chart(groupings: Sequence[Grouping]) -> Chart:
    """Who answered: how many of each group; of a hidden one only that it is hidden."""
    rows = [
        (f"{grouping.name or _('Unit')}: {group.name}", group)
        for grouping in groupings
        for group in grouping.groups
    ]
    return Chart(
        _("Who answered"),
        charts.horizontal_bars(
            [_label(label, group) for label, group in rows],
            [None if group.is_withheld else group.respondents for _label, group in rows],
            [group_cells(group)[0] for _label, group in rows],
            unit="",
        ),
        table((_("Group"), _("Respondents")), [(label, group_cells(group)[:1]) for label, group in rows]),
    )


def years_chart(rows: Sequence[tuple[int, str, Group]], name: str, segments: Mapping[str, str]) -> Chart:
    labels = [
        f"{year} {segments.get(segment, segment)}".strip() if segment else str(year)
        for year, segment, _group in rows
    ]
    percents = [group.percent for _year, _segment, group in rows]
    return Chart(
        _("Years and segments"),
        charts.horizontal_bars(
            [_label(label, row[2]) for label, row in zip(labels, rows, strict=True)],
            percents,
            [shown(value) for value in percents],
        ),
        table(
            (_("Year and segment"), _("Respondents"), name),
            [(label, group_cells(row[2])) for label, row in zip(labels, rows, strict=True)],
        ),
    )


def group_cells(group: Group) -> list[str]:
    if group.is_withheld:
        return ["–", _("not shown, to protect small groups")]
    return [str(group.respondents), shown(group.percent)]


def _label(name: str, group: Group) -> str:
    """A bar that is missing says why."""
    return f"{name} ({_('not shown')})" if group.is_withheld else name


def percent_name(questionnaire: Questionnaire) -> str:
    return _("Conformity") if questionnaire.is_paired else _("Satisfied")


def _short(text: str, longest: int = 32) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
