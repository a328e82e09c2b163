"""What a score is compared with: like with like, in the command, over REST and on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hospitals.models import Hospital, Unit, User
from indicators.models import Indicator
from tests.pages import text_of
from tests.scorecard.rates import as_json, printed, recompute, report, second_indicator, stay
from tests.scorecard.test_views import ENGLISH


@pytest.fixture
def share_is_new(rates: Indicator, melati: Unit, hospital: Hospital) -> Unit:
    """The rate falls from 100 to 60 points; the share, 100 points, is known in 2009 only."""
    second_indicator(rates)
    report(melati, "2008", 4)
    report(melati, "2009", 7)
    stay(melati, "2009", 60)
    recompute(hospital)
    return melati


def test_it_counts_what_is_known_in_both_years(share_is_new: Unit):
    found = as_json()["overall"]
    assert found["score"] == pytest.approx(80)
    assert (found["change"], found["change_of"]) == (pytest.approx(-40), 1)
    assert (found["became_known"], found["became_unknown"]) == (["share"], [])


def test_rest_and_command_say_the_same(share_is_new: Unit, budi: User, api_as: Callable):
    answer = api_as(budi).get("/api/v1/scores/", {"hospital": "RSA", "period": "2009"}, **ENGLISH)
    assert answer.json() == as_json()
    lines = printed().splitlines()
    assert lines[1] == "Scorecard: 80.0 Good (2/2), down 40.0 points from 2008"
    assert lines[2] == "  newly known: share"


def test_the_page_has_a_line_of_its_own_for_what_is_new(share_is_new: Unit, budi: User, as_person: Callable):
    text = text_of(as_person(budi).get("/hospitals/RSA/?period=2009", **ENGLISH))
    assert "down 40.0 points from 2008 newly known: Share" in text


def test_a_period_that_still_runs_is_compared_with_the_same_months(
    rates: Indicator, melati: Unit, hospital: Hospital, budi: User, as_person: Callable, api_as: Callable
):
    """Today is 10 February 2012: of 2012 only January is due. A rate of 7 scores 60 and one of 4 scores 100:
    January to January it fell by 40, whatever came in June of 2011."""
    for month, cases in (("2011-01", 4), ("2011-06", 9), ("2012-01", 7)):
        report(melati, month, cases)
    recompute(hospital)
    found = as_json(period="2012")
    assert found["running_through"] == "2012-01"
    assert (found["compared_with"], found["compared_through"]) == ("2011", "2011-01")
    assert found["overall"]["change"] == pytest.approx(-40)
    assert found["indicators"][0]["than_last_year"] == "worse"
    assert "compared with the same months of the year before" in printed(period="2012")
    january = as_json(period="2012-01")
    assert (january["running_through"], january["compared_with"]) == (None, "2011-01")
    assert january["compared_through"] is None
    assert january["overall"]["change"] == pytest.approx(-40)
    text = text_of(as_person(budi).get("/hospitals/RSA/?period=2012", **ENGLISH))
    assert "Its months so far are compared with the same months of 2011." in text
    assert "down 40.0 points from Jan 2011" in text
    assert "worse than Jan 2011" in text
    # The table of years: all of 2011 (a rate of 6.5), its January, and this one.
    assert "2011 6.5% at most 5% 70.0 Fairly good – Jan 2011 4.0% at most 5% 100.0 Good –" in text
    assert "Jan 2012 7.0% at most 5% 60.0 Fairly good worse" in text
    said = "January 2012 stands beside the same months of 2011; the others are figures of the year."
    assert text.count(said) == 1
    assert "The last mark: January 2012 so far." in text
    asked = {"hospital": "RSA", "unit": "RSA", "indicator": "rate", "period_kind": "year"}
    rows = api_as(budi).get("/api/v1/indicator-values/", asked, **ENGLISH).json()["results"]
    assert {r["period"]: (r["compared_through"], r["than_last_year"]) for r in rows} == {
        "2011": (None, None),
        "2012": ("2011-01", "worse"),
    }


def test_a_period_of_which_no_month_is_over_is_compared_with_nothing(
    rates: Indicator, melati: Unit, hospital: Hospital
):
    for month in ("2011-02", "2012-02"):
        report(melati, month, 4)
    recompute(hospital)
    found = as_json(period="2012-02")
    assert (found["overall"]["change"], found["indicators"][0]["than_last_year"]) == (None, None)


def test_what_is_remembered_of_last_year_goes_with_the_next_computation(
    rates: Indicator, melati: Unit, hospital: Hospital
):
    for month, cases in (("2011-01", 4), ("2012-01", 7)):
        report(melati, month, cases)
    recompute(hospital)
    assert as_json(period="2012")["overall"]["change"] == pytest.approx(-40)
    report(melati, "2011-01", 7)
    recompute(hospital)
    assert as_json(period="2012")["overall"]["change"] == pytest.approx(0)
