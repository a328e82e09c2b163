"""Scores of two years over what is known in both, with numbers that can be checked by hand."""

from scorecard.comparison import Change, changes_of
from scorecard.rollup import ObjectiveRule, PerspectiveRule, TemplateRule

GROWTH, LOYALTY, FINANCE, CUSTOMERS, OVERALL = (2, 1), (2, 2), (1, 1), (1, 2), (0, 1)
#: Finance: a once, b three times. Customers: c and d.
RULE = TemplateRule(
    1,
    80,
    60,
    0.5,
    [
        PerspectiveRule(1, 1, [ObjectiveRule(1, 1, {"a": 1, "b": 3, "shown": 0})]),
        PerspectiveRule(2, 1, [ObjectiveRule(2, 1, {"c": 1, "d": 1})]),
    ],
)


def test_a_change_counts_only_what_is_known_in_both_years() -> None:
    """b is new: finance goes from 60 to 70 by a alone, though its score is now (70 + 3 × 100) / 4."""
    before = {"a": 60, "c": 80, "d": 40}
    now = {"a": 70, "b": 100, "c": 90, "d": 40}
    found = changes_of(RULE, before, now)
    assert found[FINANCE] == found[GROWTH] == Change(60, 70, 1, ("b",), ())
    assert found[CUSTOMERS] == Change(60, 65, 2, (), ())
    assert found[OVERALL] == Change(60, 67.5, 3, ("b",), ())
    assert found[OVERALL].points == 7.5


def test_what_became_unknown_is_named_and_moves_nothing() -> None:
    """Without c the customers' score rises from 60 to 90, which nobody has brought about."""
    found = changes_of(RULE, {"a": 50, "c": 30, "d": 90}, {"a": 50, "d": 90})
    assert found[CUSTOMERS] == Change(90, 90, 1, (), ("c",))
    assert found[OVERALL].points == 0


def test_where_nothing_is_known_in_both_there_is_no_change() -> None:
    found = changes_of(RULE, {"a": 50}, {"b": 70, "c": 10})
    assert found[FINANCE] == Change(None, None, 0, ("b",), ("a",))
    assert found[OVERALL].points is None


def test_what_does_not_weigh_is_not_named() -> None:
    found = changes_of(RULE, {"a": 50}, {"a": 50, "shown": 70, "elsewhere": 80})
    assert found[OVERALL] == Change(50, 50, 1, (), ())


def test_an_indicator_of_two_objectives_is_named_once() -> None:
    objectives = [ObjectiveRule(1, 1, {"a": 1}), ObjectiveRule(2, 1, {"a": 1})]
    rule = TemplateRule(1, 80, 60, 0.5, [PerspectiveRule(1, 1, objectives)])
    assert changes_of(rule, {}, {"a": 50})[OVERALL].became_known == ("a",)
