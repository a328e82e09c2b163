"""The printed results of two hospitals follow from their printed inputs, through the real pipeline.

Nothing is copied here: inputs, results, ideal ranges, verdicts and misprints are read from the case files.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from demo.published import budi_kemuliaan, read_case, soebandi
from hospitals.models import Hospital
from indicators.engine.rounding import as_shown
from indicators.models import DataValue, IndicatorValue, Status
from indicators.periods import Period
from scorecard.queries import scorecard_of
from surveys.analysis.counts import weights

CASES = {"RSIABK": read_case("budi_kemuliaan"), "RSDS": read_case("soebandi")}


def years_of(case: dict[str, Any]) -> list[int]:
    return case["hospital"].get("years") or [int(year) for year in case["years"]]


def misprints_of(case: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    return {(m["figure"], m["year"]): m for m in case["misprints"] if "month" not in m}


def figures() -> Iterator[Any]:
    """(hospital, name of the figure, year, what must come out) for every printed result."""
    for code, case in CASES.items():
        misprints = misprints_of(case)
        for table, rows in case["published"].items():
            if table in ("ideal", "verdict"):
                continue
            for name, values in rows.items():
                for year, printed in zip(years_of(case), values, strict=True):
                    wrong = misprints.get((f"{table}.{name}", year))
                    expected = Decimal(wrong["follows"] if wrong else printed)
                    if expected.is_finite():
                        yield pytest.param(code, name, year, expected, id=f"{code} {name} {year}")


def decimals_of(printed: Decimal) -> int:
    return -int(printed.as_tuple().exponent)


def row_of(hospital: Hospital, name: str, period: Period) -> IndicatorValue:
    """The figure is named like the data element in which the indicator's result can be reported."""
    return IndicatorValue.objects.get(unit=hospital.root, indicator__as_reported__code=name, period=period)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "name", "year", "expected"), list(figures()))
def test_a_printed_result_follows_from_the_printed_inputs(published, code, name, year, expected) -> None:
    row = row_of(published[code], name, Period.of_year(year))
    assert Decimal(str(as_shown(row.value, decimals_of(expected)))) == expected


def test_every_misprint_with_a_right_value_is_among_the_results_that_are_checked() -> None:
    checked = {(p.values[0], p.values[1], p.values[2]) for p in figures()}
    for code, case in CASES.items():
        for figure, year in misprints_of(case):
            table, name = figure.split(".")
            if table in case["published"]:
                assert (code, name, year) in checked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, case in CASES.items() for name in case["published"]["ideal"]]
)
def test_the_ideal_range_is_the_one_the_source_compares_with(published, code, name) -> None:
    case = CASES[code]
    low, high = case["published"]["ideal"][name]
    for year in years_of(case):
        row = row_of(published[code], name, Period.of_year(year))
        assert (row.range_low or 0, row.range_high) == (float(low), float(high))


@pytest.mark.django_db
def test_the_verdicts_of_the_first_hospital_come_out_per_perspective(published) -> None:
    case = CASES["RSIABK"]
    scorecard = scorecard_of(published["RSIABK"].root, Period.of_year(years_of(case)[-1]))
    verdicts = {node.code: node.verdict.code for node in (*scorecard.perspectives, scorecard.overall)}
    assert verdicts == case["published"]["verdict"]


@pytest.mark.django_db
def test_results_without_counts_are_shown_as_reported_and_scored(published) -> None:
    for name in CASES["RSIABK"]["process"]["as_reported"]:
        row = row_of(published["RSIABK"], name, Period.of_year(2009))
        assert row.is_as_reported
        assert (row.score is None) == (name in ("bor_percent", "bto_times"))


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2007, 2008, 2009])
def test_a_turn_over_and_an_occupancy_that_cannot_be_have_no_points(published, year) -> None:
    """Of 2009: 365 / (2.66 + 6.90) = 38.2 and not 6.63, 2.66 / (2.66 + 6.90) = 28 % and not 46."""
    hospital = published["RSIABK"]
    for name, contradicts in (("avlos", 0), ("toi", 0), ("bor", 1), ("bto", 1)):
        row = IndicatorValue.objects.get(
            unit=hospital.root, indicator__code=name, period=Period.of_year(year)
        )
        assert row.contradicts_others == contradicts
        assert (row.score is None, row.verdict is None) == (contradicts, contradicts)
        assert row.value is not None


@pytest.mark.django_db
def test_conformity_of_each_survey_is_the_printed_one(published) -> None:
    for survey in ("servqual", "exit_survey"):
        (printed,) = CASES["RSIABK"][survey]
        row = row_of(published["RSIABK"], f"{survey}_conformity_percent", Period.of_year(printed["year"]))
        assert as_shown(row.value, 1) == float(printed["overall"])


@pytest.mark.django_db
def test_employees_who_are_not_satisfied_are_the_share_that_follows_from_their_answers(published) -> None:
    misprint = misprints_of(CASES["RSIABK"])["employee_survey.dissatisfied_percent", 2010]
    row = row_of(published["RSIABK"], "employee_satisfaction_percent", Period.of_year(2010))
    assert as_shown(100 - row.value, 1) == float(misprint["follows"])


def test_the_answers_give_the_printed_weight_of_every_item() -> None:
    case = CASES["RSIABK"]
    for survey in (*case["servqual"], *case["exit_survey"]):
        for _dimension, _item, reality, expectation, printed_reality, printed_expectation, _share in survey[
            "items"
        ]:
            assert weights(np.array([reality])) == printed_reality
            assert weights(np.array([expectation])) == printed_expectation
    (employees,) = case["employee_survey"]
    for _facet, _item, answers, printed in employees["items"]:
        assert weights(np.array([answers])) == printed
        assert sum(answers) == employees["respondents"]


def test_the_clinics_add_up_to_the_printed_total_and_to_the_visits_of_the_year() -> None:
    case = CASES["RSDS"]
    rows = case["clinics"]["1998"]["rows"]
    total = [sum(row[column] for row in rows) for column in (2, 3)]
    assert total == case["clinics"]["1998"]["total"]
    assert sum(total) == case["years"]["1998"]["outpatient_visits"]


@pytest.mark.django_db
def test_an_occupancy_of_402_percent_is_not_taken_over_and_its_history_says_why(published) -> None:
    child = published["RSIABK"].units.get(code="child")
    value = DataValue.objects.get(unit=child, element__code="bor_percent", period=Period.month(2009, 3))
    assert value.status == Status.NOT_COLLECTED
    assert "402" in value.history.get().history_change_reason
    assert not IndicatorValue.objects.filter(unit=child, value__gt=120).exists()


@pytest.mark.django_db
def test_a_clinic_of_the_second_hospital_has_its_own_visits_per_open_day(published) -> None:
    # Internal medicine, 1998: (4066 + 4455) / 307
    clinic = published["RSDS"].units.get(code="internal_medicine")
    row = IndicatorValue.objects.get(unit=clinic, indicator__code="opr", period=Period.of_year(1998))
    assert as_shown(row.value, 2) == 27.76


def test_everything_the_case_files_hold_of_a_hospital_is_planned_once() -> None:
    for plan in (budi_kemuliaan(CASES["RSIABK"]), soebandi(CASES["RSDS"])):
        keys = [(fact.unit, fact.element, fact.period) for fact in plan.facts]
        assert len(keys) == len(set(keys))
        assert {fact.unit for fact in plan.facts} <= {unit.code for unit in plan.units} | {""}
