"""What must hold of any hospital, checked on the reference: it must not be nonsense itself."""

import math
from dataclasses import replace
from random import Random

import pytest

from tests.indicators.engine.reference import Answer, answer
from tests.indicators.engine.reference_world import NA, NC, World
from tests.indicators.engine.worlds import ELEMENTS, SPANS, Hospital, random_hospital

LONGER = SPANS[10:]
TOTAL = {"patient_days", *ELEMENTS["patient_days"].parts}


def changed(world: World, **what: object) -> World:
    return replace(world, memory={}, **what)  # type: ignore[arg-type]


def is_complete(found: Answer) -> bool:
    return found.value is not None and found.present == found.expected


def assert_same_value(before: Answer, after: Answer, *where: object) -> None:
    assert after.value is not None, (*where, before, after)
    assert before.value is not None, (*where, before, after)
    assert math.isclose(before.value, after.value, rel_tol=1e-9, abs_tol=1e-9), (*where, before, after)


def split_in_two(hospital: Hospital, unit: str) -> World:
    """The hospital with a unit in two halves: numbers are shared out, what is no number is said twice."""
    random, world = Random(hospital.seed), hospital.world  # noqa: S311 - repeatable on purpose
    one, other = f"{unit}_one", f"{unit}_other"
    facts = {key: value for key, value in world.facts.items() if key[0] != unit}
    for (who, code, year, span), value in world.facts.items():
        if who != unit:
            continue
        share = value
        if value not in (NA, NC) and ELEMENTS[code].over_units == "sum":
            share = random.randint(0, int(value))
        facts[one, code, year, span] = share
        facts[other, code, year, span] = value if share == value else value - share
        if share == value and value not in (NA, NC) and ELEMENTS[code].over_units == "sum":
            facts[other, code, year, span] = 0

    def doubled(of: dict) -> dict:
        return {each: what for key, what in of.items() for each in ([key] if key != unit else [one, other])}

    duties = None if world.duties is None else {code: doubled(who) for code, who in world.duties.items()}
    return changed(
        world,
        parents=doubled(world.parents),
        facts=facts,
        opened_on=doubled(world.opened_on),
        closed_on=doubled(world.closed_on),
        duties=duties,
    )


@pytest.mark.parametrize("seed", range(6))
def test_splitting_a_unit_in_two_never_changes_a_complete_value(seed: int) -> None:
    hospital = random_hospital(seed)
    world = hospital.world
    leaves = [unit for unit in world.parents if unit not in world.parents.values()]
    halves = split_in_two(hospital, leaves[seed % len(leaves)])
    for formula in hospital.formulas:
        for span in LONGER:
            before = answer(world, formula, "root", 2025, span)
            if is_complete(before):
                after = answer(halves, formula, "root", 2025, span)
                # Two halves weigh double in "less than half of what is expected".
                if after.choice != before.choice:
                    continue
                assert_same_value(before, after, seed, formula, span)
                assert is_complete(after), (seed, formula, span, before, after)


def in_months(hospital: Hospital) -> World:
    """The hospital with each figure of a year that stands alone told by the month instead."""
    random, world = Random(hospital.seed), hospital.world  # noqa: S311 - repeatable on purpose
    facts = dict(world.facts)
    for (unit, code, year, span), value in world.facts.items():
        # A total that was typed and its parts need not agree: neither is touched where both are told.
        same = {code, *TOTAL} if code in TOTAL else {code}
        alone = sum((who, when) == (unit, year) and what in same for who, what, when, _ in world.facts) == 1
        is_open = [month for month in range(1, 13) if world.is_open(unit, year, month)]
        if span != (1, 12) or not alone or value in (NA, NC) or not is_open or code == "working_days":
            continue
        if ELEMENTS[code].over_time == "last" and 12 not in is_open:
            continue
        del facts[unit, code, year, span]
        shares = [0] * len(is_open)
        for _each in range(int(value)):
            shares[random.randrange(len(is_open))] += 1
        for month, share in zip(is_open, shares, strict=True):
            facts[unit, code, year, (month, month)] = share if ELEMENTS[code].over_time == "sum" else value
    return changed(world, facts=facts)


@pytest.mark.parametrize("seed", range(6))
def test_telling_a_year_by_its_months_never_changes_a_complete_value(seed: int) -> None:
    hospital = random_hospital(seed)
    # What is not applicable takes a tile out or adds nothing to it, depending on how long the tile is.
    told = {key: value for key, value in hospital.world.facts.items() if value != NA}
    hospital = replace(hospital, world=changed(hospital.world, facts=told))
    by_month = in_months(hospital)
    # `first` is decided month by month where it can be, and then need not be what the year said.
    for formula in [each for each in hospital.formulas if "first" not in each]:
        for unit in hospital.world.parents:
            before = answer(hospital.world, formula, unit, 2025, (1, 12))
            if is_complete(before):
                after = answer(by_month, formula, unit, 2025, (1, 12))
                assert_same_value(before, after, seed, formula, unit)


@pytest.mark.parametrize("seed", range(6))
def test_leaving_out_one_input_of_a_unit_gives_the_same_as_never_having_had_it(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    facts = {}
    for unit in "abc":
        for code in ("beds", "patient_days", "discharged_alive", "deaths"):
            for year in (2024, 2025):
                yearly = random.random() < 0.2
                for span in [(1, 12)] if yearly else SPANS[:12]:
                    if random.random() < 0.9:
                        facts[unit, code, year, span] = random.choice((*range(9), NA, NC))
    parents = {"root": None, "a": "root", "b": "root", "c": "root"}
    without = {"root": None, "a": "root", "b": "root"}
    formula = "(bed_days - patient_days) / (discharged_alive + deaths)"
    never = World(without, ELEMENTS, {key: value for key, value in facts.items() if key[0] != "c"})
    for code in ("beds", "patient_days", "deaths"):
        rest = {key: value for key, value in facts.items() if key[:2] != ("c", code)}
        for span in SPANS:
            one = answer(World(parents, ELEMENTS, rest), formula, "root", 2025, span)
            other = answer(never, formula, "root", 2025, span)
            assert (one.value, one.days) == (other.value, other.days)
            assert any(unit == "c" for unit, _month, _code in one.left_out)
