"""Adding up over time and over units.

Facts come in four lengths (month, quarter, semester, year). A longer fact is used only while
nothing shorter inside it is known. A fact of a unit with parts stands for the facts of its parts of
the same period: the nearest fact wins, nothing is counted twice.

Flows (`sum`) are taken apart into contributions, one per slot, so that the figure of any period is
the sum of the contributions of the slots inside it. Stocks (`last`, `mean`) are settled per period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indicators.engine.grid import CONTAINS_SHORTER, LEVELS, MONTH_IN_SLOT, MONTHS, Grid, any_in
from indicators.periods import CONTAINS

if TYPE_CHECKING:
    from indicators.engine.facts import Facts

_CONTAINED = CONTAINS.T.astype(float)
_MONTHS_OF_SLOT = MONTH_IN_SLOT.sum(axis=0).astype(float)


class Contributions(NamedTuple):
    """Parts of a flow by slot, each [unit, year, 19]: no two of them cover the same month twice."""

    value: np.ndarray
    has: np.ndarray
    not_applicable: np.ndarray


class Pooled(NamedTuple):
    """Figures of every unit and period, each [unit, year, 19]; `value` is 0 where `has` is false."""

    value: np.ndarray
    has: np.ndarray
    not_applicable: np.ndarray


def own_figures(over_time: str, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Figures of each unit from its own facts alone: value and whether there is one."""
    if over_time == "sum":
        pooled = add_up(_own_contributions(facts.value, facts.has, facts.not_applicable))
        return pooled.value, pooled.has
    value, rank = _own_stock(over_time, facts.value, facts.has)
    return value, rank >= 0


def _own_contributions(value: np.ndarray, has: np.ndarray, not_applicable: np.ndarray) -> Contributions:
    answered = has | not_applicable
    used = answered & ~any_in(answered, CONTAINS_SHORTER)
    return Contributions(np.where(used, value, 0.0), has & used, not_applicable & used)


def flow_contributions(
    value: np.ndarray, has: np.ndarray, not_applicable: np.ndarray, grid: Grid, *, over_units: str
) -> Contributions:
    """Contributions of a flow, rolled up the tree: every unit holds those of all its parts."""
    own = _own_contributions(value, has, not_applicable)
    if over_units == "none":
        return own
    result = Contributions(own.value.copy(), own.has.copy(), own.not_applicable.copy())
    answered = has | not_applicable
    given_shorter = any_in(answered, CONTAINS_SHORTER)
    for unit, children in grid.inner:
        below = (
            result.value[children].sum(axis=0),
            result.has[children].any(axis=0),
            result.not_applicable[children].any(axis=0),
        )
        entered = (value[unit], has[unit], not_applicable[unit])
        known = np.zeros_like(answered[unit])
        for level in LEVELS:
            shorter_known = any_in(known, CONTAINS_SHORTER)[:, level]
            take_own = answered[unit][:, level] & ~shorter_known
            take_below = ~take_own & ~given_shorter[unit][:, level]
            for target, mine, theirs in zip(result, entered, below, strict=True):
                target[unit][:, level] = np.where(
                    take_own, mine[:, level], np.where(take_below, theirs[:, level], 0)
                )
            known[:, level] = result.has[unit][:, level] | result.not_applicable[unit][:, level]
    return result


def add_up(parts: Contributions) -> Pooled:
    """The figure of a period is the sum of the contributions of the slots inside it."""
    has = any_in(parts.has, CONTAINS)
    return Pooled(parts.value @ _CONTAINED, has, any_in(parts.not_applicable, CONTAINS) & ~has)


def pool_stock(
    value: np.ndarray,
    has: np.ndarray,
    not_applicable: np.ndarray,
    grid: Grid,
    *,
    over_time: str,
    over_units: str,
) -> Pooled:
    """Figures of a stock: the last known (`last`) or the mean of the known (`mean`) in the period.

    Over units they are added up; a unit's own figure stands for its parts' unless theirs is later.
    """
    own, rank = _own_stock(over_time, value, has)
    absent = any_in(not_applicable, CONTAINS) & (rank < 0)
    if over_units == "sum":
        for unit, children in grid.inner:
            below_rank = rank[children].max(axis=0)
            below = np.where(rank[children] >= 0, own[children], 0.0).sum(axis=0)
            take_below = below_rank > rank[unit]
            own[unit] = np.where(take_below, below, own[unit])
            rank[unit] = np.maximum(rank[unit], below_rank)
            absent[unit] = (absent[unit] | absent[children].any(axis=0)) & (rank[unit] < 0)
    known = rank >= 0
    return Pooled(np.where(known, own, 0.0), known, absent)


def _own_stock(over_time: str, value: np.ndarray, has: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A unit's own stock figures and their rank: -1 none, 0 from a longer fact, else the last month."""
    used = has & ~any_in(has, CONTAINS_SHORTER)
    month_numbers = np.arange(1, 13)
    months_known = np.where(has[..., MONTHS], month_numbers, 0)
    rank = np.where(MONTH_IN_SLOT.T, months_known[..., None, :], 0).max(axis=-1)
    any_known = any_in(used, CONTAINS)
    rank = np.where(any_known, rank, -1)
    if over_time == "mean":
        weight = used * _MONTHS_OF_SLOT
        total_weight = weight @ _CONTAINED
        figures = (np.where(used, value, 0.0) * weight) @ _CONTAINED / np.where(any_known, total_weight, 1.0)
        return figures, rank
    # A used fact ends in some month; the one that ends last in the period is its figure.
    last_month_of_slot = np.where(MONTH_IN_SLOT.T, month_numbers, 0).max(axis=1)
    ends = np.where(used, last_month_of_slot, 0)
    latest = np.where(CONTAINS, ends[..., None, :], 0).argmax(axis=-1)
    figures = np.take_along_axis(value, latest, axis=-1)
    return np.where(any_known, figures, 0.0), rank
