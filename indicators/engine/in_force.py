"""When an indicator is computed at all: from the first day of its first formula until it is retired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np


def in_force(
    first_days: Iterable[dt.date | None], retired_from: dt.date | None, days: np.ndarray
) -> np.ndarray:
    """Whether an indicator holds on each of `days` (datetime64, any shape): bool of that shape.

    `first_days` of its formulas; None: always.
    """
    begins = min((day or dt.date.min for day in first_days), default=dt.date.max)
    holds: np.ndarray = days >= np.datetime64(begins)
    if retired_from is not None:
        holds &= days < np.datetime64(retired_from)
    return holds


def by_decimals(
    former: Sequence[tuple[dt.date, int]],
    decimals: int,
    days: np.ndarray,
    judged_with: Callable[[int], Sequence[np.ndarray]],
) -> list[np.ndarray]:
    """Arrays […, year, 19] of `judged_with(decimals)`, each cell with the decimals of its day.

    `former`: (day, decimals shown before that day), by day; `days` datetime64 [year, 19].
    """
    found = [array.copy() for array in judged_with(decimals)]
    for until, before in sorted(former, reverse=True):
        where = days < np.datetime64(until)
        for array, other in zip(found, judged_with(before), strict=True) if where.any() else ():
            np.copyto(array, other, where=where)
    return found
