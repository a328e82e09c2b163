"""How much of what is expected is there.

Flows are counted in unit-months: one is expected where a unit owes an input of the formula for a month
that is over, and present where its tile counts (or is out because it is not applicable). A later month
counts, as expected and present, once its tile does. A tile-month that counts though nobody owes it is
one of one; what a unit gave of a month that is over without owing it, and that does not count, is
missing like what is owed. Stocks are counted once per unit that owes one: the last month of the period
must be answered, of a stock that comes by quarters the last month of its last quarter; but not where
nobody who keeps a flow was open.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indicators.engine.counting import Counted
from indicators.engine.grid import MONTH_IN_SLOT, any_in
from indicators.engine.question import Question


class Completeness(NamedTuple):
    """Of each row: `present` and `expected` int [row, year, 12], of stocks [row, year, slot]; `named`
    bool [row, year, 12]: months in which the row is to be named if it lacks something; of formulas with
    stocks the month in which each slot's is due, int [row, year, slot], -1 for none."""

    present: np.ndarray
    expected: np.ndarray
    stocks_present: np.ndarray
    stocks_expected: np.ndarray
    named: np.ndarray
    stock_month: np.ndarray | None


def completeness_of(q: Question, counted: Counted) -> Completeness:
    flows = [term for term in q.plain.terms if not q.stocks[term]]
    stocks = [term for term in q.plain.terms if q.stocks[term]]
    shape = counted.lacking.shape
    owing, stock_owing = np.zeros(shape, bool), np.zeros(shape, bool)
    gave, stock_gave = np.zeros(shape, bool), np.zeros(shape, bool)
    for term in q.plain.terms:
        keeping = q.keeping[term]
        # A unit that gives nothing while units below it keep the input owes nothing.
        owes = keeping.required & (counted.own[term] | ~keeping.below)
        for piece in q.pieces.get(term, ()):
            owes = owes | piece.required
        owes = owes & q.open_then[term.years_ago]
        if q.stocks[term]:
            stock_owing |= owes
            stock_gave |= counted.own[term] & q.open_then[term.years_ago]
        else:
            owing |= owes
            gave |= counted.own[term] & q.open_then[term.years_ago]
    for term, (keeping, said) in q.others.items():
        owing |= keeping.required & q.open_then[term.years_ago] & (said | ~keeping.below)
        gave |= said & q.open_then[term.years_ago]
    done = counted.counts | counted.absent
    owing |= gave & ~done
    heads = q.tiles.heads()[..., None]
    expected = (owing & (q.due | done)).astype(np.int32)
    present = (owing & done).astype(np.int32)
    if flows:
        lonely = q.tiles.any_in_group(done & counted.exists) & ~q.tiles.any_in_tile(owing) & heads
        expected += lonely
        present += lonely
    stocks_expected = np.zeros((*shape[:2], len(counted.slots)), np.int32)
    stocks_present = stocks_expected.copy()
    month = None
    if stocks:
        month = _last_owed(q, counted, stock_owing)
        given = _last_owed(q, counted, stock_gave)
        counts = counted.stock_counts | counted.stock_absent
        month = np.where((month < 0) & ~(counts & (counted.stock_at >= given)), given, month)
        if flows:
            month = np.where(_without_flows(q, counted), -1, month)
        stocks_expected += month >= 0
        stocks_present += (month >= 0) & counts & (counted.stock_at >= month)
        lonely = q.tiles.any_in_units(counts) & ~q.tiles.any_in_units(stocks_expected > 0) & heads
        stocks_expected += lonely
        stocks_present += lonely
    return Completeness(
        present=present,
        expected=expected,
        stocks_present=stocks_present,
        stocks_expected=stocks_expected,
        named=owing & q.due,
        stock_month=month,
    )


def _without_flows(q: Question, counted: Counted) -> np.ndarray:
    """Homes of which no unit that keeps a flow was open in the period: nothing is expected of their stocks
    either. bool [row, year, slot]."""
    months = MONTH_IN_SLOT[:, counted.slots].T
    exists, in_home = any_in(counted.exists, months), any_in(q.tiles.in_home, months)
    found: np.ndarray = q.tiles.any_in_units(in_home) & ~q.tiles.any_in_units(exists)
    return found


def _last_owed(q: Question, counted: Counted, owing: np.ndarray) -> np.ndarray:
    """The last month of each slot in which a stock is due, -1 where the row owes none then: int [row, year,
    slot]."""
    numbers = np.arange(12)
    due = q.due & ((numbers + 1) % q.cadence[..., None] == 0)
    in_slot = MONTH_IN_SLOT[:, counted.slots].T
    month = np.where(in_slot & due[..., None, :], numbers, -1).max(axis=-1)
    owes = np.take_along_axis(owing, np.maximum(month, 0), axis=-1)
    found: np.ndarray = np.where(owes, month, -1)
    return found
