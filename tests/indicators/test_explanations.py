"""Why there is no value, and what stands behind the one there is."""

import pytest
from django.utils import translation

from indicators.engine.compute import Flag, Reason
from indicators.explanations import basis_of, explain_gap, missing_codes
from indicators.models import DataElement, IndicatorValue

CHOICE = "100 * first(realised, planned) / year_ago(first(realised, planned)) + costs"


def element(code: str, english: str, indonesian: str) -> DataElement:
    return DataElement(code=code, name_en=english, name_id=indonesian)


ELEMENTS = {
    "beds": element("beds", "Beds", "Tempat tidur"),
    "cases": element("cases", "Cases", "Kasus"),
    "deaths": element("deaths", "Deaths", "Kematian"),
}


@pytest.mark.parametrize(
    ("reason", "codes", "sentence"),
    [
        (Reason.MISSING, ["beds"], "Not reported: Beds."),
        (Reason.MISSING, ["beds", "cases", "deaths"], "Not reported: Beds, Cases and Deaths."),
        (Reason.MISSING, ["unknown_code"], "Not reported: unknown_code."),
        (Reason.MISSING, list("abcdef"), "Not reported: a, b and 4 more."),
        (Reason.NOT_COLLECTED, ["cases"], "Marked as not collected: Cases."),
        (Reason.NOT_APPLICABLE, [], "Marked as not applicable."),
        (Reason.NO_CASES, [], "No cases in this period: there is nothing to divide by."),
        (Reason.NOT_TOGETHER, [], "The numbers it needs were never reported for the same month."),
        (Reason.NONE, [], ""),
    ],
)
def test_every_reason_is_one_sentence(reason: Reason, codes: list[str], sentence: str) -> None:
    with translation.override("en"):
        assert explain_gap(reason, codes, ELEMENTS) == sentence


def test_missing_elements_are_read_from_the_bits_of_the_row() -> None:
    assert missing_codes(IndicatorValue(missing=0b101), "a + b / c") == ["a", "c"]
    assert missing_codes(IndicatorValue(missing=0), "a + b / c") == []


def test_the_basis_names_the_choice_that_was_made_and_nothing_else() -> None:
    assert basis_of(IndicatorValue(value=1, flags=0, alternative=0), CHOICE) == ["realised"]
    assert basis_of(IndicatorValue(value=1, flags=0, alternative=1), CHOICE) == ["planned"]
    mixed = IndicatorValue(value=1, flags=Flag.MIXED, alternative=1)
    assert basis_of(mixed, CHOICE) == ["realised", "planned"]


def test_there_is_no_basis_without_a_choice_a_value_or_counts() -> None:
    assert basis_of(IndicatorValue(value=1, flags=0, alternative=0), "a / b") == []
    assert basis_of(IndicatorValue(value=None, flags=0, alternative=1), CHOICE) == []
    assert basis_of(IndicatorValue(value=1, flags=Flag.AS_REPORTED, alternative=0), CHOICE) == []
