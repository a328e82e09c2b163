"""The frame every array of a hospital shares: its units, years and which months count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.periods import CONTAINS, SLOTS, Period, days_of_slots

MONTHS = slice(0, 12)
#: Slots by length, shortest first: months, quarters, semesters, the year.
LEVELS = (slice(0, 12), slice(12, 16), slice(16, 18), slice(18, 19))
#: bool [19, 19]: row strictly contains column.
CONTAINS_SHORTER = CONTAINS & ~np.eye(SLOTS, dtype=bool)
#: bool [12, 19]: month (row) lies in slot (column).
MONTH_IN_SLOT = CONTAINS[:, MONTHS].T.copy()


@dataclass(frozen=True, eq=False)
class Grid:
    """`parents[u]` is the position of unit u's parent, -1 for the root; parents come before children.

    `open_months` bool [unit, year, 12]: the unit worked in that month. `due_before` is the first day
    of the month that is not yet expected: the month of today. `judged_on` datetime64 [year, 19]: the
    day whose formulas, ranges and weights hold for each period; its last day, unless a later set was
    asked for by name.
    """

    years: range
    parents: tuple[int, ...]
    open_months: np.ndarray
    due_before: dt.date
    judged_on: np.ndarray

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.parents), len(self.years), SLOTS

    @cached_property
    def inner(self) -> list[tuple[int, list[int]]]:
        """Units that have children, deepest first, each with the positions of its children."""
        children: dict[int, list[int]] = {}
        for unit, parent in enumerate(self.parents):
            if parent >= 0:
                children.setdefault(parent, []).append(unit)
        return sorted(children.items(), reverse=True)

    @cached_property
    def days(self) -> np.ndarray:
        """Days of every period: float [year, 19]."""
        return days_of_slots(self.years)

    def days_ago(self, years_ago: int) -> np.ndarray:
        """Days of the period `years_ago` years earlier: float [year, 19]."""
        return days_of_slots(range(self.years.start - years_ago, self.years.stop - years_ago))

    def days_in(self, months: np.ndarray) -> np.ndarray:
        """Days of those `months` (bool […, year, 12]) that lie in each period: float […, year, 19]."""
        counted: np.ndarray = np.where(months, self.days[:, MONTHS], 0.0) @ MONTH_IN_SLOT
        return counted

    @cached_property
    def due_months(self) -> np.ndarray:
        """bool [year, 12]: the month lies before the month of today."""
        first = self.due_before.year * 12 + self.due_before.month - 1
        months = np.array(self.years)[:, None] * 12 + np.arange(12)
        return months < first

    def years_earlier_open(self, years_ago: int) -> np.ndarray:
        """bool [unit, year, 12]: the unit worked in the month `years_ago` years earlier."""
        return years_earlier(self.open_months, years_ago)

    def sum_below(self, counts: np.ndarray) -> np.ndarray:
        """Add to every unit what stands below it: [unit, …] → [unit, …]."""
        total = counts.copy()
        for unit, children in self.inner:
            total[unit] += total[children].sum(axis=0)
        return total


def last_days(years: range) -> np.ndarray:
    """Last day of every period: datetime64 [year, 19]."""
    return np.array(
        [[Period.from_slot(year, slot).end for slot in range(SLOTS)] for year in years], "datetime64[D]"
    )


def any_in(where: np.ndarray, membership: np.ndarray) -> np.ndarray:
    """Whether any is true among the members: bool [..., k] and bool [n, k] → bool [..., n]."""
    return (where.astype(np.float32) @ membership.T.astype(np.float32)) > 0


def years_earlier(array: np.ndarray, years_ago: int) -> np.ndarray:
    """Shift [unit, year, …] so that each year shows the figures `years_ago` years before it."""
    if years_ago == 0:
        return array
    shifted = np.zeros_like(array)
    shifted[:, years_ago:] = array[:, :-years_ago]
    return shifted
