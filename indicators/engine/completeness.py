"""How much of what is expected is there.

Flows are counted in unit-months: a month of a unit is present when the unit has answered every
input of the formula that it reports. Stocks are counted once per unit: the last month of the period
must be answered. "Not applicable" is an answer, "not collected" is not. A fact of a year answers for
the months of that year, but not for a figure of one of its months or quarters.

Expected are the months before that of today, also where a formula looks at an earlier year. A later
month counts, as expected and present, once all of it is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import LEVELS, MONTH_IN_SLOT, MONTHS, Grid, any_in
from indicators.formula import Input
from indicators.periods import SLOTS

_MONTHS_TO_SLOTS = MONTH_IN_SLOT.astype(np.int32)
_MONTH_NUMBERS = np.arange(1, 13)


class Coverage(NamedTuple):
    """Counts of every unit and period, each int [unit, year, 19]."""

    present: np.ndarray
    expected: np.ndarray


def coverage_of(flows: Mapping[Input, Facts], stocks: Mapping[Input, Facts], grid: Grid) -> Coverage:
    """Counts for the inputs of one formula, taken apart into flows and stocks."""
    everything = Coverage(np.zeros(grid.shape, np.int32), np.zeros(grid.shape, np.int32))
    only_months = not any(f.answered[..., MONTHS.stop :].any() for f in (*flows.values(), *stocks.values()))
    for level in (slice(0, SLOTS),) if only_months else LEVELS:
        present, expected = (counts[..., level] for counts in everything)
        if flows:
            covered = {i: f.covered_months(level.stop) for i, f in flows.items()}
            months_present, months_expected = _with_parts(*_months(flows, covered, grid), grid)
            present += months_present @ _MONTHS_TO_SLOTS[:, level]
            expected += months_expected @ _MONTHS_TO_SLOTS[:, level]
        if stocks:
            covered = {i: f.covered_months(level.stop) for i, f in stocks.items()}
            last_present, last_expected = _with_parts(*_last_months(stocks, covered, grid, level), grid)
            present += last_present
            expected += last_expected
    return everything


def _months(
    inputs: Mapping[Input, Facts], covered: Mapping[Input, np.ndarray], grid: Grid
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Present, expected and all-inputs-answered of each unit's own months: bool [unit, year, 12]."""
    shape = grid.open_months.shape
    due, given, lacking = (np.zeros(shape, bool) for _ in range(3))
    answered_all = np.ones(shape, bool)
    for i, facts in inputs.items():
        answered = covered[i]
        reports = facts.reporters
        works = reports & grid.years_earlier_open(i.years_ago)
        due |= works & grid.due_months
        given |= reports & answered
        lacking |= works & ~answered
        answered_all &= answered
    expected = due | (given & ~lacking)
    return expected & ~lacking, expected, answered_all


def _last_months(
    inputs: Mapping[Input, Facts], covered: Mapping[Input, np.ndarray], grid: Grid, level: slice
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for the last month expected in each period of `level`: bool [unit, year, slots]."""
    month_in_slot = MONTH_IN_SLOT[:, level]
    shape = (*grid.shape[:2], month_in_slot.shape[1])
    due, given, lacking = (np.zeros(shape, bool) for _ in range(3))
    answered_all = np.ones(shape, bool)
    for i, facts in inputs.items():
        answered = covered[i]
        reports = facts.reporters
        works = reports & grid.years_earlier_open(i.years_ago)
        months_due = works & grid.due_months
        last_due = np.where(month_in_slot.T, np.where(months_due, _MONTH_NUMBERS, 0)[..., None, :], 0).max(
            axis=-1
        )
        any_answered = any_in(answered, month_in_slot.T)
        at_last = np.take_along_axis(answered, np.maximum(last_due - 1, 0), axis=-1)
        answered_here = np.where(last_due > 0, at_last, any_answered)
        due |= last_due > 0
        given |= any_in(reports & answered, month_in_slot.T)
        lacking |= any_in(works, month_in_slot.T) & ~answered_here
        answered_all &= answered_here
    expected = due | (given & ~lacking)
    return expected & ~lacking, expected, answered_all


def _with_parts(
    present: np.ndarray, expected: np.ndarray, own_all: np.ndarray, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Counts of every unit with its parts. A unit that answered everything itself answers for them."""
    total_present, total_expected = present.astype(np.int32), expected.astype(np.int32)
    for unit, children in grid.inner:
        total_present[unit] += total_present[children].sum(axis=0)
        total_expected[unit] += total_expected[children].sum(axis=0)
        total_expected[unit] = np.where(
            own_all[unit], np.maximum(total_expected[unit], 1), total_expected[unit]
        )
        total_present[unit] = np.where(own_all[unit], total_expected[unit], total_present[unit])
    return total_present, total_expected
