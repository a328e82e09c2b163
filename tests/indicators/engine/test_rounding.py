import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.rounding import as_shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-2.5, 0, -3),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (79.949, 1, 79.9),
        (79.95, 1, 80.0),
        (74.994, 2, 74.99),
        (1e12 + 0.5, 0, 1e12 + 1),
    ],
)
def test_halves_go_away_from_zero(value: float, decimals: int, shown: float) -> None:
    assert as_shown(value, decimals) == shown
    assert as_shown(np.array([value]), decimals).tolist() == [shown]


def test_what_is_unknown_stays_unknown() -> None:
    assert math.isnan(as_shown(float("nan"), 2))


def test_a_fall_too_small_to_show_is_zero_without_a_sign() -> None:
    assert str(as_shown(-0.004, 2)) == "0.0"


# In thousandths, so that the expected number can be computed in whole numbers.
@given(st.integers(-(10**9), 10**9))
def test_thousandths_are_rounded_as_on_paper(thousandths: int) -> None:
    on_paper = (abs(thousandths) + 5) // 10 * (1 if thousandths >= 0 else -1)
    assert as_shown(thousandths / 1000, 2) == on_paper / 100


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_rounding_twice_changes_nothing_more(value: float, decimals: int) -> None:
    once = as_shown(value, decimals)
    assert as_shown(once, decimals) == once
    assert abs(once - value) <= 0.5002 * 10.0**-decimals


@given(st.floats(-1e15, 1e15) | st.sampled_from([float("inf"), float("-inf"), -0.0]), st.integers(0, 6))
def test_one_number_is_rounded_as_many_are(value: float, decimals: int) -> None:
    assert str(as_shown(value, decimals)) == str(float(as_shown(np.array([value]), decimals)[0]))
