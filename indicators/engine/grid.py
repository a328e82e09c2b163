"""The frame every array of a hospital shares: its units, years and which months count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.engine.slots import CONTAINS, days_of_slots
from indicators.periods import SLOTS, Period

MONTHS = slice(0, 12)
#: Slots by length, shortest first: months, quarters, semesters, the year.
LEVELS = (slice(0, 12), slice(12, 16), slice(16, 18), slice(18, 19))
#: Months of the slots of each level.
LENGTHS = (1, 3, 6, 12)
#: bool [19, 19]: row strictly contains column.
CONTAINS_SHORTER = CONTAINS & ~np.eye(SLOTS, dtype=bool)
#: bool [12, 19]: month (row) lies in slot (column).
MONTH_IN_SLOT = CONTAINS[:, MONTHS].T.copy()
#: First and last month, 0 to 11, of every slot.
FIRST_MONTH = MONTH_IN_SLOT.argmax(axis=0)
LAST_MONTH = 11 - MONTH_IN_SLOT[::-1].argmax(axis=0)


@dataclass(frozen=True, eq=False)
class Grid:
    """`parents[u]` is the position of unit u's parent, -1 for the root; parents come before children.

    `open_days` int32 [unit, year, 12] has bit d set when the unit worked on day d + 1 of the month.
    `due_before` is the first day of the month that is not yet expected: the month of today. `judged_on`
    datetime64 [year, 19]: the day whose formulas, ranges and weights hold for each period; its last
    day, unless a later set was asked for by name. `worked_days` like `open_days`, where a hospital has
    figures from a day on: the days on which units worked, figures or not. Before that day nothing is
    expected and no day counts; but what a later year is compared with was not nothing then. `slots_asked`
    bool [year, 19]: the periods of which it is asked what their figures leave out; None: all.
    """

    years: range
    parents: tuple[int, ...]
    open_days: np.ndarray
    due_before: dt.date
    judged_on: np.ndarray
    worked_days: np.ndarray | None = None
    slots_asked: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.parents), len(self.years), SLOTS

    @cached_property
    def asked_slots(self) -> np.ndarray:
        return np.ones(self.shape[1:], bool) if self.slots_asked is None else self.slots_asked

    @cached_property
    def inner(self) -> list[tuple[int, list[int]]]:
        """Units that have children, deepest first, each with the positions of its children."""
        children: dict[int, list[int]] = {}
        for unit, parent in enumerate(self.parents):
            if parent >= 0:
                children.setdefault(parent, []).append(unit)
        return sorted(children.items(), reverse=True)

    @cached_property
    def subtrees(self) -> list[np.ndarray]:
        """Of every unit: its position and those of all units below it, parents before children."""
        found: list[list[int]] = [[unit] for unit in range(len(self.parents))]
        for unit, children in self.inner:
            for child in children:
                found[unit] += found[child]
        return [np.array(sorted(units)) for units in found]

    @cached_property
    def paths(self) -> np.ndarray:
        """Of every unit its position and those of all units above it, then -1: int [unit, depth]."""
        paths: list[list[int]] = []
        for unit, parent in enumerate(self.parents):
            paths.append([unit, *(paths[parent] if parent >= 0 else [])])
        found = np.full((len(paths), max(map(len, paths), default=0)), -1)
        for unit, path in enumerate(paths):
            found[unit, : len(path)] = path
        return found

    @cached_property
    def open_months(self) -> np.ndarray:
        """bool [unit, year, 12]: the unit worked on some day of the month."""
        open_months: np.ndarray = self.open_days != 0
        return open_months

    @cached_property
    def always_open(self) -> bool:
        """Whether every unit worked on every day there is."""
        return bool((self.open_days == all_days(self.years)).all())

    @cached_property
    def days(self) -> np.ndarray:
        """Days of every period: float [year, 19]."""
        return days_of_slots(self.years)

    @cached_property
    def days_open(self) -> np.ndarray:
        """Days of each month on which the unit worked: float [unit, year, 12]."""
        days: np.ndarray = np.bitwise_count(self.open_days).astype(float)
        return days

    @cached_property
    def due_months(self) -> np.ndarray:
        """bool [year, 12]: the month lies before the month of today."""
        first = self.due_before.year * 12 + self.due_before.month - 1
        months = np.array(self.years)[:, None] * 12 + np.arange(12)
        return months < first

    @cached_property
    def last_months(self) -> np.ndarray:
        """Last month of every period, or that of today if it comes before: int [year, 19], 0 to 11."""
        last = np.repeat(LAST_MONTH[None], len(self.years), axis=0)
        if self.due_before.year in self.years:
            today = self.due_before.month - 1
            of_year = last[self.years.index(self.due_before.year)]
            of_year[(today >= FIRST_MONTH) & (today <= LAST_MONTH)] = today
        return last

    def open_years_earlier(self, years_ago: int) -> np.ndarray:
        """int32 [unit, year, 12]: days on which the unit worked in the month `years_ago` years earlier.

        A year before the first of the grid is taken to be like its first: a unit that worked in January
        of it has worked before.
        """
        if years_ago == 0:
            return self.open_days
        worked = self.open_days if self.worked_days is None else self.worked_days
        shifted = years_earlier(worked, years_ago)
        began = (worked[:, :1, :1] != 0) & np.ones((1, 1, 12), bool)
        first = self.years.start
        before = all_days(range(first - years_ago, first))[: len(self.years)]
        shifted[:, :years_ago] = np.where(began, before, 0)
        return shifted

    def sum_below(self, counts: np.ndarray) -> np.ndarray:
        """Add to every unit what stands below it: [unit, …] → [unit, …]."""
        total = counts.copy()
        for unit, children in self.inner:
            total[unit] += total[children].sum(axis=0)
        return total

    def any_below(self, where: np.ndarray) -> np.ndarray:
        """Whether it is true of the unit or of any below it: [unit, …] → [unit, …], bits or bool."""
        found = where.copy()
        for unit, children in self.inner:
            found[unit] |= np.bitwise_or.reduce(found[children], axis=0)
        return found


def all_days(years: range) -> np.ndarray:
    """A bit for every day of every month: int32 [year, 12]."""
    days = days_of_slots(years)[:, MONTHS].astype(np.int64)
    return ((1 << days) - 1).astype(np.int32)


def days_between(opened_on: dt.date | None, closed_on: dt.date | None, years: range) -> np.ndarray:
    """A bit for every day from `opened_on` to `closed_on`, both included: int32 [year, 12]."""
    found = all_days(years)
    for y, year in enumerate(years):
        for m in range(12):
            first = dt.date(year, m + 1, 1)
            if opened_on is not None and opened_on > first:
                begin = opened_on.day - 1 if (opened_on.year, opened_on.month) == (year, m + 1) else 31
                found[y, m] &= ~np.int32((1 << begin) - 1) if begin < 31 else 0
            if closed_on is not None and closed_on < Period.month(year, m + 1).end:
                last = closed_on.day if (closed_on.year, closed_on.month) == (year, m + 1) else 0
                found[y, m] &= np.int32((1 << last) - 1)
    return found


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
