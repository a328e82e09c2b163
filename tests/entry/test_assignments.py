"""Who fills which form, and what is expected of whom."""

import datetime as dt

import pytest

from entry.actions import assign_form, take_form_away
from entry.models import Form, Scope
from entry.queries.duties import duties_in, duty_of
from entry.queries.keeping import units_expected
from hospitals.models import Hospital, Unit
from hospitals.tree import UnitTree
from indicators.marks import mark_everything
from indicators.models import IndicatorValue, RecomputeMark
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.entry.conftest import MARCH, RIGHT, fill

JANUARY = Period.month(2026, 1)


def who(hospital: Hospital) -> list[str]:
    return [duty.unit.code for duty in duties_in(UnitTree.of(hospital))]


def bor_counts(hospital: Hospital, period: str) -> tuple[int, int]:
    """How many unit-months of the bed occupancy are there, and how many are expected."""
    bor = IndicatorValue.objects.get(unit=hospital.root, indicator__code="bor", period=Period.parse(period))
    return bor.present, bor.expected


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
    assert expected["admissions"] == {melati.pk: [(JANUARY, None)], mawar.pk: [(JANUARY, None)]}
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
    assert bor_counts(hospital, "2026-Q1") == (1, 6)


def test_a_form_is_owed_from_its_first_month_to_its_last(
    ward_form: Form, hospital: Hospital, melati: Unit
) -> None:
    """From March on: of 2 wards x 1 month of the first quarter Melati's March is there."""
    fill(melati, RIGHT)
    assign_form(form=ward_form, unit=hospital.root, first_month=MARCH, last_month=Period.month(2026, 4))
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 7, 20))
    assert bor_counts(hospital, "2026-Q1") == (1, 2)
    assert bor_counts(hospital, "2026-Q2") == (0, 2)  # April; the form ended before May


def test_before_a_form_began_those_owe_who_had_reported_until_then(
    ward_form: Form, hospital: Hospital, melati: Unit, mawar: Unit
) -> None:
    """Melati's numbers of November come from a file. Mawar reports since the form is there: it owes
    nothing of the year before, and Melati its 3 months of the quarter."""
    fill(melati, RIGHT, Period.month(2025, 11))
    for ward in (melati, mawar):
        fill(ward, RIGHT, JANUARY)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 2, 20))
    assert bor_counts(hospital, "2025-Q4") == (1, 3)
    assert bor_counts(hospital, "2026-01") == (2, 2)


@pytest.mark.parametrize("earlier", [Period.month(2026, 1), Period.parse("2026-Q1"), Period.of_year(2026)])
def test_a_change_counts_the_same_as_a_recomputation_of_everything(
    ward_form: Form, hospital: Hospital, melati: Unit, mawar: Unit, earlier: Period
) -> None:
    assign_form(form=ward_form, unit=hospital.root, first_month=Period.month(2026, 4))
    assign_form(form=ward_form, unit=mawar, first_month=Period.month(2026, 6))
    fill(melati, {"beds": 20, "patient_days": 465}, earlier)
    fill(mawar, RIGHT, Period.month(2026, 5))
    today = dt.date(2026, 9, 20)
    recompute_scores(hospital_id=hospital.pk, today=today)
    fill(melati, RIGHT, Period.month(2026, 6))
    recompute_scores(hospital_id=hospital.pk, today=today)
    after_the_change = _all_values(hospital)
    mark_everything([hospital])
    recompute_scores(hospital_id=hospital.pk, today=today)
    assert _all_values(hospital) == after_the_change


def _all_values(hospital: Hospital) -> list[tuple]:
    rows = IndicatorValue.objects.filter(unit__hospital=hospital).order_by("unit", "indicator", "period")
    return list(rows.values_list("unit", "indicator", "period", "value", "present", "expected", "flags"))


def test_without_forms_whoever_has_reported_is_expected(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    fill(melati, RIGHT)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    assert bor_counts(hospital, "2026-Q1") == (1, 3)
