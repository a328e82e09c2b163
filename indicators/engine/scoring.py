"""A value against its reference range: 0 to 100.

Four points decide: 100 inside the ideal band, falling in a straight line to 0 at the worst points;
a side without points is open. A boundary value counts as the better side. Official tables that are
not a band are steps instead. Values and the edges they are compared with are judged as shown, both
rounded to the decimals of the indicator: a page never says "77.8 %, at least 77.8 %" of a failure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from indicators.engine.grid import Grid
from indicators.engine.rounding import as_shown

#: To which of two steps that meet at a value it belongs: to the better, or to the one that is closed
#: below (it begins there: from <= value < to) or above (it ends there: from < value <= to).
StepsClosed = Literal["", "below", "above"]


class Step(NamedTuple):
    """Values from `low` to `high` (None: open) earn `points`. An edge that no other step shares is in it."""

    low: float | None
    high: float | None
    points: float


@dataclass(frozen=True)
class RangeRule:
    """A reference range. `key` identifies it to the caller; `per_year` bands shrink with the period.

    It holds until before `valid_until`; of several that hold on a day, the last begun counts.
    """

    key: int
    valid_from: dt.date
    ideal_low: float | None = None
    ideal_high: float | None = None
    worst_low: float | None = None
    worst_high: float | None = None
    per_year: bool = False
    steps: tuple[Step, ...] = ()
    steps_closed: StepsClosed = ""
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class RangeSources:
    """Where the ranges of one indicator come from, all dated.

    `of_units`: unit position → its own ranges. `of_standards`: standard key → its ranges, those it
    inherits already filled in. `choices`: (day, standard key) chosen by the hospital, by day.
    """

    of_units: Mapping[int, Sequence[RangeRule]]
    of_standards: Mapping[str, Sequence[RangeRule]]
    choices: Sequence[tuple[dt.date, str]]


#: Points are shown with one decimal: 100.0 beside a value outside its range would contradict its word.
MOST_OUTSIDE = 99.9


class Judged(NamedTuple):
    """Each array [unit, year, 19]; NaN where open or unknown, `range_key` -1 where there is no range.

    The edges are those compared with: rounded as shown, and of a band per year its share of the year.
    `outside`: the value is known and lies outside them.
    """

    score: np.ndarray
    range_low: np.ndarray
    range_high: np.ndarray
    range_key: np.ndarray
    outside: np.ndarray

    @property
    def has_range(self) -> np.ndarray:
        """Where there is something to judge by, whether or not the value is known."""
        has: np.ndarray = self.range_key >= 0
        return has


def judge(
    value: np.ndarray, decimals: int, sources: RangeSources, grid: Grid, days: np.ndarray | None = None
) -> Judged:
    """Score `value` [unit, year, 19] against the range in force for each unit and period.

    `days`, of the same shape, are the days behind each value where they are not those of the whole
    period: a band that is per year shrinks with them.
    """
    score, low, high = (np.full(grid.shape, np.nan) for _ in range(3))
    key = np.full(grid.shape, -1, np.int64)
    shown = as_shown(value, decimals)
    share = np.broadcast_to((grid.days if days is None else days) / grid.days[:, -1:], grid.shape)
    for rule, where in _in_force(sources, grid.parents, grid.judged_on):
        scale = share if rule.per_year else 1.0
        scored = _score(shown, rule, scale, decimals)
        np.copyto(score, scored, where=where)
        np.copyto(low, _edge(rule.ideal_low, scale, decimals), where=where)
        np.copyto(high, _edge(rule.ideal_high, scale, decimals), where=where)
        key[where] = rule.key
    # Comparing with an open side, which is NaN, is False.
    return Judged(score, low, high, key, outside=(shown < low) | (shown > high))


def hospital_has_range(sources: RangeSources, judged_on: np.ndarray) -> np.ndarray:
    """Where some range is in force for the whole hospital, value or not: bool [year, 19]."""
    has = np.zeros(judged_on.shape, bool)
    for _rule, where in _in_force(sources, (-1,), judged_on):
        has |= where[0]
    return has


def distance_outside(value: float, low: float | None, high: float | None, decimals: int) -> float | None:
    """How far `value` lies outside a band: negative below it, positive above it, 0 inside.

    As shown, so that value, edge and distance add up on a page. None where there is no band.
    """
    if low is None and high is None:
        return None
    shown = as_shown(value, decimals)
    if low is not None and shown < (edge := as_shown(low, decimals)):
        return as_shown(shown - edge, decimals)
    if high is not None and shown > (edge := as_shown(high, decimals)):
        return as_shown(shown - edge, decimals)
    return 0.0


def _in_force(
    sources: RangeSources, parents: Sequence[int], judged_on: np.ndarray
) -> list[tuple[RangeRule, np.ndarray]]:
    """Each range with the cells it rules: the unit's own, else its parents', else the standard's."""
    rules: list[RangeRule] = []

    def timeline(ranges: Sequence[RangeRule]) -> np.ndarray:
        """Position in `rules` of the range valid for each period, -1 before the first: int [year, 19]."""
        line = np.full(judged_on.shape, -1)
        for rule in sorted(ranges, key=lambda r: r.valid_from):
            rules.append(rule)
            holds = judged_on >= np.datetime64(rule.valid_from)
            if rule.valid_until is not None:
                holds &= judged_on < np.datetime64(rule.valid_until)
            line[holds] = len(rules) - 1
        return line

    standard = np.full(judged_on.shape, -1)
    for day, chosen in sorted(sources.choices):
        line = timeline(sources.of_standards.get(chosen, ()))
        standard = np.where(judged_on >= np.datetime64(day), line, standard)
    lines = np.empty((len(parents), *judged_on.shape), int)
    for unit, parent in enumerate(parents):
        lines[unit] = standard if parent < 0 else lines[parent]
        if of_unit := sources.of_units.get(unit):
            own = timeline(of_unit)
            lines[unit] = np.where(own >= 0, own, lines[unit])
    return [(rules[number], lines == number) for number in _occurring(lines)]


