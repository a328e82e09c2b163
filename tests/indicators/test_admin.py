"""The Django admin of definitions, ranges and chosen standards."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from hospitals.models import Hospital, Unit
from indicators.models import (
    DataElement,
    DataValue,
    Indicator,
    IndicatorFormula,
    RecomputeMark,
)
from tests.indicators.admin_pages import errors

pytestmark = pytest.mark.usefixtures("definitions")

ADD_INDICATOR = "/admin/indicators/indicator/add/"
ADD_ELEMENT = "/admin/indicators/dataelement/add/"
ADD_RANGE = "/admin/indicators/referencerange/add/"


@pytest.fixture
def indicator(hospital: Hospital) -> dict:
    """What the form of a new indicator is filled in with."""
    return {
        "hospital": hospital.pk,
        "code": "meals_per_day",
        "name_en": "Meals a day",
        "name_id": "Makanan per hari",
        "unit_of_measure": "meals",
        "decimals": "1",
        "perspective": "internal_process",
        "direction": "higher",
        "position": "0",
        "formulas-INITIAL_FORMS": "0",
        "formulas-TOTAL_FORMS": "1",
        "formulas-0-expression": "patient_days / days",
        "formulas-0-valid_from": "2009-01-01",
    }


@pytest.fixture
def element(hospital: Hospital) -> dict:
    return {
        "hospital": hospital.pk,
        "code": "meals",
        "name_en": "Meals",
        "name_id": "Makanan",
        "unit_of_measure": "meals",
        "decimals": "0",
        "over_time": "sum",
        "over_units": "sum",
    }


def test_a_hospitals_own_indicator_comes_with_its_result_as_reported(page: Client, indicator: dict):
    answer = page.post(ADD_INDICATOR, indicator)
    assert answer.status_code == 302, errors(answer)
    made = Indicator.objects.get(code="meals_per_day")
    assert made.as_reported.is_as_reported
    assert made.as_reported.hospital == made.hospital
    assert made.formulas.get().expression == "patient_days / days"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("patient_days / ", "character 15: something is missing at the end"),
        ("patient_days // days", "character 15: “/” is not expected here"),
        ("patient_days; drop", "character 13: “;” does not belong in a formula"),
        ("100 * patientdays / days", "character 7: there is no data element “patientdays”"),
        ("", "This field is required."),
    ],
)
def test_what_is_wrong_with_a_formula_stands_at_its_field(
    expression: str, message: str, page: Client, indicator: dict
):
    answer = page.post(ADD_INDICATOR, indicator | {"formulas-0-expression": expression})
    assert message in errors(answer)
    (formula,) = answer.context["inline_admin_formsets"][0].formset.forms
    assert "expression" in formula.errors
    assert not Indicator.objects.filter(code="meals_per_day").exists()


def test_an_indicator_without_a_formula_is_refused(page: Client, indicator: dict):
    empty = {"formulas-TOTAL_FORMS": "0", "formulas-0-expression": "", "formulas-0-valid_from": ""}
    assert page.post(ADD_INDICATOR, indicator | empty).status_code == 200
    assert not Indicator.objects.filter(code="meals_per_day").exists()


def test_a_shipped_code_is_not_taken_again(page: Client, indicator: dict, element: dict):
    assert "“bor” is shipped" in errors(page.post(ADD_INDICATOR, indicator | {"code": "bor"}))
    assert "“beds” is shipped" in errors(page.post(ADD_ELEMENT, element | {"code": "beds"}))


def test_a_new_formula_takes_over_later_and_the_old_one_stays(page: Client, indicator: dict):
    page.post(ADD_INDICATOR, indicator)
    made = Indicator.objects.get(code="meals_per_day")
    old = made.formulas.get()
    change = f"/admin/indicators/indicator/{made.pk}/change/"
    following = indicator | {
        "formulas-TOTAL_FORMS": "2",
        "formulas-INITIAL_FORMS": "1",
        "formulas-0-id": old.pk,
        "formulas-0-indicator": made.pk,
        "formulas-0-expression": "1",
        "formulas-1-indicator": made.pk,
        "formulas-1-expression": "2 * patient_days / days",
        "formulas-1-valid_from": "2008-12-31",
    }
    assert "Choose a day after 1 January 2009." in errors(page.post(change, following))
    assert page.post(change, following | {"formulas-1-valid_from": "2010-01-01"}).status_code == 302
    assert list(IndicatorFormula.objects.filter(indicator=made).values_list("expression", flat=True)) == [
        "patient_days / days",
        "2 * patient_days / days",
    ]


def test_what_is_shipped_is_shown_and_not_changed(page: Client):
    bor = Indicator.objects.get(code="bor")
    address = f"/admin/indicators/indicator/{bor.pk}/change/"
    assert page.get(address).status_code == 200
    assert page.post(address, {"name_en": "Other"}).status_code == 403
    beds = DataElement.objects.get(code="beds")
    assert page.post(f"/admin/indicators/dataelement/{beds.pk}/change/", {}).status_code == 403


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        ("meals * 2", "“meals”"),
        ("bed_days * 2", "character 1: “bed_days” is derived itself"),
        ("first(beds, patient_days)", "first(…) belongs in indicators"),
        ("2 *", "character 4: something is missing at the end"),
    ],
)
def test_an_element_is_derived_from_reported_ones(derived: str, message: str, page: Client, element: dict):
    answer = page.post(ADD_ELEMENT, element | {"derived": derived})
    assert message in errors(answer)
    assert "derived" in answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ("new_visits, returning_visits", ""),
        ("new_visits returning_visits", ""),
        ("new_visits, visitors", "there is no data element “visitors”"),
        ("outpatient_visits", "“outpatient_visits” is a total itself"),
        ("beds", "“beds” adds up over time or units in another way than “meals”"),
    ],
)
def test_a_total_names_its_parts(parts: str, message: str, page: Client, element: dict):
    answer = page.post(ADD_ELEMENT, element | {"unit_of_measure": "visits", "parts": parts})
    if message:
        assert message in errors(answer)
    else:
        made = DataElement.objects.get(code="meals")
        assert made.parts == ["new_visits", "returning_visits"]
        shown = page.get(f"/admin/indicators/dataelement/{made.pk}/change/").content.decode()
        assert 'value="new_visits, returning_visits"' in shown


def test_a_changed_element_is_recomputed(page: Client, element: dict, hospital: Hospital):
    page.post(ADD_ELEMENT, element | {"derived": "2 * beds"})
    made = DataElement.objects.get(code="meals")
    RecomputeMark.objects.all().delete()
    answer = page.post(f"/admin/indicators/dataelement/{made.pk}/change/", element | {"derived": "3 * beds"})
    assert answer.status_code == 302, errors(answer)
    assert RecomputeMark.objects.filter(hospital=hospital).exists()


def test_what_others_are_derived_from_does_not_become_derived(page: Client, element: dict):
    page.post(ADD_ELEMENT, element)
    made = DataElement.objects.get(code="meals")
    page.post(ADD_ELEMENT, element | {"code": "courses", "derived": "3 * meals"})
    answer = page.post(f"/admin/indicators/dataelement/{made.pk}/change/", element | {"derived": "2 * beds"})
    assert "“courses” is derived from “meals”, and nothing is derived twice." in errors(answer)


def test_a_sum_that_an_optional_part_would_blank_is_refused(page: Client, element: dict, indicator: dict):
    page.post(ADD_ELEMENT, element | {"optional": "on"})
    answer = page.post(ADD_INDICATOR, indicator | {"formulas-0-expression": "(beds + meals) / days"})
    assert "has no value where there is no “meals”, which is optional; offer the sum" in errors(answer)
    answer = page.post(ADD_ELEMENT, element | {"code": "food", "derived": "beds + meals"})
    assert "has no value where there is no “meals”" in errors(answer)
    either = {"formulas-0-expression": "first(beds + meals, beds) / days"}
    assert page.post(ADD_INDICATOR, indicator | either).status_code == 302


def test_what_a_sum_depends_on_does_not_become_optional(page: Client, element: dict, indicator: dict):
    page.post(ADD_ELEMENT, element)
    made = DataElement.objects.get(code="meals")
    page.post(ADD_INDICATOR, indicator | {"formulas-0-expression": "(beds + meals) / days"})
    answer = page.post(f"/admin/indicators/dataelement/{made.pk}/change/", element | {"optional": "on"})
    assert "“(beds + meals) / days” has no value where there is no “meals”" in errors(answer)


@pytest.mark.parametrize("address", [ADD_INDICATOR, ADD_RANGE, "/admin/indicators/standardchoice/add/"])
def test_the_first_day_offered_is_the_beginning_of_this_year(page: Client, address: str):
    text = page.get(address).content.decode()
    assert f'value="{timezone.localdate().year}-01-01"' in text
    assert "1900-" not in text


def test_nothing_is_retired_in_a_closed_year_or_taken_up_again_in_one(page: Client, element: dict):
    page.post(ADD_ELEMENT, element)
    made = DataElement.objects.get(code="meals")
    change = f"/admin/indicators/dataelement/{made.pk}/change/"
    this_year = timezone.localdate().replace(month=1, day=1)
    closed = this_year - dt.timedelta(days=1)
    said = f"Years that are closed stay as they are: choose a day from 1 January {this_year.year} on."
    assert said in errors(page.post(change, element | {"retired_from": closed}))
    assert page.post(change, element | {"retired_from": this_year}).status_code == 302
    assert page.post(change, element | {"retired_from": ""}).status_code == 302
    DataElement.objects.filter(pk=made.pk).update(retired_from=closed)
    assert said in errors(page.post(change, element | {"retired_from": ""}))
    assert page.post(change, element | {"retired_from": closed}).status_code == 302


def test_what_numbers_of_closed_years_mean_is_not_changed(page: Client, element: dict, melati: Unit):
    page.post(ADD_ELEMENT, element)
    made = DataElement.objects.get(code="meals")
    change = f"/admin/indicators/dataelement/{made.pk}/change/"
    assert page.post(change, element | {"over_time": "last"}).status_code == 302
    DataValue.objects.create(unit=melati, element=made, period="2009-01", value=3)
    assert "give the new meaning a new code" in errors(page.post(change, element))
    assert page.post(change, element | {"over_time": "last", "name_en": "Plates"}).status_code == 302


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        # The total would be made of itself.
        ({"derived": "all_meals * 2"}, "“meals” is derived itself"),
        ({"derived": "beds * 2"}, "“meals” is derived itself"),
        ({"parts": "snacks"}, "“meals” is a part of “all_meals”, and cannot have parts"),
        ({"over_time": "last"}, "“meals” adds up over time or units in another way than “all_meals”"),
        ({"unit_of_measure": "plates"}, "“meals” has another unit of measure than “all_meals”"),
        ({"name_en": "Plates"}, ""),
    ],
)
def test_what_is_a_part_stays_one_that_its_total_can_add_up(
    changed: dict, said: str, page: Client, element: dict
):
    for more in ({}, {"code": "snacks"}, {"code": "all_meals", "parts": "meals"}):
        assert page.post(ADD_ELEMENT, element | more).status_code == 302
    part = DataElement.objects.get(code="meals")
    answer = page.post(f"/admin/indicators/dataelement/{part.pk}/change/", element | changed)
    assert said in errors(answer) if said else answer.status_code == 302


@pytest.mark.parametrize("derived", ["patient_days * 2", "days * 2"])
def test_what_would_have_numbers_of_closed_years_is_not_derived_anew(
    derived: str, page: Client, element: dict, melati: Unit, kenanga: Unit
):
    """It would be there in years in which it was not, also where it has no number itself."""
    page.post(ADD_ELEMENT, element)
    made = DataElement.objects.get(code="meals")
    change = f"/admin/indicators/dataelement/{made.pk}/change/"
    elsewhere = DataElement.objects.get(code="patient_days")
    DataValue.objects.create(unit=kenanga, element=elsewhere, period="2009-01", value=3)
    assert page.post(change, element | {"derived": derived}).status_code == 302
    assert page.post(change, element).status_code == 302
    DataValue.objects.create(unit=melati, element=elsewhere, period="2009-01", value=3)
    assert "give the new meaning a new code" in errors(page.post(change, element | {"derived": derived}))


def test_closed_years_keep_the_decimals_they_were_shown_with(page: Client, indicator: dict):
    page.post(ADD_INDICATOR, indicator)
    made = Indicator.objects.get(code="meals_per_day")
    change = f"/admin/indicators/indicator/{made.pk}/change/"
    stays = indicator | {
        "formulas-INITIAL_FORMS": "1",
        "formulas-0-id": made.formulas.get().pk,
        "formulas-0-indicator": made.pk,
    }
    for decimals in ("2", "3"):
        assert page.post(change, stays | {"decimals": decimals}).status_code == 302
    made.refresh_from_db()
    today = timezone.localdate()
    assert made.decimals_on(today) == 3
    assert made.decimals_on(dt.date(today.year - 1, 12, 31)) == 1
