"""A year that is not taken is said to be that, on every way in, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from hospitals.models import Hospital, User
from indicators.written_periods import read_period
from tests.pages import text_of


@pytest.mark.parametrize("text", ["1930-03", "1930", "3000-Q1"])
def test_a_period_that_is_too_early_or_too_late_is_one_all_the_same(text: str) -> None:
    with override("en"), pytest.raises(ValueError, match=f"“{text}”: years are taken from 1950 to 2999$"):
        read_period(text)
    with override("id"), pytest.raises(ValueError, match=f"“{text}”: tahun yang diterima adalah 1950 sampai"):
        read_period(text)
    with override("en"), pytest.raises(ValueError, match="“March” is not a period; write 2009-03"):
        read_period("March")


@pytest.mark.parametrize(
    "address",
    [
        "/hospitals/RSA/?period=1930-03",
        "/forms/RSA/inpatient_ward/download/?unit=melati&period=1930-03",
        "/forms/RSA/inpatient_ward/table/1930-03/",
    ],
)
def test_an_address_of_such_a_month_says_so(
    address: str, ward_form: None, hospital: Hospital, ani: User, as_person: Callable[[User], Client]
) -> None:
    answer = as_person(ani).get(address)
    assert answer.status_code == 404
    assert "“1930-03”: tahun yang diterima adalah 1950 sampai 2999." in text_of(answer)


def test_other_addresses_say_nothing_of_what_is_there(
    hospital: Hospital, ani: User, as_person: Callable[[User], Client]
) -> None:
    assert "Alamatnya salah" in text_of(as_person(ani).get("/hospitals/RSB/"))