def _occurring(lines: np.ndarray) -> np.ndarray:
    """The numbers from 0 up that occur in `lines`."""
    return np.flatnonzero(np.bincount(lines.ravel() + 1)[1:])


def _edge(value: float | None, scale: np.ndarray | float, decimals: int) -> np.ndarray | float:
    return np.nan if value is None else as_shown(value * scale, decimals)


def _score(shown: np.ndarray, rule: RangeRule, scale: np.ndarray | float, decimals: int) -> np.ndarray:
    if rule.steps:
        return _score_by_steps(shown, _steps_as_shown(rule.steps, decimals), rule.steps_closed)
    ideal_low, ideal_high = (_edge(v, scale, decimals) for v in (rule.ideal_low, rule.ideal_high))
    worst_low, worst_high = (_edge(v, scale, decimals) for v in (rule.worst_low, rule.worst_high))
    with np.errstate(all="ignore"):
        below = np.minimum(_fall(ideal_low - shown, ideal_low - worst_low), MOST_OUTSIDE)
        above = np.minimum(_fall(shown - ideal_high, worst_high - ideal_high), MOST_OUTSIDE)
    score = np.where(shown < ideal_low, below, np.where(shown > ideal_high, above, 100.0))
    return np.where(np.isnan(shown), np.nan, score)


def _fall(distance: np.ndarray, reach: np.ndarray | float) -> np.ndarray:
    """100 at no distance, 0 at `reach` and beyond; a missing or empty reach falls at once."""
    sloped = 100.0 * (1.0 - distance / reach)
    return np.where(np.isnan(reach) | (np.asarray(reach) <= 0), 0.0, np.clip(sloped, 0.0, 100.0))


def _steps_as_shown(steps: Sequence[Step], decimals: int) -> list[Step]:
    def shown(edge: float | None) -> float | None:
        return None if edge is None else as_shown(edge, decimals)

    return [Step(shown(step.low), shown(step.high), step.points) for step in steps]


def _score_by_steps(shown: np.ndarray, steps: Sequence[Step], closed: StepsClosed) -> np.ndarray:
    """Points of the step a value lies in. Outside all steps: no score."""
    begins, ends = {step.low for step in steps}, {step.high for step in steps}
    score = np.full(shown.shape, np.nan)
    for step in steps:
        low = -np.inf if step.low is None else step.low
        high = np.inf if step.high is None else step.high
        inside = (shown >= low) & (shown <= high)
        # A step of a single value holds it, whatever the mark.
        if low < high and closed == "above" and step.low in ends:
            inside &= shown > low
        if low < high and closed == "below" and step.high in begins:
            inside &= shown < high
        score = np.where(inside, np.fmax(score, step.points), score)
    return score
