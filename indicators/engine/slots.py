"""The slots of a year's periods as arrays; apart from `indicators.periods`, which needs no arrays."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from indicators.periods import SLOTS, Period


def _containment() -> np.ndarray:
    slots = [Period.from_slot(2001, slot) for slot in range(SLOTS)]
    return np.array([[a.contains(b) for b in slots] for a in slots])


#: bool [19, 19]: slot a (row) contains slot b (column); every slot contains itself.
CONTAINS = _containment()


@lru_cache(maxsize=256)
def days_of_slots(years: range) -> np.ndarray:
    """Days of every period: float [year, 19], not to be written to."""
    days = np.array([[Period.from_slot(year, slot).days for slot in range(SLOTS)] for year in years], float)
    days.flags.writeable = False
    return days


def codes_of_slots(years: range) -> np.ndarray:
    """Stored numbers of every period: int32 [year, 19]."""
    offsets = np.array([Period.from_slot(2000, slot).code - 200000 for slot in range(SLOTS)], np.int32)
    return np.array(years, np.int32)[:, None] * 100 + offsets
