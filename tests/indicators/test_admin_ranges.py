"""Ranges and standards in the administration, and that every page of it opens."""

import datetime as dt

import pytest
from django.test import Client

from hospitals.models import Hospital, Unit
from indicators.models import (
    Indicator,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from tests.indicators.admin_pages import errors
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("definitions")

ADD_RANGE = "/admin/indicators/referencerange/add/"


@pytest.fixture
def range_of_bor(melati: Unit) -> dict:
    return {
        "indicator": Indicator.objects.get(code="bor").pk,
        "unit": melati.pk,
        "worst_low": "40",
        "ideal_low": "70",
        "ideal_high": "80",
        "worst_high": "100",
        "valid_from": "2009-01-01",
    }


def test_a_unit_gets_a_range_of_its_own(page: Client, range_of_bor: dict, melati: Unit):
    answer = page.post(ADD_RANGE, range_of_bor)
    assert answer.status_code == 302, errors(answer)
    made = ReferenceRange.objects.get(unit=melati)
    assert (made.ideal_low, made.ideal_high, made.standard) == (70, 80, None)


def test_a_unit_gets_a_scoring_table_of_its_own(page: Client, range_of_bor: dict, melati: Unit):
    points = dict.fromkeys(("worst_low", "ideal_low", "ideal_high", "worst_high"), "")
    table = "{ to = 0, points = 0 }\n{ from = 0, to = 15, points = 90 }\n{ from = 15, points = 100 }"
    answer = page.post(ADD_RANGE, range_of_bor | points | {"scoring_table": table, "steps_closed": "above"})
    assert answer.status_code == 302, errors(answer)
    made = ReferenceRange.objects.get(unit=melati)
    assert (made.steps_closed, [step["points"] for step in made.steps]) == ("above", [0, 90, 100])
    shown = page.get(f"/admin/indicators/referencerange/{made.pk}/change/").content.decode()
    assert "{ from = 0, to = 15, points = 90 }" in shown


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scoring_table": "from 0 to 5: 20"}, "Write one step a line, like this: { from = 0"),
        ({"scoring_table": "{ from = 5, to = 0, points = 20 }"}, "Step 1: Value error, from lies above to"),
        ({"scoring_table": "{ from = 0, points = 120 }"}, "Step 1.points: Input should be less than"),
        ({"steps_closed": "left"}, "left is not one of the available choices"),
        ({"ideal_low": "", "ideal_high": ""}, "Give at least one edge"),
        ({"ideal_low": "90"}, "The numbers must rise"),
        ({"worst_high": "79"}, "The numbers must rise"),
        ({"unit": ""}, "This field is required."),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(wrong: dict, message: str, page: Client, range_of_bor: dict):
    assert message in errors(page.post(ADD_RANGE, range_of_bor | wrong))


def test_a_range_is_followed_by_a_later_one_and_never_changed(page: Client, range_of_bor: dict, melati: Unit):
    page.post(ADD_RANGE, range_of_bor)
    made = ReferenceRange.objects.get(unit=melati)
    assert page.post(f"/admin/indicators/referencerange/{made.pk}/change/", range_of_bor).status_code == 403
    assert (
        page.post(f"/admin/indicators/referencerange/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert "Choose a day after 1 January 2009." in errors(page.post(ADD_RANGE, range_of_bor))
    assert page.post(ADD_RANGE, range_of_bor | {"valid_from": "2010-01-01"}).status_code == 302
    assert ReferenceRange.objects.filter(unit=melati).count() == 2


def test_a_range_is_taken_back_before_its_day(page: Client, range_of_bor: dict, melati: Unit):
    page.post(ADD_RANGE, range_of_bor | {"valid_from": "2999-01-01"})
    made = ReferenceRange.objects.get(unit=melati)
    assert (
        page.post(f"/admin/indicators/referencerange/{made.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert not ReferenceRange.objects.filter(unit=melati).exists()


def test_a_range_of_another_hospitals_unit_is_refused(page: Client, range_of_bor: dict, kenanga: Unit):
    answer = page.post(ADD_RANGE, range_of_bor | {"unit": kenanga.pk})
    assert list(answer.context["adminform"].form.errors) == ["unit"]
    assert not ReferenceRange.objects.filter(unit=kenanga).exists()


def test_a_hospital_chooses_a_standard_from_a_day_on(page: Client, hospital: Hospital):
    standard = Standard.objects.get(code="depkes_2004")
    choice = {"hospital": hospital.pk, "standard": standard.pk, "valid_from": "2009-01-01"}
    address = "/admin/indicators/standardchoice/add/"
    assert page.post(address, choice).status_code == 302
    assert "Choose a day after" in errors(page.post(address, choice))
    assert StandardChoice.objects.get().valid_from == dt.date(2009, 1, 1)


def test_a_range_is_called_by_its_indicator_and_whose_it_is(page: Client, range_of_bor: dict, melati: Unit):
    page.post(ADD_RANGE, range_of_bor)
    made = ReferenceRange.objects.get(unit=melati)
    name = "Bed occupancy rate (bor), Bangsal Melati"
    assert name in text_of(page.get(f"/admin/indicators/referencerange/{made.pk}/change/"))
    assert "Bed occupancy rate (bor)" in text_of(page.get("/admin/indicators/referencerange/?q=bor"))


@pytest.mark.parametrize(
    "model", ["dataelement", "indicator", "referencerange", "standard", "standardchoice"]
)
def test_every_list_and_form_opens(model: str, page: Client, range_of_bor: dict, hospital: Hospital):
    page.post(ADD_RANGE, range_of_bor)
    assert page.get(f"/admin/indicators/{model}/").status_code == 200
    assert page.get(f"/admin/indicators/{model}/?q=bor").status_code in (200, 302)
    assert page.get(f"/admin/indicators/{model}/add/").status_code == (403 if model == "standard" else 200)
