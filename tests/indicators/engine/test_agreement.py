"""The engine says what the slow, obvious reference says, on random hospitals that report unevenly."""

import math
from functools import cache

import pytest

from indicators.engine.compute import Result
from tests.indicators.engine.arrays import Arrays, reason_of
from tests.indicators.engine.reference import Answer, answer
from tests.indicators.engine.uneven import Case, cases, shipped
from tests.indicators.engine.worlds import SPANS, YEARS, random_hospital

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_worked_case_comes_out_of_the_engine(case: Case) -> None:
    _elements, formulas = shipped()
    arrays = Arrays(case.world, range(2021, 2026))
    for expected in case.expected:
        result = arrays.answers(formulas[expected.indicator])
        cell = arrays.at(expected.unit, expected.year, expected.span)
        value = float(result.value[cell])
        assert expected.agrees_with(None if math.isnan(value) else value), (expected, value)
        if not math.isnan(value):
            present, owed = int(result.present[cell]), int(result.expected[cell])
            assert expected.agrees_how_much_is_known(present, owed), (expected, present, owed)
            assert expected.days in (None, float(result.days[cell])), (expected, float(result.days[cell]))


@cache
def both(seed: int) -> list[tuple[str, Result, tuple[int, int, int], Answer]]:
    """Of every formula, unit and period of a random hospital: where it is, and what either says."""
    hospital = random_hospital(seed)
    arrays = Arrays(hospital.world, range(YEARS[0] - 2, YEARS[-1] + 1))
    found = []
    for formula in hospital.formulas:
        result = arrays.answers(formula)
        for unit in hospital.world.parents:
            for span in SPANS:
                wanted = answer(hospital.world, formula, unit, YEARS[-1], span)
                where = f"{formula} at {unit}, {span}"
                found.append((where, result, arrays.at(unit, YEARS[-1], span), wanted))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_engine_has_the_values_of_the_reference(seed: int) -> None:
    for where, result, cell, wanted in both(seed):
        value = float(result.value[cell])
        if wanted.value is None:
            assert math.isnan(value), where
        else:
            assert math.isclose(value, wanted.value, rel_tol=1e-9, abs_tol=1e-9), where
            assert float(result.days[cell]) == wanted.days, where


@pytest.mark.parametrize("seed", range(40))
def test_engine_says_of_them_what_the_reference_says(seed: int) -> None:
    for where, result, cell, wanted in both(seed):
        if wanted.comes_together:
            counted = int(result.present[cell]), int(result.expected[cell])
            assert counted == (wanted.present, wanted.expected), where
            assert reason_of(result, cell) == wanted.reason, where
