"""However unevenly a hospital reports: what is called complete is what full monthly reports would give."""

import datetime as dt
import math
from collections.abc import Iterable
from random import Random

import pytest

from tests.indicators.engine.reference import answer
from tests.indicators.engine.reference_world import Span, World, months_of
from tests.indicators.engine.worlds import ELEMENTS, SPANS

CODES = ("beds", "patient_days", "discharged_alive", "employees", "left", "revenue", "receivables")
FORMULAS = (
    "100 * patient_days / bed_days",
    "(bed_days - patient_days) / discharged_alive",
    "days / (bed_days / discharged_alive)",
    "100 * left / employees",
    "revenue / employees",
    "100 * (revenue / year_ago(revenue) - 1)",
    "100 * (employees / year_ago(employees) - 1)",
    "days * receivables / revenue",
    "revenue",
)
YEARS = (2023, 2024, 2025)


def true_hospital(random: Random) -> World:
    """Wards below the hospital or below a department of it, each of which tells everything every month."""
    parents: dict[str, str | None] = {"root": None, "a": "root", "b": "root"}
    wards = ["a", "b"]
    if random.random() < 0.5:
        parents |= {"b1": "b", "b2": "b"}
        wards = ["a", "b1", "b2"]
    opened = (
        {"a": dt.date(random.choice(YEARS[1:]), random.randint(1, 12), 1)} if random.random() < 0.3 else {}
    )
    closed = {}
    if random.random() < 0.3:
        first = dt.date(random.choice(YEARS[1:]), random.randint(2, 12), 1)
        closed[wards[-1]] = first - dt.timedelta(days=1)
    facts = {}
    for ward in wards:
        for code in CODES:
            for year in YEARS:
                level = random.randint(1, 20)
                for month in range(1, 13):
                    if ELEMENTS[code].over_time != "mean" or random.random() < 0.1:
                        level = random.randint(1, 20)
                    facts[ward, code, year, (month, month)] = level
    world = World(parents, ELEMENTS, facts, opened, closed)
    world.facts = {key: value for key, value in facts.items() if world.is_open(key[0], key[2], key[3][0])}
    return world


def told_unevenly(random: Random, true: World) -> World:
    """The same hospital as it might tell: by months, quarters or years, with silence, by upper units too."""
    facts = {}
    for unit in true.parents:
        wards = [each for each in true.within(unit) if each not in true.parents.values()]
        is_ward = wards == [unit]
        for code in CODES:
            if not is_ward and random.random() < 0.7:
                continue
            for year in YEARS:
                spans: Iterable[Span] = random.choice((SPANS[:12], SPANS[:12], SPANS[12:16], [(1, 12)]))
                silence = random.choice((0, 0, 0.1, 0.4))
                for span in spans:
                    value = summary(true, wards, code, year, span)
                    if value is not None and (random.random() >= silence or (is_ward and year == YEARS[0])):
                        facts[unit, code, year, span] = value
    # Who tells at all is known: what was never told by anybody cannot be missed.
    for key, value in true.facts.items():
        told = any((who, code) == key[:2] and year >= 2024 for who, code, year, _span in facts)
        if not told:
            facts[key] = value
    return World(true.parents, ELEMENTS, facts, true.opened_on, true.closed_on)


def summary(true: World, wards: list[str], code: str, year: int, span: Span) -> float | None:
    """What the wards' true months come to in a span; None where one figure cannot say it."""
    totals = []
    for month in months_of(span):
        values = [true.facts.get((ward, code, year, (month, month))) for ward in wards]
        known = [value for value in values if value is not None]
        totals.append(sum(known) if known else None)
    there = [total for total in totals if total is not None]
    if not there or (len(wards) > 1 and len(there) < len(totals)):
        return None
    if ELEMENTS[code].over_time == "mean":
        return there[0] if len(set(there)) == 1 else None
    return totals[-1] if ELEMENTS[code].over_time == "last" else sum(there)


@pytest.mark.parametrize("seed", range(6))
def test_a_complete_value_is_that_of_full_monthly_reports(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    true = true_hospital(random)
    told = told_unevenly(random, true)
    for formula in FORMULAS:
        for unit in true.parents:
            for span in SPANS[11:]:
                found = answer(told, formula, unit, 2025, span)
                if found.value is None or found.present < found.expected:
                    continue
                truth = answer(true, formula, unit, 2025, span)
                assert truth.value is not None, (seed, formula, unit, span, found)
                assert math.isclose(found.value, truth.value, abs_tol=1e-9), (
                    seed,
                    formula,
                    unit,
                    span,
                    found,
                    truth,
                )
