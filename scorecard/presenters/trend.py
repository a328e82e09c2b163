"""How something compares with the same period a year before, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.engine.rounding import as_shown
from indicators.measures import measured, number
from indicators.periods import Period
from indicators.same_months import compared_in_words
from scorecard.comparison import Change
from scorecard.lines import IndicatorLine
from scorecard.queries import Node
from scorecard.rollup import SCORE_DECIMALS


class Trend(NamedTuple):
    """`direction` of the number: up, down, equal, none.

    `beside`: what became known or unknown since, and so is no part of it.
    """

    direction: str
    text: str
    beside: str = ""

    @property
    def icon(self) -> str:
        return {"up": "arrow-up-right", "down": "arrow-down-right", "none": "minus"}.get(
            self.direction, "arrow-right"
        )


def of_node(
    node: Node, period: Period, names: Mapping[str, str], through: Period | None = None
) -> Trend | None:
    """A score against that of a year before, over what is known in both; while the period runs, `through` its
    last month, against the same months.

    The difference is that of the two numbers as they are shown. `names` of the indicators by code.
    """
    change = node.change
    if node.score is None or change is None or not (change.common or change.became_unknown):
        return None
    beside = _beside(change, names)
    before = {"period": compared_in_words(period, through)}
    if change.now is None or change.before is None:
        return Trend("none", _("nothing to compare with %(period)s") % before, beside)
    points = as_shown(change.now, SCORE_DECIMALS) - as_shown(change.before, SCORE_DECIMALS)
    shown = {"points": number(abs(points), SCORE_DECIMALS), **before}
    match _direction(points, SCORE_DECIMALS):
        case "up":
            return Trend("up", _("up %(points)s points from %(period)s") % shown, beside)
        case "down":
            return Trend("down", _("down %(points)s points from %(period)s") % shown, beside)
    return Trend("equal", _("the same as in %(period)s") % before, beside)


#: So many indicators that became known or unknown are named; of more the number is told.
NAMED_BESIDE = 2


def _beside(change: Change, names: Mapping[str, str]) -> str:
    """ "Not counted in it: newly known Innovation; no longer known: 3 indicators"."""
    parts = []
    if change.became_known:
        parts.append(_("newly known: %(indicators)s") % {"indicators": _named(change.became_known, names)})
    if change.became_unknown:
        parts.append(
            _("no longer known: %(indicators)s") % {"indicators": _named(change.became_unknown, names)}
        )
    return "; ".join(parts)


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    if len(codes) <= NAMED_BESIDE:
        return str(get_text_list([names.get(code, code) for code in codes], _("and")))
    return ngettext("%(count)s indicator", "%(count)s indicators", len(codes)) % {"count": len(codes)}


def of_line(line: IndicatorLine, period: Period, through: Period | None = None) -> Trend | None:
    """A value against that of a year before; whether that is better is another word."""
    row, before, indicator = line.row, line.before, line.indicator
    if row is None or before is None or row.value is None or before.value is None:
        return None
    decimals = line.decimals
    said = {
        "value": measured(before.value, decimals, indicator.unit_of_measure),
        "period": compared_in_words(period, through),
    }
    difference = as_shown(row.value, decimals) - as_shown(before.value, decimals)
    match _direction(difference, decimals):
        case "up":
            return Trend("up", _("up from %(value)s in %(period)s") % said)
        case "down":
            return Trend("down", _("down from %(value)s in %(period)s") % said)
    return Trend("equal", _("the same as in %(period)s") % said)


def points_gained(line: IndicatorLine) -> float | None:
    """Points of score won since a year before; negative when lost, None when either is unknown."""
    now, before = line.row, line.before
    if now is None or before is None or now.score is None or before.score is None:
        return None
    return as_shown(now.score, SCORE_DECIMALS) - as_shown(before.score, SCORE_DECIMALS)


def _direction(difference: float, decimals: int) -> str:
    rounded = as_shown(difference, decimals)
    return "up" if rounded > 0 else "down" if rounded < 0 else "equal"
