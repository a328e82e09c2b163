"""A formula put to a hospital: which units are asked together, and what each of them gives.

Nearly all data is monthly facts of units that keep their inputs together: one pass over all units says
everything (`Singles`). A home with units below it, and every unit above a figure that stands above
homes, is asked in a pass of its own over its rows (`Together`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.engine.counting import Counted, count
from indicators.engine.grid import years_earlier
from indicators.engine.inquiry import Inquiry
from indicators.engine.joints import has_home_below, joints_of
from indicators.engine.keeping import Keeping
from indicators.engine.question import Given, Piece, Question
from indicators.engine.standing import Standing, nearest
from indicators.engine.tiles import Joint, Singles, Together
from indicators.formula import Term


@dataclass(eq=False)
class Pass:
    """What came of one pass: of `rows` (unit positions, the unit asked first) in the years `years`
    (positions), counted for its slots. `unit` is None where every row speaks for itself."""

    unit: int | None
    rows: np.ndarray
    years: np.ndarray
    question: Question
    counted: Counted


def passes_of(inquiry: Inquiry) -> Iterator[Pass]:
    """All passes of a plain formula; of a unit and year the last that speaks of it holds."""
    for level, slots, years in inquiry.stages():
        yield from _passes_at(inquiry, level, slots, years)


def _passes_at(q: Inquiry, level: int, slots: np.ndarray, years: np.ndarray) -> Iterator[Pass]:
    grid = q.grid
    standing = {
        (term, code): q.facts_of(code)
        .standing(q.rules[code].manner, level, grid)
        .years_earlier(term.years_ago)
        .of(slice(None), years)
        for term in q.plain.terms
        for code in term.codes
    }
    everyone = np.arange(len(grid.parents))
    singles = (q.homes.homes & ~q.homes.with_below)[:, years]
    spans = [s.span for s in standing.values() if s.span is not None]
    given = {
        key: Given(stands, outside=_outside(q, key, stands, years, level)) for key, stands in standing.items()
    }
    above_homes = (q.homes.together & ~q.homes.homes)[:, years]
    tiles = Singles(singles, spans, above_homes)
    question = _question(q, given, tiles, everyone, years, level)
    yield Pass(None, everyone, years, question, count(question, slots))
    for unit, of_years in _asked_together(q, standing, years, level):
        rows = grid.subtrees[unit]
        which = np.flatnonzero(of_years)
        here = {key: stands.of(rows, which) for key, stands in standing.items()}
        yield _pass_together(q, unit, rows, years[which], here, slots, level)


def _outside(
    q: Inquiry, key: tuple[Term, str], stands: Standing, years: np.ndarray, level: int
) -> np.ndarray | None:
    """What rows with no home at, above or below them have, where one of them stands above others: bool
    [unit, year, 12]; None where none does."""
    apart = ~q.homes.together[:, years][..., None]
    if not q.rules[key[1]].adds_up or not any(
        (stands.answered[unit] & apart[unit]).any() for unit, _below in q.grid.inner
    ):
        return None
    span = None if stands.span is None else np.where(apart, stands.span, -1)
    own = Standing(stands.answered & apart, stands.number & apart, stands.value, span)
    refused = q.refused(*key, level)[:, years] & apart
    left, above, _counted = nearest(own, np.array(q.grid.parents), refused)
    found: np.ndarray = left.answered | above
    return found


def _asked_together(
    q: Inquiry, standing: Mapping[tuple[Term, str], Standing], years: np.ndarray, level: int
) -> list[tuple[int, np.ndarray]]:
    """Units that need a pass of their own, deepest first, with the years as bool: homes with units below
    them, and whatever has a figure above homes at it or below it."""
    grid, homes = q.grid, q.homes
    needed = homes.with_below[:, years].copy()
    if q.rolls_up:
        above_homes = (homes.together & ~homes.homes)[:, years]
        figures = np.zeros_like(above_homes)
        for (term, code), stands in standing.items():
            figures |= (stands.answered | q.refused(term, code, level)[:, years]).any(axis=-1)
        needed |= grid.any_below(figures & above_homes)
    units = np.flatnonzero(needed.any(axis=1))
    return [(int(unit), needed[unit]) for unit in reversed(units)]


def _pass_together(
    q: Inquiry,
    unit: int,
    rows: np.ndarray,
    years: np.ndarray,
    standing: Mapping[tuple[Term, str], Standing],
    slots: np.ndarray,
    level: int,
) -> Pass:
    """Ask `unit` and all below it. Nearer facts stand for those farther down."""
    position = {int(row): number for number, row in enumerate(rows)}
    parents = np.array([position.get(q.grid.parents[row], -1) for row in rows])
    group = _groups(q, unit, rows, years, parents)
    above_homes = (group < 0) & has_home_below(group, rows, q.grid, position)
    given: dict[tuple[Term, str], Given] = {}
    joints: list[Joint] = []
    for (term, code), stands in standing.items():
        rule = q.rules[code]
        if not rule.adds_up:
            stands = _only_first(stands)
        refused = q.refused(term, code, level)[rows][:, years]
        found = Given(*nearest(stands, parents, refused), stands.answered) if rule.adds_up else Given(stands)
        given[term, code] = found
        joints += joints_of(found.stands, rule, above_homes, rows, q.grid, position, slots)
    tiles = Together(group, above_homes, joints, slots)
    question = _question(q, given, tiles, rows, years, level, parents)
    return Pass(unit, rows, years, question, count(question, slots))


def _groups(q: Inquiry, unit: int, rows: np.ndarray, years: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Row of the home that each row lies in, -1 outside: int [row, year]."""
    homes = q.homes.homes[rows][:, years]
    if not q.rolls_up:
        # Every home stands for itself: only the unit that is asked.
        return np.zeros((len(rows), len(years)), int)
    group = np.where(homes, np.arange(len(rows))[:, None], -1)
    for row in range(1, len(rows)):
        group[row] = np.where(group[row] >= 0, group[row], group[parents[row]])
    return group


