"""The definitions that hold for a hospital: shipped ones, and its own before them."""

import datetime as dt

import numpy as np
import pytest

from hospitals.models import Hospital
from hospitals.tree import UnitTree
from indicators.catalogue import DEFAULT_STANDARD, Catalogue, choices_of
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
    StandardChoice,
)
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


def test_a_total_brings_its_parts(hospital: Hospital) -> None:
    catalogue = catalogue_of(hospital)
    assert catalogue.rules["outpatient_visits"].parts == ("new_visits", "returning_visits")
    assert catalogue.with_sources(["outpatient_visits"]) == {
        "outpatient_visits",
        "new_visits",
        "returning_visits",
    }
    assert "opr" in catalogue.indicators_using({"new_visits"})
    assert "bor" in catalogue.indicators_using({"patient_days_class_3"})
    assert "bor" not in catalogue.indicators_using({"new_visits"})


def test_what_is_derived_from_a_total_brings_the_parts_of_it(hospital: Hospital) -> None:
    shared = {"hospital": hospital, "name_en": "x", "name_id": "x", "over_time": "sum", "over_units": "sum"}
    DataElement.objects.create(code="visits_thrice", derived="3 * outpatient_visits", **shared)
    raw = catalogue_of(hospital).with_sources(["visits_thrice"])
    assert raw == {"visits_thrice", "outpatient_visits", "new_visits", "returning_visits"}


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


def test_an_indicator_is_computed_from_its_first_formula_until_it_is_retired(hospital: Hospital) -> None:
    Indicator.objects.filter(code="bor").update(retired_from=dt.date(2010, 7, 1))
    IndicatorFormula.objects.filter(indicator__code="bor").update(valid_from=dt.date(2009, 1, 1))
    days = ["2008-12-31", "2009-01-01", "2010-06-30", "2010-07-01"]
    in_force = catalogue_of(hospital).in_force("bor", np.array(days, "datetime64[D]"))
    assert in_force.tolist() == [False, True, True, False]


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


def spans(hospital: Hospital) -> list[tuple[float | None, dt.date, dt.date | None]]:
    """Upper edge, first day and day after the last of what Depkes 1997 says of the current ratio."""
    rules = catalogue_of(hospital).ranges["current_ratio"].of_standards["depkes_1997"]
    return [(r.ideal_high, r.valid_from, r.valid_until) for r in rules]


def test_a_range_from_a_day_on_leaves_the_days_before_to_the_inherited_one(hospital: Hospital) -> None:
    """What 2026 says does not take away what 2023 says of the years before."""
    ratio = Indicator.objects.get(code="current_ratio")
    general, own = (Standard.objects.get(code=code) for code in ("general", "depkes_1997"))
    ReferenceRange.objects.filter(indicator=ratio).delete()
    first, second, third = dt.date(2023, 1, 1), dt.date(2026, 1, 1), dt.date(2028, 1, 1)
    ReferenceRange.objects.create(indicator=ratio, standard=general, ideal_high=1, valid_from=first)
    assert spans(hospital) == [(1, first, None)]
    row = ReferenceRange.objects.create(indicator=ratio, standard=own, ideal_high=2, valid_from=second)
    assert spans(hospital) == [(1, first, second), (2, second, None)]
    # Where the standard's own ends, the inherited one speaks again.
    row.valid_until = third
    row.save()
    assert spans(hospital) == [(1, first, second), (1, third, None), (2, second, third)]
