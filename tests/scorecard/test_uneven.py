"""Hospitals that report unevenly, from saved numbers to what pages and REST read."""

from __future__ import annotations

import datetime as dt

import pytest

from hospitals.actions import add_unit, create_hospital
from hospitals.models import Unit, UnitKind
from indicators.actions import NewValue, save_values
from indicators.engine.compute import Reason
from indicators.models import DataElement, IndicatorValue, LeftOut, Status
from indicators.periods import SLOTS, Period
from scorecard.actions import recompute_scores
from tests.indicators.engine.uneven import Case, Expected, cases

TODAY = dt.date(2026, 3, 15)
CASES = cases()
#: Parallel workers share the cases by batches.
BATCHES = 12
STATUS = {"NA": Status.NOT_APPLICABLE, "NC": Status.NOT_COLLECTED}


@pytest.fixture(scope="module")
def periods() -> dict[tuple[int, int], int]:
    """Slot by first and last month."""
    every = [Period.from_slot(2001, slot) for slot in range(SLOTS)]
    return {(period.first_month, period.last_month): period.slot for period in every}


def report(case: Case, slots: dict[tuple[int, int], int], code: str = "uneven") -> dict[str, Unit]:
    """The hospital of a case, with its numbers saved and computed."""
    hospital = create_hospital(code=code, name="Uneven")
    units = {"root": hospital.root}
    for name, above in case.world.parents.items():
        if above is not None:
            units[name] = add_unit(
                parent=units[above],
                code=name,
                name=name,
                kind=UnitKind.WARD,
                opened_on=case.world.opened_on.get(name),
                closed_on=case.world.closed_on.get(name),
            )
    elements = {e.code: e for e in DataElement.objects.all()}
    values = []
    for (unit, code, year, span), value in case.world.facts.items():
        number, status = (None, STATUS[value]) if isinstance(value, str) else (value, Status.REPORTED)
        period = Period.from_slot(year, slots[span])
        values.append(NewValue(units[unit], elements[code], period, number, status))
    save_values(values, by=None)
    recompute_scores(hospital_id=hospital.pk, today=min(case.world.today, TODAY))
    return units


def period_of(expected: Expected, slots: dict[tuple[int, int], int]) -> Period:
    return Period.from_slot(expected.year, slots[expected.span])


def stored_of(units: dict[str, Unit], case: Case) -> dict[tuple[int, str, Period], IndicatorValue]:
    """What was computed of the indicators of a case, by unit, indicator and period."""
    codes = {expected.indicator for expected in case.expected}
    rows = IndicatorValue.objects.filter(unit__in=units.values(), indicator__code__in=codes)
    return {(row.unit_id, row.indicator.code, row.period): row for row in rows.select_related("indicator")}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_worked_case_comes_out_of_the_database(definitions: None, periods: dict, batch: int) -> None:
    """Each is a hospital of its own; some in one test, because definitions cost more than hospitals."""
    wrong = []
    for number, case in enumerate(CASES[batch::BATCHES]):
        units = report(case, periods, code=f"case-{number}")
        found = stored_of(units, case)
        for expected in case.expected:
            row = found.get((units[expected.unit].pk, expected.indicator, period_of(expected, periods)))
            if not expected.agrees_with(row.value if row else None):
                wrong.append((case.name, expected, row and row.value))
            if (
                row
                and row.value is not None
                and not expected.agrees_how_much_is_known(row.present, row.expected)
            ):
                wrong.append((case.name, expected, f"{row.present}/{row.expected}"))
            if row is not None and (row.reason == Reason.NONE) != (row.value is not None):
                wrong.append((case.name, expected, row.reason))
    assert wrong == []


def test_a_ward_that_never_gave_its_beds_is_named_in_the_figure_of_the_hospital(
    definitions: None, periods: dict
) -> None:
    (case,) = (case for case in CASES if case.name.startswith("a ward that never gave its beds"))
    units = report(case, periods)
    (named,) = LeftOut.objects.filter(unit=units["root"], indicator__code="bor", period="2025", approved=0)
    assert (named.part, str(named.first_month), str(named.last_month)) == (units["c"], "2025-01", "2025-12")
    row = IndicatorValue.objects.get(unit=units["root"], indicator__code="bor", period="2025")
    assert (row.present, row.expected) == (12, 24)
    # Its inputs do not come together there: the indicator is not this unit's.
    assert not IndicatorValue.objects.filter(unit=units["c"], indicator__code="bor").exists()


def test_rows_grow_with_what_was_given_and_not_with_the_calendar(definitions: None, periods: dict) -> None:
    """One number of 2016 beside those of 2025 makes rows of its own month, quarter, semester and year."""
    (case,) = (case for case in CASES if case.name.startswith("the parts of a total"))
    units = report(case, periods)
    before = IndicatorValue.objects.count()
    elements = {e.code: e for e in DataElement.objects.filter(code__in=["beds", "patient_days"])}
    month = Period.parse("2016-01")
    save_values([NewValue(units["a"], e, month, 10.0) for e in elements.values()], by=None)
    recompute_scores(hospital_id=units["root"].hospital_id, today=TODAY)
    added = IndicatorValue.objects.count() - before
    assert added == IndicatorValue.objects.filter(period__lt=Period.of_year(2017)).count()
    # Of the ward and the hospital; bed occupancy alone is made of these two.
    assert added == 2 * 4
