"""Random hospitals for the property tests, as dictionaries and as the engine's arrays."""

from __future__ import annotations

import datetime as dt
from random import Random

import numpy as np
from hypothesis import strategies as st

from indicators.engine.facts import ElementRule, Facts, derive, leave_to_children
from indicators.engine.grid import Grid, last_days
from indicators.formula import parse
from tests.indicators.engine.reference_world import SPANS, Fact, Span, World

YEARS = range(2007, 2010)
RULES = {
    "a": ElementRule("a"),
    "b": ElementRule("b"),
    "alone": ElementRule("alone", over_units="none"),
    "beds": ElementRule("beds", over_time="last"),
    "debts": ElementRule("debts", over_time="last"),
    "mood": ElementRule("mood", over_time="mean", over_units="none"),
    "staff": ElementRule("staff", over_time="mean"),
    "bed_days": ElementRule("bed_days", derived=parse("beds * days")),
    "shifts": ElementRule("shifts", derived=parse("staff * alone")),
    "result": ElementRule("result", over_time="last", over_units="none"),
}
CODES = list(RULES)


def world_of(text: str, seed: int) -> World:
    """A hospital with dense and contradictory facts of what the formula `text` needs.

    Made by `random` from a seed: choices of hypothesis itself would leave most hospitals empty.
    """
    random = Random(seed)  # noqa: S311
    parents = (-1, *(random.randrange(unit) for unit in range(1, random.choice([1, 2, 3, 3, 4]))))
    needed = {"result", *parse(text).codes}
    needed |= {c for code in needed if (formula := RULES[code].derived) for c in formula.codes}
    facts: dict[tuple[str, int, int, Span], Fact] = {}
    for code in sorted(needed):
        for unit in range(len(parents)):
            for year in YEARS:
                for span, fact in _facts_of_a_year(random).items():
                    # What is derived is entered as a number only.
                    if isinstance(fact, float) or RULES[code].derived is None:
                        facts[code, unit, year, span] = fact
    open_months = set()
    months = [(year, month) for year in YEARS for month in range(1, 13)]
    for unit in range(len(parents)):
        opened, closed = random.choice([(0, 36), (0, 36), (18, 36), (0, 27), (14, 33)])
        open_months |= {(unit, *month) for month in months[opened:closed]}
    due_before = random.choice([(2010, 1), (2010, 1), (2009, random.randint(1, 12))])
    return World(parents, RULES, facts, open_months, due_before, YEARS)


def _facts_of_a_year(random: Random) -> dict[Span, Fact]:
    """Facts of one element, unit and year: nothing, months with holes, longer periods, or all mixed up."""
    style = random.choice(["none", "months", "holes", "holes", "quarters", "year", "mixed", "mixed"])
    share = {
        "none": (0, 0, 0, 0),
        "months": (1, 0, 0, 0),
        "holes": (0.7, 0, 0, 0.1),
        "quarters": (0.05, 0.8, 0.2, 0),
        "year": (0.02, 0.05, 0.05, 1),
        "mixed": (0.4, 0.3, 0.3, 0.3),
    }[style]
    found: dict[Span, Fact] = {}
    for span in SPANS:
        length = {1: 0, 3: 1, 6: 2, 12: 3}[span[1] - span[0] + 1]
        if random.random() < share[length]:
            found[span] = random.choices([float(random.randint(0, 9)), "NA", "NC"], [18, 1, 1])[0]
    return found


def as_arrays(world: World) -> tuple[Grid, dict[str, Facts]]:
    """The same hospital for the engine, derived elements included."""
    open_months = np.zeros((len(world.parents), len(world.years), 12), bool)
    for unit, year, month in world.open_months:
        open_months[unit, world.years.index(year), month - 1] = True
    grid = Grid(
        years=world.years,
        parents=world.parents,
        open_months=open_months,
        due_before=dt.date(*world.due_before, 1),
        judged_on=last_days(world.years),
    )
    found = {code: Facts.empty(grid) for code in world.rules}
    for (code, unit, year, span), fact in world.facts.items():
        cell = unit, world.years.index(year), SPANS.index(span)
        facts = found[code]
        facts.reporters[unit] = True
        if fact == "NA":
            facts.not_applicable[cell] = True
        elif fact == "NC":
            facts.not_collected[cell] = True
        else:
            facts.has[cell], facts.value[cell] = True, fact
    for code, rule in world.rules.items():
        if rule.over_units == "sum":
            found[code].reporters = leave_to_children(found[code].reporters, grid)
    for code, rule in world.rules.items():
        if rule.derived is not None:
            found[code] = derive(rule, world.rules, found, grid)
    return grid, found


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """The formulas hospitals use, and others put together at random."""
    known = st.sampled_from(
        [
            "a",
            "beds",
            "100 * a / bed_days",
            "(bed_days - a) / b",
            "a / (bed_days / days)",
            "100 * (a / year_ago(a) - 1)",
            "100 * (first(a / year_ago(a), b / year_ago(b)) - 1)",
            "first(a, b) / beds",
            "first(a, alone, b) / first(a, alone, b)",
            "beds / debts",
            "beds / year_ago(beds)",
            "a / alone",
            "a / shifts",
            "mood",
            "staff + mood",
            "a / year_ago(year_ago(days))",
        ]
    )
    code = st.sampled_from([c for c in CODES if c != "result"])
    atom = st.one_of(code, code, st.sampled_from(["2", "days", "year_ago(a)", "year_ago(bed_days)"]))

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, atom).map(lambda p: f"({p[0]} / {p[1]})"),
            st.tuples(inner, inner).map(lambda p: f"first({p[0]}, {p[1]})"),
        )

    return draw(st.one_of(known, st.recursive(atom, larger, max_leaves=5)))
