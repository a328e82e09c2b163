"""Which figures of a formula's inputs stand beside each other: only what is known together counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import CONTAINS_SHORTER, MONTH_IN_SLOT, MONTHS, Grid, any_in
from indicators.engine.pooling import Contributions
from indicators.formula import Input


def known_together(
    inputs: Mapping[Input, Facts], grid: Grid
) -> dict[Input, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Leave out what a unit reported for a month in which it owes another input of the formula.

    Otherwise twelve months of beds would be divided into ten months of patient days. A longer fact
    goes when none of the open months inside it is left; one that shorter ones had replaced does not
    come back when those go. Returns value, has, not_applicable per input.
    """
    usable = {i: (f.value, f.has, f.not_applicable) for i, f in inputs.items()}
    if len(inputs) < 2:
        return usable
    answered = {i: f.covered_months() for i, f in inputs.items()}
    owing = np.zeros(grid.open_months.shape, bool)
    for i, f in inputs.items():
        open_then = grid.years_earlier_open(i.years_ago)
        owing |= f.reporters[:, None, None] & open_then & ~answered[i]
    blocked = owing & np.logical_or.reduce(list(answered.values()))
    if not blocked.any():
        return usable
    idle = blocked | ~grid.open_months
    blocked_slots = ~any_in(~idle, MONTH_IN_SLOT.T) & any_in(blocked, MONTH_IN_SLOT.T)
    keep = ~blocked_slots
    keep[..., MONTHS] = ~blocked
    kept = {}
    for i, (value, has, absent) in usable.items():
        answered = has | absent
        keep_here = keep & ~any_in(answered, CONTAINS_SHORTER) if answered[..., MONTHS.stop :].any() else keep
        kept[i] = value, has & keep_here, absent & keep_here
    return kept


def same_months(parts: Mapping[Input, Contributions]) -> dict[Input, Contributions]:
    """Use only months in which every flow is known at the unit, where it is known by month at all."""
    if len(parts) < 2:
        return dict(parts)
    known = [any_in(p.has | p.not_applicable, MONTH_IN_SLOT) for p in parts.values()]
    together = np.logical_and.reduce(known)
    if np.array_equal(together, np.logical_or.reduce(known)):
        return dict(parts)
    result = {}
    for i, p in parts.items():
        has, absent = p.has.copy(), p.not_applicable.copy()
        has[..., MONTHS] &= together
        absent[..., MONTHS] &= together
        result[i] = Contributions(np.where(has, p.value, 0.0), has, absent)
    return result
