"""What is drawn beside a period, and the latest year that says enough."""

import datetime as dt

import pytest

from entry.actions import assign_form
from entry.models import Form
from hospitals.models import Hospital, Unit
from indicators.models import Verdict
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.series import (
    ScoredPeriod,
    compared_periods,
    history_periods,
    indicator_series,
    latest_scores,
    latest_telling,
    score_series,
    scored_periods,
)


def names(periods: list[Period]) -> list[str]:
    return [str(period) for period in periods]


def test_a_year_stands_beside_the_years_before_it():
    assert names(compared_periods(Period.parse("2009"))) == ["2004", "2005", "2006", "2007", "2008", "2009"]


def test_a_quarter_stands_beside_those_of_its_year_so_far_and_of_two_years_before():
    assert names(compared_periods(Period.parse("2009-Q2"))) == [
        *(f"2007-Q{n}" for n in range(1, 5)),
        *(f"2008-Q{n}" for n in range(1, 5)),
        "2009-Q1",
        "2009-Q2",
    ]


@pytest.mark.parametrize("period", ["2009", "2009-S2", "2009-Q3", "2009-01"])
def test_the_period_a_year_before_is_always_among_them(period: str):
    chosen = Period.parse(period)
    for periods in (compared_periods(chosen), history_periods(chosen)):
        assert periods[-1] == chosen
        assert chosen.year_before() in periods
        assert periods == sorted(periods)


def test_a_year_of_a_survey_only_does_not_stand_for_the_hospital():
    years = [
        ScoredPeriod(Period.parse(y), known, 29) for y, known in (("2008", 20), ("2009", 23), ("2010", 3))
    ]
    assert latest_telling(years) == Period.parse("2009")


def test_without_a_year_there_is_no_latest_one():
    assert latest_telling([ScoredPeriod(Period.parse("2009-03"), 1, 1)]) is None


@pytest.mark.usefixtures("numbers")
def test_series_are_what_is_stored(melati: Unit):
    months = [Period.parse(f"2009-0{n}") for n in (1, 2, 3)]
    series = indicator_series(melati, months)
    (bor,) = [points for points in series.values() if points[months[0]].value == 80.0]
    assert [bor[month].value for month in months] == [80.0, 80.0, 50.0]
    assert [bor[month].verdict for month in months] == [Verdict.GOOD, Verdict.GOOD, Verdict.POOR]
    scores = score_series(melati, months)
    assert scores.keys() == {"overall", "internal_process"}
    assert scores["overall"][months[0]].score == 100.0
    assert {entry.period for entry in scored_periods(melati)} >= {*months, Period.parse("2009")}


@pytest.mark.usefixtures("numbers")
def test_latest_scores_cost_two_queries(
    hospital: Hospital, other_hospital: Hospital, django_assert_num_queries
):
    units = [hospital.root, other_hospital.root]
    with django_assert_num_queries(2):
        found = latest_scores(units)
    assert {found[unit.pk].period for unit in units} == {Period.parse("2009")}


@pytest.mark.usefixtures("numbers")
def test_a_latest_score_says_whether_it_stands_on_numbers_not_approved(
    hospital: Hospital, other_hospital: Hospital
):
    form = Form.objects.get(code="inpatient_ward")
    assign_form(form=form, unit=hospital.root, first_month=Period.parse("2009-01"))
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2009, 4, 20))
    found = latest_scores([hospital.root, other_hospital.root])
    assert found[hospital.root.pk].unapproved
    assert not found[other_hospital.root.pk].unapproved
