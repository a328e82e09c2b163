"""Periods in words."""

import pytest
from django.utils.translation import override

from indicators.period_names import period_name, short_period_name
from indicators.periods import Period


@pytest.mark.parametrize(
    ("period", "indonesian", "short", "english"),
    [
        ("2009", "2009", "2009", "2009"),
        ("2009-S1", "Semester I 2009", "Sem I 2009", "Semester 1 2009"),
        ("2009-Q4", "Triwulan IV 2009", "TW IV 2009", "Quarter 4 2009"),
        ("2009-03", "Maret 2009", "Mar 2009", "March 2009"),
        ("2009-08", "Agustus 2009", "Agu 2009", "August 2009"),
    ],
)
def test_a_period_has_a_name_in_both_languages(period: str, indonesian: str, short: str, english: str):
    with override("id"):
        assert period_name(Period.parse(period)) == indonesian
        assert short_period_name(Period.parse(period)) == short
    with override("en"):
        assert period_name(Period.parse(period)) == english
