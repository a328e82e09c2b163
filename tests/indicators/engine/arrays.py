"""A world of the reference implementation as the engine's arrays, and the engine's answer there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.engine.compute import FormulaVersion, IndicatorRule, Reason, Result, compute_indicator
from indicators.engine.derived import follow
from indicators.engine.facts import Asked, ElementRule, Facts
from indicators.engine.grid import Grid, days_between, last_days
from indicators.engine.keeping import Keepers
from indicators.formula import parse
from indicators.periods import SLOTS, Period
from tests.indicators.engine.reference_world import NA, NC, Element, Span, World

SLOT_OF: dict[Span, int] = {
    (period.first_month, period.last_month): slot
    for slot, period in enumerate(Period.from_slot(2001, slot) for slot in range(SLOTS))
}


class Arrays:
    """`world` for the years `years`; `answers(formula)` computes an indicator of all units and periods."""

    def __init__(self, world: World, years: range) -> None:
        self.units, self.years = _parents_first(world), years
        self.rules = {code: _rule(element) for code, element in world.elements.items()}
        place = {unit: number for number, unit in enumerate(self.units)}
        days = [days_between(world.opened_on.get(u), world.closed_on.get(u), years) for u in self.units]
        self.grid = Grid(
            years=years,
            parents=tuple(-1 if (p := world.parents[u]) is None else place[p] for u in self.units),
            open_days=np.stack(days),
            due_before=world.today.replace(day=1),
            judged_on=last_days(years),
        )
        self.facts = {code: Facts.empty(self.grid) for code in self.rules}
        for (unit, code, year, span), value in world.facts.items():
            self._put(self.facts[code], (place[unit], years.index(year), SLOT_OF[span]), value)
        for code, found in self.facts.items():
            duties = (world.duties or {}).get(code)
            found.while_open(self.grid, None if duties is None else self._asked(duties, place))
        self.keepers = Keepers(self.rules, self.facts, self.grid)
        following = [code for code, rule in self.rules.items() if rule.follows]
        follow(following, self.facts, self.keepers)

    @staticmethod
    def _put(found: Facts, cell: tuple[int, int, int], value: float | str) -> None:
        if value == NA:
            found.not_applicable[cell] = True
        elif value == NC:
            found.not_collected[cell] = True
        else:
            found.has[cell], found.value[cell] = True, value

    def _asked(self, of_units: Mapping[str, list], place: Mapping[str, int]) -> Asked:
        months = np.array([[(year, month) for month in range(1, 13)] for year in self.years])
        number = months[..., 0] * 12 + months[..., 1]
        kept = np.zeros((len(self.units), *number.shape), bool)
        begins = {}
        for unit, spans in of_units.items():
            for first, last in spans:
                begin = first[0] * 12 + first[1]
                until = number.max() if last is None else last[0] * 12 + last[1]
                kept[place[unit]] |= (number >= begin) & (number <= until)
                begins[unit] = min(begins.get(unit, begin), begin)
        decided = np.ones_like(kept)
        if begins:
            decided[:] = number >= min(begins.values())
        return Asked(kept, kept, decided)

    def answers(self, formula: str) -> Result:
        rule = IndicatorRule("indicator", (FormulaVersion(parse(formula)),))
        return compute_indicator(rule, self.facts, self.keepers)

    def at(self, unit: str, year: int, span: Span) -> tuple[int, int, int]:
        return self.units.index(unit), self.years.index(year), SLOT_OF[span]


def _parents_first(world: World) -> list[str]:
    (root,) = (unit for unit, parent in world.parents.items() if parent is None)
    return world.within(root)


def _rule(element: Element) -> ElementRule:
    return ElementRule(
        code=element.code,
        over_time=element.over_time,  # type: ignore[arg-type]
        over_units=element.over_units,  # type: ignore[arg-type]
        derived=parse(element.derived) if element.derived else None,
        parts=element.parts,
    )


def reason_of(result: Result, cell: tuple[int, int, int]) -> str:
    return Reason(int(result.reason[cell])).name.lower()
