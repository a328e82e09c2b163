"""Why there is no value, and what has to be said of one that there is."""

from __future__ import annotations

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import CONTAINS_SHORTER, MONTHS, Grid, any_in
from indicators.engine.inquiry import Inquiry
from indicators.engine.pooling import Pooled
from indicators.engine.reasons import Flag, Reason
from indicators.engine.slots import CONTAINS
from indicators.formula import Term
from indicators.formula.evaluate import Outcome, divides_absent


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
            inside = facts.answered_inside(inquiry.rules[code].manner, inquiry.grid)
            silent = nowhere & ~_below(inside, term, inquiry.grid, adds_up=adds_up)
            bit = np.int32(1 << inquiry.codes.index(code))
            untold |= np.where(silent, bit, np.int32(0))
            refused = any_in(facts.said_not_collected, CONTAINS)
            unsaid |= silent & ~_below(refused, term, inquiry.grid, adds_up=adds_up)
    empty = {t.leaf: pooled.counts & ~pooled.has[t] for t in inquiry.plain.terms}
    not_there = {t.leaf: empty[t.leaf] & said for t, said in pooled.not_applicable.items()}
    absent = pooled.absent & ~pooled.counts
    for found in not_there.values():
        absent |= found
    nothing = np.logical_or.reduce(list(empty.values()) or [~gap])
    closed = ~inquiry.grid.any_below(any_in(inquiry.grid.open_months, CONTAINS[:, MONTHS]))
    closed |= ~_keepers_open(inquiry) & ~pooled.counts & ~pooled.absent
    reason = np.select(
        [
            ~gap,
            closed,
            divides_absent(inquiry.plain.tree, not_there, empty, shape),
            outcome.emptied,
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
            Reason.NOT_APPLICABLE,
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


def _keepers_open(inquiry: Inquiry) -> np.ndarray:
    """Whether anybody who keeps a flow was open in a period; where there are stocks alone, whether
    anybody who keeps one was in its last month, since else they went with him: bool [unit, year, 19]."""
    grid = inquiry.grid
    if not inquiry.has_flows:
        found = np.zeros(grid.shape, bool)
        last = np.broadcast_to(grid.last_months, grid.shape)
        for term, keeping in ((term, inquiry.keeping[term]) for term in inquiry.plain.terms):
            is_open = grid.open_years_earlier(term.years_ago) != 0
            found |= np.take_along_axis(is_open, last, axis=-1) & keeping.year[..., None]
        return (grid.any_below(found) if inquiry.rolls_up else found) | (not inquiry.plain.terms)
    below, own = np.zeros(grid.open_days.shape, bool), np.zeros(grid.open_days.shape, bool)
    for term, stock in inquiry.stocks.items():
        is_open = grid.open_years_earlier(term.years_ago) != 0
        for code in () if stock else term.codes:
            keeps = is_open & inquiry.kept[term, code].year[..., None]
            if inquiry.rules[code].adds_up:
                below |= keeps
            else:
                own |= keeps
    return any_in(grid.any_below(below) | own, CONTAINS[:, MONTHS])


def _answered(term: Term, inquiry: Inquiry) -> np.ndarray:
    """Whether any option of a term was answered at all inside each period, at the unit or below it."""
    options = []
    for option in term.options:
        parts = [
            _below(
                inquiry.facts_of(code).answered_inside(inquiry.rules[code].manner, inquiry.grid),
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