def _pieces(q: Inquiry, rows: np.ndarray, years: np.ndarray, level: int) -> dict[Term, list[Piece]]:
    """What each term is only made of: who keeps it, and who gave something of it."""
    found: dict[Term, list[Piece]] = {}
    for (term, code), keeping in q.pieces.items():
        stands = q.facts_of(code).standing(q.rules[code].manner, level, q.grid)
        gave = years_earlier(stands.answered, term.years_ago)
        owes = ~keeping.below | gave | q.refused(term, code, level)
        arrays = keeping.owed & owes, keeping.required & owes
        owed, required = (array[rows][:, years] for array in arrays)
        found.setdefault(term, []).append(Piece(owed, required, keeping.year[rows][:, years]))
    return found


def _cadence(q: Inquiry) -> np.ndarray:
    """Every how many months a unit gives the stocks of the formula: int [unit, year]."""
    found = [q.facts_of(code).cadence for term, stock in q.stocks.items() if stock for code in term.codes]
    if not found:
        return np.ones(q.grid.shape[:2], int)
    cadence: np.ndarray = np.minimum.reduce(found)
    return cadence


def _only_first(stands: Standing) -> Standing:
    """What does not add up is the asked unit's own."""
    first = np.zeros(len(stands.answered), bool)
    first[0] = True
    mask = first[:, None, None]
    span = None if stands.span is None else np.where(mask, stands.span, -1)
    return Standing(stands.answered & mask, stands.number & mask, np.where(mask, stands.value, 0.0), span)


def _question(
    q: Inquiry,
    given: Mapping[tuple[Term, str], Given],
    tiles: Singles | Together,
    rows: np.ndarray,
    years: np.ndarray,
    level: int,
    parents: np.ndarray | None = None,
) -> Question:
    def part(term: Term, codes: Sequence[str], keeping: Keeping, *, own: bool) -> Keeping:
        if keeping.below.any():
            # Who says that it is not collected is not answered for by those below.
            refused = np.logical_or.reduce([q.refused(term, code, level) for code in codes])
            keeping = keeping._replace(below=keeping.below & ~refused)
        arrays = [array[rows][:, years] for array in keeping]
        if own:
            for array in arrays:
                array[1:] = False
        return Keeping(*arrays)

    together = isinstance(tiles, Together)
    alone = {code for t in q.keeping for code in t.codes if not q.rules[code].adds_up}
    ago = {0, *(term.years_ago for term in (*q.plain.terms, *q.others))}
    others = {
        t: part(t, t.codes, q.keeping[t], own=together and not alone.isdisjoint(t.codes)) for t in q.others
    }
    return Question(
        plain=q.plain,
        others={t: (found, q.gave(t, level)[rows][:, years]) for t, found in others.items()},
        codes=q.codes,
        of_surveys=q.of_surveys,
        given=given,
        keeping={
            term: part(term, term.codes, found, own=together and not alone.isdisjoint(term.codes))
            for term, found in q.keeping.items()
            if term not in q.others
        },
        kept={
            key: part(key[0], key[1:], found, own=together and key[1] in alone)
            for key, found in q.kept.items()
            if key[0] not in q.others
        },
        open_then={k: q.grid.open_years_earlier(k)[rows][:, years] != 0 for k in ago},
        stocks=q.stocks,
        levels=q.levels,
        last_months=q.grid.last_months[years],
        tiles=tiles,
        due=q.grid.due_months[years],
        cadence=_cadence(q)[rows][:, years],
        pieces=_pieces(q, rows, years, level),
        parents=parents,
    )
