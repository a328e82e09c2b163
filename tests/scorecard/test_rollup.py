"""Weighted roll-up of scores, with numbers that can be checked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.rollup import (
    FAIR,
    GOOD,
    NO_VERDICT,
    POOR,
    NodeScores,
    ObjectiveRule,
    PerspectiveRule,
    TemplateRule,
    roll_up,
    verdicts_of,
)

NAN = float("nan")
SHAPE = (1, 1, 1)


def template(**weights: dict[str, dict[str, float]]) -> TemplateRule:
    """Perspectives of weight 1, objectives of weight 1, indicators with the weights given."""
    perspectives = []
    for p, objectives in enumerate(weights.values()):
        rules = [ObjectiveRule(10 * p + o, 1, found) for o, found in enumerate(objectives.values())]
        perspectives.append(PerspectiveRule(p, 1, rules))
    return TemplateRule(0, 80, 60, perspectives)


def rolled(rule: TemplateRule, scores: dict[str, float], applies: set[str] | None = None) -> list[NodeScores]:
    """Objectives and perspectives in their order, the overall score last."""
    arrays = {code: np.full(SHAPE, score) for code, score in scores.items()}
    counts = {code: np.full(SHAPE, applies is None or code in applies) for code in scores}
    return roll_up(rule, arrays, counts, SHAPE)


def of(node: NodeScores) -> tuple[float, int, int]:
    return node.score.item(), node.known.item(), node.total.item()


def test_each_level_is_the_weighted_mean_of_the_one_below() -> None:
    """Finance: (100 + 3 × 60) / 4 = 70. Customers: 40. Overall: 55."""
    rule = template(financial={"growth": {"a": 1, "b": 3}}, customer={"loyalty": {"c": 2}})
    growth, financial, loyalty, customer, overall = rolled(rule, {"a": 100, "b": 60, "c": 40})
    assert of(growth) == of(financial) == (70, 2, 2)
    assert of(loyalty) == of(customer) == (40, 1, 1)
    assert of(overall) == (55, 3, 3)
    assert (growth.level, financial.level, overall.level) == (2, 1, 0)


def test_what_is_unknown_has_no_weight_but_is_missing_in_the_coverage() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 3}}, customer={"loyalty": {"c": 2}})
    growth, _financial, loyalty, customer, overall = rolled(rule, {"a": 100, "b": NAN, "c": NAN})
    assert of(growth) == (100, 1, 2)
    assert math.isnan(loyalty.score.item())
    assert math.isnan(customer.score.item())
    assert of(overall) == (100, 1, 3)


def test_an_indicator_of_weight_nothing_is_shown_and_not_counted() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 0}})
    assert of(rolled(rule, {"a": 50, "b": 100})[-1]) == (50, 1, 1)


def test_an_objective_of_weight_nothing_does_not_count_either() -> None:
    objectives = [ObjectiveRule(1, 1, {"a": 1}), ObjectiveRule(2, 0, {"b": 1})]
    rule = TemplateRule(0, 80, 60, [PerspectiveRule(1, 1, objectives)])
    assert of(rolled(rule, {"a": 50, "b": 100})[-1]) == (50, 1, 1)


def test_an_indicator_that_does_not_apply_is_not_missed() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 1}})
    assert of(rolled(rule, {"a": 50, "b": NAN}, applies={"a"})[-1]) == (50, 1, 1)


def test_an_indicator_without_any_figures_is_unknown() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 1}})
    assert of(rolled(rule, {"a": 50})[-1]) == (50, 1, 1)


def test_without_anything_known_there_is_no_score_and_no_error() -> None:
    rule = template(financial={"growth": {"a": 1}})
    overall = rolled(rule, {"a": NAN})[-1]
    assert math.isnan(overall.score.item())
    assert (overall.known.item(), overall.total.item()) == (0, 1)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (100, GOOD),
        (80, GOOD),
        (79.95, GOOD),
        (79.94, FAIR),
        (60, FAIR),
        (59.94, POOR),
        (0, POOR),
        (NAN, NO_VERDICT),
    ],
)
def test_a_verdict_is_given_on_the_score_as_shown(score: float, verdict: int) -> None:
    assert verdicts_of(np.array([score]), good_from=80, fair_from=60).tolist() == [verdict]


points = st.one_of(st.just(NAN), st.floats(0, 100))
weights = st.floats(0.25, 10)


@given(
    st.lists(st.tuples(points, weights), min_size=1, max_size=6),
    st.lists(st.tuples(points, weights), max_size=4),
)
def test_a_score_lies_between_the_lowest_and_the_highest_below_it(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    scores = {f"i{n}": score for n, (score, _weight) in enumerate([*first, *second])}
    codes = list(scores)
    split = len(first)
    rule = template(
        financial={"one": {code: first[n][1] for n, code in enumerate(codes[:split])}},
        customer={"two": {code: second[n][1] for n, code in enumerate(codes[split:])}},
    )
    overall = rolled(rule, scores)[-1]
    known = [score for score in scores.values() if not math.isnan(score)]
    if not known:
        assert math.isnan(overall.score.item())
        return
    assert min(known) - 1e-9 <= overall.score.item() <= max(known) + 1e-9
    assert (overall.known.item(), overall.total.item()) == (len(known), len(scores))
