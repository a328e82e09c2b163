"""What must hold of any hospital, checked on the engine itself."""

import math
from random import Random

import pytest

from indicators.engine.compute import Result
from tests.indicators.engine.arrays import Arrays
from tests.indicators.engine.reference_world import NA, NC, Span, World
from tests.indicators.engine.test_reference_properties import changed, in_months, split_in_two
from tests.indicators.engine.worlds import ELEMENTS, SPANS, YEARS, Hospital, random_hospital

LONGER = SPANS[10:]
GRID_YEARS = range(YEARS[0] - 2, YEARS[-1] + 1)


def value_at(result: Result, arrays: Arrays, unit: str, span: Span) -> float:
    return float(result.value[arrays.at(unit, YEARS[-1], span)])


def is_complete(result: Result, arrays: Arrays, unit: str, span: Span) -> bool:
    cell = arrays.at(unit, YEARS[-1], span)
    return not math.isnan(result.value[cell]) and result.present[cell] == result.expected[cell]


def assert_complete_values_stay(hospital: Hospital, after: Arrays, units: list[str], spans: tuple) -> None:
    before = Arrays(hospital.world, GRID_YEARS)
    # Two halves weigh double in "less than half of what is expected", and `first` is decided month by month.
    for formula in [each for each in hospital.formulas if "first" not in each]:
        one, other = before.answers(formula), after.answers(formula)
        for unit in units:
            for span in spans:
                if is_complete(one, before, unit, span):
                    where = (hospital.seed, formula, unit, span)
                    values = value_at(one, before, unit, span), value_at(other, after, unit, span)
                    assert math.isclose(*values, rel_tol=1e-9, abs_tol=1e-9), (*where, *values)


@pytest.mark.parametrize("seed", range(20))
def test_splitting_a_unit_in_two_never_changes_a_complete_value(seed: int) -> None:
    hospital = random_hospital(seed)
    parents = hospital.world.parents
    leaves = [unit for unit in parents if unit not in parents.values()]
    halves = split_in_two(hospital, leaves[seed % len(leaves)])
    assert_complete_values_stay(hospital, Arrays(halves, GRID_YEARS), ["root"], LONGER)


@pytest.mark.parametrize("seed", range(20))
def test_telling_a_year_by_its_months_never_changes_a_complete_value(seed: int) -> None:
    found = random_hospital(seed)
    # What is not applicable takes a tile out or adds nothing to it, depending on how long the tile is.
    told = {key: value for key, value in found.world.facts.items() if value != NA}
    hospital = Hospital(seed, changed(found.world, facts=told), found.formulas)
    by_month = Arrays(in_months(hospital), GRID_YEARS)
    assert_complete_values_stay(hospital, by_month, list(hospital.world.parents), ((1, 12),))


def three_wards(seed: int) -> dict:
    """Three wards that keep four things each, by the month or the year, with gaps."""
    random, facts = Random(seed), {}  # noqa: S311 - repeatable on purpose
    for unit in "abc":
        for code in ("beds", "patient_days", "discharged_alive", "deaths"):
            for year in YEARS:
                yearly = random.random() < 0.2
                for span in [(1, 12)] if yearly else SPANS[:12]:
                    if random.random() < 0.9:
                        facts[unit, code, year, span] = random.choice((*range(9), NA, NC))
    return facts


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("code", ["beds", "patient_days", "deaths"])
def test_leaving_out_one_input_of_a_unit_gives_the_same_as_never_having_had_it(seed: int, code: str) -> None:
    facts = three_wards(seed)
    rest = {key: value for key, value in facts.items() if key[:2] != ("c", code)}
    parents = {"root": None, "a": "root", "b": "root", "c": "root"}
    without = {"root": None, "a": "root", "b": "root"}
    one = Arrays(World(parents, ELEMENTS, rest), GRID_YEARS)
    never = {key: value for key, value in facts.items() if key[0] != "c"}
    other = Arrays(World(without, ELEMENTS, never), GRID_YEARS)
    formula = "(bed_days - patient_days) / (discharged_alive + deaths)"
    with_it, without_it = one.answers(formula), other.answers(formula)
    for span in SPANS:
        values = value_at(with_it, one, "root", span), value_at(without_it, other, "root", span)
        assert all(map(math.isnan, values)) or math.isclose(*values, rel_tol=1e-9), (seed, span, values)
        # And the ward is named, with what it lacks.
        unit, year, slot = one.at("root", YEARS[-1], span)
        rows = with_it.left_out
        named = rows.part[(rows.unit == unit) & (rows.year == year) & (rows.slot == slot)]
        assert one.units.index("c") in named
