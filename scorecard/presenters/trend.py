"""How something compares with the same period a year before, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.engine.rounding import as_shown
from indicators.measures import measured, number
from indicators.models import Indicator
from indicators.period_names import period_name
from indicators.periods import Period
from scorecard.queries import Node
from scorecard.rollup import SCORE_DECIMALS
from scorecard.series import Point

#: A score must move by so many points before a page calls it better or worse: one indicator is
#: livelier than the many behind a perspective.
INDICATOR_MOVED_POINTS, NODE_MOVED_POINTS = 5.0, 1.0


class Trend(NamedTuple):
    """`direction` of the number: up, down, equal. `judgement`: better, worse or empty."""

    direction: str
    judgement: str
    text: str

    @property
    def icon(self) -> str:
        return {"up": "arrow-up-right", "down": "arrow-down-right"}.get(self.direction, "arrow-right")


def of_node(node: Node, period: Period) -> Trend | None:
    """A score against that of a year before. The difference is that of the two numbers shown."""
    if node.score is None or node.before is None:
        return None
    before = {"period": period_name(period.year_before())}
    points = as_shown(node.score, SCORE_DECIMALS) - as_shown(node.before, SCORE_DECIMALS)
    shown = {"points": number(abs(points), SCORE_DECIMALS), **before}
    judgement = _judgement(points, NODE_MOVED_POINTS)
    match _direction(points, SCORE_DECIMALS):
        case "up":
            return Trend("up", judgement, _("up %(points)s points from %(period)s") % shown)
        case "down":
            return Trend("down", judgement, _("down %(points)s points from %(period)s") % shown)
    return Trend("equal", "", _("the same as in %(period)s") % before)


def of_indicator(
    indicator: Indicator, now: Point | None, before: Point | None, period: Period
) -> Trend | None:
    """A value against that of a year before; better and worse are a matter of the score."""
    if now is None or before is None or now.value is None or before.value is None:
        return None
    decimals = indicator.decimals
    said = {
        "value": measured(before.value, decimals, indicator.unit_of_measure),
        "period": period_name(period.year_before()),
    }
    difference = as_shown(now.value, decimals) - as_shown(before.value, decimals)
    judgement = _judgement(points_gained(now, before), INDICATOR_MOVED_POINTS)
    match _direction(difference, decimals):
        case "up":
            return Trend("up", judgement, _("up from %(value)s in %(period)s") % said)
        case "down":
            return Trend("down", judgement, _("down from %(value)s in %(period)s") % said)
    return Trend("equal", "", _("the same as in %(period)s") % said)


def points_gained(now: Point | None, before: Point | None) -> float | None:
    """Points of score won since a year before; negative when lost, None when either is unknown."""
    if now is None or before is None or now.score is None or before.score is None:
        return None
    return as_shown(now.score, SCORE_DECIMALS) - as_shown(before.score, SCORE_DECIMALS)


def _direction(difference: float, decimals: int) -> str:
    rounded = as_shown(difference, decimals)
    return "up" if rounded > 0 else "down" if rounded < 0 else "equal"


def _judgement(points: float | None, worth_saying: float) -> str:
    if points is None or abs(points) < worth_saying:
        return ""
    return "better" if points > 0 else "worse"
