"""`first(x, y)` of things that add up: which option is taken where (rule 10, last point).

It is decided unit-month by unit-month in a tile of which some unit keeps both, else for the whole tile; for
the whole tile as well where deciding by month would cut a longer fact. Both years of a growth are decided
alike, and not applicable goes on to the next option.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.indicators.engine.reference_formula import (
    NOTHING,
    Choice,
    Element,
    Operation,
    Tree,
    leaves,
    shifted,
    worth,
)
from tests.indicators.engine.reference_world import NA, NC, Piece, Value, overlap

if TYPE_CHECKING:
    from tests.indicators.engine.reference_tiles import Tiling

#: A home (or a unit outside homes) in one month.
Cell = tuple[str, int]
Tile = frozenset[Cell]


@dataclass(frozen=True)
class Known:
    """Of an input in a tile or month: whether it is known, and what is known: a number, NA or NOTHING."""

    known: bool
    value: Value = NOTHING


class Choices:
    """The options taken in a tiling."""

    def __init__(self, tiling: Tiling) -> None:
        self.tiling, self.units = tiling, tiling.units
        self._place: dict[tuple[object, str, int], int | None] = {}
        self._whole: dict[tuple[object, Tile], bool] = {}

    def alike(self, choice: Choice, place: int) -> list[Tree]:
        """The option in all years in which the formula asks for the choice."""
        years = sorted(self.units.choice_years[choice.node])
        return [shifted(choice.options[place], each - choice.years_ago) for each in years]

    # Unit-month by unit-month

    def place_of(self, choice: Choice, unit: str, month: int) -> int | None:
        """The first option that is known there as a number, else the first that is answered."""
        key = choice.node, unit, month
        if key not in self._place:
            places = range(len(choice.options))
            numbers = [p for p in places if self._is_told(choice, p, unit, month, (NA, NC))]
            answers = [p for p in places if self._is_told(choice, p, unit, month, (NC,))]
            self._place[key] = next(iter([*numbers, *answers]), None)
        return self._place[key]

    def _is_told(self, choice: Choice, place: int, unit: str, month: int, but: tuple[str, ...]) -> bool:
        return all(
            any(p.value not in but for p in self.tiling.covering(self.tiling.used(leaf), unit, month))
            for option in self.alike(choice, place)
            for leaf in leaves(option)
            if self.units.is_open(unit, leaf.years_ago, month)
        )

    def taken_of(self, choice: Choice) -> list[Piece]:
        """The pieces of the options taken by month; a unit above speaks for all options."""
        found: list[tuple[int, Piece]] = []
        for place, option in enumerate(choice.options):
            for leaf, sign in signs(option):
                for piece in [p for p in self.tiling.used(leaf) if p.value != NC]:
                    month = self._open_months(piece, leaf)[0]
                    if self.place_of(choice, piece.unit, month) == place:
                        value = piece.value if isinstance(piece.value, str) else sign * piece.value
                        found.append((place, replace(piece, value=value)))
        return [piece for place, piece in found if not self._is_said_above(piece, place, found)]

    def _is_said_above(self, piece: Piece, place: int, found: list[tuple[int, Piece]]) -> bool:
        """Whether a unit above gives another option as a number."""
        above = self.units.world.above(piece.unit)
        return any(
            other != place and each.unit in above and each.value != NA and overlap(each.span, piece.span)
            for other, each in found
        )

    def _open_months(self, piece: Piece, leaf: Element) -> list[int]:
        return [m for m in piece.months if self.units.is_open(piece.unit, leaf.years_ago, m)]

    # For whole tiles

    def is_whole(self, choice: Choice, tile: Tile) -> bool:
        key = choice.node, tile
        if key not in self._whole:
            units = {unit for cell in tile for unit in self.tiling.units_of(cell)}
            keeps = any(self.units.keeps_several(unit, choice) for unit in units)
            self._whole[key] = not keeps or self._is_cut(choice, tile)
        return self._whole[key]

    def _is_cut(self, choice: Choice, tile: Tile) -> bool:
        for place in range(len(choice.options)):
            for leaf in [leaf for option in self.alike(choice, place) for leaf in leaves(option)]:
                for piece in self.tiling.pieces_in(leaf, tile):
                    months = self._open_months(piece, leaf)
                    if piece.value != NC and len(months) > 1:
                        taken = {self.place_of(choice, piece.unit, month) == place for month in months}
                        if len(taken) > 1:
                            return True
        return False

    def known_whole(self, choice: Choice, tile: Tile) -> Known:
        place = self.whole_place(choice, tile)
        return Known(False) if place is None else self._worth(choice.options[place], tile)

    def whole_place(self, choice: Choice, tile: Tile) -> int | None:
        """The first option known in the whole tile; one that has numbers before one that does not apply."""
        known = [
            (place, [self._worth(option, tile) for option in self.alike(choice, place)])
            for place in range(len(choice.options))
        ]
        known = [(place, found) for place, found in known if all(each.known for each in found)]
        numbers = [place for place, found in known if any(not isinstance(f.value, str) for f in found)]
        return next(iter([*numbers, *(place for place, _found in known)]), None)

    def _worth(self, option: Tree, tile: Tile) -> Known:
        found = {leaf: self.tiling.whole_tile(leaf, tile) for leaf in leaves(option)}
        if not all(each.known for each in found.values()):
            return Known(False)
        return Known(True, worth(option, lambda leaf: found[leaf].value))


def signs(tree: Tree) -> list[tuple[Element, int]]:
    """The elements of a sum, with their signs."""
    if isinstance(tree, Element):
        return [(tree, 1)]
    assert isinstance(tree, Operation), tree
    turn = -1 if tree.sign == "-" else 1
    return signs(tree.left) + [(leaf, sign * turn) for leaf, sign in signs(tree.right)]
