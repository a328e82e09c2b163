"""Numbers as typed in two languages."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from entry.typed_numbers import NotANumberError, read, write
from indicators.answers import EMPTY
from indicators.models import Status


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1.234,5", "id", 1234.5),
        ("1,234.5", "en", 1234.5),
        ("1234", "id", 1234),
        ("1.234", "id", 1234),
        ("1,234", "en", 1234),
        ("1 234 567", "id", 1234567),
        ("0", "id", 0),
        ("-5", "id", -5),
        ("−5", "en", -5),
        (" 12 ", "id", 12),
        ("-0", "id", 0),
    ],
)
def test_it_reads(text: str, language: str, number: float) -> None:
    assert read(text, language=language).value == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1.5", "id"),
        ("1,5", "en"),
        ("12.34", "id"),
        ("1.2345", "id"),
        ("12a", "id"),
        ("1e5", "en"),
        ("nan", "en"),
        ("=1+1", "en"),
        ("1,2,3", "id"),
        ("--5", "en"),
    ],
)
def test_it_refuses_what_could_be_read_two_ways_or_not_at_all(text: str, language: str) -> None:
    with pytest.raises(NotANumberError):
        read(text, language=language)


def test_a_count_has_no_decimals() -> None:
    with pytest.raises(NotANumberError):
        read("12,5", language="id", decimals=0)
    assert read("12,0", language="id", decimals=0).value == 12


@pytest.mark.parametrize("text", ["NA", "n/a", "tb"])
def test_not_applicable_is_an_answer(text: str) -> None:
    assert read(text, language="id").status == Status.NOT_APPLICABLE


def test_zero_nothing_and_not_collected_are_three_answers() -> None:
    assert read("0", language="id").canonical == "0.0"
    assert read("NC", language="id").canonical == "NC"
    assert read("", language="id") == EMPTY
    assert EMPTY.canonical == ""


@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda x: round(x, 4)), st.sampled_from(["id", "en"]))
def test_what_is_written_reads_back(number: float, language: str) -> None:
    with override(language):
        assert read(write(number, decimals=4), language=language).value == pytest.approx(number, abs=1e-5)


def test_it_writes_in_the_language_of_the_page() -> None:
    with override("id"):
        assert write(1234.5) == "1.234,5"
        assert write(1500000) == "1.500.000"
    with override("en"):
        assert write(1234.5) == "1,234.5"
        assert write(None) == ""
