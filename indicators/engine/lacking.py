"""Which inputs a unit-month lacks, so that what is left out can be named.

A unit lacks an input that it owes and that neither it nor a unit above has given. Where an input is not known
in a home and nobody in it owes it, or in a unit that has no home at, above or below it, all of it lacks that.
Arrays are [row, year, 12].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indicators.engine.picking import Pick
from indicators.engine.question import Given, Question
from indicators.engine.tiles import Singles
from indicators.formula import Term


def lacking_of(
    terms: Sequence[Term],
    picks: Mapping[Term, Pick],
    known: Mapping[Term, np.ndarray],
    q: Question,
    where: np.ndarray,
) -> np.ndarray:
    """Bits of the elements that a row lacks, int; `known` by term, in the home the row lies in."""
    bits = np.zeros(where.shape, np.int32)
    if not where.any():
        return bits
    for term in terms:
        pick, keeping, is_open = picks[term], q.keeping[term], q.open_then[term.years_ago]
        unknown, covered, stands = ~known[term], pick.covered, pick.said | ~keeping.below
        has = _has(term, q)
        covered = np.where(q.tiles.outside & _is_above_others(term, q), has, covered)
        if pick.by_tile is not None:
            # What was not known in the whole tile may well be there in the month.
            unknown = np.where(pick.by_tile, ~pick.month_known, unknown)
            covered = np.where(pick.by_tile, np.asarray(pick.by_month) >= 0, covered)
        owes, silent = keeping.owed & stands, stands
        for piece in q.pieces.get(term, ()):
            owes, silent = owes | piece.owed, silent | piece.owed
        unknown = np.where(q.tiles.outside, is_open & ~covered & silent, unknown)
        if not (unknown & where).any():
            continue
        lacks = owes & is_open & ~covered & unknown
        bits |= np.where(where & lacks, _own_bits(term, q), np.int32(0))
        there = np.where(_is_whole(term, pick, q), has, covered)
        nobody = unknown & ~q.tiles.any_in_group((owes & is_open) | there) & ~q.tiles.above_homes
        bits |= np.where(where & nobody, _bits(term.options[0], q), np.int32(0))
    return bits


def _is_whole(term: Term, pick: Pick, q: Question) -> np.ndarray:
    """Where an option is taken for a whole tile, so that each year of a growth has it or not by itself."""
    if isinstance(q.tiles, Singles):
        keeps = [
            np.logical_and.reduce([q.kept[term, code].year for code, _factor in option])
            for option in term.options
        ]
        alone: np.ndarray = (np.add.reduce(keeps, dtype=int) < 2)[..., None]
        return alone if pick.by_tile is None else alone | pick.by_tile
    return np.zeros((1, 1, 1), bool) if pick.by_tile is None else pick.by_tile


def _is_above_others(term: Term, q: Question) -> bool:
    return any(q.given[term, code].outside is not None for code in term.codes)


def _has(term: Term, q: Question) -> np.ndarray:
    """Where a row has some option of a term, given by itself or by a unit above."""
    options = [[_of_row(q.given[term, code], q) for code, _factor in option] for option in term.options]
    found: np.ndarray = np.logical_or.reduce([np.logical_and.reduce(option) for option in options])
    return found


def _of_row(given: Given, q: Question) -> np.ndarray:
    """Where a row has an element; one without a home also by a unit above that has none."""
    if given.outside is None:
        return given.covered
    return np.where(q.tiles.outside, given.outside, given.covered)


def _own_bits(term: Term, q: Question) -> np.ndarray:
    """Bits of what is not there of the first option that a row owes; of who owes something of one only, of
    the first."""
    shape = q.open_then[term.years_ago].shape
    found, settled = np.zeros(shape, np.int32), np.zeros(shape, bool)
    owed_of = [np.logical_and.reduce([q.kept[term, code].owed for code, _f in o]) for o in term.options]
    for weights, owed in zip((*term.options, term.options[0]), (*owed_of, ~settled), strict=True):
        here = owed & ~settled
        for code, factor in weights:
            lacks = here & ~_of_row(q.given[term, code], q)
            found |= np.where(lacks, _bits([(code, factor)], q), np.int32(0))
        settled |= here
    return found


def _bits(weights: Sequence[tuple[str, float]], q: Question) -> np.int32:
    return np.int32(sum(1 << q.codes.index(code) for code in dict(weights)))
