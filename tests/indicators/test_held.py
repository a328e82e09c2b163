"""What is read of definitions is held in memory, and never longer than they stay as they were."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.following import move_stamp
from indicators.models import DataElement, IndicatorFormula, IndicatorValue
from indicators.periods import Period
from scorecard.actions import recompute_scores

TODAY = dt.date(2009, 4, 20)
#: Half of what it is: 50 × 248 of 310 days.
HALF = "50 * patient_days / bed_days"
DEFINED_IN = ("indicators_indicatorformula", "hospitals_unit", "scorecard_template")


@pytest.fixture(autouse=True)
def _changed_before(definitions: None, hospital: Hospital) -> None:
    move_stamp()


def bor_after(ward: Unit, patient_days: float) -> float | None:
    january = Period.month(2009, 1)
    numbers = {"beds": 10, "patient_days": patient_days}
    elements = {code: DataElement.objects.get(code=code) for code in numbers}
    save_values(
        [NewValue(ward, elements[code], january, number) for code, number in numbers.items()], by=None
    )
    recompute_scores(hospital_id=ward.hospital_id, today=TODAY)
    return IndicatorValue.objects.get(unit=ward, indicator__code="bor", period=january).value


def halve_bor() -> None:
    formula = IndicatorFormula.objects.get(indicator__code="bor")
    formula.expression = HALF
    formula.save()


def tables_read(ward: Unit, patient_days: float) -> set[str]:
    with CaptureQueriesContext(connection) as queries:
        bor_after(ward, patient_days)
    return {table for table in DEFINED_IN if any(f'FROM "{table}"' in q["sql"] for q in queries)}


def test_a_second_computation_reads_no_definitions(melati: Unit) -> None:
    """Saving reads the units as well, for the turn of those who save."""
    assert tables_read(melati, 248) == set(DEFINED_IN)
    assert tables_read(melati, 217) == {"hospitals_unit"}


def test_a_change_is_seen_by_the_next_computation(melati: Unit) -> None:
    assert bor_after(melati, 248) == pytest.approx(80)
    halve_bor()
    assert bor_after(melati, 248) == pytest.approx(40)


def test_what_was_read_of_a_change_that_was_taken_back_is_not_used_after_another(melati: Unit) -> None:
    """Both changes begin from the same stamp; the second concerns another formula."""
    bor_after(melati, 248)
    with transaction.atomic():
        halve_bor()
        assert bor_after(melati, 217) == pytest.approx(35)
        transaction.set_rollback(True)
    los = IndicatorFormula.objects.get(indicator__code="avlos")
    los.expression = f"2 * ({los.expression})"
    los.save()
    assert bor_after(melati, 217) == pytest.approx(70)
