"""A hospital as the reference sees it: dictionaries of facts, and what one unit knows by itself.

A period is a pair of months, (1, 1) … (12, 12) for months up to (1, 12) for the year.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from indicators.engine.facts import ElementRule
from indicators.formula import Formula, nodes
from tests.indicators.engine.reference_formula import Key, NoCasesError, UnknownError, calculate

Span = tuple[int, int]
MONTHS: list[Span] = [(m, m) for m in range(1, 13)]
QUARTERS: list[Span] = [(m, m + 2) for m in (1, 4, 7, 10)]
SEMESTERS: list[Span] = [(1, 6), (7, 12)]
YEAR: Span = (1, 12)
#: In the order of the engine's slots, shortest first.
SPANS = [*MONTHS, *QUARTERS, *SEMESTERS, YEAR]

Fact = float | Literal["NA", "NC"]


def inside(small: Span, large: Span) -> bool:
    return large[0] <= small[0] and small[1] <= large[1]


def strictly_inside(small: Span, large: Span) -> bool:
    return small != large and inside(small, large)


def days_in(year: int, span: Span) -> int:
    return sum(calendar.monthrange(year, month)[1] for month in range(span[0], span[1] + 1))


def is_answer(fact: Fact) -> bool:
    return fact != "NC"


def used(facts: Mapping[Span, Fact]) -> dict[Span, Fact]:
    """Numbers and "not applicable"; a longer one only while nothing shorter inside it is known."""
    answers = {span: fact for span, fact in facts.items() if is_answer(fact)}
    return {
        span: fact
        for span, fact in answers.items()
        if not any(strictly_inside(other, span) for other in answers)
    }


def covered_months(facts: Mapping[Span, Fact], within: Span = YEAR) -> set[int]:
    """Months answered for by used facts that lie inside the period `within`."""
    return {m for span in used(facts) if inside(span, within) for m in range(span[0], span[1] + 1)}


def own_figure(over_time: str, facts: Mapping[Span, Fact], span: Span) -> float | None:
    if over_time == "sum":
        parts = [f for s, f in used(facts).items() if inside(s, span) and isinstance(f, float)]
        return sum(parts) if parts else None
    return own_stock(over_time, facts, span)[0]


def own_stock(over_time: str, facts: Mapping[Span, Fact], span: Span) -> tuple[float | None, int]:
    """The figure and its rank: -1 none, 0 from longer facts only, else the last month known by month."""
    numbers = {s: f for s, f in facts.items() if isinstance(f, float)}
    here = {s: f for s, f in used(numbers).items() if inside(s, span) and isinstance(f, float)}
    if not here:
        return None, -1
    rank = max((s[1] for s in here if s[0] == s[1]), default=0)
    if over_time == "last":
        return here[max(here, key=lambda s: s[1])], rank
    weights = {s: s[1] - s[0] + 1 for s in here}
    return sum(here[s] * w for s, w in weights.items()) / sum(weights.values()), rank


@dataclass
class Contribution:
    """What stands for a period in a sum: a number, or that it is not applicable, or (of parts) both."""

    number: float | None = None
    not_applicable: bool = False


@dataclass
class World:
    """A hospital: `parents[u]` -1 for the root; `open_months` and `facts` by unit and year.

    `due_before`: (year, month), the first month that is not expected yet.
    """

    parents: tuple[int, ...]
    rules: Mapping[str, ElementRule]
    facts: dict[tuple[str, int, int, Span], Fact]
    open_months: set[tuple[int, int, int]]
    due_before: tuple[int, int]
    years: range

    @property
    def units(self) -> range:
        return range(len(self.parents))

    def children(self, unit: int) -> list[int]:
        return [child for child in self.units if self.parents[child] == unit]

    def descendants(self, unit: int) -> list[int]:
        found = []
        for child in self.children(unit):
            found += [child, *self.descendants(child)]
        return found

    @cached_property
    def reporters(self) -> dict[str, set[int]]:
        """Units from which an element is expected: they have reported it, and none of their parts has."""
        found = {}
        for code in self.rules:
            units = {unit for (of, unit, _y, _s) in self.facts if of == code}
            found[code] = self._left_to_parts(code, units)
        for code, rule in self.rules.items():
            if rule.derived is not None:
                by_inputs = set.intersection(*(found[c] for c in rule.derived.codes))
                found[code] = self._left_to_parts(code, found[code] | by_inputs)
        return found

    def _left_to_parts(self, code: str, units: set[int]) -> set[int]:
        if self.rules[code].over_units == "none":
            return units
        return {unit for unit in units if not units.intersection(self.descendants(unit))}

    def works(self, unit: int, year: int, month: int) -> bool:
        return (unit, year, month) in self.open_months

    def derive(self) -> None:
        """Add the facts of derived elements: per month, and per longer period where no shorter one is."""
        _ = self.reporters  # of what was reported, before anything is added
        for code, rule in self.rules.items():
            if rule.derived is None:
                continue
            for unit in self.units:
                for year in self.years:
                    for span in SPANS:
                        fact = self._derived_fact(code, rule.derived, unit, year, span)
                        if fact is not None:
                            self.facts[code, unit, year, span] = fact

    def _derived_fact(self, code: str, formula: Formula, unit: int, year: int, span: Span) -> Fact | None:
        entered = self.facts.get((code, unit, year, span))
        if entered not in (None, "NC"):
            return entered
        given = [self.facts.get((c, unit, year, span)) for c in formula.codes]
        shorter_known = any(
            isinstance(self.facts.get((code, unit, year, s)), float)
            for s in SPANS
            if strictly_inside(s, span)
        )
        if any(isinstance(fact, float) for fact in given) and not shorter_known:
            figures = {
                nodes.Element(c, 0): own_figure(self.rules[c].over_time, self._own(c, unit, year), span)
                for c in formula.codes
            }
            try:
                return calculate(formula.tree, figures.__getitem__, lambda _ago: days_in(year, span))
            except (UnknownError, NoCasesError):
                pass
        if "NA" in given:
            return "NA"
        return "NC" if "NC" in given else entered

    def _own(self, code: str, unit: int, year: int) -> dict[Span, Fact]:
        return {s: self.facts[code, unit, year, s] for s in SPANS if (code, unit, year, s) in self.facts}

    def own(self, key: Key, unit: int, year: int) -> dict[Span, Fact]:
        return self._own(key.code, unit, year - key.years_ago)
