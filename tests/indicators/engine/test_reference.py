"""The reference against the worked cases: what was computed by hand comes out of it."""

import pytest

from tests.indicators.engine.reference import answer
from tests.indicators.engine.uneven import Case, cases, shipped

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_worked_case_comes_out_of_the_reference(case: Case) -> None:
    _elements, formulas = shipped()
    for expected in case.expected:
        found = answer(case.world, formulas[expected.indicator], expected.unit, expected.year, expected.span)
        assert expected.agrees_with(found.value), (expected, found)
        assert expected.agrees_how_much_is_known(found.present, found.expected), (expected, found)
        assert found.value is None or expected.days in (None, found.days)
        assert (found.reason == "none") == (found.value is not None)
        assert expected.reason in ("", found.reason), (expected, found)
    for left_out in case.left_out:
        formula = formulas[left_out.indicator]
        found = answer(case.world, formula, left_out.unit, left_out.year, left_out.span)
        assert left_out.agrees_with(found.left_out), (left_out, found)
