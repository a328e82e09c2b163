"""Which inputs a unit-month lacks, so that what is left out can be named.

A unit lacks an input that it owes and that neither it nor a unit above has given. Where an input is not known
in a home and nobody in it owes it, or in a unit that has no home at, above or below it, all of it lacks that.
Arrays are [row, year, 12].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indicators.engine.picking import Pick
from indicators.engine.question import Question
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
        pick, keeping, unknown = picks[term], q.keeping[term], ~known[term]
        if not (unknown & where).any():
            continue
        owes = keeping.owed & q.open_then[term.years_ago] & (pick.said | ~keeping.below)
        for piece in q.pieces.get(term, ()):
            owes = owes | (piece.owed & q.open_then[term.years_ago])
        lacks = owes & ~pick.covered & unknown
        bits |= np.where(where & lacks, _own_bits(term, q), np.int32(0))
        nobody = unknown & ~q.tiles.any_in_group(lacks) & ~q.tiles.above_homes
        bits |= np.where(where & nobody, _bits(term.options[0], q), np.int32(0))
    return bits


def _own_bits(term: Term, q: Question) -> np.ndarray:
    """Bits of what is not there of the first option that a row owes; of who owes something of one only, of
    the first."""
    shape = q.open_then[term.years_ago].shape
    found, settled = np.zeros(shape, np.int32), np.zeros(shape, bool)
    owed_of = [np.logical_and.reduce([q.kept[term, code].owed for code, _f in o]) for o in term.options]
    for weights, owed in zip((*term.options, term.options[0]), (*owed_of, ~settled), strict=True):
        here = owed & ~settled
        for code, factor in weights:
            lacks = here & ~q.given[term, code].covered
            found |= np.where(lacks, _bits([(code, factor)], q), np.int32(0))
        settled |= here
    return found


def _bits(weights: Sequence[tuple[str, float]], q: Question) -> np.int32:
    return np.int32(sum(1 << q.codes.index(code) for code in dict(weights)))
