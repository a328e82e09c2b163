"""Four figures of bed use: which contradict, and what the others imply."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.agreements.contradictions import (
    contradictions_of,
    find_contradictions,
    half_of_last_digit,
)
from indicators.agreements.definitions import DatedAgreement, agreeing_with, agreement_of
from indicators.definition_files import load_tables
from indicators.definition_schemas import IdentityTable
from indicators.models.definition import ALWAYS

(BED_USE,) = [
    agreement_of(loaded.table.code, **loaded.table.model_dump(include={"indicators", "implied", "slack"}))
    for loaded in load_tables("identity", IdentityTable)
    if loaded.table.code == "bed_use"
]


def judged(days: int = 365, **figures: float) -> dict[str, tuple[tuple[str, ...], float]]:
    """By contradicting indicator: whom it contradicts, and what they imply."""
    return {c.indicator: (c.standing, c.implied) for c in contradictions_of(BED_USE, figures, days)}


def test_the_first_study_of_2009_contradicts_itself() -> None:
    found = judged(bor=46.29, avlos=2.66, bto=6.63, toi=6.9)
    assert found.keys() == {"bor", "bto"}
    assert found["bto"] == (("avlos", "toi"), pytest.approx(365 / 9.56))
    assert found["bor"] == (("avlos", "toi"), pytest.approx(100 * 2.66 / 9.56))


def test_what_follows_from_the_counts_agrees() -> None:
    # The second study, 1999, as it follows from its counts; AvLOS of patient days.
    assert judged(bor=58.53, avlos=4.96, bto=43.06, toi=3.52) == {}


def test_the_one_that_three_others_speak_against_is_named() -> None:
    """L = 6.13 and TOI = 2.03: occupancy 613/816 = 75.12 %, turn-over 365/8.16 = 44.73."""
    right = {"bor": 75.12, "avlos": 6.13, "toi": 2.03, "bto": 44.73}
    assert judged(**right) == {}
    for code, wrong in (("bor", 60.0), ("bto", 40.1), ("toi", 3.1), ("avlos", 9.5)):
        assert judged(**right | {code: wrong}).keys() == {code}
        (standing, implied), *_ = judged(**right | {code: wrong}).values()
        assert set(standing) == right.keys() - {code}
        assert implied == pytest.approx(right[code], rel=0.002)


def test_the_misprints_of_the_second_study_are_found() -> None:
    assert judged(bor=53.78, avlos=4.96, bto=43.0, toi=3.52).keys() == {"bor"}  # 58.53 follows
    assert judged(bor=52.29, avlos=5.32, bto=35.87, toi=4.85) == {}
    assert judged(bor=52.29, avlos=5.32, bto=35.87, toi=4.81) != {}  # 4.85 follows


def test_three_are_enough_and_two_never_contradict() -> None:
    assert judged(bor=46.29, avlos=2.66, toi=6.9).keys() == {"bor"}
    assert judged(bor=75.0, toi=2.0, bto=45.63) == {}
    assert judged(bor=75.0, toi=2.0, bto=30.0).keys() == {"bto"}
    assert judged(bor=46.29, bto=6.63) == {}


def test_a_stay_may_differ_by_the_ends_of_the_period_and_the_day_of_discharge() -> None:
    """6 days reported: L between 6 − 2·36/365 = 5.80 and 6 + 1 + 0.20 = 7.20, a digit rounded beside."""
    for stay, agrees in ((5.85, True), (5.7, False), (7.15, True), (7.3, False)):
        occupancy = round(100 * stay / (stay + 2.00), 2)
        assert (judged(bor=occupancy, avlos=6.01, toi=2.01) == {}) == agrees, stay


def test_a_month_allows_for_more_than_a_year() -> None:
    figures = {"bor": 82.5, "avlos": 6.01, "toi": 2.01}
    assert judged(30, **figures) == {}
    assert judged(365, **figures).keys() == {"bor"}


def test_turn_over_is_of_the_days_of_the_period() -> None:
    # 31 / 8 = 3.875 in a month
    assert judged(31, bor=75.0, toi=2.0, bto=3.88) == {}
    assert judged(31, bor=75.0, toi=2.0, bto=45.63) != {}


def test_what_cannot_be_computed_contradicts_nothing() -> None:
    assert judged(bor=0.0, avlos=0.0, toi=0.0, bto=0.0) == {}
    assert judged(bor=100.0, toi=0.0, bto=50.0) == {}


def test_half_of_the_last_digit_printed() -> None:
    figures = np.array([43.0, 6.9, 6.63, 0.0, 1.2345])
    np.testing.assert_allclose(half_of_last_digit(figures), [0.5, 0.05, 0.005, 0.5, 0.00005])


# On a busy machine drawing a handful of numbers may already be called slow.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    stay=st.floats(1, 15),
    interval=st.floats(0.3, 12),
    days=st.sampled_from([28, 30, 31, 90, 92, 181, 365, 366]),
    decimals=st.integers(1, 4),
    left_out=st.sampled_from([None, "avlos", "toi", "bor", "bto"]),
)
def test_figures_of_one_truth_agree_however_they_are_rounded(
    stay, interval, days, decimals, left_out
) -> None:
    figures = {
        "avlos": stay,
        "toi": interval,
        "bor": 100 * stay / (stay + interval),
        "bto": days / (stay + interval),
    }
    rounded = {code: round(value, decimals) for code, value in figures.items() if code != left_out}
    assert judged(days, **rounded) == {}


def test_many_at_once_are_judged_as_one_by_one() -> None:
    figures = {
        "bor": np.array([46.29, 75.0, np.nan]),
        "avlos": np.array([2.66, 6.0, 6.0]),
        "toi": np.array([6.9, 2.0, 2.0]),
        "bto": np.array([6.63, 45.63, np.nan]),
    }
    found = find_contradictions(BED_USE, figures, np.array([365.0, 365, 365]))
    assert {code: array.tolist() for code, array in found.contradicts.items()} == {
        "avlos": [False, False, False],
        "toi": [False, False, False],
        "bor": [True, False, False],
        "bto": [True, False, False],
    }


def test_who_hangs_together_is_asked_by_any_of_them() -> None:
    held = [DatedAgreement(BED_USE, ALWAYS, None)]
    assert agreeing_with(["bto", "ndr"], held) == {"avlos", "toi", "bor", "bto"}
    assert agreeing_with(["ndr"], held) == set()
