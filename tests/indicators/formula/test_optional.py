"""Sums with a part that many hospitals do not have."""

import pytest

from indicators.formula import blanked_by, parse


@pytest.mark.parametrize(
    "text",
    [
        "first(cash + securities, cash) / liabilities",
        "first(securities + cash, cash) / liabilities",
        "100 * first((cash + securities) / liabilities, cash / liabilities)",
        "first(cash - 2 * securities, cash)",
        "first(cash + securities, cash) / year_ago(first(cash + securities, cash))",
        # No sum of amounts: without securities their share and their growth are nothing.
        "securities / cash",
        "100 * (securities / cash - 1)",
        "100 * (securities / year_ago(securities) - 1)",
    ],
)
def test_a_sum_that_is_also_offered_without_the_part_is_let_in(text: str) -> None:
    assert blanked_by(parse(text), {"securities"}) is None


@pytest.mark.parametrize(
    "text",
    [
        "(cash + securities) / liabilities",
        "liabilities / (cash + securities)",
        "cash - securities / 2",
        "cash + 3 * (securities + cash)",
        "first(cash + securities, liabilities)",
        "first(cash + securities, cash) / (liabilities + securities)",
        "cash / year_ago(cash + securities)",
    ],
)
def test_a_sum_that_the_part_would_blank_is_named(text: str) -> None:
    assert blanked_by(parse(text), {"securities"}) == "securities"


def test_of_two_optional_parts_each_may_be_absent() -> None:
    two = {"securities", "deposits"}
    assert blanked_by(parse("first(cash + securities + deposits, cash)"), two) is not None
    every = "first(cash + securities + deposits, cash + securities, cash + deposits, cash)"
    assert blanked_by(parse(every), two) is None
