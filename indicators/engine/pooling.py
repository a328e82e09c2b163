"""Adding up what counts, over units and over time.

What the homes of a formula give is added up along the tree; a unit that was asked in a pass of its own
(see `passes`) has the sum of its rows instead. Figures of a period are the sums of its months; of means,
the mean over the months in which some tile counts; of stocks what stands at the period.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from indicators.engine.completeness import Completeness, completeness_of
from indicators.engine.grid import MONTH_IN_SLOT
from indicators.engine.inquiry import Inquiry
from indicators.engine.leaving_out import LeftOutRows, left_out_of, named_above
from indicators.engine.passes import Pass, passes_of
from indicators.engine.standing import LEVEL
from indicators.formula import Term
from indicators.formula.nodes import First


@dataclass(eq=False)
class Pooled:
    """Of one plain formula, every unit and period, arrays [unit, year, 19].

    `figures` and `has` by term, `not_applicable` by those of which it was said in what counts; `counts`: some
    tile counts, `absent`: some is out because it is not applicable; `lacking`: bits of what is lacking in
    what does not count; `days` by years ago, of the units and months that count; `used` by choice and
    option, whether it was taken anywhere.
    """

    figures: dict[Term, np.ndarray]
    has: dict[Term, np.ndarray]
    not_applicable: dict[Term, np.ndarray]
    counts: np.ndarray
    absent: np.ndarray
    lacking: np.ndarray
    present: np.ndarray
    expected: np.ndarray
    days: dict[int, np.ndarray]
    used: dict[tuple[First, int], np.ndarray]
    left_out: list[LeftOutRows] = field(default_factory=list)


def pool(inquiry: Inquiry) -> Pooled:
    """Everything that a plain formula needs, and how complete it is."""
    grid, plain = inquiry.grid, inquiry.plain
    ago = {0, *plain.days_years_ago}
    found = Pooled(
        figures={t: np.zeros(grid.shape) for t in plain.terms},
        has={t: np.zeros(grid.shape, bool) for t in plain.terms},
        not_applicable={},
        counts=np.zeros(grid.shape, bool),
        absent=np.zeros(grid.shape, bool),
        lacking=np.zeros(grid.shape, np.int32),
        present=np.zeros(grid.shape, np.int32),
        expected=np.zeros(grid.shape, np.int32),
        days={k: np.zeros(grid.shape) for k in ago},
        used={
            (choice, number): np.zeros(grid.shape, bool)
            for choice in plain.choices
            for number in range(len(choice.options))
        },
    )
    stage: list[Pass] = []
    for one in passes_of(inquiry):
        if one.unit is None and stage:
            _Stage(inquiry, stage).add_to(found)
            stage = []
        stage.append(one)
    _Stage(inquiry, stage).add_to(found)
    return found


#: What a pass has of each of its rows: [row, year, …].
OfPass = Callable[[Pass], np.ndarray]


def _gives(term: Term) -> OfPass:
    return lambda one: one.counted.gives[term]


def _has(term: Term) -> OfPass:
    return lambda one: one.counted.has[term]


def _said_not_applicable(term: Term) -> OfPass:
    return lambda one: one.counted.not_applicable.get(term, np.zeros_like(one.counted.has[term]))


def _used(choice: First, number: int) -> OfPass:
    def of(one: Pass) -> np.ndarray:
        taken: np.ndarray = one.counted.used[choice] == number
        return taken

    return of


class _Stage:
    """The passes of some years and slots: the first over all units, then those of single units."""

    def __init__(self, inquiry: Inquiry, passes: Sequence[Pass]) -> None:
        self.inquiry, self.grid = inquiry, inquiry.grid
        self.everyone, self.others = passes[0], passes[1:]
        self.years, self.slots = self.everyone.years, self.everyone.counted.slots
        self.completeness = {id(p): completeness_of(p.question, p.counted) for p in passes}
        homes = inquiry.homes.homes
        #: Homes asked together: their rows are part of what is added up above them.
        self.inside = [p for p in self.others if inquiry.rolls_up and homes[p.unit, p.years].any()]

    def add_to(self, found: Pooled) -> None:
        slots = self.slots
        months = MONTH_IN_SLOT[:, slots].astype(float)
        any_month = MONTH_IN_SLOT[:, slots].astype(np.float32)

        def put(target: np.ndarray, value: np.ndarray) -> None:
            target[:, self.years[:, None], slots] = value

        def in_slots(where: np.ndarray) -> np.ndarray:
            return (where.astype(np.float32) @ any_month) > 0

        counts = self._any(lambda p: p.counted.there)
        stock_counts = self._any(lambda p: p.counted.stock_counts)
        flows = self.inquiry.has_flows
        put(found.counts, in_slots(counts) if flows else stock_counts)
        absent = self._any(lambda p: p.counted.absent if flows else p.counted.stock_absent)
        put(found.absent, in_slots(absent) if flows else absent)
        for term, stock in self.inquiry.stocks.items():
            if any(term in one.counted.not_applicable for one in (self.everyone, *self.others)):
                said = self._any(_said_not_applicable(term))
                target = found.not_applicable.setdefault(term, np.zeros(self.grid.shape, bool))
                put(target, said if stock else in_slots(said))
            if self.inquiry.is_mean_alone:
                put(found.figures[term], self._mean_alone(term, months))
                put(found.has[term], in_slots(self._any(_has(term))))
                continue
            gives = self._sum(_gives(term))
            has = self._any(_has(term))
            if not stock:
                has, gives = in_slots(has), self._over_months(term, gives, counts, months)
            put(found.figures[term], gives)
            put(found.has[term], has)
        lacking = self._any(lambda p: p.counted.lacking | p.counted.stock_lacking)
        put(found.lacking, _or_in_slots(lacking, slots))
        for name in ("present", "expected"):
            of_months = self._sum(self._completeness(name))
            of_stocks = self._sum(self._completeness(f"stocks_{name}"))
            put(getattr(found, name), np.rint(of_months @ months).astype(np.int32) + of_stocks)
        for ago, days in found.days.items():
            worked = self._any(self._days(ago))
            put(days, np.bitwise_count(worked).astype(float) @ months)
        for (choice, number), used in found.used.items():
            taken = self._any(_used(choice, number))
            put(used, in_slots(taken) if taken.shape[-1] == 12 and self._is_flow(choice) else taken)
        found.left_out += self._left_out()

    def _is_flow(self, choice: First) -> bool:
        return not next(s for t, s in self.inquiry.stocks.items() if getattr(t.leaf, "of", None) == choice)

    def complete(self, one: Pass) -> Completeness:
        return self.completeness[id(one)]

    def _left_out(self) -> list[LeftOutRows]:
        rolls_up, grid = self.inquiry.rolls_up, self.grid
        alone, within = np.zeros(grid.shape[:2], bool), np.zeros(grid.shape[:2], bool)
        for one in self.others:
            alone[one.unit, one.years] = True
        found = []
        for one in self.others:
            of_rows = left_out_of(one, self.complete(one), grid)
            found.append(of_rows._replace(unit=np.full_like(of_rows.part, one.unit)))
            if one in self.inside:
                at_home = one.years[self.inquiry.homes.homes[one.unit, one.years]]
                within[np.ix_(one.rows, at_home)] = True
                above = named_above(of_rows, grid, path_of=one.unit)
                chosen = np.isin(above.year, at_home) & ~alone[above.unit, above.year]
                found.append(above.where(chosen))
        singles = left_out_of(self.everyone, self.complete(self.everyone), grid)
        singles = singles.where(~within[singles.part, singles.year])
        if rolls_up:
            singles = named_above(singles, grid)
        found.append(singles.where(~alone[singles.unit, singles.year]))
        return found

    def _completeness(self, name: str) -> OfPass:
        def of(one: Pass) -> np.ndarray:
            found: np.ndarray = getattr(self.complete(one), name)
            return found

        return of

    def _days(self, years_ago: int) -> OfPass:
        """Days on which each row of a counting tile worked, as bits."""

        def of(one: Pass) -> np.ndarray:
            opened = self.grid.open_years_earlier(years_ago)[one.rows][:, one.years]
            return np.where(one.counted.there, opened, 0)

        return of

    def _over_months(
        self, term: Term, gives: np.ndarray, counts: np.ndarray, months: np.ndarray
    ) -> np.ndarray:
        total: np.ndarray = gives @ months
        if self.inquiry.rules[term.codes[0]].manner is not LEVEL:
            return total
        mean: np.ndarray = total / np.maximum(counts @ months, 1.0)
        return mean

    def _mean_alone(self, term: Term, months: np.ndarray) -> np.ndarray:
        """A mean shown by itself: in a month in which an open unit is silent, it stands with the mean of
        the months it gave of the period."""

        def of_period(one: Pass) -> tuple[np.ndarray, np.ndarray]:
            gives, has = one.counted.gives[term], one.counted.has[term]
            mean = gives @ months / np.maximum(has @ months, 1.0)
            knows = (has @ months) > 0
            silent = one.question.open_then[term.years_ago] & ~one.counted.settled[term] & one.question.due
            standing = (has | silent)[..., None, :] & knows[..., None] & (months.T > 0)
            if one.question.parents is not None:
                # What stands below a unit that is silent stands for it.
                standing &= has[..., None, :] | ~_strictly_below(standing, one.question.parents)
            filled = gives @ months + mean * (standing & ~has[..., None, :]).sum(axis=-1)
            return filled, standing

        total = self._sum(lambda one: of_period(one)[0])
        count = self._any(lambda one: of_period(one)[1]).sum(axis=-1)
        mean: np.ndarray = total / np.maximum(count, 1)
        return mean

    def _sum(self, of: OfPass) -> np.ndarray:
        return self._roll(of, self.grid.sum_below, lambda rows: rows.sum(axis=0))

    def _any(self, of: OfPass) -> np.ndarray:
        return self._roll(of, self.grid.any_below, lambda rows: np.bitwise_or.reduce(rows, axis=0))

    def _roll(
        self,
        of: OfPass,
        below: Callable[[np.ndarray], np.ndarray],
        over_rows: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        base = of(self.everyone)
        if not self.others:
            return below(base) if self.inquiry.rolls_up else base
        where = {id(p): np.searchsorted(self.years, p.years) for p in self.others}
        if self.inside:
            base = base.copy()
            for one in self.inside:
                at_home = self.inquiry.homes.homes[one.unit, one.years]
                chosen = np.ix_(one.rows, where[id(one)][at_home])
                base[chosen] = of(one)[:, at_home]
        total = below(base) if self.inquiry.rolls_up else base.copy()
        for one in self.others:
            total[one.unit, where[id(one)]] = over_rows(of(one))
        return total


def _strictly_below(where: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Whether it is true of any row below: bool [row, …]."""
    found = np.zeros_like(where)
    for row in range(len(parents) - 1, 0, -1):
        found[parents[row]] |= where[row] | found[row]
    return found


def _or_in_slots(bits: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Bits of all months of each slot together: int [unit, year, 12] → [unit, year, slot]."""
    found = np.zeros((*bits.shape[:2], len(slots)), np.int32)
    if bits.any():
        for number, slot in enumerate(slots):
            found[..., number] = np.bitwise_or.reduce(bits[..., MONTH_IN_SLOT[:, slot]], axis=-1)
    return found
