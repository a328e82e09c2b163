"""The engine says what the slow, obvious reference says, on random hospitals."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.engine.compute import FormulaVersion, IndicatorRule, compute_indicator
from indicators.formula import alternatives_of, parse
from tests.indicators.engine import reference
from tests.indicators.engine.reference_world import SPANS
from tests.indicators.engine.worlds import RULES, YEARS, as_arrays, formulas, world_of


@settings(max_examples=120, deadline=None)
@given(text=formulas(), seed=st.integers(0, 2**32))
def test_engine_agrees_with_the_reference(text: str, seed: int) -> None:
    world = world_of(text, seed)
    formula = parse(text)
    rule = IndicatorRule("indicator", (FormulaVersion(formula),), as_reported="result")
    grid, facts = as_arrays(world)
    result = compute_indicator(rule, RULES, facts, grid)
    world.derive()
    assert len(alternatives_of(formula)) == len(reference.plain_formulas(formula.tree))
    for unit in world.units:
        for y, year in list(enumerate(YEARS))[1:]:
            for slot, span in enumerate(SPANS):
                cell = unit, y, slot
                found = {
                    "reason": int(result.reason[cell]),
                    "missing": {
                        code for bit, code in enumerate(formula.codes) if result.missing[cell] >> bit & 1
                    },
                    "present": int(result.present[cell]),
                    "expected": int(result.expected[cell]),
                    "alternative": int(result.alternative[cell]),
                    "flags": int(result.flags[cell]),
                }
                wanted = reference.answer(world, rule, unit, year, span)
                where = f"{text} at unit {unit}, {year} {span}"
                assert found == {name: getattr(wanted, name) for name in found}, where
                value = float(result.value[cell])
                if wanted.value is None:
                    assert math.isnan(value), where
                else:
                    assert math.isclose(value, wanted.value, rel_tol=1e-9, abs_tol=1e-9), where
