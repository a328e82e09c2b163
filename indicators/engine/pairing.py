"""Which figures of a formula's flows stand beside each other: only what is known together counts.

Otherwise twelve months of beds would be divided into ten months of patient days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from indicators.engine.facts import Facts, used_facts
from indicators.engine.grid import CONTAINS_SHORTER, MONTH_IN_SLOT, MONTHS, Grid, any_in
from indicators.engine.pooling import Contributions
from indicators.formula import Input

_LONGER = slice(MONTHS.stop, None)


def known_together(
    inputs: Mapping[Input, Facts], grid: Grid
) -> dict[Input, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Leave out what a unit reported for a month in which it owes another flow of the formula, or in
    which another is not applicable.

    A longer fact goes when none of the open months inside it is left; one that shorter ones had
    replaced does not come back when those go. Returns value, has, not_applicable per input.
    """
    usable = {i: (f.value, f.has, f.not_applicable) for i, f in inputs.items()}
    if len(inputs) < 2:
        return usable
    answered = {i: f.covered_months() for i, f in inputs.items()}
    owing = np.zeros(grid.open_months.shape, bool)
    for i, f in inputs.items():
        open_then = grid.years_earlier_open(i.years_ago)
        owing |= f.reporters & open_then & ~answered[i]
        if f.not_applicable.any():
            owing |= any_in(used_facts(f.answered) & f.not_applicable, MONTH_IN_SLOT)
    blocked = owing & np.logical_or.reduce(list(answered.values()))
    if not blocked.any():
        return usable
    idle = blocked | ~grid.open_months
    blocked_slots = ~any_in(~idle, MONTH_IN_SLOT.T) & any_in(blocked, MONTH_IN_SLOT.T)
    keep = ~blocked_slots
    keep[..., MONTHS] = ~blocked
    kept = {}
    for i, (value, has, absent) in usable.items():
        given = has | absent
        if given[..., _LONGER].any():
            not_replaced = ~any_in(given, CONTAINS_SHORTER)
            kept[i] = value, has & keep & not_replaced, absent & not_replaced
        else:
            kept[i] = value, has & keep, absent
    return kept


def same_months(
    parts: Mapping[Input, Contributions], per_day: Collection[Input], grid: Grid
) -> dict[Input, Contributions]:
    """Use only months in which every flow is known at the unit, where it is known by month at all.

    A flow known for a longer period as a whole stands beside the months of the others only if those
    are complete. One that grows by the day (`per_day`, as bed-days do) is cut to their months.
    """
    if len(parts) < 2:
        return dict(parts)
    known = [any_in(p.has, MONTH_IN_SLOT) for p in parts.values()]
    together = np.logical_and.reduce(known)
    result = dict(parts)
    if not np.array_equal(together, np.logical_or.reduce(known)):
        for i, p in parts.items():
            has = p.has.copy()
            has[..., MONTHS] &= together
            result[i] = Contributions(np.where(has, p.value, 0.0), has, p.not_applicable)
    return _beside_whole_periods(result, together, per_day, grid)


def _beside_whole_periods(
    parts: dict[Input, Contributions], together: np.ndarray, per_day: Collection[Input], grid: Grid
) -> dict[Input, Contributions]:
    if not any(p.has[..., _LONGER].any() for p in parts.values()):
        return parts
    by_months = {i: any_in(p.has[..., MONTHS], MONTH_IN_SLOT.T)[..., _LONGER] for i, p in parts.items()}
    by_fact = {
        i: p.has[..., _LONGER] & ~any_in(p.has, CONTAINS_SHORTER)[..., _LONGER] for i, p in parts.items()
    }
    whole = np.logical_or.reduce(list(by_fact.values()))
    beside = whole & np.logical_or.reduce([by_months[i] & ~p.has[..., _LONGER] for i, p in parts.items()])
    if not beside.any():
        return parts
    lacking = ~together
    owed = lacking & grid.due_months & (grid.sum_below(grid.open_months.astype(np.int32)) > 0)
    incomplete = beside & any_in(owed, MONTH_IN_SLOT.T)[..., _LONGER]
    share = np.where(beside, (grid.days_in(together) / grid.days)[..., _LONGER], 1.0)
    result = {}
    for i, p in parts.items():
        value, has = p.value.copy(), p.has.copy()
        if i in per_day:
            value[..., _LONGER] = np.where(by_fact[i], value[..., _LONGER] * share, value[..., _LONGER])
        else:
            has[..., _LONGER] &= ~(by_fact[i] & incomplete)
            value = np.where(has, value, 0.0)
        result[i] = Contributions(value, has, p.not_applicable)
    return result
