"""How many days stand behind a figure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import MONTH_IN_SLOT, Grid, any_in
from indicators.engine.pooling import Contributions
from indicators.formula import Input


def days_of_flows_so_far(flows: Mapping[Input, Facts], grid: Grid) -> np.ndarray:
    """Days of the months that count in each period: float [unit, year, 19] or, of all units, [year, 19].

    In a period that is still running those are the months due so far and those the unit or its
    parts reported early; in any other, and in one of which nothing counts yet, all of its months.
    """
    if grid.due_months.all():
        return grid.days
    counted = np.broadcast_to(grid.due_months, grid.open_months.shape).copy()
    for i, f in flows.items():
        if i.years_ago == 0:
            counted |= grid.sum_below(f.covered_months().astype(np.int32)) > 0
    days = grid.days_in(counted)
    return np.where(days > 0, days, grid.days)


def days_of_known_flows(parts: Mapping[Input, Contributions], grid: Grid) -> np.ndarray:
    """Days of the months in which the flows of a year are known, of the unit or any part of it.

    float [unit, year, 19] or, of all units, [year, 19]. All days of the period where no flow is
    known, and for stocks alone.
    """
    known = [any_in(p.has, MONTH_IN_SLOT) for i, p in parts.items() if i.years_ago == 0]
    if not known:
        return grid.days
    days = grid.days_in(np.logical_and.reduce(known))
    return np.where(days > 0, days, grid.days)
