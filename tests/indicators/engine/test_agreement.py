"""The engine says what the slow, obvious reference says, on random hospitals that report unevenly."""

import math

import pytest

from indicators.formula import parse
from tests.indicators.engine.agreement import differences, left_out_of
from tests.indicators.engine.arrays import Arrays, reason_of
from tests.indicators.engine.uneven import Case, cases, shipped

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
        assert expected.reason in ("", reason_of(result, cell)), expected
        present, owed = int(result.present[cell]), int(result.expected[cell])
        assert expected.agrees_how_much_is_known(present, owed), (expected, present, owed)
        if not math.isnan(value):
            assert expected.days in (None, float(result.days[cell])), (expected, float(result.days[cell]))
    for told in case.left_out:
        formula = formulas[told.indicator]
        found = left_out_of(arrays.answers(formula), arrays, parse(formula).codes)
        cell = arrays.at(told.unit, told.year, told.span)
        assert told.agrees_with(found[cell]), (told, found[cell])


@pytest.mark.parametrize("seed", range(40))
def test_engine_tells_every_value_as_the_reference_does(seed: int) -> None:
    """Value, days, completeness, the reason for a gap, and what is left out; agreement.py asks more."""
    for where, engine, reference in differences(seed):
        assert engine == reference, where
