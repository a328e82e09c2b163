"""Numbers in words, in both languages."""

import pytest
from django.utils.translation import override

from indicators.definition_files import definition_paths, read_file
from indicators.measures import UNITS_IN_WORDS, ideal_in_words, measured, number, rupiah, short_number

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234.56, 2, "1.234,56", "1,234.56"),
        (46.2949, 2, "46,29", "46.29"),
        (2.675, 2, "2,68", "2.68"),  # halves go away from zero, as when it was judged
        (0.5, 0, "1", "1"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (-4.74, 1, "−4,7", "−4.7"),
        (-0.04, 1, "0,0", "0.0"),  # never “−0,0”
        (999999999999.0, 0, "999.999.999.999", "999,999,999,999"),
    ],
)
def test_a_number_follows_the_language(value: float, decimals: int, indonesian: str, english: str):
    with override("id"):
        assert number(value, decimals) == indonesian
    with override("en"):
        assert number(value, decimals) == english


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_500_000, "Rp 1.500.000"),
        (-1_500_000, "−Rp 1.500.000"),
        (66_763_654_429, "Rp 66,76 miliar"),
        (1_234_000_000_000, "Rp 1,23 triliun"),
        (0, "Rp 0"),
    ],
)
def test_large_amounts_of_rupiah_are_told_in_words(value: float, text: str):
    with override("id"):
        assert rupiah(value) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "text"),
    [
        (46.29, 2, "%", "46,29%"),
        (2.66, 2, "days", "2,66 hari"),
        (9.6, 2, "per 1000", "9,60 per 1.000"),
        (2.805, 2, "ratio", "2,81"),
        (130397762.56, 1, "IDR", "Rp 130.397.762,6"),
        (3, 0, "porsi", "3 porsi"),  # a hospital's own unit stays as it wrote it
    ],
)
def test_a_measured_value_has_its_unit(value: float, decimals: int, unit: str, text: str):
    with override("id"):
        assert measured(value, decimals, unit).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (75, 85, "%", "75–85%"),
        (5, None, "%", "minimal 5%"),
        (None, 25, "per 1000", "maksimal 25 per 1.000"),
        (0.4, 0.5, "ratio", "0,4–0,5"),
        (3.4, 4.25, "times", "3,4–4,25 kali"),
        (None, None, "%", ""),
    ],
)
def test_an_ideal_range_is_told_in_words(low: float | None, high: float | None, unit: str, text: str):
    with override("id"):
        assert ideal_in_words(low, high, 2, unit).replace(NBSP, " ") == text


def test_short_numbers_lose_noughts_only():
    with override("id"):
        assert [short_number(v, 2) for v in (75, 76.61, 0.1, 100)] == ["75", "76,61", "0,1", "100"]


def test_every_unit_of_measure_of_the_definitions_has_words():
    used = {
        table["unit_of_measure"]
        for path in definition_paths()
        for kind in ("element", "indicator")
        for table in read_file(path).get(kind, [])
    }
    assert used <= UNITS_IN_WORDS.keys()
