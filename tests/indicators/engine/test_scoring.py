"""Scores of values against ranges: four points, open sides, steps, bands per year."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.engine.grid import Grid, last_days
from indicators.engine.scoring import (
    Judged,
    RangeRule,
    RangeSources,
    Step,
    distance_outside,
    hospital_has_range,
    judge,
)
from indicators.periods import Period

ALWAYS = dt.date(1900, 1, 1)
YEARS = range(2008, 2010)
#: Bed occupancy of Depkes 2004: ideal 75–85 %, worst 40 and 100.
BOR = RangeRule(key=1, valid_from=ALWAYS, ideal_low=75.0, ideal_high=85.0, worst_low=40.0, worst_high=100.0)


def grid_of(parents: tuple[int, ...] = (-1,)) -> Grid:
    open_months = np.ones((len(parents), len(YEARS), 12), bool)
    return Grid(YEARS, parents, open_months, dt.date(2010, 1, 1), last_days(YEARS))


def sources(*rules: RangeRule, of_units: dict[int, list[RangeRule]] | None = None) -> RangeSources:
    return RangeSources(of_units or {}, {"standard": rules}, [(ALWAYS, "standard")])


def judged(value: float, rule: RangeRule, *, decimals: int = 2) -> Judged:
    grid = grid_of()
    return judge(np.full(grid.shape, value), decimals, sources(rule), grid)


def score(value: float, rule: RangeRule, period: str = "2009", *, decimals: int = 2) -> float:
    return float(cell(judged(value, rule, decimals=decimals).score, period))


def cell(array: np.ndarray, period: str, unit: int = 0) -> float:
    at = Period.parse(period)
    return float(array[unit, YEARS.index(at.year), at.slot])


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (75, 100),
        (80, 100),
        (85, 100),
        (57.5, 50),  # half way from 75 down to 40
        (40, 0),
        (10, 0),
        (92.5, 50),  # half way from 85 up to 100
        (100, 0),
        (120, 0),
        (74.995, 100),  # shown as 75.00
        (74.99, 99.9),  # 99.97 would be shown as 100.0
    ],
)
def test_four_points_fall_in_a_straight_line_from_the_ideal_to_the_worst(value: float, points: float) -> None:
    assert score(value, BOR) == pytest.approx(points)


def test_an_open_side_has_no_too_much() -> None:
    at_least = RangeRule(key=1, valid_from=ALWAYS, ideal_low=85.0, worst_low=0.0)
    assert score(1000, at_least) == 100
    assert score(42.5, at_least) == pytest.approx(50)
    at_most = RangeRule(key=1, valid_from=ALWAYS, ideal_high=25.0, worst_high=50.0)
    assert score(-3, at_most) == 100
    assert score(30, at_most) == pytest.approx(80)


def test_without_a_worst_point_a_value_outside_has_no_points_at_once() -> None:
    must_be_all = RangeRule(key=1, valid_from=ALWAYS, ideal_low=100.0)
    assert score(100, must_be_all) == 100
    assert score(99.99, must_be_all) == 0
    assert score(99.996, must_be_all) == 100


def test_a_worst_point_at_the_ideal_edge_is_a_cliff_as_well() -> None:
    cliff = RangeRule(key=1, valid_from=ALWAYS, ideal_high=25.0, worst_high=25.0)
    assert (score(25, cliff), score(25.01, cliff)) == (100, 0)


def test_steps_give_points_and_the_better_of_two_that_meet() -> None:
    table = RangeRule(
        key=1,
        valid_from=ALWAYS,
        ideal_low=75.0,
        ideal_high=85.0,
        steps=(Step(None, 60, 20.0), Step(60, 75, 60.0), Step(75, 85, 100.0), Step(85, None, 40.0)),
    )
    points = [score(value, table) for value in (0, 60, 74.99, 75, 85, 85.01, 200)]
    assert points == [20, 60, 60, 100, 100, 40, 40]
    assert cell(judged(80, table).range_low, "2009") == 75


def kep_100(text: str) -> RangeRule:
    """Return on equity as in the decree KEP-100/MBU/2002: from < ROE <= to."""
    edges = [None, 0, 1, 2.5, 4, 5.3, 6.6, 7.9, 9, 11, 13, 15, None]
    points = [0, 10, 20, 27.5, 35, 42.5, 50, 60, 70, 80, 90, 100]
    steps = tuple(Step(low, high, p) for low, high, p in zip(edges, edges[1:], points, strict=False))
    return RangeRule(key=1, valid_from=ALWAYS, steps=steps, steps_closed=text)


def test_steps_may_be_closed_above() -> None:
    found = [score(value, kep_100("above")) for value in (-3, 0, 0.01, 1, 14.99, 15.00, 15.004, 15.01, 40)]
    assert found == [0, 0, 10, 10, 90, 90, 90, 100, 100]


def test_steps_may_be_closed_below() -> None:
    found = [score(value, kep_100("below")) for value in (-3, 0, 1, 14.99, 14.995, 15.00)]
    assert found == [0, 10, 20, 90, 100, 100]


@pytest.mark.parametrize("closed", ["", "below", "above"])
def test_the_outermost_edges_of_a_table_belong_to_it(closed: str) -> None:
    table = RangeRule(
        key=1, valid_from=ALWAYS, steps=(Step(0, 50, 20.0), Step(50, 100, 60.0)), steps_closed=closed
    )
    assert (score(0, table), score(100, table)) == (20, 60)
    assert score(50, table) == (20 if closed == "above" else 60)


def test_edges_of_steps_are_compared_as_shown() -> None:
    """With one decimal 2.44 is shown as 2.4, and the table as from 2.4."""
    table = RangeRule(
        key=1, valid_from=ALWAYS, steps=(Step(0, 2.44, 20.0), Step(2.44, 5, 60.0)), steps_closed="below"
    )
    assert [score(value, table, decimals=1) for value in (2.3, 2.36, 2.44)] == [20, 60, 60]


def test_edges_are_compared_as_shown() -> None:
    """77.8 % is at least 77.8 %, though the edge is 700/9 and the value a hair below it."""
    at_least = RangeRule(key=1, valid_from=ALWAYS, ideal_low=700 / 9, worst_low=700 / 9)
    found = judged(77.76, at_least, decimals=1)
    assert (cell(found.score, "2009"), cell(found.range_low, "2009")) == (100, 77.8)
    assert not cell(found.outside, "2009")
    assert score(77.74, at_least, decimals=1) == 0
    at_most = RangeRule(key=1, valid_from=ALWAYS, ideal_high=100 / 3)
    assert (score(33.34, at_most, decimals=1), score(33.36, at_most, decimals=1)) == (100, 0)


@pytest.mark.parametrize(
    ("value", "outside"), [(74.99, True), (74.995, False), (80, False), (85.004, False), (85.01, True)]
)
def test_outside_is_told_apart_from_points(value: float, outside: bool) -> None:
    assert cell(judged(value, BOR).outside, "2009") == outside


def test_neither_a_gap_nor_a_value_without_a_band_lies_outside() -> None:
    assert not judged(float("nan"), BOR).outside.any()
    grid = grid_of()
    assert not judge(np.full(grid.shape, 80.0), 2, sources(), grid).outside.any()
    assert not judged(-5, kep_100("above")).outside.any()


@pytest.mark.parametrize(
    ("value", "low", "high", "distance"),
    [
        (46.29, 75, 85, -28.71),
        (35.9, 40, 50, -4.1),
        (3.5, 1, 3, 0.5),
        (80, 75, 85, 0),
        (74.996, 75, None, 0),
        (90, 75, None, 0),
        (90, None, 85, 5),
        (90, None, None, None),
    ],
)
def test_the_distance_from_the_range_is_that_of_the_numbers_shown(
    value: float, low: float | None, high: float | None, distance: float | None
) -> None:
    assert distance_outside(value, low, high, 2) == distance


def test_a_hospital_has_a_range_where_its_own_or_its_standards_is_in_force() -> None:
    from_2009 = rule(1, 75, dt.date(2009, 1, 1))
    grid = grid_of((-1, 0))
    assert hospital_has_range(sources(from_2009), grid.judged_on).all(axis=1).tolist() == [False, True]
    of_units = {0: [rule(2, 60)], 1: [rule(3, 50)]}
    assert hospital_has_range(sources(from_2009, of_units=of_units), grid.judged_on).all()
    assert not hospital_has_range(sources(of_units={1: [rule(3, 50)]}), grid.judged_on).any()


def test_a_value_outside_all_steps_has_no_score() -> None:
    table = RangeRule(key=1, valid_from=ALWAYS, steps=(Step(0, 50, 20.0), Step(50, 100, 100.0)))
    assert math.isnan(score(101, table))


def test_a_band_per_year_shrinks_with_the_period() -> None:
    """Bed turn-over 40–50 a year: 3.39 to 4.25 in a January of 31 days of 366 days, 3.40 to 4.25 of 365."""
    bto = RangeRule(
        key=1,
        valid_from=ALWAYS,
        ideal_low=40.0,
        ideal_high=50.0,
        worst_low=0.0,
        worst_high=100.0,
        per_year=True,
    )
    found = judged(4, bto)
    assert (cell(found.range_low, "2009"), cell(found.range_high, "2009")) == (40, 50)
    assert (cell(found.range_low, "2008-01"), cell(found.range_high, "2008-01")) == (3.39, 4.23)
    assert (cell(found.range_low, "2009-01"), cell(found.range_high, "2009-01")) == (3.40, 4.25)
    assert cell(found.range_low, "2009-Q1") == 9.86  # 40 × 90/365 = 9.863
    assert cell(found.range_low, "2009-S2") == 20.16  # 40 × 184/365 = 20.164
    assert cell(found.score, "2009-01") == 100
    assert cell(found.score, "2009") == pytest.approx(10)  # 4 of 40


def test_unknown_has_no_score_but_shows_its_range() -> None:
    found = judged(float("nan"), BOR)
    assert math.isnan(cell(found.score, "2009"))
    assert cell(found.range_low, "2009") == 75


def test_without_a_range_nothing_is_scored() -> None:
    grid = grid_of()
    found = judge(np.full(grid.shape, 80.0), 2, sources(), grid)
    assert np.isnan(found.score).all()
    assert (found.range_key == -1).all()


def rule(key: int, low: float, valid_from: dt.date = ALWAYS) -> RangeRule:
    return RangeRule(key=key, valid_from=valid_from, ideal_low=low)


def keys(found: Judged, period: str) -> list[int]:
    at = Period.parse(period)
    return found.range_key[:, YEARS.index(at.year), at.slot].tolist()


def test_the_nearest_range_holds_unit_before_parent_before_hospital_before_standard() -> None:
    """Root, department below it, two wards in the department; only ward 2 and the department differ."""
    grid = grid_of((-1, 0, 1, 1))
    value = np.full(grid.shape, 80.0)
    standard = rule(1, 75)
    of_units = {3: [rule(4, 50)], 1: [rule(3, 60)]}
    assert keys(judge(value, 2, sources(standard, of_units=of_units), grid), "2009") == [1, 3, 3, 4]
    of_units[0] = [rule(2, 70)]
    assert keys(judge(value, 2, sources(standard, of_units=of_units), grid), "2009") == [2, 3, 3, 4]


def test_a_range_holds_from_its_day_for_periods_that_end_then_or_later() -> None:
    grid = grid_of()
    ranges = [rule(1, 75), rule(2, 60, dt.date(2009, 3, 31)), rule(3, 50, dt.date(2009, 12, 1))]
    found = judge(np.full(grid.shape, 80.0), 2, sources(*reversed(ranges)), grid)
    held = {
        p: keys(found, p)[0] for p in ("2008", "2009-02", "2009-03", "2009-Q1", "2009-11", "2009-12", "2009")
    }
    assert held == {
        "2008": 1,
        "2009-02": 1,
        "2009-03": 2,
        "2009-Q1": 2,
        "2009-11": 2,
        "2009-12": 3,
        "2009": 3,
    }


def test_before_its_first_day_a_units_own_range_leaves_it_to_its_parents() -> None:
    grid = grid_of((-1, 0))
    of_units = {1: [rule(2, 60, dt.date(2009, 1, 1))]}
    found = judge(np.full(grid.shape, 80.0), 2, sources(rule(1, 75), of_units=of_units), grid)
    assert keys(found, "2008-12") == [1, 1]
    assert keys(found, "2009-01") == [1, 2]


def test_a_chosen_standard_holds_from_the_day_of_the_choice_even_where_it_is_silent() -> None:
    grid = grid_of()
    of_standards = {"old": [rule(1, 75)], "new": [rule(2, 60)], "silent": []}
    choices = [(dt.date(2009, 7, 1), "silent"), (ALWAYS, "old"), (dt.date(2009, 1, 1), "new")]
    found = judge(np.full(grid.shape, 80.0), 2, RangeSources({}, of_standards, choices), grid)
    assert [keys(found, p)[0] for p in ("2008-12", "2009-01", "2009-07")] == [1, 2, -1]


bands = (
    st.lists(st.integers(-500, 500), min_size=4, max_size=4, unique=True)
    .map(sorted)
    .map(
        lambda p: RangeRule(
            key=1,
            valid_from=ALWAYS,
            worst_low=p[0] / 4,
            ideal_low=p[1] / 4,
            ideal_high=p[2] / 4,
            worst_high=p[3] / 4,
        )
    )
)
values = st.floats(-300, 300)


@settings(max_examples=60, deadline=None)
@given(bands, values, values)
def test_scores_lie_between_0_and_100_and_fall_with_the_distance(
    band: RangeRule, one: float, other: float
) -> None:
    first, second = score(one, band), score(other, band)
    assert 0 <= first <= 100
    assert band.ideal_low is not None
    assert band.ideal_high is not None
    if one <= other <= band.ideal_low:
        assert first <= second
    if band.ideal_high <= one <= other:
        assert first >= second
    if band.ideal_low <= one <= band.ideal_high:
        assert first == 100


@settings(max_examples=60, deadline=None)
@given(bands, st.integers(-3000, 3000), st.floats(-0.049, 0.049))
def test_two_values_shown_alike_are_judged_alike(band: RangeRule, tenths: int, hidden: float) -> None:
    assume(abs(hidden) < 0.049)
    shown = tenths / 10
    assert score(shown + hidden, band, decimals=1) == score(shown, band, decimals=1)


@pytest.mark.parametrize(
    ("value", "points"), [(75.0, 100.0), (74.99, 99.9), (85.01, 99.9), (74.9, 99.71428571), (40.0, 0.0)]
)
def test_no_value_outside_its_range_is_shown_with_the_full_points(value: float, points: float) -> None:
    """From 75 down to 40 points fall by 100/35 for 1 %: 74.99 % would have 99.97, shown as 100.0."""
    assert judged(value, BOR).score[0, 0, 0] == pytest.approx(points)
