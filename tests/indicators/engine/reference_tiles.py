"""The tiles of one plain formula for a unit and a period, and what is known in them (rules 2 and 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indicators.formula import parse
from tests.indicators.engine.reference_choices import Cell, Choices, Known, Tile
from tests.indicators.engine.reference_formula import NOTHING, Choice, Source, Tree, leaves, sources
from tests.indicators.engine.reference_homes import counted_once, over_time
from tests.indicators.engine.reference_units import Units, added
from tests.indicators.engine.reference_world import NA, NC, Piece, Span, holds, months_of, overlap


class Tiling:
    """The unit-months at or below `unit` in the months of `span`, cut into tiles."""

    def __init__(self, units: Units, tree: Tree, homes: list[str], unit: str, span: Span) -> None:
        self.units, self.tree, self.unit, self.span = units, tree, unit, span
        world = units.world
        self.below = world.within(unit)
        self.homes = [home for home in homes if home in self.below]
        if any(counted_once(units, source) for source in sources(tree)):
            self.homes = [unit] if unit in homes else []
        self.home_of = {each: home for home in self.homes for each in world.within(home)}
        self.months = list(months_of(span))
        self.sources = sources(tree)
        self.flows = [source for source in self.sources if over_time(units, source) != "last"]
        self.stocks = [source for source in self.sources if over_time(units, source) == "last"]
        self.leaves = leaves(tree)
        self._used: dict[tuple, list[Piece]] = {}
        self._anyhow: dict[Source, list[Piece]] = {}
        self._in_tile: dict[tuple[Source, Tile], Known] = {}
        self._owes: dict[tuple[Source, str, int], bool] = {}
        self._exists: dict[Cell, bool] = {}
        self.tiles = self._tiles()
        self.tile_of = {cell: tile for tile in self.tiles for cell in tile}
        self.choices = Choices(self)

    def node(self, unit: str) -> str:
        return self.home_of.get(unit, unit)

    def units_of(self, cell: Cell) -> list[str]:
        """The units whose month the cell is: a home with all below it, or a unit outside homes."""
        return self.units.world.within(cell[0]) if cell[0] in self.homes else [cell[0]]

    def is_above_homes(self, unit: str) -> bool:
        return unit not in self.home_of and any(unit in self.units.world.above(home) for home in self.homes)

    def cells_of(self, unit: str, month: int) -> set[Cell]:
        """The cells that a figure of the unit and month speaks of."""
        if self.is_above_homes(unit):
            return {(self.node(each), month) for each in self.units.world.within(unit)}
        return {(self.node(unit), month)}

    # What is used

    def used(self, source: Source) -> list[Piece]:
        """The pieces of an input that stand, by rule 2: those of upper units first, what they leave below."""
        if source not in self._used:
            if isinstance(source, Choice):
                self._used[source] = self.choices.taken_of(source)
            else:
                reach = [self.unit] if counted_once(self.units, source) else self.below
                said = [p for unit in reach for p in self.units.pieces(unit, source)]
                self._used[source] = self.nearest(p for p in said if holds(self.span, p.told_for))
        return self._used[source]

    def nearest(self, pieces: Iterable[Piece]) -> list[Piece]:
        """Pieces (upper units first) without those beside which a unit above says a number, or NC.

        A number of a year goes whole; of what was not collected, the months of which something else is said.
        """
        found: list[Piece] = []
        for piece in [each for one in pieces for each in _by_month(one)]:
            above = self.units.world.above(piece.unit)
            if not any(p.unit in above and p.value != NA and overlap(p.span, piece.span) for p in found):
                found.append(piece)
        return found

    # Tiles

    def _tiles(self) -> list[Tile]:
        """The smallest sets of cells that no used figure cuts through."""
        together: dict[Cell, set[Cell]] = {}
        for unit in self.below:
            for month in self.months:
                together.setdefault((self.node(unit), month), {(self.node(unit), month)})
        for leaf in [leaf for source in self.flows for leaf in leaves(source)]:
            for piece in [each for each in self.used(leaf) if each.value != NC]:
                if counted_once(self.units, leaf):
                    for node in {cell[0] for cell in together}:
                        self._join(together, {(node, month) for month in piece.months})
                else:
                    self._join(together, set().union(*(self.cells_of(piece.unit, m) for m in piece.months)))
        for leaf in [leaf for source in self.stocks for leaf in leaves(source)]:
            for piece in [p for p in self.used(leaf) if p.value != NC and self.is_above_homes(p.unit)]:
                # A stock cuts no months; above homes it speaks of all below it, in the whole period.
                for month in self.months:
                    self._join(together, self.cells_of(piece.unit, month))
        return list(dict.fromkeys(frozenset(cells) for cells in together.values()))

    @staticmethod
    def _join(together: dict[Cell, set[Cell]], cells: set[Cell]) -> None:
        joined = set().union(*(together[cell] for cell in cells))
        for cell in joined:
            together[cell] = joined

    def exists(self, cell: Cell) -> bool:
        """Whether an open unit of it keeps any of the flows, in any of the years compared."""
        if cell not in self._exists:
            self._exists[cell] = any(
                self.units.is_open(unit, leaf.years_ago, cell[1]) and self.units.keeps(unit, leaf)
                for source in self.flows
                for leaf in leaves(source)
                for unit in ([self.unit] if counted_once(self.units, leaf) else self.units_of(cell))
            )
        return self._exists[cell]

    # What is known

    def owing(self, source: Source, units: list[str], month: int) -> list[str]:
        """The open units that are to give the input in the month, and are not answered for by units below."""
        return [unit for unit in units if self.owes(source, unit, month)]

    def owes(self, source: Source, unit: str, month: int) -> bool:
        """Whether the unit is to give the input in the month and is open; see `owing`."""
        key = (source, unit, month)
        if key not in self._owes:
            self._owes[key] = self._owes_now(source, unit, month)
        return self._owes[key]

    def _owes_now(self, source: Source, unit: str, month: int) -> bool:
        years_ago = source.years_ago
        if not self.units.is_open(unit, years_ago, month) or not self.units.owes(unit, source, month):
            return False
        if counted_once(self.units, source):
            return unit == self.unit
        if any(p.unit == unit and month in p.months for p in self.used_anyhow(source)):
            return True
        below = self.units.world.within(unit)[1:]
        return not any(
            self.units.is_open(each, years_ago, month) and self.units.owes(each, source, month)
            for each in below
        )

    def owes_some(self, source: Source, unit: str, month: int) -> bool:
        """Whether it is to give something that the input is only made of: it keeps something of the input."""
        return any(self.owes(part, unit, month) for part in self.units.made_of(source))

    def used_anyhow(self, source: Source) -> list[Piece]:
        """What units say of it in the period, whatever stands above."""
        if source not in self._anyhow:
            self._anyhow[source] = [
                piece
                for unit in self.below
                for leaf in leaves(source)
                for piece in self.units.pieces(unit, leaf)
                if holds(self.span, piece.told_for)
            ]
        return self._anyhow[source]

    def covering(self, pieces: list[Piece], unit: str, month: int) -> list[Piece]:
        """The used pieces by which the unit's month is known."""
        reach = {unit, *self.units.world.above(unit)}
        return [p for p in pieces if p.unit in reach and month in p.months and p.value != NC]

    def is_covered(self, source: Source, pieces: list[Piece], unit: str, month: int) -> bool:
        """Whether the unit's month is known; of a choice, that one of its options is known there."""
        if self.covering(pieces, unit, month):
            return True
        return isinstance(source, Choice) and self.choices.place_of(source, unit, month) is not None

    def in_month(self, source: Source, pieces: list[Piece], units: list[str], month: int) -> Known:
        """Whether each open unit that keeps the input has given it in the month, or a unit above has."""
        if counted_once(self.units, source):
            units = [self.unit]
        if any(self.stands_without(source, pieces, unit, month) for unit in units):
            return Known(False)
        if isinstance(source, Choice):
            # What a unit says of an option that cannot be taken there is in the way of what is below it.
            said = [
                p for leaf in leaves(source) for p in self.used(leaf) if p.value != NC and month in p.months
            ]
            for unit in [p.unit for p in said if p.unit in units]:
                if self.units.is_open(unit, source.years_ago, month) and not self.is_covered(
                    source, pieces, unit, month
                ):
                    return Known(False)
        given = [piece for unit in units for piece in self.covering(pieces, unit, month)]
        # Who keeps something of it must have all of it: else it is in one figure and not in the other.
        for unit in units:
            if self.owes_some(source, unit, month) and not self.is_covered(source, pieces, unit, month):
                return Known(False)
        owing = self.owing(source, units, month)
        if not all(self.is_covered(source, pieces, unit, month) for unit in owing):
            return Known(False)
        if owing or given:
            return Known(True, added([piece.value for piece in dict.fromkeys(given)]))
        if units[0] not in self.home_of:
            return Known(True)
        keepers = [unit for unit in units if self.units.keeps_source(unit, source)]
        closed = not any(self.units.is_open(unit, source.years_ago, month) for unit in keepers)
        if closed and self.is_level_beside(source):
            # What is compared with another year has grown or declined by what opened or closed.
            codes = {leaf.code for leaf in leaves(source)}
            ago = {leaf.years_ago for leaf in self.leaves if leaf.code in codes}
            there = [unit for unit in units for each in ago if self.units.is_open(unit, each, month)]
            closed = not there or bool(set(there) & set(keepers))
        return Known(bool(keepers) and closed)

    def is_level_beside(self, source: Source) -> bool:
        """Whether it is a level (or made of one) in a formula of several things.

        What is divided by the beds of wards that were not there yet would be divided by too little.
        """
        elements = self.units.world.elements
        codes = {leaf.code for leaf in leaves(source)}
        for code in list(codes):
            derived = elements[code].derived
            codes |= set(parse(derived).codes) if derived else set()
        return self.tree != source and any(elements[code].over_time == "mean" for code in codes)

    def stands_without(self, source: Source, pieces: list[Piece], unit: str, month: int) -> bool:
        """Whether a unit outside homes, joined by a figure above it, keeps one thing and lacks another.

        A ward that never gave its beds cannot be left out of the hospital's own patient days.
        """
        if unit in self.home_of or self.is_above_homes(unit):
            return False
        if not self.units.is_open(unit, source.years_ago, month) or self.covering(pieces, unit, month):
            return False
        if any(
            self.units.is_open(each, source.years_ago, month) and self.units.owes(each, source, month)
            for each in self.units.world.within(unit)[1:]
        ):
            return False
        parts = [part for each in self.sources for part in self.units.made_of(each)]
        return any(self.units.keeps(unit, each) for each in (*self.leaves, *parts))

    def in_tile(self, source: Source, tile: Tile) -> Known:
        """Whether an input is known in all of a tile, and the sum of what is known there."""
        if (source, tile) not in self._in_tile:
            self._in_tile[source, tile] = self._found_in_tile(source, tile)
        return self._in_tile[source, tile]

    def _found_in_tile(self, source: Source, tile: Tile) -> Known:
        if isinstance(source, Choice) and self.choices.is_whole(source, tile):
            return self.choices.known_whole(source, tile)
        return self.whole_tile(source, tile)

    def whole_tile(self, source: Source, tile: Tile) -> Known:
        """An input month by month, as long as it is known in all months of the tile."""
        inside = self.pieces_in(source, tile)
        for cell in tile:
            # Each home must know it: one does not answer for the other.
            if self.exists(cell) and not self.in_month(source, inside, self.units_of(cell), cell[1]).known:
                return Known(False)
        values = [piece.value for piece in inside if piece.value != NC]
        return Known(True, added(values) if values else NOTHING)

    def still_runs(self, tile: Tile) -> bool:
        """Whether it has a figure of a quarter, semester or year that is not over where its unit is open: it
        is a plan, or what is known so far."""
        units = self.units
        return any(
            units.is_open(piece.unit, 0, month) and not units.world.is_past(units.year, month)
            for leaf in self.leaves
            if leaf.years_ago == 0
            and over_time(units, leaf) != "last"
            and not units.is_of_a_survey(leaf.code)
            for piece in self.pieces_in(leaf, tile)
            if piece.value != NC and piece.span[0] < piece.span[1]
            for month in piece.months
        )

    def pieces_in(self, source: Source, tile: Tile) -> list[Piece]:
        pieces = self.used(source)
        if counted_once(self.units, source):
            months = {month for _node, month in tile}
            return [piece for piece in pieces if months & set(piece.months)]
        return [piece for piece in pieces if (self.node(piece.unit), piece.span[0]) in tile]


def _by_month(piece: Piece) -> list[Piece]:
    """What was not collected is said of each month by itself."""
    if piece.value != NC:
        return [piece]
    return [replace(piece, span=(month, month)) for month in piece.months]
