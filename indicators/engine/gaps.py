"""Why there is no value, and what has to be said of one that there is."""

from __future__ import annotations

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import CONTAINS_SHORTER, MONTHS, Grid, any_in
from indicators.engine.passes import Inquiry
from indicators.engine.pooling import Pooled
from indicators.engine.reasons import Flag, Reason
from indicators.engine.slots import CONTAINS
from indicators.formula import Term
from indicators.formula.evaluate import Outcome


def gap_of(inquiry: Inquiry, pooled: Pooled, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Reason and missing bits of every unit and period, arrays [unit, year, 19].

    An input that was reported, but never together with the others, is named as lacking where it lacks.
    """
    gap = np.isnan(outcome.value)
    shape = inquiry.grid.shape
    if not gap.any():
        return np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    untold, unsaid = np.zeros(shape, np.int32), np.zeros(shape, bool)
    for term in inquiry.plain.terms:
        nowhere = gap & ~pooled.counts & ~pooled.absent & ~_answered(term, inquiry)
        if not nowhere.any():
            continue
        for code in (code for code, _factor in term.options[0]):
            facts = inquiry.facts_of(code)
            adds_up = inquiry.rules[code].adds_up
            silent = nowhere & ~_below(facts.answered_inside, term, inquiry.grid, adds_up=adds_up)
            bit = np.int32(1 << inquiry.codes.index(code))
            untold |= np.where(silent, bit, np.int32(0))
            refused = any_in(facts.not_collected, CONTAINS)
            unsaid |= silent & ~_below(refused, term, inquiry.grid, adds_up=adds_up)
    nothing, absent = np.zeros(shape, bool), pooled.absent & ~pooled.counts
    for term in inquiry.plain.terms:
        empty = pooled.counts & ~pooled.has[term]
        if empty.any():
            applies_not = _said_not_applicable(term, inquiry)
            absent |= empty & applies_not
            nothing |= empty & ~applies_not
    closed = ~inquiry.grid.any_below(any_in(inquiry.grid.open_months, CONTAINS[:, MONTHS]))
    closed |= _stocks_gone(inquiry) & ~pooled.counts & ~pooled.absent & (untold == 0)
    reason = np.select(
        [
            ~gap,
            closed,
            outcome.divided_by_nothing,
            (untold > 0) & ~unsaid,
            untold > 0,
            absent,
            nothing,
            pooled.counts,
        ],
        [
            Reason.NONE,
            Reason.NOT_OPEN,
            Reason.NO_CASES,
            Reason.NOT_COLLECTED,
            Reason.MISSING,
            Reason.NOT_APPLICABLE,
            Reason.NOT_OPEN,
            Reason.NO_CASES,
        ],
        Reason.NOT_TOGETHER,
    )
    apart = reason == Reason.NOT_TOGETHER
    missing = np.where(apart, pooled.lacking, untold)
    return reason.astype(np.int32), np.where(gap, missing, 0).astype(np.int32)


def _stocks_gone(inquiry: Inquiry) -> np.ndarray:
    """Whether, of a formula of stocks alone, whoever keeps them is not open in the last month of a period:
    bool [unit, year, 19]."""
    if inquiry.has_flows:
        return np.zeros(inquiry.grid.shape, bool)
    last = np.broadcast_to(inquiry.grid.last_months, inquiry.grid.shape)
    keeps = np.logical_or.reduce([keeping.year for keeping in inquiry.keeping.values()])[..., None]
    there = np.take_along_axis(inquiry.grid.open_months, last, axis=-1) & keeps
    return ~(inquiry.grid.any_below(there) if inquiry.rolls_up else there)


def _said_not_applicable(term: Term, inquiry: Inquiry) -> np.ndarray:
    """Whether anything of a term was said not to apply inside each period, at the unit or below it."""
    found = np.zeros(inquiry.grid.shape, bool)
    for code in term.codes:
        said = any_in(inquiry.facts_of(code).not_applicable, CONTAINS)
        found |= _below(said, term, inquiry.grid, adds_up=inquiry.rules[code].adds_up)
    return found


def _answered(term: Term, inquiry: Inquiry) -> np.ndarray:
    """Whether any option of a term was answered at all inside each period, at the unit or below it."""
    options = []
    for option in term.options:
        parts = [
            _below(
                inquiry.facts_of(code).answered_inside,
                term,
                inquiry.grid,
                adds_up=inquiry.rules[code].adds_up,
            )
            for code, _factor in option
        ]
        options.append(np.logical_and.reduce(parts))
    found: np.ndarray = np.logical_or.reduce(options)
    return found


def _below(inside: np.ndarray, term: Term, grid: Grid, *, adds_up: bool) -> np.ndarray:
    if term.years_ago:
        shifted = np.zeros_like(inside)
        shifted[:, term.years_ago :] = inside[:, : -term.years_ago]
        inside = shifted
    return grid.any_below(inside) if adds_up else inside


def flags_of(inquiry: Inquiry, pooled: Pooled) -> np.ndarray:
    """`Flag` bits of every unit and period: of all inputs, its own and (of what adds up) of its parts."""
    bits = np.zeros(inquiry.grid.shape, np.int32)
    for term in inquiry.plain.terms:
        for code in term.codes:
            found = _flags_of_facts(inquiry.facts_of(code), inquiry.grid, adds_up=inquiry.rules[code].adds_up)
            if found is not None and term.years_ago:
                bits[:, term.years_ago :] |= found[:, : -term.years_ago]
            elif found is not None:
                bits |= found
    for choice in inquiry.plain.choices:
        taken = [pooled.used[choice, n].astype(int) for n in range(len(choice.options))]
        mixed = np.add.reduce(taken) > 1
        if mixed.any():
            bits |= np.where(mixed, np.int32(Flag.MIXED), np.int32(0))
    return bits


def _flags_of_facts(facts: Facts, grid: Grid, *, adds_up: bool) -> np.ndarray | None:
    answered = facts.answered
    # Most elements are reported by month and by wards only: there is nothing to tell.
    if not facts.has_longer.any() and not any(answered[unit].any() for unit, _ in grid.inner):
        return None
    shorter = any_in(answered, CONTAINS_SHORTER)
    stands_for = np.zeros(grid.shape, bool)
    filled = answered.copy()
    for unit, children in grid.inner if adds_up else ():
        below = filled[children].any(axis=0)
        stands_for[unit] = answered[unit] & below
        filled[unit] |= below
        shorter[unit] |= shorter[children].any(axis=0)
    bits = np.zeros(grid.shape, np.int32)
    beside = np.logical_and(answered, shorter)
    for where, bit in ((beside, Flag.YEAR_AND_MONTHS), (stands_for, Flag.STANDS_FOR_PARTS)):
        if where.any():
            inside = any_in(where, CONTAINS)
            told = grid.any_below(inside) if adds_up else inside
            bits |= np.where(told, np.int32(bit), np.int32(0))
    return bits
