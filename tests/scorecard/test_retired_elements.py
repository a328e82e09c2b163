"""Scores expect nothing of what is retired, and closed years stay as they are."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from entry.actions import assign_form
from entry.models import Scope
from hospitals.models import Hospital, Unit
from indicators.actions import save_values
from indicators.models import DataElement, IndicatorValue, LeftOut
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.entry.conftest import fill
from tests.entry.test_retired_elements import retire
from tests.entry.test_unasked_parts import form_with
from tests.scorecard.test_incremental import CODES, Rows, random_change, rows_from_scratch, stored_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("definitions")]

TODAY = dt.date(2010, 3, 15)
FEBRUARY = Period.month(2010, 2)


def before_this_year(rows: Rows) -> Rows:
    """Their keys are model, unit, indicator and period, or unit, period, …"""
    return {key: row for key, row in rows.items() if not any(str(p).startswith("2010") for p in key[1:])}


@pytest.mark.parametrize("seed", range(4))
def test_closed_years_stay_and_what_comes_in_later_is_followed(hospital: Hospital, seed: int) -> None:
    """A ward has closed meanwhile, another opened; half of the elements are on a form."""
    random = Random(seed)  # noqa: S311
    hospital.units.filter(code="mawar").update(opened_on=dt.date(2008, 7, 1))
    melati = hospital.units.get(code="melati")
    form_with(hospital, melati, *CODES[::2], begins=Period.month(2008, 4))
    units, elements = list(hospital.units.all()), list(DataElement.objects.filter(code__in=CODES))
    for _ in range(12):
        save_values(random_change(random, units, elements), by=None)
    hospital.units.filter(code="melati").update(closed_on=dt.date(2008, 12, 31))
    before = rows_from_scratch(hospital, TODAY)
    for code in CODES:
        retire(code, dt.date(2010, 2, 10))
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    now = stored_rows(hospital)
    assert before_this_year(now) == before_this_year(before)
    assert now == rows_from_scratch(hospital, TODAY)
    save_values(random_change(random, units, list(DataElement.objects.filter(code__in=CODES))), by=None)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert stored_rows(hospital) == rows_from_scratch(hospital, TODAY)


def test_wards_of_a_closed_year_come_together_where_they_did(hospital: Hospital, melati: Unit) -> None:
    """Melati gave beds and patient days, and closed; in the year after others gave the one and the other."""
    months = [Period.month(2008, month) for month in range(1, 13)]
    for month in months:
        fill(melati, {"beds": 20, "patient_days": 400}, month)
    Unit.objects.filter(pk=melati.pk).update(closed_on=dt.date(2008, 12, 31))
    mawar = hospital.units.get(code="mawar")
    for month in months:
        fill(mawar, {"beds": 10}, Period.month(2009, month.first_month))
    fill(hospital.units.get(code="inap"), {"patient_days": 200}, Period.month(2009, 5))
    before = rows_from_scratch(hospital, TODAY)
    retire("beds", dt.date(2010, 1, 1))
    retire("patient_days", dt.date(2010, 1, 1))
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert before_this_year(stored_rows(hospital)) == before_this_year(before)


@pytest.mark.parametrize("of_form", [True, False], ids=["of a form", "of no form"])
def test_what_is_retired_is_missing_to_nobody(hospital: Hospital, melati: Unit, of_form: bool) -> None:
    if of_form:
        form_with(hospital, melati, "beds", "patient_days", begins=Period.month(2010, 1))
    for month in (Period.month(2009, 12), Period.month(2010, 1)):
        fill(melati, {"beds": 20, "patient_days": 400}, month)
    rows_from_scratch(hospital, TODAY)
    quarter = IndicatorValue.objects.filter(indicator__code="bor", unit=melati, period="2010-Q1")
    named = {"indicator__code": "bor", "unit": melati, "period": "2010-Q1", "approved": False}
    left_out = LeftOut.objects.filter(**named)
    before = quarter.get()
    assert (before.present < before.expected, left_out.exists()) == (True, True)
    for code in ("beds", "patient_days"):
        retire(code, FEBRUARY.end)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    after = quarter.get()
    assert (after.present == after.expected, left_out.exists()) == (True, False)
    assert after.value == pytest.approx(100 * 400 / 620)


def test_retiring_says_what_ending_the_form_says(hospital: Hospital, melati: Unit) -> None:
    form = form_with(hospital, melati, "beds", "patient_days", begins=Period.month(2009, 1))
    for month in range(1, 13):
        fill(melati, {"beds": 20, "patient_days": 400}, Period.month(2009, month))
    rows_from_scratch(hospital, TODAY)
    last = Period.month(2010, 1)
    first = Period.month(2009, 1)
    assign_form(form=form, unit=melati, first_month=first, last_month=last, scope=Scope.THIS_UNIT)
    ended = rows_from_scratch(hospital, TODAY)
    assign_form(form=form, unit=melati, first_month=first, scope=Scope.THIS_UNIT)
    assert rows_from_scratch(hospital, TODAY) != ended
    retire("beds", dt.date(2010, 2, 1))
    retire("patient_days", dt.date(2010, 2, 28))
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert stored_rows(hospital) == ended
