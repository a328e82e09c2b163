"""Nobody's answers alone in the scorecard, and nobody's lost: months wait for each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, DataValue
from indicators.periods import Period
from surveys.actions import save_tally
from surveys.analysis.small_groups import put_together
from surveys.analysis.summary import PairedSummary
from surveys.answering import Given, remove_paper, save_paper
from surveys.comparison import over_years
from surveys.models import Campaign, Response
from surveys.publishing import publish_marked
from surveys.reports import report_of
from surveys.sums import Arrived, arrived
from surveys.tally_files import Tally, TallyLine
from tests.surveys.conftest import make_campaign

YEAR = {"starts_on": dt.date(2024, 1, 1), "ends_on": dt.date(2025, 12, 31)}


@pytest.mark.parametrize(
    ("people", "groups"),
    [
        ({}, {}),
        ({"jan": 4}, {}),
        ({"jan": 5}, {"jan": ("jan",)}),
        ({"jan": 7, "feb": 9}, {"jan": ("jan",), "feb": ("feb",)}),
        # January waits for February; March, left over, joins them where they stand.
        ({"jan": 3, "feb": 2, "mar": 4}, {"feb": ("jan", "feb", "mar")}),
        ({"jan": 3, "feb": 1, "mar": 1, "apr": 5}, {"mar": ("jan", "feb", "mar"), "apr": ("apr",)}),
        ({"jan": 5, "feb": 2, "mar": 2}, {"jan": ("jan", "feb", "mar")}),
        ({"jan": 2, "feb": 1, "mar": 1}, {}),
        ({"jan": 0, "feb": 5, "mar": 0}, {"feb": ("feb",)}),
    ],
)
def test_neighbours_are_put_together_until_they_are_five(people: dict[str, int], groups: dict):
    assert put_together(people) == groups


@pytest.fixture
def cashier(definitions: None, hospital: Hospital) -> Campaign:
    """The exit survey of patients, on paper, over two years."""
    return make_campaign(hospital, "exit_survey", **YEAR)


def type_in(
    campaign: Campaign, month: str, people: int, by: User, *, reality: int = 3, unit: Unit | None = None
) -> list[Response]:
    """Forms of one item: expected 4, found `reality`; what they change is published."""
    rows = [
        save_paper(
            campaign=campaign,
            given=Given(answers={"q1": (reality, 4 if campaign.questionnaire.is_paired else None)}),
            unit=unit or campaign.unit,
            answered_on=dt.date.fromisoformat(f"{month}-15"),
            by=by,
        )
        for _ in range(people)
    ]
    publish_marked(campaign_id=campaign.pk)
    return rows


def published(unit: Unit, element: str = "exit_survey_respondents") -> dict[str, float | None]:
    values = DataValue.objects.filter(unit=unit, element__code=element).order_by("period")
    return {str(value.period): value.value for value in values}


def test_fewer_than_five_patients_of_a_year_are_not_published(cashier: Campaign, ani: User):
    type_in(cashier, "2024-01", 2, ani)
    type_in(cashier, "2024-07", 2, ani)
    assert published(cashier.unit) == {}
    type_in(cashier, "2025-01", 1, ani)
    assert published(cashier.unit) == {}, "another year is another group"


def test_the_fifth_brings_all_of_them_and_every_further_one_counts_at_once(cashier: Campaign, ani: User):
    type_in(cashier, "2024-01", 3, ani)
    type_in(cashier, "2024-03", 2, ani, reality=1)
    assert published(cashier.unit) == {"2024-03": 5}
    assert published(cashier.unit, "exit_survey_reality_weight") == {"2024-03": 3 * 3 + 2 * 1}
    assert published(cashier.unit, "exit_survey_expectation_weight") == {"2024-03": 5 * 4}
    type_in(cashier, "2024-05", 1, ani)
    assert published(cashier.unit) == {"2024-03": 6}


def test_a_month_that_stands_alone_later_lets_the_others_go(cashier: Campaign, ani: User):
    type_in(cashier, "2024-01", 3, ani)
    type_in(cashier, "2024-03", 3, ani)
    assert published(cashier.unit) == {"2024-03": 6}
    type_in(cashier, "2024-01", 2, ani)
    assert published(cashier.unit) == {"2024-01": 8}, "three are left over and join January"
    type_in(cashier, "2024-03", 2, ani)
    assert published(cashier.unit) == {"2024-01": 5, "2024-03": 5}


def test_what_falls_below_five_is_taken_back(cashier: Campaign, ani: User):
    rows = type_in(cashier, "2024-02", 6, ani)
    for row, left in ((rows[0], {"2024-02": 5}), (rows[1], {})):
        remove_paper(response=row)
        publish_marked(campaign_id=cashier.pk)
        assert published(cashier.unit) == left


def test_a_month_without_answers_any_more_is_taken_back(cashier: Campaign, ani: User):
    type_in(cashier, "2024-02", 5, ani)
    last = type_in(cashier, "2024-04", 5, ani)
    for row in last:
        remove_paper(response=row)
    publish_marked(campaign_id=cashier.pk)
    assert published(cashier.unit) == {"2024-02": 5}


def test_units_do_not_wait_for_each_other(cashier: Campaign, ani: User, melati: Unit, mawar: Unit):
    type_in(cashier, "2024-02", 5, ani, unit=melati)
    type_in(cashier, "2024-02", 4, ani, unit=mawar)
    assert (published(melati), published(mawar)) == ({"2024-02": 5}, {})


def test_campaigns_with_the_same_questionnaire_make_the_five_together(
    cashier: Campaign, hospital: Hospital, ani: User
):
    other = make_campaign(hospital, "exit_survey", **YEAR)
    type_in(cashier, "2024-01", 3, ani)
    type_in(other, "2024-02", 2, ani)
    assert published(hospital.root) == {"2024-02": 5}


def test_what_others_entered_for_other_months_stays(cashier: Campaign, hospital: Hospital, ani: User):
    element = DataElement.objects.get(code="exit_survey_respondents")
    save_values([NewValue(hospital.root, element, Period.parse("2024-06"), 80.0)], by=ani)
    type_in(cashier, "2024-01", 3, ani)
    type_in(cashier, "2024-02", 3, ani)
    assert published(hospital.root) == {"2024-02": 6, "2024-06": 80}


def test_employees_follow_the_same_rule(definitions: None, hospital: Hospital, ani: User):
    staff = make_campaign(hospital, "employee_satisfaction", **YEAR)
    type_in(staff, "2024-05", 4, ani)
    assert published(hospital.root, "employee_answers") == {}
    type_in(staff, "2024-06", 1, ani)
    assert published(hospital.root, "employee_answers") == {"2024-06": 5}


def tally(people: int) -> Tally:
    return Tally(lines=[TallyLine("q1", 3, people, people)], respondents=people)


@pytest.mark.parametrize(("people", "expected"), [(4, {}), (5, {"2024": 5})])
def test_a_tally_of_a_year_stands_for_itself(
    cashier: Campaign, ani: User, people: int, expected: dict[str, float]
):
    save_tally(campaign=cashier, unit=cashier.unit, period=Period.of_year(2024), tally=tally(people), by=ani)
    assert published(cashier.unit) == expected
    found = arrived(cashier)
    assert found is not None
    assert (found.counted, found.waiting) == ((5, 0) if expected else (0, 4))


def test_a_tally_of_a_month_waits_with_the_forms_beside_it(cashier: Campaign, ani: User):
    save_tally(campaign=cashier, unit=cashier.unit, period=Period.parse("2024-01"), tally=tally(3), by=ani)
    assert published(cashier.unit) == {}
    type_in(cashier, "2024-02", 2, ani)
    assert published(cashier.unit) == {"2024-02": 5}


def test_the_page_says_how_many_count_and_how_many_wait(
    cashier: Campaign, ani: User, melati: Unit, as_person: Callable[[User], Client]
):
    type_in(cashier, "2024-02", 7, ani)
    type_in(cashier, "2025-02", 2, ani, unit=melati)
    found = arrived(cashier)
    assert found is not None
    assert (found.counted, found.waiting) == (7, 2)
    page = as_person(ani).get(f"/hospitals/RSA/surveys/{cashier.pk}/", headers={"accept-language": "en"}).text
    assert "7 answers count in the scorecard." in page
    assert "2 answers wait until their unit has five in the year" in page


def test_the_few_are_not_what_is_left_when_the_scorecard_is_subtracted(
    cashier: Campaign, ani: User, melati: Unit, mawar: Unit
):
    """Seven at Melati found 3 and are in the scorecard; of three more at Mawar the page says nothing."""
    type_in(cashier, "2024-02", 7, ani, unit=melati)
    type_in(cashier, "2024-02", 3, ani, reality=1, unit=mawar)
    report = report_of(cashier, segment=None, siblings=[cashier], with_comments=False)
    assert isinstance(report.summary, PairedSummary)
    assert (report.summary.respondents, report.progress.answered) == (7, 10)
    assert (
        report.summary.items[0].reality_weight == published(melati, "exit_survey_reality_weight")["2024-02"]
    )
    (year,) = over_years([cashier], arrived(cashier).few_of_years)
    assert (year[2].respondents, year[2].percent) == (7, 75)
    type_in(cashier, "2024-02", 2, ani, reality=1, unit=mawar)
    report = report_of(cashier, segment=None, siblings=[cashier], with_comments=False)
    assert report.summary.respondents == 12


def test_several_waiting_units_that_are_five_together_are_in_the_results(
    cashier: Campaign, ani: User, melati: Unit, mawar: Unit
):
    for unit, people in ((cashier.unit, 6), (melati, 3), (mawar, 2)):
        type_in(cashier, "2024-02", people, ani, unit=unit)
    report = report_of(cashier, segment=None, siblings=[cashier], with_comments=False)
    assert report.summary.respondents == 11
    assert report.progress.arrived == Arrived(counted=6, waiting=5)


def test_of_a_questionnaire_that_publishes_nothing_nothing_is_said(cashier: Campaign):
    cashier.questionnaire.publishes = {}
    assert arrived(cashier) is None
