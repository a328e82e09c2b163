"""Figures that join more than a home's month into one tile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.engine.facts import ElementRule
from indicators.engine.grid import FIRST_MONTH, LAST_MONTH, Grid
from indicators.engine.standing import LAST, Standing
from indicators.engine.tiles import Joint


def joints_of(
    stands: Standing,
    rule: ElementRule,
    above_homes: np.ndarray,
    rows: np.ndarray,
    grid: Grid,
    position: Mapping[int, int],
    slots: np.ndarray,
) -> list[Joint]:
    """What joins more than the month of one home: longer flows, and figures of units above homes. A stock
    above homes joins what is below it for all of the period that it stands in."""
    found: list[Joint] = []
    own = np.arange(len(rows))
    for row, year in zip(*np.nonzero(stands.answered.any(axis=-1)), strict=True):
        joins_units = bool(above_homes[row, year])
        below = _rows_below(row, rows, grid, position) if joins_units else own[row : row + 1]
        if rule.manner is LAST:
            if joins_units:
                found += [
                    Joint(row, year, slice(month, month + 1), below)
                    for slot in slots
                    if stands.answered[row, year, FIRST_MONTH[slot] : LAST_MONTH[slot] + 1].any()
                    for month in range(FIRST_MONTH[slot], LAST_MONTH[slot] + 1)
                ]
            continue
        spans = stands.span[row, year] if stands.span is not None else np.full(12, -1)
        for slot in np.unique(spans[spans >= 0]):
            months = slice(FIRST_MONTH[slot], LAST_MONTH[slot] + 1)
            found.append(Joint(row, year, months, below))
        if joins_units:
            for month in np.flatnonzero(stands.answered[row, year] & (spans < 0)):
                found.append(Joint(row, year, slice(month, month + 1), below))
    return found


def has_home_below(
    group: np.ndarray, rows: np.ndarray, grid: Grid, position: Mapping[int, int]
) -> np.ndarray:
    found = np.zeros(group.shape, bool)
    homes = group == np.arange(len(rows))[:, None]
    for row in range(len(rows)):
        below = _rows_below(row, rows, grid, position)[1:]
        found[row] = homes[below].any(axis=0)
    return found


def _rows_below(row: int, rows: np.ndarray, grid: Grid, position: Mapping[int, int]) -> np.ndarray:
    return np.array([position[int(unit)] for unit in grid.subtrees[rows[row]]])
