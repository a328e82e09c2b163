"""Formulas as people read them."""

import pytest
from django.utils.translation import override

from indicators.formula import parse
from indicators.formula.wording import in_words

NAMES = {
    "patient_days": "Patient days",
    "bed_days": "Bed days",
    "revenue": "Revenue",
    "a": "A",
    "b": "B",
    "c": "C",
}


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("100 * patient_days / bed_days", "100 × Patient days ÷ Bed days"),
        ("a - (b - c)", "A − (B − C)"),
        ("(a - b) - c", "A − B − C"),
        ("a / (b * c)", "A ÷ (B × C)"),
        ("(a + b) * c", "(A + B) × C"),
        ("a + b + c", "A + B + C"),
        ("revenue / year_ago(revenue) - 1", "Revenue ÷ Revenue a year earlier − 1"),
        ("first(a, b) / days", "(A or else B) ÷ days in the period"),
        ("25 * mean(a / b, c)", "25 × mean of (A ÷ B; C)"),
        ("unknown_code / 2.5", "unknown_code ÷ 2.5"),
    ],
)
def test_codes_become_names_and_brackets_stay_where_they_matter(formula: str, words: str):
    with override("en"):
        assert in_words(parse(formula).tree, NAMES) == words
