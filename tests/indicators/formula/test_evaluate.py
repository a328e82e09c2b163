import numpy as np

from indicators.formula import Input, alternatives_of, parse
from indicators.formula.evaluate import Outcome, evaluate

NAN = float("nan")


def calculate(text: str, **figures: list[float]) -> Outcome:
    """Evaluate for three periods; `days` of them, and of those a year earlier, are 28, 29 and 31."""
    (alternative,) = alternatives_of(parse(text))
    inputs = {i: np.array(figures[i.code]) for i in alternative.inputs}
    days = {ago: np.array([28.0, 29.0, 31.0]) for ago in alternative.days_years_ago}
    return evaluate(alternative.tree, inputs, days, (3,))


def test_arithmetic_is_done_for_all_periods_at_once() -> None:
    outcome = calculate("100 * a / (b * days)", a=[14, 29, 62], b=[1, 2, 4])
    np.testing.assert_allclose(outcome.value, [50, 50, 50])
    assert not outcome.divided_by_nothing.any()


def test_unknown_stays_unknown() -> None:
    outcome = calculate("a + b", a=[1, NAN, 3], b=[1, 1, NAN])
    np.testing.assert_equal(outcome.value, [2, NAN, NAN])


def test_division_by_nothing_is_no_value_and_no_error() -> None:
    outcome = calculate("a / b", a=[1, 0, 3], b=[0, 0, 2])
    np.testing.assert_equal(outcome.value, [NAN, NAN, 1.5])
    assert outcome.divided_by_nothing.tolist() == [True, True, False]


def test_an_unknown_number_divided_by_nothing_is_unknown_first() -> None:
    outcome = calculate("a / b", a=[NAN, 1, 1], b=[0, NAN, 1])
    assert outcome.divided_by_nothing.tolist() == [False, False, False]


def test_a_mean_leaves_out_the_parts_without_cases_and_is_unknown_when_a_part_is() -> None:
    outcome = calculate("10 * mean(a / b, c / d)", a=[3, 3, 0], b=[1, 1, 0], c=[1, 0, 0], d=[1, 0, 0])
    np.testing.assert_equal(outcome.value, [20, 30, NAN])
    assert outcome.divided_by_nothing.tolist() == [False, False, True]
    outcome = calculate("mean(a / b, c)", a=[3, NAN, NAN], b=[1, 1, 0], c=[NAN, 1, 1])
    np.testing.assert_equal(outcome.value, [NAN, NAN, NAN])
    assert not outcome.divided_by_nothing.any()


def test_a_number_too_large_is_no_value() -> None:
    outcome = calculate("a * a", a=[1e200, 2, 3])
    np.testing.assert_equal(outcome.value, [NAN, 4, 9])


def test_a_constant_holds_everywhere() -> None:
    assert calculate("2 + 3").value.tolist() == [5, 5, 5]


def test_days_of_an_earlier_year_are_those_of_that_year() -> None:
    (alternative,) = alternatives_of(parse("year_ago(year_ago(days))"))
    assert (alternative.inputs, alternative.days_years_ago) == ((), (2,))
    assert evaluate(alternative.tree, {}, {2: np.array([366.0])}, (1,)).value.tolist() == [366]


def test_inputs_are_told_apart_by_year() -> None:
    (alternative,) = alternatives_of(parse("a / year_ago(a)"))
    figures = {Input("a", 0): np.array([110.0]), Input("a", 1): np.array([100.0])}
    np.testing.assert_allclose(evaluate(alternative.tree, figures, {}, (1,)).value, [1.1])
