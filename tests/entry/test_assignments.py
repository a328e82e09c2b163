"""Who fills which form, and what is expected of whom."""

import datetime as dt

import pytest

from entry.actions import assign_form, take_form_away
from entry.models import Form, Scope
from entry.queries.duties import duties_in, duty_of, units_expected
from hospitals.models import Hospital, Unit
from hospitals.tree import UnitTree
from indicators.models import IndicatorValue, RecomputeMark
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.entry.conftest import MARCH, RIGHT, fill

JANUARY = Period.month(2026, 1)


def who(hospital: Hospital) -> list[str]:
    return [duty.unit.code for duty in duties_in(UnitTree.of(hospital))]


def test_a_form_given_to_the_hospital_is_filled_by_its_wards(ward_form: Form, hospital: Hospital) -> None:
    assert who(hospital) == ["melati", "mawar"]


def test_the_nearest_assignment_decides(ward_form: Form, hospital: Hospital, mawar: Unit) -> None:
    assign_form(form=ward_form, unit=mawar, first_month=JANUARY, scope=Scope.NOBODY)
    assert who(hospital) == ["melati"]


def test_a_form_given_to_one_unit_is_not_inherited(ward_form: Form, hospital: Hospital, inap: Unit) -> None:
    take_form_away(form=ward_form, unit=hospital.root)
    assign_form(form=ward_form, unit=inap, first_month=JANUARY, scope=Scope.THIS_UNIT)
    assert who(hospital) == ["inap"]


def test_a_unit_owes_no_form_before_it_opened(ward_form: Form, melati: Unit) -> None:
    assert duty_of(form=ward_form, unit=melati, period=MARCH)
    assert duty_of(form=ward_form, unit=melati, period=Period.month(2025, 12)) is None
    melati.opened_on = Period.month(2026, 4).start
    melati.save()
    assert duty_of(form=ward_form, unit=melati, period=MARCH) is None


def test_required_elements_are_expected_of_the_units_that_have_the_form(
    ward_form: Form, hospital: Hospital, melati: Unit, mawar: Unit
) -> None:
    expected = units_expected(UnitTree.of(hospital))
    assert expected["admissions"] == {melati.pk, mawar.pk}
    assert "length_of_stay_days" not in expected
    assert "revenue" not in expected


def test_a_hospital_without_forms_expects_nothing_of_them(definitions: None, hospital: Hospital) -> None:
    assert units_expected(UnitTree.of(hospital)) == {}


@pytest.mark.django_db
def test_assigning_a_form_recomputes_the_hospital(ward_form: Form, hospital: Hospital) -> None:
    assert RecomputeMark.objects.filter(hospital=hospital, unit=None).exists()


def test_a_ward_that_has_the_form_and_reports_nothing_is_missed(
    ward_form: Form, hospital: Hospital, melati: Unit
) -> None:
    """January to March were due: of 2 wards x 3 months only Melati's March is there."""
    fill(melati, RIGHT)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    bor = IndicatorValue.objects.get(
        unit=hospital.root, indicator__code="bor", period=Period.parse("2026-Q1")
    )
    assert (bor.present, bor.expected) == (1, 6)


def test_without_forms_whoever_has_reported_is_expected(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    fill(melati, RIGHT)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    bor = IndicatorValue.objects.get(
        unit=hospital.root, indicator__code="bor", period=Period.parse("2026-Q1")
    )
    assert (bor.present, bor.expected) == (1, 3)
