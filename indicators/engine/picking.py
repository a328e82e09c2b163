"""What stands for each term of a formula in each unit-month, and whether it is known there.

`first(x, y)` of things that add up is decided unit-month by unit-month where some unit keeps both, else
for the whole tile, and alike in both years of a growth. Arrays are [row, year, 12].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.engine.keeping import Keeping
from indicators.engine.question import Question
from indicators.engine.standing import Standing, from_above, without
from indicators.engine.tiles import Singles, Together
from indicators.formula import Term
from indicators.formula.nodes import Choice
from indicators.formula.plain import Weights


@dataclass(eq=False)
class Pick:
    """The option taken of a term, int8 per unit-month, -1 where none is known, and what then stands for
    it; `said` bool: the row gave something of any option itself; `left`: and it stands beside what is
    above. `by_tile` bool: it was taken for the tile as a whole, and `tile_known` says whether it is
    known; `by_month` is what could be taken in the month alone, `month_known` whether an option is known in
    the home then."""

    option: np.ndarray
    stands: Standing
    covered: np.ndarray
    said: np.ndarray
    left: np.ndarray
    by_tile: np.ndarray | None = None
    tile_known: np.ndarray | None = None
    by_month: np.ndarray | int = -1
    month_known: np.ndarray | bool = False


def pick_of(term: Term, q: Question) -> Pick:
    if not isinstance(term.leaf, Choice):
        ((code, _factor),) = term.options[0]
        given = q.given[term, code]
        option = np.where(given.covered, 0, -1).astype(np.int8)
        return Pick(option, given.stands, given.covered, given.said, given.stands.answered)
    # Both years of a growth stand on the same option.
    alike = [t for t in q.plain.terms if isinstance(t.leaf, Choice) and t.leaf.of == term.leaf.of]
    count_options = len(term.options)
    usable, answered = [], []
    for number in range(count_options):
        numbers = [_option(t, number, q, "counted") | ~q.open_then[t.years_ago] for t in alike]
        answers = [_option(t, number, q, "covered") | ~q.open_then[t.years_ago] for t in alike]
        usable.append(np.logical_and.reduce(numbers))
        answered.append(np.logical_and.reduce(answers))
    option = _first_of([*usable, *answered])
    option = np.where(option >= count_options, option - count_options, option).astype(np.int8)
    cut = _cut_longer_facts(alike, option, q)
    by_tile = np.zeros(option.shape, bool)
    anywhere = q.tiles.any_in_units if q.stocks[term] else q.tiles.any_in_tile
    if isinstance(q.tiles, Together):
        keeps = [
            np.logical_and.reduce([q.kept[term, code].year for code, _factor in o]) for o in term.options
        ]
        several = np.add.reduce(keeps, dtype=int) > 1
        by_tile = ~anywhere(np.broadcast_to(several[..., None], option.shape) & True)
    if cut is not None:
        by_tile = by_tile | q.tiles.any_in_tile(cut)
    if not by_tile.any():
        return _taken(term, option, q)
    exists = np.logical_or.reduce(list(q.open_then.values()))
    whole, numbers, month_known = [], [], np.zeros(option.shape, bool)
    for number in range(count_options):
        parts = [
            (
                t,
                code,
                _known_in_home(t, q.given[t, code].covered, q.kept[t, code], q.open_then[t.years_ago], q),
            )
            for t in alike
            for code, _factor in t.options[number]
        ]
        month_known |= np.logical_and.reduce([known for t, _code, known in parts if t is term])
        whole.append(~anywhere(exists & ~np.logical_and.reduce([known for *_which, known in parts])))
        some = [anywhere(q.given[t, code].stands.number) for t, code, _known in parts]
        numbers.append(whole[-1] & np.logical_or.reduce(some))
    taken = _first_of([*numbers, *whole])
    taken = np.where(taken >= count_options, taken - count_options, taken).astype(np.int8)
    pick = _taken(term, np.where(by_tile, taken, option), q)
    pick.by_tile, pick.tile_known = by_tile, taken >= 0
    pick.by_month, pick.month_known = option, month_known
    return pick


def _taken(term: Term, option: np.ndarray, q: Question) -> Pick:
    """What stands of a choice, each unit-month with the option taken; whichever it is, the number of a
    unit above stands for those below it."""
    by_option = [_of_option(weights, term, option == k, q) for k, weights in enumerate(term.options)]
    above = np.zeros(option.shape, bool)
    if q.parents is not None:
        numbers = [found.number for found in by_option]
        for k, found in enumerate(by_option):
            others = np.logical_or.reduce([number for j, number in enumerate(numbers) if j != k])
            by_option[k] = without(found, from_above(others, q.parents))
        above = from_above(np.logical_or.reduce([found.answered for found in by_option]), q.parents)
    spans = [found.span for found in by_option if found.span is not None]
    stands = Standing(
        np.logical_or.reduce([found.answered for found in by_option]),
        np.logical_or.reduce([found.number for found in by_option]),
        np.add.reduce([found.value for found in by_option]),
        np.maximum.reduce(spans) if spans else None,
    )
    said = np.logical_or.reduce([q.given[term, code].said for code in term.codes])
    left = np.logical_or.reduce([q.given[term, code].stands.answered for code in term.codes])
    return Pick(option, stands, (option >= 0) | above, said, left)


def _of_option(weights: Weights, term: Term, here: np.ndarray, q: Question) -> Standing:
    """What stands of one option where it is taken."""
    answered, number = np.zeros(here.shape, bool), np.zeros(here.shape, bool)
    value, span = np.zeros(here.shape), np.full(here.shape, -1, np.int8)
    for code, factor in weights:
        stands = q.given[term, code].stands
        answered |= stands.answered & here
        number |= stands.number & here
        value += np.where(stands.number & here, factor * stands.value, 0.0)
        if stands.span is not None:
            span = np.where(here, np.maximum(span, stands.span), span)
    return Standing(answered, number, value, span)


def _option(term: Term, number: int, q: Question, what: str) -> np.ndarray:
    """Whether all elements of an option are `covered`, or `counted` as numbers."""
    found: np.ndarray = np.logical_and.reduce(
        [getattr(q.given[term, code], what) for code, _factor in term.options[number]]
    )
    return found


def _first_of(options: Sequence[np.ndarray]) -> np.ndarray:
    """Number of the first that is true, -1 where none is."""
    stacked = np.stack(options)
    found: np.ndarray = np.where(stacked.any(axis=0), stacked.argmax(axis=0), -1)
    return found


def _cut_longer_facts(alike: Sequence[Term], option: np.ndarray, q: Question) -> np.ndarray | None:
    """Where the options taken month by month would cut a fact of a longer period."""
    cut: np.ndarray | None = None
    for term in alike:
        for number, weights in enumerate(term.options):
            for code, _factor in weights:
                stands = q.given[term, code].stands
                if stands.span is None or not (stands.span >= 0).any():
                    continue
                span = np.where(stands.answered, stands.span, -1)
                own = Singles(np.ones(span.shape[:2], bool), [span])
                left = own.any_in_tile((option != number) & (span >= 0))
                found = (option == number) & (span >= 0) & left
                cut = found if cut is None else cut | found
    return cut


def known_of(term: Term, pick: Pick, q: Question, stays: np.ndarray | None = None) -> np.ndarray:
    """Whether a term is known in each unit-month, by the home the row lies in.

    `stays` bool [row, year, 1]: of a stock, the rows that still have it at the end of the period.
    """
    is_open, covered = q.open_then[term.years_ago], pick.covered
    if stays is not None:
        is_open, covered = is_open & stays, covered & stays
    keeping = q.keeping[term]
    keeping = keeping._replace(below=keeping.below & ~pick.said)
    known = _known_in_home(term, covered, keeping, is_open, q)
    for piece in q.pieces.get(term, ()):
        # Who keeps something of an input must have all of it: else it is in one figure and not in the other.
        known &= ~q.tiles.any_in_group(piece.owed & is_open & ~covered)
    # What a unit says of an option that cannot be taken there is in the way of what is below it.
    if (pick.left & ~covered).any():
        known &= ~q.tiles.any_in_group(pick.left & is_open & ~covered)
    if pick.by_tile is not None and pick.tile_known is not None:
        known = np.where(pick.by_tile, pick.tile_known, known)
    return known


def _known_in_home(
    term: Term, covered: np.ndarray, keeping: Keeping, is_open: np.ndarray, q: Question
) -> np.ndarray:
    tiles = q.tiles
    if isinstance(tiles, Singles):
        known: np.ndarray = covered | ~is_open
        return known
    lacking = tiles.any_in_group(keeping.owed & ~keeping.below & is_open & ~covered)
    keeps = np.broadcast_to(keeping.year[..., None], is_open.shape)
    nobody = tiles.any_in_group(keeps) & ~tiles.any_in_group(keeps & is_open)
    if q.levels[term]:
        # What is divided by the beds of wards that were not there yet would be divided by too little. What
        # is compared with another year has grown or declined by them.
        somebody = np.zeros_like(nobody)
        for other in q.plain.terms:
            if other.codes == term.codes:
                somebody |= tiles.any_in_group(keeps & q.open_then[other.years_ago])
        nobody &= somebody
    # Outside all homes a unit has only what it owes itself; but one with no home at, above or below it that
    # keeps anything of the formula must have the rest beside it: a figure of a unit above speaks of it too.
    years = [other.year for other in q.kept.values()]
    years += [piece.year for of_term in q.pieces.values() for piece in of_term]
    keeps = np.logical_or.reduce(years)[..., None]
    lacking |= tiles.apart & keeps & is_open & ~covered & ~keeping.below
    known = ~lacking & (tiles.any_in_group(covered) | nobody | tiles.outside)
    return known
