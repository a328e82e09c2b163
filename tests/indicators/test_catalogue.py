"""The definitions that hold for a hospital: shipped ones, and its own before them."""

import datetime as dt

import pytest

from hospitals.models import Hospital
from hospitals.tree import UnitTree
from indicators.catalogue import DEFAULT_STANDARD, Catalogue, choices_of
from indicators.models import DataElement, Indicator, Standard, StandardChoice
from indicators.models.definition import ALWAYS

pytestmark = pytest.mark.usefixtures("definitions")


def catalogue_of(hospital: Hospital) -> Catalogue:
    return Catalogue.of(hospital, UnitTree.of(hospital))


def test_a_derived_element_brings_what_it_is_derived_from(hospital: Hospital) -> None:
    catalogue = catalogue_of(hospital)
    assert catalogue.with_sources(["bed_days"]) == {"bed_days", "beds"}
    assert "bor" in catalogue.indicators_using({"beds"})
    assert "bor" in catalogue.indicators_using({"patient_days"})
    assert "revenue_growth" not in catalogue.indicators_using({"beds"})


def test_a_result_as_reported_belongs_to_its_indicator(hospital: Hospital) -> None:
    reported = Indicator.objects.get(code="bor").as_reported
    assert catalogue_of(hospital).indicators_using({reported.code}) == ["bor"]


def test_a_hospitals_own_element_goes_before_the_shipped_one(
    hospital: Hospital, other_hospital: Hospital
) -> None:
    shipped = DataElement.objects.get(code="beds")
    own = DataElement.objects.create(
        hospital=hospital, code="beds", name_en="Beds", name_id="TT", over_time="sum", over_units="sum"
    )
    assert catalogue_of(hospital).elements["beds"] == own
    assert catalogue_of(hospital).rules["beds"].over_time == "sum"
    assert catalogue_of(other_hospital).rules["beds"].over_time == shipped.over_time


def test_retired_indicators_are_not_computed(hospital: Hospital) -> None:
    Indicator.objects.filter(code="bor").update(retired=True)
    catalogue = catalogue_of(hospital)
    assert "bor" not in catalogue.indicators
    assert "bor" not in catalogue.indicator_rules


def test_the_default_standard_holds_until_another_is_chosen(hospital: Hospital) -> None:
    assert choices_of(hospital) == [(ALWAYS, DEFAULT_STANDARD)]
    chosen = Standard.objects.get(code="depkes_1997")
    StandardChoice.objects.create(hospital=hospital, standard=chosen, valid_from=dt.date(2009, 1, 1))
    assert choices_of(hospital) == [(ALWAYS, DEFAULT_STANDARD), (dt.date(2009, 1, 1), "depkes_1997")]


def test_a_choice_from_always_leaves_no_default(hospital: Hospital) -> None:
    StandardChoice.objects.create(hospital=hospital, standard=Standard.objects.get(code="depkes_1997"))
    assert choices_of(hospital) == [(ALWAYS, "depkes_1997")]


def test_a_standard_inherits_the_ranges_on_which_it_is_silent(hospital: Hospital) -> None:
    ranges = catalogue_of(hospital).ranges
    assert [r.ideal_high for r in ranges["bor"].of_standards["depkes_1997"]] == [80]
    assert [r.ideal_high for r in ranges["bor"].of_standards["depkes_2004"]] == [85]
    general = ranges["current_ratio"].of_standards["general"]
    assert general
    assert ranges["current_ratio"].of_standards["depkes_1997"] == general
