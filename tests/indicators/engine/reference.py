"""A second implementation of the rules of the arithmetic, slow and obvious, to check the engine with.

Written from the text of the rules cell by cell, by somebody who had not read the engine.
`answer` is one value of one unit and period; `reference_tiles.py` finds the tiles, this file pools those that
count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from indicators.formula import parse
from indicators.formula.nodes import Days, Node
from tests.indicators.engine import reference_formula as formulas
from tests.indicators.engine import reference_stocks as stocks
from tests.indicators.engine.reference_choices import Cell, Tile
from tests.indicators.engine.reference_completeness import completeness_of
from tests.indicators.engine.reference_formula import NOTHING, Element, Source, Tree, leaves, worth
from tests.indicators.engine.reference_homes import counted_once, homes_of, over_time
from tests.indicators.engine.reference_tiles import Tiling
from tests.indicators.engine.reference_units import Units, added
from tests.indicators.engine.reference_world import NA, NC, Span, Value, World, days_of

#: Why there is no value.
NONE, MISSING, NOT_COLLECTED, NOT_APPLICABLE = "none", "missing", "not_collected", "not_applicable"
NO_CASES, NOT_TOGETHER, NOT_OPEN = "no_cases", "not_together", "not_open"


@dataclass(frozen=True)
class Answer:
    """One value and all that is said of it.

    `left_out`: (unit, (year, month) of the asked year, code) that kept a tile from counting. `days`: those in
    the value. `choice`: the option taken of each `first` of ratios. `comes_together`: whether a home is at or
    below the unit.
    """

    value: float | None
    reason: str
    present: int
    expected: int
    left_out: frozenset[tuple[str, tuple[int, int], str]]
    days: int
    choice: tuple[int, ...]
    comes_together: bool


def answer(world: World, formula: str | Node, unit: str, year: int, span: Span) -> Answer:
    """The value of a formula at a unit, for the months of `span` in `year`."""
    node = parse(formula).tree if isinstance(formula, str) else formula
    options = formulas.alternatives(node)
    key = ("units", node, year)
    if key not in world.memory:
        units = Units(world, year, formulas.look_back(node), list(options.values()))
        world.memory[key] = units, _homes(units, options)
    units, homes = world.memory[key]
    poolings = [_Pooling(units, options, pick, homes, unit, span) for pick in options]
    answers = [pooling.answer() for pooling in poolings]

    def rank(place: int) -> tuple[bool, int, bool]:
        return answers[place].value is not None, answers[place].present, poolings[place].is_expected()

    # `first` of ratios, per unit and period: the next only where less than half of what is expected is known,
    # and where it says more.
    best = 0
    for place in range(1, len(answers)):
        present, expected = answers[best].present, answers[best].expected
        if (not present or 2 * present < expected) and rank(place) > rank(best):
            best = place
    return answers[best]


def _homes(units: Units, options: dict[tuple[int, ...], Tree]) -> list[str]:
    """The homes of the formula as it is written: the options of a `first` are one input."""
    world = units.world
    found = {home for tree in options.values() for home in homes_of(units, tree)}
    if any(counted_once(units, source) for tree in options.values() for source in formulas.sources(tree)):
        return sorted(found)
    return [home for home in world.parents if home in found and not set(world.within(home)[1:]) & found]


class _Pooling:
    """One plain formula, unit and period."""

    def __init__(
        self,
        units: Units,
        options: dict[tuple[int, ...], Tree],
        pick: tuple[int, ...],
        homes: list[str],
        unit: str,
        span: Span,
    ) -> None:
        self.units, self.tree, self.pick, self.unit, self.span = units, options[pick], pick, unit, span
        self.tiling = Tiling(units, self.tree, homes, unit, span)
        self.homes = homes
        #: Whoever keeps another option of a `first` of ratios is expected too: they are one input.
        self.asked = list(dict.fromkeys(s for tree in options.values() for s in formulas.sources(tree)))
        self.groups = stocks.groups_of(self.tiling) if self.tiling.stocks else []
        self.counting: list[Tile] = []
        self.out: list[Tile] = []
        for tile in self.tiling.tiles if self.tiling.flows else []:
            if self._counts(tile):
                (self.out if self._takes_out(tile) else self.counting).append(tile)
        self._sort_groups()

    def is_expected(self) -> bool:
        """Whether anything of the year itself is given in the period, or asked for by a form."""
        units, tiling = self.units, self.tiling
        now = [leaf for leaf in leaves(self.tree) if leaf.years_ago == 0]
        past = [month for month in tiling.months if units.world.is_past(units.year, month)]
        return any(
            any(p.unit == unit for p in tiling.used_anyhow(leaf))
            or any(units.is_open(unit, 0, month) and units.has_form(unit, leaf.code, month) for month in past)
            for leaf in now
            for unit in tiling.below
        )

    # Which tiles count

    def _counts(self, tile: Tile) -> bool:
        """Rule 10: every input is known in all of it, and its stocks in the period."""
        nodes = {node for node, _month in tile}
        if not nodes & set(self.tiling.homes) or not any(map(self.tiling.exists, tile)):
            return False
        if not all(self.tiling.in_tile(source, tile).known for source in self.tiling.flows):
            return False
        if self.tiling.still_runs(tile):
            return False
        return all(g.month is not None or g.is_gone for g in self.groups if g.nodes & nodes)

    def _takes_out(self, tile: Tile) -> bool:
        """Whether a whole side of a division is not applicable there: present, but in no sum."""
        groups = [g for g in self.groups if g.nodes & {node for node, _month in tile}]

        def of(source: Source) -> Value:
            if source in self.tiling.stocks:
                values = [v for g in groups for v in [g.values.get(source, NOTHING)] if v != NOTHING]
                return added(values) if values else NOTHING
            return self.tiling.in_tile(source, tile).value

        return formulas.takes_out(self.tree, of)

    def _sort_groups(self) -> None:
        """A stock stands where some tile of its homes counts; without flows wherever it is known."""
        nodes = {node for tile in self.counting for node, _month in tile}
        standing = [g for g in self.groups if g.month is not None]
        if self.tiling.flows:
            self.standing = [g for g in standing if g.nodes & nodes]
        else:
            self.standing = [
                g for g in standing if not formulas.takes_out(self.tree, lambda s, g=g: g.values[s])
            ]

    # What they are worth

    def _pooled(self, source: Source | Days) -> Value:
        if isinstance(source, Days):
            return len(self._days(source.years_ago))
        if source in self.tiling.stocks:
            values = [group.values[source] for group in self.standing]
        elif counted_once(self.units, source):
            months = {month for tile in self.counting for _node, month in tile}
            values = [p.value for p in self.tiling.used(source) if months & set(p.months) and p.value != NC]
        else:
            values = [self.tiling.in_tile(source, tile).value for tile in self.counting]
        values = [value for value in values if value != NOTHING]
        if not values:
            return NOTHING
        total = added(values)
        if over_time(self.units, source) == "mean" and total != NA:
            # Rule 3: the mean over months of that month's total, over the months in which some tile counts.
            return total / len({cell[1] for cell in self._cells()})
        return total

    def _days(self, years_ago: int = 0) -> frozenset[dt.date]:
        """The days on which a unit of a counting tile was open; of stocks alone, those of the period."""
        world, year = self.units.world, self.units.year - years_ago
        if not self.tiling.flows:
            months = self.tiling.months
            return frozenset(day for month in months for day in days_of(year, month))
        found = [
            world.open_days(unit, year, cell[1])
            for cell in self._cells()
            for unit in self.tiling.units_of(cell)
        ]
        return frozenset().union(*found)

    def _cells(self) -> set[Cell]:
        """What exists of the tiles that count."""
        return {cell for tile in self.counting for cell in tile if self.tiling.exists(cell)}

    def answer(self) -> Answer:
        value, reason = self._value()
        done = completeness_of(self.tiling, self.asked, self.counting, self.out, self.groups, self.standing)
        days = len(self._days())
        below = set(self.units.world.within(self.unit))
        together = bool(below & set(self.homes)) and all(
            self.units.keeps_source(self.unit, source)
            for source in self.tiling.sources
            if counted_once(self.units, source)
        )
        found = Answer(value, reason, done.present, done.expected, done.left_out, days, self.pick, together)
        alone = isinstance(self.tree, Element) and over_time(self.units, self.tree) == "mean"
        if alone and not counted_once(self.units, self.tree):
            level = self._level_alone()
            return found if level is None else replace(found, value=level, reason=NONE)
        return found

    def _value(self) -> tuple[float | None, str]:
        counted = self.counting if self.tiling.flows else self.standing
        if not counted:
            return None, self._why_none()
        sides = formulas.sides(self.tree, self._pooled)
        if NA in sides:
            return None, NOT_APPLICABLE
        if NOTHING in sides:
            return None, NOT_OPEN
        try:
            value = worth(self.tree, self._pooled)
        except formulas.NoCasesError:
            return None, NO_CASES
        if isinstance(value, str):
            return None, NOT_APPLICABLE if value == NA else NOT_OPEN
        return value, NONE

    def _level_alone(self) -> float | None:
        """Rule 3: shown alone, an open unit that is silent stands with the mean of its known months."""
        tiling, totals = self.tiling, []
        pieces = tiling.used(self.tree)
        for month in tiling.months:
            said = [p for p in pieces if month in p.months and p.value != NC]
            values = [p.value for p in said]
            if self.units.world.is_past(self.units.year, month):
                values += self._filled(pieces, {p.unit for p in said if p.value != NA}, month)
            if any(value != NA for value in values):
                totals.append(added(values))
        return sum(totals) / len(totals) if totals else None

    def _filled(self, pieces: list, standing: set[str], month: int) -> list[float]:
        """Of open units for which nobody has answered: the mean of their own known months, where nothing
        stands below them."""
        found = []
        for unit in reversed(self.tiling.below):
            own = [p.value for p in pieces if p.unit == unit and p.value not in (NA, NC)]
            below = set(self.units.world.within(unit)[1:])
            is_open = self.units.is_open(unit, self.tree.years_ago, month)
            if own and is_open and not below & standing and not self.tiling.covering(pieces, unit, month):
                found.append(sum(own) / len(own))
                standing.add(unit)
        return found

    # Why there is none, and what is missing

    def _why_none(self) -> str:
        tiling, unknown = self.tiling, []
        if not any(self.units.is_open(unit, 0, month) for unit in tiling.below for month in tiling.months):
            return NOT_OPEN
        if self.out or (not tiling.flows and any(g.month is not None for g in self.groups)):
            return NOT_APPLICABLE
        if not (self._has_flows_open() if tiling.flows else self._has_stocks_at_the_end()):
            return NOT_OPEN
        for source in tiling.sources:
            options = [source] if isinstance(source, Element) else source.options
            if not any(all(self._said(leaf, numbers=True) for leaf in leaves(option)) for option in options):
                unknown.append(source)
        if not unknown:
            return NOT_TOGETHER
        lacking = [
            leaf
            for source in unknown
            for leaf in leaves(source if isinstance(source, Element) else source.options[0])
            if not self._said(leaf, numbers=True)
        ]
        said = all(self._said(leaf, numbers=False) for leaf in lacking)
        return NOT_COLLECTED if said else MISSING

    def _has_flows_open(self) -> bool:
        """Whether anybody who keeps a flow was open in the period."""
        return any(self.tiling.exists(cell) for tile in self.tiling.tiles for cell in tile)

    def _has_stocks_at_the_end(self) -> bool:
        """Whether anybody who keeps a stock was open in the last month; else it went with them."""
        units, month = self.units, stocks.last_month(self.tiling)
        return any(
            units.is_open(unit, source.years_ago, month) and units.keeps_source(unit, source)
            for source in self.tiling.stocks
            for unit in ([self.unit] if counted_once(units, source) else self.tiling.below)
        )

    def _said(self, leaf: Element, numbers: bool) -> bool:
        """Whether it was told anywhere in the period: a number or NA, or else that it was not collected."""
        pieces = self.tiling.used_anyhow(leaf)
        if counted_once(self.units, leaf):
            pieces = [piece for piece in pieces if piece.unit == self.unit]
        return any((piece.value != NC) == numbers and piece.is_said for piece in pieces)


__all__ = ["Answer", "answer"]
