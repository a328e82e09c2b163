"""Which tiles of a formula count, and what each unit-month gives to the figure.

A tile counts when every input is known in all of it. An input is known in a month when every open unit
that keeps it has given it, or a unit above has. Where a whole side of a division is not applicable the
tile is out of both sides, and nothing is missing. Arrays are [row, year, 12] unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indicators.engine.grid import MONTH_IN_SLOT
from indicators.engine.keeping import Keeping
from indicators.engine.standing import Standing, nearest
from indicators.engine.tiles import Singles, Together
from indicators.formula import PlainFormula, Term, divides_nothing
from indicators.formula.nodes import Choice, First, Node

Tiles = Singles | Together


@dataclass(eq=False)
class Given:
    """What the rows of a pass give of one element of a term: `stands` after nearer facts took the place
    of farther ones, `above` bool where a unit above has answered it, `counted_above` with a number."""

    stands: Standing
    above: np.ndarray | bool = False
    counted_above: np.ndarray | bool = False

    @property
    def covered(self) -> np.ndarray:
        covered: np.ndarray = self.stands.answered | self.above
        return covered

    @property
    def counted(self) -> np.ndarray:
        """Covered by a number, and not by "not applicable" alone."""
        counted: np.ndarray = self.stands.number | self.counted_above
        return counted


@dataclass(eq=False)
class Question:
    """A plain formula put to some units and years: everything that says which tiles count.

    `given` by term and element code; `keeping` by term, `kept` by term and code; `open_then` by years
    ago, whether the row worked in the month; `stocks` whether a term is one; `due` bool [year, 12]: the
    month is over; `cadence` int [row, year]: every how many months the row gives its stocks; `parents`
    int [row]: the row above each, where rows are asked together.
    """

    plain: PlainFormula
    codes: Sequence[str]
    given: Mapping[tuple[Term, str], Given]
    keeping: Mapping[Term, Keeping]
    kept: Mapping[tuple[Term, str], Keeping]
    open_then: Mapping[int, np.ndarray]
    stocks: Mapping[Term, bool]
    tiles: Tiles
    due: np.ndarray
    cadence: np.ndarray
    parents: np.ndarray | None = None


@dataclass(eq=False)
class Counted:
    """What counts: `counts` bool, `absent` bool where a tile is out because it is not applicable; of
    stocks [row, year, slot] likewise. `gives` by term: what each row gives, [row, year, 12], of a stock
    [row, year, slot]; `has` whether that is a number. `lacking` int: bits of the elements that a row
    owes and has not given, where its tile does not count. `used` by choice: the option taken, int [row, year, 12 or slot], -1 for none. `settled` by term: whether the row has given it,
    or a unit above; `own`: it has given something of it itself.
    """

    slots: np.ndarray
    counts: np.ndarray
    absent: np.ndarray
    stock_counts: np.ndarray
    stock_absent: np.ndarray
    lacking: np.ndarray
    gives: dict[Term, np.ndarray] = field(default_factory=dict)
    has: dict[Term, np.ndarray] = field(default_factory=dict)
    used: dict[First, np.ndarray] = field(default_factory=dict)
    settled: dict[Term, np.ndarray] = field(default_factory=dict)
    own: dict[Term, np.ndarray] = field(default_factory=dict)


def count(question: Question, slots: np.ndarray) -> Counted:
    """Find what counts for the periods `slots`, which must not be longer than what was made to stand.

    A formula of flows and stocks is asked for slots of one length only, so that every month lies in at
    most one of them.
    """
    q = question
    exists = np.logical_or.reduce(list(q.open_then.values()))
    picks = {term: _pick(term, q) for term in q.plain.terms}
    known = {term: _known(term, picks[term], q) for term in q.plain.terms}
    flows = [term for term in q.plain.terms if not q.stocks[term]]
    stocks = [term for term in q.plain.terms if q.stocks[term]]
    shape = (*exists.shape[:2], len(slots))
    stock_known, at = np.ones(shape, bool), np.zeros(shape, int)
    if stocks:
        stock_known, at = _last_known([known[t] for t in stocks], exists, slots, q.tiles)
    # Of stocks alone no month counts: only the periods do.
    unknown = exists & ~np.logical_and.reduce([known[t] for t in flows]) if flows else exists
    counts = ~q.tiles.any_in_tile(unknown) & exists & q.tiles.in_home
    if stocks and flows:
        counts &= _in_months(stock_known, slots)
    nothing: dict[Node, np.ndarray] = {}
    for term in flows:
        nothing[term.leaf] = _only_absent(picks[term], q.tiles)
    at_last = {
        term: Standing(*(np.take_along_axis(array, at, axis=-1) for array in picks[term].stands[:3]), None)
        for term in stocks
    }
    result = Counted(
        slots=slots,
        counts=counts,
        absent=np.zeros_like(counts),
        stock_counts=stock_known & _in_units(q.tiles, exists, slots) if stocks else np.zeros(shape, bool),
        stock_absent=np.zeros(shape, bool),
        lacking=np.zeros(exists.shape, np.int32),
    )
    for term, stock in at_last.items():
        absent = q.tiles.any_in_units(stock.answered & ~stock.number) & ~q.tiles.any_in_units(stock.number)
        nothing[term.leaf] = _in_months(absent, slots) if flows else absent
    if any(found.any() for found in nothing.values()):
        out = divides_nothing(q.plain.tree, nothing, counts.shape if flows else shape)
        if flows:
            result.absent, result.counts = counts & out, counts & ~out
            if stocks:
                result.stock_absent = result.stock_counts & _in_slots(result.absent, slots)
        else:
            result.stock_absent = result.stock_counts & out
            result.stock_counts = result.stock_counts & ~out
    if flows and stocks:
        result.stock_counts = result.stock_counts & q.tiles.any_in_units(_in_slots(result.counts, slots))
    for term in flows:
        result.gives[term] = np.where(result.counts, picks[term].stands.value, 0.0)
        result.has[term] = result.counts & picks[term].stands.number
    for term, stock in at_last.items():
        result.gives[term] = np.where(result.stock_counts, stock.value, 0.0)
        result.has[term] = result.stock_counts & stock.number
    # A stock lacks in a month only where it is not known in the whole period.
    unsettled = {t: ~_in_months(stock_known, slots) if flows and q.stocks[t] else True for t in q.plain.terms}
    result.lacking = _lacking(picks, known, q, exists & ~(result.counts | result.absent), unsettled)
    for term, pick in picks.items():
        result.settled[term] = pick.covered
        result.own[term] = pick.stands.answered
        if isinstance(term.leaf, Choice) and term.leaf.of not in result.used:
            taken = np.take_along_axis(pick.option, at, axis=-1) if q.stocks[term] else pick.option
            result.used[term.leaf.of] = np.where(result.has[term], taken, -1)
    return result


@dataclass(eq=False)
class _Pick:
    """The option taken of a term, int8 per unit-month, -1 where none is known, and what then stands for
    it. `by_tile` bool: it was taken for the tile as a whole, and `tile_known` says whether it is known."""

    option: np.ndarray
    stands: Standing
    covered: np.ndarray
    by_tile: np.ndarray | None = None
    tile_known: np.ndarray | None = None


def _pick(term: Term, q: Question) -> _Pick:
    if not isinstance(term.leaf, Choice):
        ((code, _factor),) = term.options[0]
        given = q.given[term, code]
        return _Pick(np.where(given.covered, 0, -1).astype(np.int8), given.stands, given.covered)
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
    keeps_all = np.logical_and.reduce(
        [q.kept[t, code].year for t in alike for o in t.options for code, _factor in o]
    )
    apart = ~q.tiles.any_in_tile(np.broadcast_to(keeps_all[..., None], option.shape) & True)
    by_tile = apart if isinstance(q.tiles, Together) else np.zeros_like(apart)
    if cut is not None:
        by_tile = by_tile | q.tiles.any_in_tile(cut)
    if not by_tile.any():
        return _taken(term, option, q)
    exists = np.logical_or.reduce(list(q.open_then.values()))
    whole = []
    for number in range(count_options):
        parts = [
            _known_element(q.given[t, code], q.kept[t, code], q.open_then[t.years_ago], q.tiles)
            for t in alike
            for code, _factor in t.options[number]
        ]
        whole.append(~q.tiles.any_in_tile(exists & ~np.logical_and.reduce(parts)))
    taken = _first_of(whole).astype(np.int8)
    pick = _taken(term, np.where(by_tile, taken, option), q)
    pick.by_tile, pick.tile_known = by_tile, taken >= 0
    return pick


def _taken(term: Term, option: np.ndarray, q: Question) -> _Pick:
    """What stands of a choice, each unit-month with the option taken; whichever it is, the figure of a
    unit above stands for those below it."""
    answered, number = np.zeros(option.shape, bool), np.zeros(option.shape, bool)
    value, span = np.zeros(option.shape), np.full(option.shape, -1, np.int8)
    for taken, weights in enumerate(term.options):
        here = option == taken
        for code, factor in weights:
            stands = q.given[term, code].stands
            answered |= stands.answered & here
            number |= stands.number & here
            value += np.where(stands.number & here, factor * stands.value, 0.0)
            if stands.span is not None:
                span = np.where(here, np.maximum(span, stands.span), span)
    found = Standing(answered, number, value, span)
    if q.parents is None:
        return _Pick(option, found, option >= 0)
    found, above, _counted = nearest(found, q.parents)
    return _Pick(option, found, (option >= 0) | above)


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
                span = q.given[term, code].stands.span
                if span is None or not (span >= 0).any():
                    continue
                own = Singles(np.ones(span.shape[:2], bool), [span])
                left = own.any_in_tile((option != number) & (span >= 0))
                found = (option == number) & (span >= 0) & left
                cut = found if cut is None else cut | found
    return cut


def _known(term: Term, pick: _Pick, q: Question) -> np.ndarray:
    """Whether a term is known in each unit-month, by the home the row lies in."""
    is_open = q.open_then[term.years_ago]
    known = _known_in_home(pick.covered, q.keeping[term], is_open, q.tiles)
    if pick.by_tile is not None and pick.tile_known is not None:
        known = np.where(pick.by_tile, pick.tile_known, known)
    return known


def _known_element(given: Given, keeping: Keeping, is_open: np.ndarray, tiles: Tiles) -> np.ndarray:
    return _known_in_home(given.covered, keeping, is_open, tiles)


def _known_in_home(covered: np.ndarray, keeping: Keeping, is_open: np.ndarray, tiles: Tiles) -> np.ndarray:
    if isinstance(tiles, Singles):
        known: np.ndarray = covered | ~is_open
        return known
    lacking = tiles.any_in_group(keeping.owed & ~keeping.below & is_open & ~covered)
    somebody = tiles.any_in_group(keeping.year[..., None] & is_open)
    # Outside all homes a unit has only what it owes itself.
    known = ~lacking & (tiles.any_in_group(covered) | ~somebody | tiles.outside)
    return known


def _last_known(
    known: Sequence[np.ndarray], exists: np.ndarray, slots: np.ndarray, tiles: Tiles
) -> tuple[np.ndarray, np.ndarray]:
    """Whether there is a month of each slot in which all stocks are known, and the last: [row, year, slot]."""
    apart = tiles.any_in_units(exists & ~np.logical_and.reduce(known))
    together = ~apart & tiles.any_in_units(exists)
    month_numbers = np.where(together, np.arange(1, 13), 0)
    last = np.where(MONTH_IN_SLOT[:, slots].T, month_numbers[..., None, :], 0).max(axis=-1)
    return last > 0, np.maximum(last - 1, 0)


def _only_absent(pick: _Pick, tiles: Tiles) -> np.ndarray:
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


def _lacking(
    picks: Mapping[Term, _Pick],
    known: Mapping[Term, np.ndarray],
    q: Question,
    left_out: np.ndarray,
    unsettled: Mapping[Term, np.ndarray | bool],
) -> np.ndarray:
    """Bits of the elements of `codes` that a row lacks where it is left out."""
    bits = np.zeros(left_out.shape, np.int32)
    if not left_out.any():
        return bits
    for term, pick in picks.items():
        is_open = q.open_then[term.years_ago]
        outside = ~q.tiles.in_home & ~q.keeping[term].year[..., None]
        keeps = (q.keeping[term].owed | q.keeping[term].year[..., None]) & ~q.keeping[term].below
        lacks = keeps & ~pick.covered & ~known[term]
        where = left_out & is_open & (lacks | outside) & unsettled[term]
        if where.any():
            bits |= np.where(where, _bits_of(term, q), np.int32(0))
    return bits


def _bits_of(term: Term, q: Question) -> np.ndarray:
    """Bits of what is not there of the option that a row keeps, else of the first."""
    found = np.zeros(q.tiles.in_home.shape, np.int32)
    settled = np.zeros(q.tiles.in_home.shape, bool)
    for number, weights in enumerate(term.options):
        keeps = np.logical_and.reduce([q.kept[term, code].year for code, _factor in weights])[..., None]
        last = number == len(term.options) - 1
        here = ~settled & (np.broadcast_to(keeps, settled.shape) | last)
        for code, _factor in weights:
            bit = np.int32(1 << q.codes.index(code))
            found |= np.where(here & ~q.given[term, code].covered, bit, np.int32(0))
        settled |= here
    return found

