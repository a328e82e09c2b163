"""Who keeps what: the units that owe an input, and where the inputs of a formula come together.

A unit keeps an element when a form of it has it; where no form of any unit has it, when it gave it in the
years that a formula compares or the year before. What is derived is kept with all it is derived from, a
total also by its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indicators.engine.facts import ElementRule, Facts
from indicators.engine.grid import Grid, years_earlier
from indicators.formula import PlainFormula, Term


class Keeping(NamedTuple):
    """Of one input, seen from the year that is asked about.

    `owed` bool [unit, year, 12]: the unit has to give it for that month (for the month `years_ago` years
    earlier); `required`: and its being missing makes a figure incomplete; `below`: units below it keep it
    then and answer for it, so that it owes nothing while it gives nothing. `year` bool [unit, year]:
    the unit keeps it, so that a home may be found there.
    """

    owed: np.ndarray
    required: np.ndarray
    below: np.ndarray
    year: np.ndarray


class Keepers:
    """Answers who keeps which element, remembering what was asked: formulas ask alike."""

    def __init__(self, rules: Mapping[str, ElementRule], facts: Mapping[str, Facts], grid: Grid) -> None:
        self.rules, self.facts, self.grid = rules, facts, grid
        self._found: dict[tuple[str, int, int], Keeping] = {}

    def of(self, code: str, years_ago: int, years_back: int) -> Keeping:
        """Who keeps an element for a formula that looks back `years_back` years, of its year `years_ago`."""
        key = code, years_ago, years_back
        if key not in self._found:
            kept = self._kept(code, years_ago, years_back)
            if self.rules[code].adds_up:
                open_then = self.grid.open_years_earlier(years_ago) != 0
                below = _kept_below(kept.owed & open_then, self.grid)
                kept = kept._replace(below=below)
            self._found[key] = kept
        return self._found[key]

    def owed(self, code: str) -> np.ndarray:
        """In which months a unit owes an element: bool [unit, year, 12]."""
        return self.of(code, 0, 0).owed

    def owed_below(self, code: str, *, itself: bool = False) -> np.ndarray:
        """In which months an open unit below owes an element, a total `itself` or by its parts too: bool
        [unit, year, 12]."""
        owed = self._own(code, 0, 0).owed if itself else self.owed(code)
        return _kept_below(owed & self.grid.open_months, self.grid)

    def _kept(self, code: str, years_ago: int, years_back: int) -> Keeping:
        rule = self.rules[code]
        kept = self._own(code, years_ago, years_back)
        if rule.parts:
            parts = [self._kept(part, years_ago, years_back) for part in rule.parts]
            return Keeping(*(np.logical_or.reduce(arrays) for arrays in zip(kept, *parts, strict=True)))
        if rule.derived is not None and rule.derived.codes:
            inputs = [self._kept(source, years_ago, years_back) for source in rule.derived.codes]
            together = [np.logical_and.reduce(arrays) for arrays in zip(*inputs, strict=True)]
            return Keeping(*(np.logical_or(a, b) for a, b in zip(kept, together, strict=True)))
        return kept

    def _own(self, code: str, years_ago: int, years_back: int) -> Keeping:
        facts = self.facts.get(code)
        if facts is None:
            nothing = np.zeros(self.grid.open_days.shape, bool)
            return Keeping(nothing, nothing, nothing, nothing[..., 0])
        gave = _within(facts.gave, years_back)
        unasked = facts.gave if facts.gave_unasked is None else facts.gave_unasked
        window = _within(unasked, years_back + 1)
        if facts.asked is None:
            months = np.broadcast_to(window[..., None], self.grid.open_days.shape)
            return Keeping(months, months, np.zeros_like(months), window)
        asked = facts.asked
        undecided = ~years_earlier(asked.decided, years_ago) & window[..., None]
        owed = years_earlier(asked.kept, years_ago) | undecided
        required = years_earlier(asked.required, years_ago) | undecided
        # A form of a unit that was not open has nothing of it.
        by_form = np.asarray((asked.kept & self.grid.open_months).any(axis=-1))
        before = undecided
        if not asked.without_form:
            before = undecided & (self.grid.open_years_earlier(years_ago) != 0)
        year = _within(by_form, years_back) | before.any(axis=-1) | gave
        return Keeping(owed, required, np.zeros_like(owed), year)


def _within(array: np.ndarray, years_back: int) -> np.ndarray:
    """In the year or one of the `years_back` before it."""
    found = array.copy()
    for back in range(1, years_back + 1):
        found |= years_earlier(array, back)
    return found


def _kept_below(owed: np.ndarray, grid: Grid) -> np.ndarray:
    """Whether any unit below keeps it: bool like `owed`."""
    below = np.zeros_like(owed)
    for unit, children in grid.inner:
        below[unit] = (owed[children] | below[children]).any(axis=0)
    return below


#: Who keeps each element of each term.
Kept = Mapping[tuple[Term, str], Keeping]


def kept_term(term: Term, kept: Kept) -> Keeping:
    """Who keeps a term: any option of a choice, and all elements of an option."""
    options = []
    for option in term.options:
        found = [kept[term, code] for code, _factor in option]
        if len(found) == 1:
            options.append(found[0])
        else:
            options.append(Keeping(*(np.logical_and.reduce(a) for a in zip(*found, strict=True))))
    if len(options) == 1:
        return options[0]
    return Keeping(*(np.logical_or.reduce(arrays) for arrays in zip(*options, strict=True)))


def pieces_of(term: Term, rules: Mapping[str, ElementRule]) -> list[str]:
    """Codes of what a term is only made of: elements of a sum that is one of its options, and what adds up
    of that from which several things are derived. Who keeps one of them keeps something of the term."""
    found: dict[str, None] = {}
    for option in term.options:
        for code, _factor in option:
            rule = rules[code]
            if len(option) > 1 and rule.adds_up:
                found.setdefault(code)
            if rule.adds_up and rule.derived is not None and len(rule.derived.codes) > 1:
                found.update(dict.fromkeys(c for c in rule.derived.codes if rules[c].adds_up))
    return list(found)


class Homes(NamedTuple):
    """Where the inputs of a formula come together, bool [unit, year]: the `homes`, the units `with_below`
    that have keepers below them as well, and the units at which (or below which) there is a home."""

    homes: np.ndarray
    with_below: np.ndarray
    together: np.ndarray


def homes_of(
    plains: Sequence[PlainFormula],
    keeping: Mapping[Term, Keeping],
    kept: Kept,
    pieces: Kept,
    keepers: Keepers,
) -> Homes:
    """The smallest units that keep all inputs, themselves or below them, of one of the plain formulas of a
    `first` of ratios.

    What does not add up over units is kept by a unit itself or not at all: there every unit that has it,
    and the other inputs at or below it, is a home of its own, and stands for nobody above.
    """
    grid, rules = keepers.grid, keepers.rules
    shape = grid.shape[:2]
    any_kept, together, is_alone = np.zeros(shape, bool), np.zeros(shape, bool), False
    for plain in plains:
        everything = np.ones(shape, bool)
        for term in plain.terms:
            if not all(rules[code].adds_up for code in term.codes):
                everything &= keeping[term].year
                is_alone = True
                continue
            by_option = []
            for option in term.options:
                years = [kept[term, code].year for code, _factor in option]
                any_kept |= np.logical_or.reduce(years)
                by_option.append(np.logical_and.reduce([grid.any_below(year) for year in years]))
            everything &= np.logical_or.reduce(by_option)
        together |= everything
    for piece in pieces.values():
        any_kept |= piece.year
    below = _any_strictly_below(any_kept, grid)
    if is_alone:
        return Homes(together, together & below, together)
    homes = together.copy()
    for unit, children in grid.inner:
        homes[unit] &= ~together[children].any(axis=0)
    return Homes(homes, homes & below, together)


def _any_strictly_below(where: np.ndarray, grid: Grid) -> np.ndarray:
    found = np.zeros_like(where)
    for unit, children in grid.inner:
        found[unit] = (where[children] | found[children]).any(axis=0)
    return found
