"""What a value leaves out, and what is not a unit's at all, as pages, REST and commands tell it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospitals.models import Hospital, Unit, User
from indicators.models import Indicator, IndicatorValue, LeftOut
from indicators.periods import Period
from tests.pages import text_of
from tests.scorecard.rates import as_json, printed, recompute, report, second_indicator
from tests.scorecard.test_views import ENGLISH

YEAR = Period.parse("2009")


@pytest.fixture
def left_out(numbers: None, hospital: Hospital, mawar: Unit) -> Unit:
    """Mawar's beds are known, its patient days are not."""
    LeftOut.objects.all().delete()
    leave_out(mawar)
    return mawar


def leave_out(part: Unit) -> None:
    LeftOut.objects.create(
        unit=part.hospital.root,
        indicator=Indicator.objects.get(code="bor"),
        period=YEAR,
        approved=0,
        part=part,
        first_month=Period.parse("2009-01"),
        last_month=Period.parse("2009-12"),
        missing=0b01,
    )


def test_page_rest_and_command_name_it(left_out: Unit, budi: User, as_person: Callable, api_as: Callable):
    said = "Bangsal Mawar, January to December 2009: patient days unknown"
    text = text_of(as_person(budi).get("/hospitals/RSA/?period=2009", **ENGLISH))
    assert f"left out: {said}" in text
    assert f"Left out: {said}" in text  # among what is missing
    assert f"    left out: {said}\n" in printed()
    answer = api_as(budi).get("/api/v1/scores/", {"hospital": "RSA", "period": "2009"}).json()
    (bor,) = (line for line in answer["indicators"] if line["code"] == "bor")
    assert bor["left_out"] == [
        {
            "unit": "mawar",
            "first_month": "2009-01",
            "last_month": "2009-12",
            "missing": ["patient_days"],
        }
    ]


def test_it_costs_no_query_more_for_more_of_it(left_out: Unit, melati: Unit, budi: User, as_person: Callable):
    client, counts = as_person(budi), []
    for part in (melati, None):
        with CaptureQueriesContext(connection) as queries:
            client.get("/hospitals/RSA/?period=2009")
        counts.append(len(queries))
        if part is not None:
            LeftOut.objects.update(part=part)
            leave_out(left_out)
    assert counts[0] == counts[1]


def test_an_indicator_without_a_row_is_not_listed_and_not_counted(
    rates: Indicator, melati: Unit, hospital: Hospital, budi: User, as_person: Callable
):
    second_indicator(rates)
    report(melati, "2009", 4)
    recompute(hospital)
    IndicatorValue.objects.filter(unit=melati, indicator__code="share").delete()
    assert [line["code"] for line in as_json("--unit", "melati")["indicators"]] == ["rate"]
    text = text_of(as_person(budi).get("/hospitals/RSA/?unit=melati&period=2009", **ENGLISH))
    assert "Share" not in text
    # The whole hospital is told what nobody has reported.
    assert [line["code"] for line in as_json()["indicators"]] == ["rate", "share"]
