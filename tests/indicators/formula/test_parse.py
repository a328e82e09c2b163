import pytest
from django.utils import translation

from indicators.formula import FormulaError, parse
from indicators.formula.nodes import Days, Element, First, Mean, Number, Operation, YearAgo


def test_product_binds_tighter_than_sum_and_both_from_the_left() -> None:
    a, b, c = Element("a"), Element("b"), Element("c")
    assert parse("a + b * c").tree == Operation("+", a, Operation("*", b, c))
    assert parse("a - b - c").tree == Operation("-", Operation("-", a, b), c)
    assert parse("a / b / c").tree == Operation("/", Operation("/", a, b), c)
    assert parse("(a + b) * c").tree == Operation("*", Operation("+", a, b), c)


def test_typeset_signs_mean_the_same() -> None:
    assert parse("a × b ÷ c − 1").tree == parse("a * b / c - 1").tree


def test_a_leading_minus_takes_away_from_nothing() -> None:
    assert parse("-a").tree == Operation("-", Number(0.0), Element("a"))


def test_the_words_of_the_language() -> None:
    assert parse("days").tree == Days()
    assert parse("year_ago(a)").tree == YearAgo(Element("a"))
    assert parse("first(a, 2.5)").tree == First((Element("a"), Number(2.5)))
    assert parse("mean(a, days)").tree == Mean((Element("a"), Days()))


def test_codes_stand_in_the_order_of_their_first_mention() -> None:
    assert parse("100 * c / first(a, b + c) - year_ago(a)").codes == ("c", "a", "b")


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "something is missing at the end"),
        ("a +", 4, "something is missing at the end"),
        ("a b", 3, "“b” is not expected here"),
        ("(a + b", 7, "expected “)” but found the end"),
        ("a + b)", 6, "“)” is not expected here"),
        ("a * / b", 5, "“/” is not expected here"),
        ("a ; b", 3, "“;” does not belong in a formula"),
        ("a ** 2", 4, "“*” is not expected here"),
        ("abs(a)", 4, "“abs” is not a function; there are first, mean, year_ago"),
        ("first(a,)", 9, "“)” is not expected here"),
        ("first a", 7, "expected “(” but found “a”"),
        ("year_ago(a, b)", 15, "year_ago takes one argument"),
        ("a._x", 2, "“.” does not belong in a formula"),
        ("'a'", 1, "“'” does not belong in a formula"),
        ("a,b", 2, "“,” is not expected here"),
        ("1.5.2", 4, "“.” does not belong in a formula"),
        ("   a   @ ", 8, "“@” does not belong in a formula"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_position(text: str, position: int, reason: str) -> None:
    with translation.override("en"), pytest.raises(FormulaError) as error:
        parse(text)
    assert (error.value.position, error.value.reason) == (position, reason)
    assert str(error.value) == f"character {position}: {reason}"


def test_the_deepest_and_longest_formulas_are_understood_and_the_next_ones_refused() -> None:
    assert parse("(" * 38 + "a" + ")" * 38).codes == ("a",)
    with pytest.raises(FormulaError):
        parse("(" * 41 + "a" + ")" * 41)
    assert parse("+".join("a" * 121)).codes == ("a",)
    with pytest.raises(FormulaError):
        parse("+".join("a" * 122))
    with pytest.raises(FormulaError):
        parse("1" * 1001)


def test_a_formula_mentions_as_many_elements_as_can_be_remembered_missing() -> None:
    assert len(parse("+".join(f"e{n}" for n in range(31))).codes) == 31
    with pytest.raises(FormulaError):
        parse("+".join(f"e{n}" for n in range(32)))
