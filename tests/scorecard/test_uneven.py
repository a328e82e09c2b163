"""Hospitals that report unevenly, from saved numbers to what pages and REST read."""

from __future__ import annotations

import datetime as dt

import pytest

from hospitals.models import Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, IndicatorValue, LeftOut
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.indicators.engine.uneven import Case, cases
from tests.scorecard.uneven_hospitals import differences, differences_left_out, save_facts, units_of

TODAY = dt.date(2026, 3, 15)
CASES = cases()
#: Parallel workers share the cases by batches.
BATCHES = 12


def report(case: Case, code: str = "uneven") -> dict[str, Unit]:
    """The hospital of a case, with its numbers saved and computed."""
    units = units_of(case, code)
    save_facts(units, case.world.facts)
    recompute_scores(hospital_id=units["root"].hospital_id, today=min(case.world.today, TODAY))
    return units


@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_worked_case_comes_out_of_the_database(definitions: None, batch: int) -> None:
    """Each is a hospital of its own; some in one test, because definitions cost more than hospitals."""
    wrong = []
    for number, case in enumerate(CASES[batch::BATCHES]):
        units = report(case, code=f"case-{number}")
        found = [*differences(units, case.expected), *differences_left_out(units, case.left_out)]
        wrong.extend((case.name, *each) for each in found)
    assert wrong == []


def test_a_ward_that_never_gave_its_beds_is_named_in_the_figure_of_the_hospital(definitions: None) -> None:
    (case,) = (case for case in CASES if case.name.startswith("a ward that never gave its beds"))
    units = report(case)
    (named,) = LeftOut.objects.filter(unit=units["root"], indicator__code="bor", period="2025", approved=0)
    assert (named.part, str(named.first_month), str(named.last_month)) == (units["c"], "2025-01", "2025-12")
    row = IndicatorValue.objects.get(unit=units["root"], indicator__code="bor", period="2025")
    assert (row.present, row.expected) == (12, 24)
    # Its inputs do not come together there: the indicator is not this unit's.
    assert not IndicatorValue.objects.filter(unit=units["c"], indicator__code="bor").exists()


def test_rows_grow_with_what_was_given_and_not_with_the_calendar(definitions: None) -> None:
    """One number of 2016 beside those of 2025 makes rows of its own month, quarter, semester and year."""
    (case,) = (case for case in CASES if case.name.startswith("the parts of a total"))
    units = report(case)
    before = IndicatorValue.objects.count()
    elements = {e.code: e for e in DataElement.objects.filter(code__in=["beds", "patient_days"])}
    month = Period.parse("2016-01")
    save_values([NewValue(units["a"], e, month, 10.0) for e in elements.values()], by=None)
    recompute_scores(hospital_id=units["root"].hospital_id, today=TODAY)
    added = IndicatorValue.objects.count() - before
    assert added == IndicatorValue.objects.filter(period__lt=Period.of_year(2017)).count()
    # Of the ward and the hospital; bed occupancy alone is made of these two.
    assert added == 2 * 4
