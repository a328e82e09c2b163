"""Random hospitals for the property tests, as dictionaries and as the engine's arrays."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import strategies as st

from indicators.engine.facts import ElementRule, Facts, derive, leave_to_children
from indicators.engine.grid import Grid, last_days
from indicators.formula import parse
from tests.indicators.engine.reference_world import SPANS, World

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


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, ...]:
    """Parents of up to five units."""
    count = draw(st.integers(1, 5))
    return (-1, *(draw(st.integers(0, unit - 1)) for unit in range(1, count)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    parents = draw(trees())
    units = st.integers(0, len(parents) - 1)
    codes, years = st.sampled_from(CODES), st.sampled_from(YEARS)
    number = st.integers(0, 9).map(float)
    fact = st.one_of(number, number, st.sampled_from(["NA", "NC"]))
    single = st.dictionaries(st.tuples(codes, units, years, st.sampled_from(SPANS)), fact, max_size=20)
    facts = draw(single)
    runs = st.tuples(codes, units, years, st.integers(1, 12), st.integers(1, 12), number)
    for code, unit, year, first, last, value in draw(st.lists(runs, max_size=10)):
        for month in range(first, last + 1):
            facts.setdefault((code, unit, year, (month, month)), value)
    # What is derived is entered as a number only: a reason beside its inputs' reasons says nothing.
    facts = {k: f for k, f in facts.items() if RULES[k[0]].derived is None or isinstance(f, float)}
    open_months = set()
    for unit in range(len(parents)):
        opened, closed = draw(st.integers(0, 20)), draw(st.integers(15, 36))
        always = draw(st.booleans())
        open_months |= {
            (unit, year, month)
            for n, (year, month) in enumerate((y, m) for y in YEARS for m in range(1, 13))
            if always or opened <= n < closed
        }
    due_before = draw(st.tuples(years, st.integers(1, 12)))
    return World(parents, RULES, facts, open_months, due_before, YEARS)


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
