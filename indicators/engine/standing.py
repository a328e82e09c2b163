"""What stands for each month of a unit, from its facts of a month, quarter, semester or year.

A longer fact is seen only by periods that hold all of it, so everything is asked at a *level*: the
length of the longest facts that are seen (0 months, 1 quarters, 2 semesters, 3 years).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indicators.engine.grid import FIRST_MONTH, LAST_MONTH, LEVELS, MONTHS, Grid, years_earlier

if TYPE_CHECKING:
    from indicators.engine.facts import Facts


class Manner(Enum):
    """How a fact of a longer period stands for its months."""

    SUM = "a flow: it cannot be cut, and joins its months"
    PER_DAY = "grows by the day, as bed-days do: each open day has its share"
    LEVEL = "a mean: every open month has it"
    LAST = "a stock: its last month has it"


SUM, PER_DAY, LEVEL, LAST = Manner


class Standing(NamedTuple):
    """Arrays [unit, year, 12]. `answered`: a number or "not applicable" stands for the month; `number`:
    a number does; `value`: its share of that number (a flow of a longer period lies in its first open
    month); `span`: slot of the flow, longer than a month, in which the month lies (open or not), else -1."""

    answered: np.ndarray
    number: np.ndarray
    value: np.ndarray
    span: np.ndarray | None

    def years_earlier(self, years_ago: int) -> Standing:
        if years_ago == 0:
            return self
        span = self.span
        if span is not None:
            span = np.full_like(span, -1)
            span[:, years_ago:] = self.span[:, :-years_ago]  # type: ignore[index]
        return Standing(
            years_earlier(self.answered, years_ago),
            years_earlier(self.number, years_ago),
            years_earlier(self.value, years_ago),
            span,
        )

    def of(self, rows: np.ndarray | slice, years: np.ndarray | slice) -> Standing:
        """For some units and years only."""
        return Standing(
            self.answered[rows][:, years],
            self.number[rows][:, years],
            self.value[rows][:, years],
            None if self.span is None else self.span[rows][:, years],
        )

    def at(self, months: np.ndarray) -> Standing:
        """What stands at one month of each slot: arrays [unit, year, slot]; `months` int of that shape."""
        return Standing(
            np.take_along_axis(self.answered, months, axis=-1),
            np.take_along_axis(self.number, months, axis=-1),
            np.take_along_axis(self.value, months, axis=-1),
            None,
        )


def standing_of(facts: Facts, manner: Manner, level: int, grid: Grid) -> Standing:
    """What stands for each month of every unit. Facts of months in which a unit was closed do not count."""
    is_open = grid.open_months
    answered = facts.answered[..., MONTHS] & is_open
    number = facts.has[..., MONTHS] & is_open
    value = np.where(number, facts.value[..., MONTHS], 0.0)
    if level == 0:
        return Standing(answered, number, value, None)
    span = np.full(is_open.shape, -1, np.int8) if manner is SUM else None
    for slots in LEVELS[1 : level + 1]:
        for slot in range(*slots.indices(19)):
            months = slice(FIRST_MONTH[slot], LAST_MONTH[slot] + 1)
            open_here = is_open[..., months]
            used = facts.used[..., slot] & open_here.any(axis=-1)
            if used.any():
                target = Standing(
                    answered[..., months],
                    number[..., months],
                    value[..., months],
                    None if span is None else span[..., months],
                )
                fact = _Fact(slot, used, facts.has[..., slot], facts.value[..., slot])
                _lay(target, fact, manner, open_here, grid.days_open[..., months])
    return Standing(answered, number, value, span)


class _Fact(NamedTuple):
    """The facts of one slot, arrays [unit, year]: which are used, which are numbers, and the numbers."""

    slot: int
    used: np.ndarray
    has: np.ndarray
    value: np.ndarray


def _lay(target: Standing, fact: _Fact, manner: Manner, open_here: np.ndarray, days_open: np.ndarray) -> None:
    """Lay the facts of one slot over its months: views [unit, year, months], written to in place."""
    slot, used, has, value = fact
    answered, number, values, span = target
    if span is not None:
        where = used[..., None] & open_here
        first = where & (np.cumsum(open_here, axis=-1) == 1)
        answered |= where
        number[where] = np.broadcast_to(has[..., None], where.shape)[where]
        values[where] = 0.0
        values[first] = np.broadcast_to(np.where(has, value, 0.0)[..., None], where.shape)[first]
        span[np.broadcast_to(used[..., None], where.shape)] = slot
        return
    if manner is LAST:
        where = np.zeros(open_here.shape, bool)
        where[..., -1] = used & open_here[..., -1] & ~answered[..., -1]
        share = np.ones(open_here.shape)
    else:
        where = used[..., None] & open_here & ~answered
        share = np.ones(open_here.shape)
        if manner is PER_DAY:
            total = days_open.sum(axis=-1, keepdims=True)
            share = days_open / np.where(total > 0, total, 1.0)
    answered |= where
    number |= where & has[..., None]
    values[where] = (share * np.where(has, value, 0.0)[..., None])[where]


def nearest(
    stands: Standing, parents: np.ndarray, refused: np.ndarray | None = None
) -> tuple[Standing, np.ndarray, np.ndarray]:
    """What is left of the facts of each row when nearer ones stand for farther ones; and where a row
    above has answered, and where with a number.

    `parents` int [row]: the row above, -1 for the first. Numbers stand for what is below them of the same
    months; what is not applicable above answers for itself alone; where it was `refused` above (said not
    to be collected, bool [row, year, 12]) nothing stands for those months, nor below. A flow of a longer
    period of which some months are taken cannot stand beside them: it goes whole.
    """
    inner = np.unique(parents[parents >= 0])
    above, counted_above = np.zeros_like(stands.answered), np.zeros_like(stands.answered)
    if refused is None or not refused[inner].any():
        refused = None
    if not stands.answered[inner].any() and refused is None:
        return stands, above, counted_above
    left = Standing(*(None if array is None else array.copy() for array in stands))  # type: ignore[arg-type]
    silenced = np.zeros_like(above)
    for row in range(1, len(parents)):
        parent = parents[row]
        above[row] = above[parent] | left.answered[parent]
        counted_above[row] = counted_above[parent] | left.number[parent]
        if refused is not None:
            silenced[row] = silenced[parent] | (refused[parent] & ~left.answered[parent])
        taken = counted_above[row] | silenced[row]
        if taken.any():
            own = Standing(*(None if array is None else array[row] for array in left))  # type: ignore[arg-type]
            for array, reduced in zip(left, without(own, taken), strict=True):
                if array is not None:
                    array[row] = reduced
    return left, above, counted_above


def from_above(where: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Whether it is true of any row above: bool [row, …]."""
    found = np.zeros_like(where)
    for row in range(1, len(parents)):
        found[row] = found[parents[row]] | where[parents[row]]
    return found


def without(stands: Standing, taken: np.ndarray) -> Standing:
    """What is left where some months are taken: a flow of a longer period, some of whose months are, goes
    whole."""
    span = stands.span
    taken = taken & (stands.answered if span is None else stands.answered | (span >= 0))
    if not taken.any():
        return stands
    if span is not None:
        span = span.copy()
        for slot in np.unique(span[taken & (span >= 0)]):
            inside = span == slot
            taken |= inside & (inside & taken).any(axis=-1, keepdims=True)
        span[taken] = -1
    left = ~taken
    return Standing(stands.answered & left, stands.number & left, np.where(left, stands.value, 0.0), span)
