"""Rounding as figures are shown: halves go away from zero, in pages and in judgements alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np

#: A binary fraction such as 2.675 lies a hair below its decimal; the hair is given back first. Of
#: large numbers it may not grow so much that it is seen.
_HAIR, _THICKEST_HAIR = 1e-12, 1e-4


@overload
def as_shown(value: float, decimals: int) -> float: ...
@overload
def as_shown(value: np.ndarray, decimals: int) -> np.ndarray: ...
def as_shown(value: float | np.ndarray, decimals: int) -> float | np.ndarray:
    """`value` (a number or an array; NaN stays NaN) rounded to `decimals` places."""
    scale = 10.0**decimals
    # Adding nothing makes minus zero zero: a fall too small to show is not shown as "-0".
    if not isinstance(value, (int, float)):
        # Every page rounds numbers, and not every process that can show one has use for NumPy.
        import numpy as np

        scaled = np.abs(value) * scale
        hair = np.minimum(scaled * _HAIR, _THICKEST_HAIR)
        rounded: np.ndarray = np.copysign(np.floor(scaled + hair + 0.5), value) / scale + 0.0
        return rounded
    if not math.isfinite(value):
        return value
    # The same for one number, ten times as fast: a page rounds thousands of them, one by one.
    size = abs(value) * scale
    whole = math.floor(size + min(size * _HAIR, _THICKEST_HAIR) + 0.5)
    return math.copysign(whole, value) / scale + 0.0
