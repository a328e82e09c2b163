"""The overview of a hospital or unit: score, perspectives, indicators, what to look at, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.measures import number, short_number
from indicators.models import Verdict
from indicators.periods import Period
from scorecard.lines import IndicatorLine
from scorecard.models import Template
from scorecard.presenters.indicator_card import Card, card_of, missing_sentence
from scorecard.presenters.indicator_chart import UNKNOWN, Chart, comparison_of, what_is_whole
from scorecard.presenters.scores_chart import scores_chart
from scorecard.presenters.trend import Trend, of_node
from scorecard.presenters.verdicts import known_in_words, percent_down
from scorecard.queries import Node, Scorecard
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
    """A score with everything that must stand beside it. `share`: width of its bar, 0 to 100.

    `thin`: too little of the weight is known for a verdict; `known_weight` says how much.
    """

    code: str
    name: str
    icon: str
    score: str
    share: float
    verdict: Verdict | None
    trend: Trend | None
    coverage: str
    thin: bool
    known_weight: str

    @property
    def has_score(self) -> bool:
        return self.thin or self.verdict is not None

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


class Band(NamedTuple):
    """From which score on a verdict is given; None: when none is."""

    verdict: Verdict | None
    text: str


@dataclass(frozen=True)
class Overview:
    """`before`: what the period is compared with, in its months so far where it is not over. `no_concerns`,
    `no_improvements`: why none are named. `contradicting`: what waits for somebody to confirm it.
    """

    overall: Tile
    bands: tuple[Band, ...]
    sections: tuple[Section, ...]
    has_others: bool
    scores: Chart | None
    concerns: tuple[Card, ...]
    improvements: tuple[Card, ...]
    gaps: tuple[Missing, ...]
    contradicting: tuple[Missing, ...]
    incomplete: tuple[Missing, ...]
    what_is_whole: str
    score_otherwise: str
    before: Period
    no_concerns: str
    no_improvements: str


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
    cards = _Cards(scorecard, series, compared)
    period = scorecard.period
    sections = tuple(
        section for node in scorecard.perspectives if (section := _section(node, cards)) is not None
    )
    weighed = [c for c in cards.made.values() if c.weighed]
    return Overview(
        overall=_tile(scorecard.overall, cards),
        bands=_bands(scorecard.template),
        sections=sections,
        has_others=any(line.row is not None and line.row.value is not None for line in scorecard.others),
        scores=scores_chart(scorecard, scores, history),
        concerns=_concerns(weighed),
        improvements=_improvements(weighed),
        gaps=tuple(Missing(c, missing_sentence(c, period)) for c in weighed if not c.value),
        contradicting=tuple(Missing(c, c.contradicts) for c in weighed if c.contradicts),
        incomplete=tuple(
            Missing(c, missing_sentence(c, period)) for c in cards.made.values() if c.value and c.incomplete
        ),
        what_is_whole=what_is_whole(cards.comparison),
        score_otherwise=_score_shown(scorecard.score_otherwise),
        before=period.year_before(),
        no_concerns=_no_concerns(weighed),
        no_improvements=_no_improvements(weighed),
    )


def other_cards_of(scorecard: Scorecard, series: IndicatorSeries, compared: Sequence[Period]) -> list[Card]:
    """The indicators that no objective weighs, as far as they have a value now or had one before."""
    cards = _Cards(scorecard, series, compared)
    made = [cards.of(line) for line in scorecard.others]
    return [card for card in made if card.value or card.chart]


class _Cards:
    """The cards of a page, each made once: two objectives may share an indicator."""

    def __init__(self, scorecard: Scorecard, series: IndicatorSeries, compared: Sequence[Period]) -> None:
        self.series = series
        self.comparison = comparison_of(compared, through=scorecard.running_through)
        self.names = {code: element.name for code, element in scorecard.elements.items()}
        self.indicator_names = {line.indicator.code: line.indicator.name for line in scorecard.lines}
        self.scorecard = scorecard
        self.made: dict[str, Card] = {}

    def of(self, line: IndicatorLine) -> Card:
        code, points = line.indicator.code, self.series.get(line.indicator.pk, {})
        if code not in self.made:
            self.made[code] = card_of(
                line,
                points,
                self.comparison,
                self.names,
                approved_only=self.scorecard.approved_only,
                verdict_before=self.scorecard.verdict_before(line),
            )
        return self.made[code]


def _section(node: Node, cards: _Cards) -> Section | None:
    """None where a unit has nothing to do with a perspective or objective."""
    own = [cards.of(line) for line in node.lines]
    parts = tuple(part for child in node.children if (part := _section(child, cards)) is not None)
    if not own and not parts:
        return None
    return Section(
        tile=_tile(node, cards),
        sections=parts,
        cards=tuple(c for c in own if c.value or c.chart),
        gaps=tuple(c for c in own if not (c.value or c.chart)),
    )


def _tile(node: Node, cards: _Cards) -> Tile:
    coverage = _("%(known)s of %(total)s indicators") % {"known": node.known, "total": node.total}
    return Tile(
        code=node.code,
        name=node.name,
        icon=PERSPECTIVE_ICONS.get(node.code, ""),
        score=_score_shown(node.score),
        share=node.score or 0.0,
        verdict=node.verdict,
        trend=of_node(node, cards.comparison.chosen, cards.indicator_names, cards.comparison.through),
        coverage=coverage,
        thin=node.thin,
        known_weight=known_in_words(node.known_weight),
    )


def _score_shown(score: float | None) -> str:
    return UNKNOWN if score is None else number(score, SCORE_DECIMALS)


def _bands(template: Template) -> tuple[Band, ...]:
    good, fair = (short_number(edge, SCORE_DECIMALS) for edge in (template.good_from, template.fair_from))
    return (
        Band(Verdict.GOOD, _("from %(score)s") % {"score": good}),
        Band(Verdict.FAIR, _("from %(score)s") % {"score": fair}),
        Band(Verdict.POOR, _("below %(score)s") % {"score": fair}),
        Band(
            None,
            _("less than %(share)s of the weight known") % {"share": percent_down(template.known_at_least)},
        ),
    )


def _concerns(cards: Sequence[Card]) -> tuple[Card, ...]:
    """What is poor, worst first; then what has lost most since a year before."""
    poor = [c for c in cards if c.verdict is Verdict.POOR]
    falling = [c for c in cards if c not in poor and c.gained is not None and c.gained <= -MOVED_POINTS]
    ordered = [*sorted(poor, key=_score), *sorted(falling, key=_gain)]
    return tuple(ordered[:NAMED_AT_THE_TOP])


def _no_concerns(cards: Sequence[Card]) -> str:
    if all(card.score_points is None for card in cards):
        return _("Nothing has a score.")
    return _("Nothing is poor, and nothing has fallen sharply.")


def _no_improvements(cards: Sequence[Card]) -> str:
    if all(card.gained is None for card in cards):
        return _("There is no score of a year before to compare with.")
    return _("Nothing has risen clearly since a year before.")


def _improvements(cards: Sequence[Card]) -> tuple[Card, ...]:
    """What has won most since a year before."""
    rising = [c for c in cards if c.gained is not None and c.gained >= MOVED_POINTS]
    return tuple(sorted(rising, key=_gain, reverse=True)[:NAMED_AT_THE_TOP])


def _score(card: Card) -> float:
    return card.score_points or 0.0


def _gain(card: Card) -> float:
    return card.gained or 0.0
