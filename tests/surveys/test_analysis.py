"""The statistics of surveys, with numbers that can be checked by hand."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from surveys.analysis.conformity import csi_percent, paired_dimensions, paired_items, quadrants
from surveys.analysis.counts import Answers, Counts
from surveys.analysis.reliability import critical_correlation, cronbach_alpha, reliability
from surveys.analysis.sampling import conformity_interval, response_rate_percent, sample_size, with_allowance
from surveys.analysis.satisfaction import public_satisfaction, single_items
from surveys.analysis.small_groups import withheld
from surveys.analysis.summary import Caution, as_json, judge_quality, summarise_paired, summarise_single


def paired(reality: list[list[int]], expectation: list[list[int]], dimensions: str = "") -> Counts:
    """Counts of items q1, q2 …; `dimensions` is one letter per item."""
    number = len(reality)
    return Counts(
        tuple(f"q{n}" for n in range(1, number + 1)),
        tuple(dimensions or "a" * number),
        sum(reality[0]),
        np.array(reality),
        np.array(expectation),
    )


def single(counts: list[list[int]]) -> Counts:
    both = paired(counts, counts)
    return Counts(both.codes, both.dimensions, both.respondents, both.reality)


def answers(reality: list[list[float]], expectation: list[list[float]] | None = None) -> Answers:
    number = len(reality[0])
    codes = tuple(f"q{n}" for n in range(1, number + 1))
    other = None if expectation is None else np.array(expectation, float)
    return Answers(codes, ("a",) * number, 4, np.array(reality, float), other)


def test_conformity_is_the_sum_of_reality_over_the_sum_of_expectation():
    items = paired_items(paired([[0, 0, 10, 0], [10, 0, 0, 0]], [[0, 0, 0, 10], [0, 0, 10, 0]], "ab"))
    assert [item.conformity_percent for item in items] == [75, pytest.approx(100 / 3)]
    assert items[0].gap == -1
    (whole,) = paired_dimensions(paired_items(paired([[0, 0, 1, 0]] * 2, [[0, 1, 0, 0], [0, 0, 0, 1]])))
    assert whole.conformity_percent == 100, "the sums 6 and 6, not the mean of 150 and 75"


def test_conformity_above_a_hundred_is_shown_as_it_is():
    (item,) = paired_items(paired([[0, 0, 0, 10]], [[10, 0, 0, 0]]))
    assert item.conformity_percent == 400


def test_without_answers_there_is_no_conformity_and_no_quadrant():
    counts = paired([[0, 0, 0, 0]], [[0, 0, 0, 0]])
    (item,) = paired_items(counts)
    assert item.conformity_percent is None
    assert item.gap is None
    assert quadrants([item]).letters == {"q1": None}
    assert csi_percent(counts) is None


def test_each_quadrant_and_a_point_on_both_cuts_counts_as_the_better_side():
    # Mean reality 1, 3, 1, 3, 2; mean expectation 4, 4, 2, 2, 3; the cuts are 2 and 3.
    reality = [[1, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]]
    expectation = [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    found = quadrants(paired_items(paired(reality, expectation)))
    assert (found.reality_cut, found.expectation_cut) == (2, 3)
    assert list(found.letters.values()) == ["A", "B", "C", "D", "B"]


def test_a_cut_is_exact_where_floats_would_miss_it():
    """Three equal means of 1/3-ish parts: all lie on the cut, so all are kept up."""
    counts = paired([[1, 1, 1, 0]] * 3 + [[2, 2, 2, 0]] * 4, [[0, 1, 1, 1]] * 3 + [[0, 2, 2, 2]] * 4)
    assert set(quadrants(paired_items(counts)).letters.values()) == {"B"}


def test_csi_weighs_mean_reality_by_mean_expectation():
    # Expectations 4 and 2 weigh 2/3 and 1/3; realities 3 and 1: (2/3·3 + 1/3·1)/4 = 58.33 %.
    counts = paired([[0, 0, 1, 0], [1, 0, 0, 0]], [[0, 0, 0, 1], [0, 1, 0, 0]])
    assert csi_percent(counts) == pytest.approx(100 * (7 / 3) / 4)


@given(
    arrays.arrays(np.int64, (5, 4), elements=st.integers(0, 10**6)),
    arrays.arrays(np.int64, (5, 4), elements=st.integers(0, 10**6)),
)
def test_csi_never_passes_a_hundred(reality: np.ndarray, expectation: np.ndarray):
    counts = Counts(tuple("abcde"), tuple("xxxyy"), 10, reality, expectation)
    found = csi_percent(counts)
    assert found is None or 0 < found <= 100


def test_the_share_satisfied_counts_the_best_answers():
    items = single_items(single([[1, 2, 3, 4]]), 3)
    assert (items[0].satisfied_percent, items[0].weight, items[0].mean) == (70, 30, 3)
    assert items[0].answers_percent == [10, 20, 30, 40]


@pytest.mark.parametrize(
    ("counts", "index", "grade"),
    [
        ([[0, 0, 0, 1]] * 9, "100.00", "A"),
        ([[1, 0, 0, 0]] * 9, "25.00", "D"),
        ([[0, 0, 1, 0]] * 9, "75.00", "C"),
        # 35.32 of 40 rounds to 88.30 of 100: still B; one answer in ten thousand more is A.
        ([[0, 0, 4680, 5320]] * 9, "88.30", "B"),
        ([[0, 0, 4676, 5324]] * 9, "88.31", "A"),
        ([[0, 0, 9356, 644]] * 9, "76.61", "B"),
        ([[0, 4000, 6000, 0]] * 9, "65.00", "C"),
        ([[0, 4002, 5998, 0]] * 9, "65.00", "C"),
        ([[0, 4003, 5997, 0]] * 9, "64.99", "D"),
    ],
)
def test_skm_is_rounded_before_it_is_graded(counts: list[list[int]], index: str, grade: str):
    found = public_satisfaction(np.array(counts))
    assert found is not None
    assert (found.index, found.grade) == (Decimal(index), grade)


def test_skm_weighs_items_alike_whatever_the_number_of_their_answers():
    found = public_satisfaction(np.array([[0, 0, 0, 1]] + [[0, 0, 10, 0]] * 8))
    assert found is not None
    assert found.index == Decimal("77.78"), "25 · (4 + 8·3)/9"
    assert public_satisfaction(np.zeros((9, 4), int)) is None


def test_alpha_by_hand():
    # Two items: variances 1 and 1, sums 2, 4, 6 with variance 4: 2/1 · (1 − 2/4) = 1.
    assert cronbach_alpha(np.array([[1.0, 1], [2, 2], [3, 3]])) == pytest.approx(1)
    # Items that undo each other: the sum never varies.
    assert cronbach_alpha(np.array([[1.0, 3], [2, 2], [3, 1]])) is None
    # Textbook example of four people and three items: variances 5/3, 1, 5/3; sums 3, 5, 9, 11.
    table = np.array([[1.0, 1, 1], [2, 1, 2], [3, 3, 3], [4, 3, 4]])
    assert cronbach_alpha(table) == pytest.approx(1.5 * (1 - (5 / 3 + 4 / 3 + 5 / 3) / (40 / 3)))


def test_critical_correlations_are_those_of_the_tables():
    assert round(critical_correlation(30), 3) == 0.361
    assert round(critical_correlation(10), 3) == 0.632
    assert round(critical_correlation(100), 3) == 0.197


def test_an_item_against_the_rest_is_not_valid():
    people = np.array([[1, 1, 4], [2, 2, 3], [3, 3, 2], [4, 4, 1]] * 8, float)
    found = reliability(("q1", "q2", "q3"), people)
    assert found is not None
    assert found.respondents == 32
    assert [item.is_valid for item in found.items] == [None, None, False]
    assert found.verdict == "not_reliable"


def test_reliability_uses_whole_answers_only():
    found = reliability(("q1", "q2"), np.array([[1, 1], [2, 2], [3, 4], [4, math.nan]]))
    assert found is not None
    assert found.respondents == 3
    assert reliability(("q1", "q2"), np.array([[1.0, 1], [2, 2]])) is None


def test_the_published_sample_size():
    assert sample_size(1200, precision=0.05, z=2.58, proportion=0.96) == 95
    assert with_allowance(95, 10) == 105


def test_the_allowance_is_exact():
    assert with_allowance(100, 10) == 110
    assert with_allowance(0, 10) == 0


def test_a_small_population_is_asked_whole():
    assert sample_size(1) == 1
    assert sample_size(10) <= 10
    with pytest.raises(ValueError, match="make sense"):
        sample_size(0)


def test_the_response_rate_is_unknown_where_nobody_knows_how_many_were_asked():
    assert response_rate_percent(30, 40) == 75
    assert response_rate_percent(30, None) is None


def test_the_interval_holds_the_conformity_and_does_not_change():
    rng = np.random.default_rng(1)
    reality = rng.integers(2, 5, (60, 5))
    expectation = rng.integers(3, 5, (60, 5))
    people = answers(reality.tolist(), expectation.tolist())
    found = conformity_interval(people)
    assert found is not None
    assert found[0] < 100 * reality.sum() / expectation.sum() < found[1]
    assert conformity_interval(people) == found


def test_there_is_no_interval_of_single_answers_or_of_few_people():
    assert conformity_interval(answers([[1, 2]] * 10)) is None
    assert conformity_interval(answers([[1, 2]] * 4, [[3, 4]] * 4)) is None


def test_half_a_pair_is_no_answer():
    counts = answers([[3, 4], [2, math.nan]], [[4, math.nan], [3, 3]]).counts()
    assert counts.reality.sum(axis=1).tolist() == [2, 0]
    assert counts.expectation is not None
    assert counts.expectation.sum(axis=1).tolist() == [2, 0]


def test_groups_of_fewer_than_five_are_hidden_and_cannot_be_found_by_subtraction():
    assert withheld({"a": 20, "b": 4, "c": 7}) == {"b", "c"}
    assert withheld({"a": 20, "b": 4, "c": 3}) == {"b", "c"}
    assert withheld({"a": 20, "b": 5, "c": 0}) == set()
    assert withheld({"a": 4}) == {"a"}


def test_four_people_are_not_shown_and_five_are():
    few, enough = paired([[0, 0, 4, 0]], [[0, 0, 0, 4]]), paired([[0, 0, 5, 0]], [[0, 0, 0, 5]])
    assert as_json(summarise_paired(few)) == {
        "respondents": 4,
        "items": [],
        "dimensions": [],
        "overall": {"conformity_percent": None, "csi_percent": None},
    }
    assert as_json(summarise_paired(enough))["overall"]["conformity_percent"] == 75
    assert summarise_single(single([[0, 0, 4, 0]]), satisfied_from=3).items == ()


def test_cautions_say_what_weakens_a_result():
    rng = np.random.default_rng(2)
    noise = answers(rng.integers(1, 5, (20, 5)).tolist())
    found = judge_quality(noise, respondents=20, tallied=0, target=95)
    assert {Caution.SMALL_SAMPLE, Caution.BELOW_TARGET, Caution.NOT_RELIABLE} <= set(found.cautions)
    tallied = judge_quality(None, respondents=230, tallied=230, target=None)
    assert tallied.cautions == (Caution.TALLIED,)
