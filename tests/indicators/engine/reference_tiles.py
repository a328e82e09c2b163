"""The tiles of one plain formula for a unit and a period, and what is known in them (rules 2 and 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.indicators.engine.reference_formula import (
    NOTHING,
    Choice,
    Element,
    Source,
    Tree,
    leaves,
    sources,
    worth,
)
from tests.indicators.engine.reference_homes import counted_once, over_time
from tests.indicators.engine.reference_units import Units, added
from tests.indicators.engine.reference_world import NA, NC, Piece, Span, Value, holds, months_of, overlap

#: A home (or a unit outside homes) in one month.
Cell = tuple[str, int]
Tile = frozenset[Cell]


@dataclass(frozen=True)
class Known:
    """Of an input in a tile or month: whether it is known, and what is known: a number, NA or NOTHING."""

    known: bool
    value: Value = NOTHING


class Tiling:
    """The unit-months at or below `unit` in the months of `span`, cut into tiles."""

    def __init__(self, units: Units, tree: Tree, homes: list[str], unit: str, span: Span) -> None:
        self.units, self.tree, self.unit, self.span = units, tree, unit, span
        world = units.world
        self.below = world.within(unit)
        self.homes = [home for home in homes if home in self.below]
        if all(counted_once(units, source) for source in sources(tree)):
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
        self._by_tile: dict[tuple[Choice, str], bool] = {}
        #: The option taken of a choice that is decided for whole tiles.
        self.option: dict[tuple[object, Cell], int] = {}
        self.tiles = self._tiles()
        while self._next_options():
            self.tiles = self._tiles()

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

    def reach_of(self, unit: str) -> set[str]:
        """The nodes in whose tiles it can stand: a figure above homes joins all below it."""
        joined = {self.node(unit)}
        upper = [
            each
            for each in self.below
            if self.is_above_homes(each)
            and any(p.unit == each for s in self.leaves for p in self.used_anyhow(s))
        ]
        for each in reversed(upper):
            nodes = {self.node(below) for below in self.units.world.within(each)}
            if nodes & joined:
                joined |= nodes
        return joined

    def decided_by_tile(self, source: Source, unit: str) -> bool:
        """Whether `first` is decided there for whole tiles: no unit it can stand with keeps both things."""
        if not isinstance(source, Choice):
            return False
        key = (source, self.node(unit))
        if key not in self._by_tile:
            units = [u for node in self.reach_of(unit) for u in self.units_of((node, 0))]
            self._by_tile[key] = not any(self.units.keeps_several(each, source) for each in units)
        return self._by_tile[key]

    def parts_of(self, source: Source, cells: set[Cell] | Tile) -> list[tuple[Source, Choice | None]]:
        """What must be known for a source in the cells: itself, or what the option taken there is made of."""
        if not any(self.decided_by_tile(source, node) for node, _month in cells):
            return [(source, None)]
        return [(leaf, source) for leaf in leaves(source.options[self.taken(source, cells)])]

    def used(self, source: Source, choice: Choice | None = None, place: int = 0) -> list[Piece]:
        """The pieces of an input that stand, by rule 2: those of upper units first, what they leave below.

        With a choice: only where its option `place` is taken.
        """
        key = (source, choice, place)
        if key not in self._used:
            world, found = self.units.world, []
            reach = [self.unit] if counted_once(self.units, source) else self.below
            for unit in reach:
                above = world.above(unit)
                for piece in self.units.pieces(unit, source):
                    if not holds(self.span, piece.told_for):
                        continue
                    if choice is not None and not self._is_taken(choice, place, piece):
                        continue
                    if isinstance(source, Choice) and self.decided_by_tile(source, unit):
                        continue
                    if not any(
                        p.unit in above and p.value != NA and overlap(p.span, piece.span) for p in found
                    ):
                        found.append(piece)
            self._used[key] = found
        return self._used[key]

    def _is_taken(self, choice: Choice, place: int, piece: Piece) -> bool:
        if not self.decided_by_tile(choice, piece.unit):
            return False
        cells = set().union(*(self.cells_of(piece.unit, month) for month in piece.months))
        in_homes = [cell for cell in cells if cell[0] in self.homes]
        return not in_homes or any(self.taken(choice, [cell]) == place for cell in in_homes)

    def all_used(self, sources_asked: list[Source]) -> list[tuple[Source, list[Piece]]]:
        found = []
        for source in sources_asked:
            found.append((source, self.used(source)))
            if isinstance(source, Choice):
                for place, option in enumerate(source.options):
                    found += [(leaf, self.used(leaf, source, place)) for leaf in leaves(option)]
        return found

    # Tiles

    def _tiles(self) -> list[Tile]:
        """The smallest sets of cells that no used figure cuts through."""
        together: dict[Cell, set[Cell]] = {}
        for unit in self.below:
            for month in self.months:
                together.setdefault((self.node(unit), month), {(self.node(unit), month)})
        for source, pieces in self.all_used(self.flows):
            for piece in pieces:
                if counted_once(self.units, source):
                    for node in {cell[0] for cell in together}:
                        self._join(together, {(node, month) for month in piece.months})
                else:
                    self._join(together, set().union(*(self.cells_of(piece.unit, m) for m in piece.months)))
        return list(dict.fromkeys(frozenset(cells) for cells in together.values()))

    @staticmethod
    def _join(together: dict[Cell, set[Cell]], cells: set[Cell]) -> None:
        joined = set().union(*(together[cell] for cell in cells))
        for cell in joined:
            together[cell] = joined

    def _next_options(self) -> bool:
        """Where the option taken of a choice is not known in a whole tile, the next is tried there.

        Both years of a growth take the same; not applicable goes on to an option that is kept there.
        """
        changed = False
        choices = [source for source in self.flows if isinstance(source, Choice)]
        for node in dict.fromkeys(choice.node for choice in choices):
            alike = [choice for choice in choices if choice.node == node]
            for tile in self.tiles:
                cells = [cell for cell in tile if cell[0] in self.homes]
                if not cells or not self.decided_by_tile(alike[0], cells[0][0]):
                    continue
                taken = self.taken(alike[0], cells)
                results = [self.in_tile(choice, tile) for choice in alike]
                kept_next = taken + 1 < len(alike[0].options) and self._keeps_next(alike[0], taken + 1, tile)
                if kept_next and any(not each.known or each.value == NA for each in results):
                    taken += 1
                for cell in cells:
                    if self.option.get((node, cell), 0) != taken:
                        self.option[node, cell] = taken
                        changed = True
        if changed:
            self._used.clear()
            self._in_tile.clear()
        return changed

    def _keeps_next(self, choice: Choice, place: int, tile: Tile) -> bool:
        units = [each for cell in tile for each in self.units_of(cell)]
        return all(
            any(self.units.keeps(each, leaf) for each in units) for leaf in leaves(choice.options[place])
        )

    def taken(self, choice: Choice, cells: Iterable[Cell]) -> int:
        """The option taken in the cells, which lie in one tile."""
        return max((self.option.get((choice.node, cell), 0) for cell in cells), default=0)

    def live_months(self, tile: Tile) -> set[int]:
        """The months of the tile in which an open unit keeps any of the flows."""
        kept = [leaf for source in self.flows for leaf in leaves(source)]
        return {
            month
            for node, month in tile
            for unit in self.units_of((node, month))
            for leaf in kept
            if self.units.is_open(unit, leaf.years_ago, month) and self.units.keeps(unit, leaf)
        }

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

    def used_anyhow(self, source: Source) -> list[Piece]:
        """What units say of it in the period, whatever stands above."""
        if source not in self._anyhow:
            self._anyhow[source] = [
                piece
                for unit in self.below
                for piece in self.units.pieces(unit, source)
                if holds(self.span, piece.told_for)
            ]
        return self._anyhow[source]

    def covering(self, pieces: list[Piece], unit: str, month: int) -> list[Piece]:
        """The used pieces by which the unit's month is known."""
        reach = {unit, *self.units.world.above(unit)}
        return [p for p in pieces if p.unit in reach and month in p.months and p.value != NC]

    def in_month(self, source: Source, pieces: list[Piece], units: list[str], month: int) -> Known:
        """Whether each open unit that keeps the input has given it in the month, or a unit above has."""
        if counted_once(self.units, source):
            units = [self.unit]
        if any(self.stands_without(source, pieces, unit, month) for unit in units):
            return Known(False)
        given = [piece for unit in units for piece in self.covering(pieces, unit, month)]
        owing = self.owing(source, units, month)
        if not all(self.covering(pieces, unit, month) for unit in owing):
            return Known(False)
        if owing or given:
            return Known(True, added([piece.value for piece in dict.fromkeys(given)]))
        keepers = [unit for unit in units if self.units.keeps_source(unit, source)]
        closed = not any(self.units.is_open(unit, source.years_ago, month) for unit in keepers)
        return Known(bool(keepers) and closed)

    def stands_without(self, source: Source, pieces: list[Piece], unit: str, month: int) -> bool:
        """Whether a unit outside homes, joined by a figure above it, gives to one side and not to the other.

        A ward that never gave its beds cannot be left out of the hospital's own patient days.
        """
        if unit in self.home_of or self.is_above_homes(unit) or self.units.keeps_source(unit, source):
            return False
        others = [each for each in self.leaves if self.units.is_open(unit, each.years_ago, month)]
        keeps = any(self.units.owes(unit, each, month) for each in others)
        return keeps and not self.covering(pieces, unit, month)

    def in_tile(self, source: Source, tile: Tile) -> Known:
        """Whether an input is known in all of a tile, and the sum of what is known there."""
        if (source, tile) not in self._in_tile:
            self._in_tile[source, tile] = self._found_in_tile(source, tile)
        return self._in_tile[source, tile]

    def _found_in_tile(self, source: Source, tile: Tile) -> Known:
        months = sorted({month for _node, month in tile})
        pieces: list[Piece] = []
        for part, choice in self.parts_of(source, tile):
            inside = self.pieces_in(part, choice, tile)
            for month in months:
                units = [u for cell in sorted(tile) if cell[1] == month for u in self.units_of(cell)]
                if not self.in_month(part, inside, units, month).known:
                    return Known(False)
            pieces += inside
        if not pieces:
            return Known(True, NOTHING)
        return Known(True, self.amount(source, tile))

    def pieces_in(self, part: Source, choice: Choice | None, tile: Tile) -> list[Piece]:
        pieces = self.used(part, choice, self.taken(choice, tile) if choice else 0)
        if counted_once(self.units, part):
            months = {month for _node, month in tile}
            return [piece for piece in pieces if months & set(piece.months)]
        return [piece for piece in pieces if (self.node(piece.unit), piece.span[0]) in tile]

    def amount(self, source: Source, tile: Tile) -> Value:
        """The sum of the numbers known in the tile; of a choice decided by tile, its option's worth."""

        def of(node: Element) -> Value:
            values = [p.value for p in self.pieces_in(node, choice, tile) if p.value != NC]
            return added(values) if values else NOTHING

        parts = self.parts_of(source, tile)
        choice = parts[0][1]
        if choice is None:
            return of(source)
        return worth(choice.options[self.taken(choice, tile)], of)
