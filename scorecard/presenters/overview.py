"""The overview of a hospital or unit: score, perspectives, indicators, what to look at, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.measures import number
from indicators.models import Indicator, Verdict
from indicators.period_names import period_name, short_period_name
from indicators.periods import Period
from scorecard import charts
from scorecard.presenters.indicator_card import Card, card_of, missing_sentence
from scorecard.presenters.indicator_chart import UNKNOWN, Cell, Chart, Table
from scorecard.presenters.trend import Trend, of_node
from scorecard.queries import IndicatorLine, Node, Scorecard
from scorecard.rollup import SCORE_DECIMALS
from scorecard.series import IndicatorSeries, ScoreSeries

PERSPECTIVE_ICONS = {
    "financial": "coin",
    "customer": "users",
    "internal_process": "activity",
    "learning_growth": "school",
}
#: So many indicators are named in each of the two short lists at the top, and no more.
NAMED_AT_THE_TOP = 5
#: A score that moved by so many points is worth a director's minute.
MOVED_POINTS = 10.0


@dataclass(frozen=True)
class Tile:
    """A score with everything that must stand beside it. `share`: width of its bar, 0 to 100."""

    code: str
    name: str
    icon: str
    score: str
    share: float
    verdict: Verdict | None
    trend: Trend | None
    coverage: str
    thin: bool

    @property
    def anchor(self) -> str:
        return f"perspective-{self.code}"


@dataclass(frozen=True)
class Section:
    """A perspective or objective: its tile, its objectives or its indicators."""

    tile: Tile
    sections: tuple[Section, ...]
    cards: tuple[Card, ...]
    gaps: tuple[Card, ...]


class Missing(NamedTuple):
    """Something is not there: of which indicator, and the sentence that says what."""

    card: Card
    sentence: str


@dataclass(frozen=True)
class Overview:
    overall: Tile
    sections: tuple[Section, ...]
    others: tuple[Card, ...]
    scores: Chart | None
    concerns: tuple[Card, ...]
    improvements: tuple[Card, ...]
    gaps: tuple[Missing, ...]
    incomplete: tuple[Missing, ...]


def overview_of(
    scorecard: Scorecard,
    series: IndicatorSeries,
    scores: ScoreSeries,
    compared: Sequence[Period],
    history: Sequence[Period],
) -> Overview:
    """The page of `scorecard`, with the points of its indicators at `compared` and its scores at `history`.

    Both lists end with the period of the scorecard.
    """
    names = {code: element.name for code, element in scorecard.elements.items()}
    cards: dict[str, Card] = {}

    def card(line: IndicatorLine) -> Card:
        indicator: Indicator = line.indicator
        if indicator.code not in cards:
            points = series.get(indicator.pk, {})
            cards[indicator.code] = card_of(line, points, compared, names)
        return cards[indicator.code]

    period = scorecard.period
    sections = tuple(_section(node, period, card) for node in scorecard.perspectives)
    others = tuple(card(line) for line in scorecard.others)
    weighed = [c for c in cards.values() if c.weighed]
    return Overview(
        overall=_tile(scorecard.overall, period),
        sections=sections,
        others=tuple(c for c in others if c.value or c.chart),
        scores=_scores_chart(scorecard, scores, history),
        concerns=_concerns(weighed),
        improvements=_improvements(weighed),
        gaps=tuple(Missing(c, missing_sentence(c, period)) for c in weighed if not c.value),
        incomplete=tuple(
            Missing(c, missing_sentence(c, period)) for c in cards.values() if c.value and c.incomplete
        ),
    )


def _section(node: Node, period: Period, card) -> Section:
    cards = [card(line) for line in node.lines]
    return Section(
        tile=_tile(node, period),
        sections=tuple(_section(child, period, card) for child in node.children),
        cards=tuple(c for c in cards if c.value or c.chart),
        gaps=tuple(c for c in cards if not (c.value or c.chart)),
    )


def _tile(node: Node, period: Period) -> Tile:
    coverage = _("%(known)s of %(total)s indicators") % {"known": node.known, "total": node.total}
    return Tile(
        code=node.code,
        name=node.name,
        icon=PERSPECTIVE_ICONS.get(node.code, ""),
        score=UNKNOWN if node.score is None else number(node.score, SCORE_DECIMALS),
        share=node.score or 0.0,
        verdict=node.verdict,
        trend=of_node(node, period),
        coverage=coverage,
        thin=0 < 2 * node.known < node.total,
    )


def _concerns(cards: Sequence[Card]) -> tuple[Card, ...]:
    """What is poor, worst first; then what has lost most since a year before."""
    poor = [c for c in cards if c.verdict is Verdict.POOR]
    falling = [c for c in cards if c not in poor and c.gained is not None and c.gained <= -MOVED_POINTS]
    ordered = [*sorted(poor, key=_score), *sorted(falling, key=_gain)]
    return tuple(ordered[:NAMED_AT_THE_TOP])


def _improvements(cards: Sequence[Card]) -> tuple[Card, ...]:
    """What has won most since a year before."""
    rising = [c for c in cards if c.gained is not None and c.gained >= MOVED_POINTS]
    return tuple(sorted(rising, key=_gain, reverse=True)[:NAMED_AT_THE_TOP])


def _score(card: Card) -> float:
    return card.score_points or 0.0


def _gain(card: Card) -> float:
    return card.gained or 0.0


def _scores_chart(scorecard: Scorecard, scores: ScoreSeries, history: Sequence[Period]) -> Chart | None:
    """Overall and perspectives over time; None while there is nothing to draw."""
    first = next((n for n, p in enumerate(history) if any(p in found for found in scores.values())), None)
    if first is None:
        return None
    periods = history[first:]
    names: Mapping[str, str] = {"overall": _("Overall")} | {n.code: n.name for n in scorecard.perspectives}
    lines = [_score_line(scores.get(code, {}), name, periods) for code, name in names.items()]
    template = scorecard.template
    figure = charts.scores_over_time(
        lines, [short_period_name(p) for p in periods], good=template.good_from, fair=template.fair_from
    )
    rows = []
    for place, period in enumerate(periods):
        cells = []
        for code, line in zip(names, lines, strict=True):
            point = scores.get(code, {}).get(period)
            cells.append(Cell(line.texts[place] or UNKNOWN, point.verdict if point else None))
        rows.append((period_name(period), cells))
    return Chart(figure, Table([_("Period"), *names.values()], rows), _("Scores over time"), "")


def _score_line(points, name: str, periods: Sequence[Period]) -> charts.Line:
    found = [points.get(period) for period in periods]
    return charts.Line(
        name,
        [p.score if p else None for p in found],
        [number(p.score, SCORE_DECIMALS) if p else "" for p in found],
    )
