"""Weighted roll-up of scores, with numbers that can be checked by hand."""

import math
from dataclasses import replace

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
    verdicts_of_indicator,
    verdicts_of_node,
)

NAN = float("nan")
SHAPE = (1, 1, 1)


def template(**weights: dict[str, dict[str, float]]) -> TemplateRule:
    """Perspectives of weight 1, objectives of weight 1, indicators with the weights given."""
    perspectives = []
    for p, objectives in enumerate(weights.values()):
        rules = [ObjectiveRule(10 * p + o, 1, found) for o, found in enumerate(objectives.values())]
        perspectives.append(PerspectiveRule(p, 1, rules))
    return TemplateRule(0, 80, 60, 0.5, perspectives)


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
    rule = TemplateRule(0, 80, 60, 0.5, [PerspectiveRule(1, 1, objectives)])
    assert of(rolled(rule, {"a": 50, "b": 100})[-1]) == (50, 1, 1)


def test_an_indicator_that_does_not_apply_is_not_missed() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 1}})
    assert of(rolled(rule, {"a": 50, "b": NAN}, applies={"a"})[-1]) == (50, 1, 1)


def test_an_indicator_without_any_figures_neither_counts_nor_is_known() -> None:
    rule = template(financial={"growth": {"a": 1, "b": 1}})
    assert of(rolled(rule, {"a": 50})[-1]) == (50, 1, 1)


def test_without_anything_known_there_is_no_score_and_no_error() -> None:
    rule = template(financial={"growth": {"a": 1}})
    overall = rolled(rule, {"a": NAN})[-1]
    assert math.isnan(overall.score.item())
    assert (overall.known.item(), overall.total.item()) == (0, 1)


def known_weight(node: NodeScores) -> float:
    return node.known_weight.item()


def test_known_weight_is_by_weight_through_the_levels_and_not_by_count() -> None:
    """Growth: 3 of 4. Finance: growth and soundness weigh the same, and of soundness nothing is known:
    3/8. Customers: all. Overall (3/8 + 1) / 2 = 11/16, though only 2 of 7 indicators are known.
    """
    rule = template(
        financial={"growth": {"a": 1, "b": 3}, "soundness": {"c": 1, "d": 1, "e": 1, "f": 1}},
        customer={"loyalty": {"g": 1}},
    )
    scores = dict.fromkeys("acdef", NAN) | {"b": 50, "g": 90}
    growth, soundness, financial, _loyalty, customer, overall = rolled(rule, scores)
    assert [known_weight(n) for n in (growth, soundness, financial, customer)] == [0.75, 0, 0.375, 1]
    assert known_weight(overall) == 11 / 16
    assert (overall.known.item(), overall.total.item()) == (2, 7)


def test_what_does_not_count_takes_no_part_of_the_weight() -> None:
    """Indicator b has no range, and the customers' only one is not this unit's: all there is is known."""
    rule = template(financial={"growth": {"a": 1, "b": 3}}, customer={"loyalty": {"c": 2}})
    scores = {"a": 70, "b": NAN, "c": NAN}
    growth, _financial, _loyalty, customer, overall = rolled(rule, scores, applies={"a"})
    assert (known_weight(growth), known_weight(overall)) == (1, 1)
    assert of(overall) == (70, 1, 1)
    assert (known_weight(customer), customer.total.item()) == (0, 0)


def verdict_with(rule: TemplateRule, scores: dict[str, float]) -> int:
    return int(verdicts_of_node(rolled(rule, scores)[-1], rule).item())


def test_one_indicator_of_twenty_nine_gives_a_score_and_no_verdict() -> None:
    rule = template(financial={"all": {f"i{n}": 1 for n in range(29)}})
    one = {f"i{n}": NAN for n in range(29)} | {"i7": 90}
    assert rolled(rule, one)[-1].score.item() == 90
    assert verdict_with(rule, one) == NO_VERDICT


def test_half_of_the_weight_is_enough_also_when_it_is_a_sum_of_thirds_and_sixths() -> None:
    rule = template(financial={"all": {"a": 1 / 3, "b": 1 / 6, "c": 0.25, "d": 0.25}})
    assert verdict_with(rule, {"a": 90, "b": 90, "c": NAN, "d": NAN}) == GOOD
    assert verdict_with(rule, {"a": NAN, "b": 90, "c": 90, "d": NAN}) == NO_VERDICT


def test_a_scorecard_may_ask_for_more_or_for_nothing() -> None:
    rule = template(financial={"all": {"a": 3, "b": 1}})
    scores = {"a": 90, "b": NAN}
    assert verdict_with(rule, scores) == GOOD
    assert verdict_with(replace(rule, known_at_least=0.8), scores) == NO_VERDICT
    assert verdict_with(replace(rule, known_at_least=0), {"a": NAN, "b": 90}) == GOOD


def test_outside_its_range_an_indicator_is_at_best_fair() -> None:
    """Bed turn-over 35.9 where 40 to 50 is ideal: 85 points."""
    rule = template(financial={"all": {"a": 1}})
    score = np.array([85.4, 85.4, 70, 40, NAN])
    outside = np.array([True, False, True, True, False])
    found = verdicts_of_indicator(score, outside, rule)
    assert found.tolist() == [FAIR, GOOD, FAIR, POOR, NO_VERDICT]


def test_bands_are_compared_as_they_are_shown() -> None:
    """A band from 79.96 is shown as "from 80"; 79.95 is shown as 80.0."""
    assert verdicts_of(np.array([79.95]), good_from=79.96, fair_from=60).tolist() == [GOOD]


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
    assert 0 < known_weight(overall) <= 1 + 1e-9
    assert (len(known) == len(scores)) == (known_weight(overall) > 1 - 1e-9)
