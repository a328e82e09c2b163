"""What a figure leaves out, by unit and run of months, so that it can be named: flows in the months that were
expected and do not count, stocks at the month in which they were due.

What single units lack is named to themselves and to every unit above that adds them up; in a pass of one
unit everything is named to the unit that was asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indicators.engine.completeness import Completeness
from indicators.engine.grid import FIRST_MONTH, LAST_MONTH, Grid
from indicators.engine.passes import Pass


class LeftOutRows(NamedTuple):
    """One entry per unit asked, period and run of months of a part, whole numbers: positions of `unit`
    and `part`, of the `year`; `slot`; `first` and `last` month 0 to 11; `missing` bits of what is lacking.
    """

    unit: np.ndarray
    year: np.ndarray
    slot: np.ndarray
    part: np.ndarray
    first: np.ndarray
    last: np.ndarray
    missing: np.ndarray

    @classmethod
    def none(cls) -> LeftOutRows:
        return cls(*(np.zeros(0, np.int64) for _name in cls._fields))

    def where(self, chosen: np.ndarray) -> LeftOutRows:
        return LeftOutRows(*(array[chosen] for array in self))


def joined(found: list[LeftOutRows]) -> LeftOutRows:
    if not found:
        return LeftOutRows.none()
    return LeftOutRows(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))


def left_out_of(one: Pass, complete: Completeness, grid: Grid) -> LeftOutRows:
    """What each row of a pass leaves out, named to itself, in those periods of which the grid asks it."""
    bits = np.where(complete.named, one.counted.lacking, 0)
    asked = grid.asked_slots[one.years]
    found = []
    for number, slot in enumerate(one.counted.slots):
        if not (years := asked[:, slot]).any():
            continue
        lacking = bits
        if complete.stock_month is not None:
            lacking = bits | _stocks_at_month(one.counted.stock_lacking, complete, number)
        if not years.all():
            lacking = np.where(years[:, None], lacking, 0)
        if lacking.any():
            found.append(_runs(lacking, int(slot)))
    if not found:
        return LeftOutRows.none()
    row, year, slots, first, last, missing = (np.concatenate(a) for a in zip(*found, strict=True))
    part = one.rows[row]
    return LeftOutRows(part, one.years[year], slots, part, first, last, missing)


def named_above(found: LeftOutRows, grid: Grid, *, path_of: int | None = None) -> LeftOutRows:
    """Each entry once for its part and every unit above it (or above the unit `path_of`)."""
    if not len(found.part):
        return found
    # Row by row of the table of paths, which are filled up with -1.
    paths = grid.paths[found.part if path_of is None else np.full_like(found.part, path_of)]
    there = paths >= 0
    arrays = (np.repeat(array, there.sum(axis=1)) for array in found[1:])
    return LeftOutRows(paths[there], *arrays)


def _runs(bits: np.ndarray, slot: int) -> tuple[np.ndarray, ...]:
    """Runs of months of one slot with the same bits: row, year, slot, first, last, bits."""
    begin, end = int(FIRST_MONTH[slot]), int(LAST_MONTH[slot]) + 1
    inside = bits[..., begin:end]
    starts, ends = inside != 0, inside != 0
    starts[..., 1:] &= inside[..., 1:] != inside[..., :-1]
    ends[..., :-1] &= inside[..., 1:] != inside[..., :-1]
    row, year, first = np.nonzero(starts)
    last = np.nonzero(ends)[2]
    return row, year, np.full(len(row), slot), first + begin, last + begin, inside[row, year, first]


def _stocks_at_month(lacking: np.ndarray, complete: Completeness, number: int) -> np.ndarray:
    """Of the stocks `lacking` in each month, those of the month that was owed, where it is not there."""
    assert complete.stock_month is not None  # noqa: S101
    month = complete.stock_month[..., number, None]
    short = (complete.stocks_expected > complete.stocks_present)[..., number, None]
    return np.where(short & (np.arange(12) == month), lacking, 0)
