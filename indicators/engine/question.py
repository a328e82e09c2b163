"""A plain formula put to some units and years: everything that says which tiles count."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indicators.engine.keeping import Keeping
from indicators.engine.standing import Standing
from indicators.engine.tiles import Singles, Together
from indicators.formula import PlainFormula, Term

Tiles = Singles | Together


@dataclass(eq=False)
class Given:
    """What the rows of a pass give of one element of a term: `stands` after nearer facts took the place
    of farther ones, `above` bool where a unit above has answered it, `counted_above` with a
    number; `own`: it said something itself, whatever stands; `outside` bool of rows that are asked alone:
    whether one with no home at, above or below it has given it, or such a unit above it has."""

    stands: Standing
    above: np.ndarray | bool = False
    counted_above: np.ndarray | bool = False
    own: np.ndarray | None = None
    outside: np.ndarray | None = None

    @property
    def covered(self) -> np.ndarray:
        covered: np.ndarray = self.stands.answered | self.above
        return covered

    @property
    def said(self) -> np.ndarray:
        return self.stands.answered if self.own is None else self.own

    @property
    def counted(self) -> np.ndarray:
        """Covered by a number, and not by "not applicable" alone."""
        counted: np.ndarray = self.stands.number | self.counted_above
        return counted


class Piece(NamedTuple):
    """Who keeps something that a term is only made of: bool [row, year, 12] the row has to give it
    (`required`: and its being missing makes a figure incomplete); `year` bool [row, year]: it keeps it."""

    owed: np.ndarray
    required: np.ndarray
    year: np.ndarray


@dataclass(eq=False)
class Question:
    """A plain formula put to some units and years: everything that says which tiles count.

    `of_surveys`: elements that no form asks for, since surveys give them; `given` by term and element
    code; `keeping` by term, `kept` by term and code; `open_then` by years
    ago, whether the row worked in the month; `stocks` whether a term is one, `levels` whether it is a mean
    (or made of one) beside other terms; `last_months` int [year, 19]: in which stocks are gone with units
    that are not open; `due` bool [year, 12]: the
    month is over; `cadence` int [row, year]: every how many months the row gives its stocks; `others`
    by term of the other ratios of a `first`: who keeps it, and bool [row, year, 12] who gave it itself;
    `pieces` by term: what it is only made of, where it is made of several things;
    `parents` int [row]: the row above each, where rows are asked together.
    """

    plain: PlainFormula
    codes: Sequence[str]
    of_surveys: Collection[str]
    given: Mapping[tuple[Term, str], Given]
    keeping: Mapping[Term, Keeping]
    kept: Mapping[tuple[Term, str], Keeping]
    open_then: Mapping[int, np.ndarray]
    stocks: Mapping[Term, bool]
    levels: Mapping[Term, bool]
    last_months: np.ndarray
    tiles: Tiles
    due: np.ndarray
    cadence: np.ndarray
    others: Mapping[Term, tuple[Keeping, np.ndarray]]
    pieces: Mapping[Term, Sequence[Piece]]
    parents: np.ndarray | None = None
