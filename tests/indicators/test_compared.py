"""Better, the same or worse than a year before."""

import pytest
from django.utils.translation import override

from indicators.compared import compared, compared_word
from indicators.models import Indicator, IndicatorValue


@pytest.mark.parametrize(
    ("now", "before", "band", "direction", "word"),
    [
        (80, 70, (75, 85), "within", "better"),
        (90, 70, (75, 85), "within", "same"),  # five too many, five too few
        (90, 82, (75, 85), "within", "worse"),
        (84, 76, (75, 85), "within", "same"),  # both inside
        (84.996, 85.004, (75, 85), "within", "same"),  # both are shown as 85.00
        (12, 9, (5, None), "higher", "better"),  # both inside, and higher is better
        (4, 6, (5, None), "higher", "worse"),
        (7, 9, (None, 5), "lower", "better"),
        (2, 1, (None, 5), "lower", "worse"),
        (2.4, 1.0, (0.9, 1.1), "higher", "worse"),  # further above the range, though higher is better
        (12, 9, (None, None), "higher", "better"),
        (12, 9, (None, None), "lower", "worse"),
        (12, 12, (None, None), "within", "same"),
        (12, 9, (None, None), "within", None),  # nothing says which way is better
        (None, 9, (5, None), "higher", None),
        (9, None, (5, None), "higher", None),
    ],
)
def test_closer_to_the_range_is_better_and_then_the_direction_decides(
    now: float | None, before: float | None, band: tuple, direction: str, word: str | None
):
    row = IndicatorValue(value=now, range_low=band[0], range_high=band[1])
    assert compared(Indicator(decimals=2, direction=direction), row, before) == word


def test_what_has_no_row_is_not_compared():
    assert compared(Indicator(decimals=2, direction="higher"), None, 9) is None


@pytest.mark.parametrize(("now", "word"), [(84, "as good"), (76.001, "the same"), (90, "worse"), (None, "")])
def test_two_values_inside_the_range_are_as_good_and_not_the_same(now: float | None, word: str):
    row = IndicatorValue(value=now, range_low=75, range_high=85)
    with override("en"):
        assert compared_word(Indicator(decimals=2, direction="within"), row, 76) == word
