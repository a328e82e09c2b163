"""Which tiles of a formula count, and what each unit-month gives to the figure.

A tile counts when every input is known in all of it. An input is known in a month when every open unit
that keeps it has given it, or a unit above has. Where a whole side of a division is not applicable the
tile is out of both sides, and nothing is missing. Arrays are [row, year, 12] unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from indicators.engine.grid import FIRST_MONTH, LAST_MONTH, MONTH_IN_SLOT
from indicators.engine.lacking import lacking_of
from indicators.engine.picking import Pick, known_of, pick_of
from indicators.engine.question import Question, Tiles
from indicators.engine.standing import Standing
from indicators.engine.tiles import Singles, Together
from indicators.formula import Term
from indicators.formula.evaluate import divides_absent
from indicators.formula.nodes import Choice, Element, First


@dataclass(eq=False)
class Counted:
    """What counts: `counts` bool, `absent` bool where a tile is out because it is not applicable; of
    stocks [row, year, slot] likewise, and `stock_at` the month with which they stand. `exists`: an open unit
    of the home keeps a flow. `lacking` int: bits of the flows that a row lacks where its tile does not
    count, `stock_lacking` of the stocks that it lacks in a month. By term: `gives`, what each row gives,
    [row, year, 12], of a stock [row, year, slot]; `has` whether that is a number; `not_applicable` where what
    counts has said so, of the terms of which any has; `settled` whether the row has given it, or a unit
    above; `own`: it has given something of it itself. `used` by choice: the option taken, int [row, year,
    12 or slot], -1 for none.
    """

    slots: np.ndarray
    exists: np.ndarray
    counts: np.ndarray
    absent: np.ndarray
    stock_counts: np.ndarray
    stock_absent: np.ndarray
    stock_at: np.ndarray
    lacking: np.ndarray
    stock_lacking: np.ndarray
    gives: dict[Term, np.ndarray] = field(default_factory=dict)
    has: dict[Term, np.ndarray] = field(default_factory=dict)
    used: dict[First, np.ndarray] = field(default_factory=dict)
    settled: dict[Term, np.ndarray] = field(default_factory=dict)
    own: dict[Term, np.ndarray] = field(default_factory=dict)
    not_applicable: dict[Term, np.ndarray] = field(default_factory=dict)

    @cached_property
    def there(self) -> np.ndarray:
        """The unit-months of what counts, without those of a longer tile in which nobody was left."""
        there: np.ndarray = self.counts & self.exists
        return there

    def put(self, term: Term, stands: Standing, counts: np.ndarray) -> None:
        """What counts of a term, of all that stands for it."""
        self.gives[term] = np.where(counts, stands.value, 0.0)
        self.has[term] = counts & stands.number
        absent = counts & stands.answered & ~stands.number
        if absent.any():
            self.not_applicable[term] = absent


def count(question: Question, slots: np.ndarray) -> Counted:
    """Find what counts for the periods `slots`, which must not be longer than what was made to stand.

    A formula of flows and stocks is asked for slots of one length only, so that every month lies in at
    most one of them.
    """
    q = question
    is_open = np.logical_or.reduce(list(q.open_then.values()))
    picks = {term: pick_of(term, q) for term in q.plain.terms}
    known = {term: known_of(term, picks[term], q) for term in q.plain.terms}
    flows = [term for term in q.plain.terms if not q.stocks[term]]
    stocks = [term for term in q.plain.terms if q.stocks[term]]
    shape = (*is_open.shape[:2], len(slots))
    held = _held(stocks, picks, is_open, slots, q) if stocks else None
    exists = _with_keepers(flows, is_open, q) if flows else is_open
    stock_known = held.known if held else np.ones(shape, bool)
    # Of stocks alone no month counts: only the periods do.
    unknown = exists & ~np.logical_and.reduce([known[t] for t in flows]) if flows else exists
    counts = ~q.tiles.any_in_tile(unknown | _unfinished(q)) & is_open & q.tiles.in_home
    if flows and isinstance(q.tiles, Together):
        counts &= q.tiles.any_in_tile(exists)
    if held and flows:
        counts &= _in_months(stock_known | held.gone, slots)
    absent: dict[Element | Choice, np.ndarray] = {}
    for term in flows:
        absent[term.leaf] = _only_absent(picks[term], q.tiles)
    at_last = held.stands if held else {}
    result = Counted(
        slots=slots,
        exists=exists,
        counts=counts,
        absent=np.zeros_like(counts),
        stock_counts=stock_known & _in_units(q.tiles, is_open, slots) if stocks else np.zeros(shape, bool),
        stock_absent=np.zeros(shape, bool),
        stock_at=held.at if held else np.zeros(shape, int),
        lacking=np.zeros(exists.shape, np.int32),
        stock_lacking=np.zeros(exists.shape, np.int32),
    )
    for term, stock in at_last.items():
        only = q.tiles.any_in_units(stock.answered & ~stock.number) & ~q.tiles.any_in_units(stock.number)
        absent[term.leaf] = _in_months(only, slots) if flows else only
    if any(found.any() for found in absent.values()):
        empty = {t.leaf: ~q.tiles.any_in_tile(picks[t].stands.number) for t in flows}
        for term, stock in at_last.items():
            number = q.tiles.any_in_units(stock.number)
            empty[term.leaf] = ~_in_months(number, slots) if flows else ~number
        out = divides_absent(q.plain.tree, absent, empty, counts.shape if flows else shape)
        if flows:
            result.absent, result.counts = counts & out, counts & ~out
            if held:
                out_then = q.tiles.any_in_units(_in_slots(result.absent, slots))
                result.stock_absent = result.stock_counts & out_then
        else:
            result.stock_absent = result.stock_counts & out
            result.stock_counts = result.stock_counts & ~out
    if flows and stocks:
        result.stock_counts = result.stock_counts & q.tiles.any_in_units(_in_slots(result.counts, slots))
    for term in flows:
        result.put(term, picks[term].stands, result.counts)
    for term, stock in at_last.items():
        result.put(term, stock, result.stock_counts)
    result.lacking = lacking_of(flows, picks, known, q, is_open & ~(result.counts | result.absent))
    result.stock_lacking = lacking_of(stocks, picks, known, q, is_open)
    for term, pick in picks.items():
        result.settled[term] = pick.covered
        result.own[term] = pick.said
        if isinstance(term.leaf, Choice) and term.leaf.of not in result.used:
            taken = pick.option
            if held and q.stocks[term]:
                taken = np.take_along_axis(pick.option, held.at, axis=-1)
            result.used[term.leaf.of] = np.where(result.has[term], taken, -1)
    return result


def _unfinished(q: Question) -> np.ndarray:
    """Months that are not over, of a flow's figure of a longer period: what was typed of a year that still
    runs is a plan, or the part that is known so far, and stands beside nothing. Not so what a survey gave:
    it is complete once people were asked."""
    found = np.zeros(q.open_then[0].shape, bool)
    for (term, code), given in q.given.items():
        if term.years_ago == 0 and given.stands.span is not None and code not in q.of_surveys:
            found |= given.stands.span >= 0
    found &= q.open_then[0] & ~q.due
    return found


def _with_keepers(flows: Sequence[Term], is_open: np.ndarray, q: Question) -> np.ndarray:
    """Where a home has an open unit that keeps one of the flows: else nothing is there to be known or
    counted, and no days."""
    if isinstance(q.tiles, Singles):
        return is_open
    there = [
        q.kept[term, code].year[..., None] & q.open_then[term.years_ago]
        for term in flows
        for code in term.codes
    ]
    exists: np.ndarray = is_open & q.tiles.any_in_group(np.logical_or.reduce(there))
    return exists


@dataclass(eq=False)
class _Held:
    """Of stocks, [row, year, slot]: `at` the month with which the row stands, the last in which all stocks
    are known, where there is one (`known`); `gone`: they went with their units, which is known too. `stands`
    by term: what there is at that month."""

    at: np.ndarray
    known: np.ndarray
    gone: np.ndarray
    stands: dict[Term, Standing]


def _held(
    stocks: Sequence[Term], picks: Mapping[Term, Pick], exists: np.ndarray, slots: np.ndarray, q: Question
) -> _Held:
    """A unit that is not open in the last month of a period has taken its stocks with it."""
    last = q.last_months[:, slots][None]
    stays = {
        t: np.take_along_axis(
            q.open_then[t.years_ago], np.broadcast_to(last, (len(exists), *last.shape[1:])), -1
        )
        for t in stocks
    }
    shape = (*exists.shape[:2], len(slots))
    numbers, gone = np.zeros(shape, int), np.zeros(shape, bool)
    everywhere: tuple[np.ndarray, np.ndarray] | None = None
    for number, slot in enumerate(slots):
        months = slice(int(FIRST_MONTH[slot]), int(LAST_MONTH[slot]) + 1)
        leaves = any(
            (q.open_then[t.years_ago][..., months].any(-1) & ~stays[t][..., number]).any() for t in stocks
        )
        if leaves:
            apart, some = _apart(stocks, picks, exists, q, {t: stays[t][..., number, None] for t in stocks})
        else:
            everywhere = everywhere or _apart(stocks, picks, exists, q, None)
            apart, some = everywhere
        together = (~apart & some)[..., months]
        numbers[..., number] = np.where(together, np.arange(12)[months] + 1, 0).max(axis=-1)
        nothing = np.take_along_axis(~apart & ~some, last[..., number, None].repeat(len(exists), 0), -1)
        gone[..., number] = nothing[..., 0] & (numbers[..., number] == 0)
    at = np.maximum(numbers - 1, 0)
    stands = {}
    for term in stocks:
        found = picks[term].stands.at(at)
        stands[term] = Standing(
            found.answered & stays[term],
            found.number & stays[term],
            np.where(stays[term], found.value, 0.0),
            None,
        )
    return _Held(at, numbers > 0, gone, stands)


def _apart(
    stocks: Sequence[Term],
    picks: Mapping[Term, Pick],
    exists: np.ndarray,
    q: Question,
    stays: Mapping[Term, np.ndarray] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Where some stock is not known, and where some is there: [row, year, 12]."""
    of = {t: stays[t] if stays else None for t in stocks}
    unknown = exists & ~np.logical_and.reduce([known_of(t, picks[t], q, of[t]) for t in stocks])
    there = [
        picks[t].covered & q.open_then[t.years_ago] & (True if stays is None else stays[t]) for t in stocks
    ]
    return q.tiles.any_in_units(unknown), q.tiles.any_in_units(np.logical_or.reduce(there))


def _only_absent(pick: Pick, tiles: Tiles) -> np.ndarray:
    """Where all that a tile has of a flow is "not applicable"."""
    answered, number = pick.stands.answered, pick.stands.number
    if not (answered & ~number).any():
        return np.zeros(answered.shape, bool)
    found: np.ndarray = tiles.any_in_tile(answered) & ~tiles.any_in_tile(number)
    return found


def _in_months(of_slots: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """[row, year, slot] → [row, year, 12]: what is true of the slot a month lies in."""
    found: np.ndarray = (of_slots.astype(np.float32) @ MONTH_IN_SLOT[:, slots].T.astype(np.float32)) > 0
    return found


def _in_slots(of_months: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """[row, year, 12] → [row, year, slot]: what is true of any month of the slot."""
    found: np.ndarray = (of_months.astype(np.float32) @ MONTH_IN_SLOT[:, slots].astype(np.float32)) > 0
    return found


def _in_units(tiles: Tiles, exists: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """bool [row, year, slot]: the row lies in a home (or is joined with one) that exists in the slot."""
    return _in_slots(tiles.in_home & exists, slots)
