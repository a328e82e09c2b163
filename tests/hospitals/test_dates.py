"""Days in sentences for people."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from hospitals.dates import day_in_words
from hospitals.models import Unit


@pytest.mark.parametrize(("language", "words"), [("id", "31 Maret 2026"), ("en", "31 March 2026")])
def test_a_day_is_written_out_in_the_language_of_the_person(language: str, words: str):
    with translation.override(language):
        assert day_in_words(dt.date(2026, 3, 31)) == words


def test_a_unit_that_closes_before_it_opens_is_told_both_days_in_words():
    unit = Unit(opened_on=dt.date(2026, 3, 31), closed_on=dt.date(2026, 3, 1))
    with (
        translation.override("en"),
        pytest.raises(ValidationError, match=r"1 March 2026.*31 March 2026"),
    ):
        unit.clean()
    unit.opened_on = dt.date(26, 3, 31)
    with translation.override("en"), pytest.raises(ValidationError, match="31 March 0026 cannot be meant"):
        unit.clean()
