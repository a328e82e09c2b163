"""Indicators from facts: which tiles count, what they add up to, and the reason for every gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.gaps import flags_of, gap_of
from indicators.engine.grid import MONTHS, Grid, any_in
from indicators.engine.inquiry import Inquiry
from indicators.engine.keeping import Keepers
from indicators.engine.leaving_out import LeftOutRows, joined
from indicators.engine.pooling import Pooled, pool
from indicators.engine.reasons import Flag, Reason
from indicators.engine.slots import CONTAINS
from indicators.formula import Formula, Input, PlainFormula, alternatives_of, plain_formulas_of
from indicators.formula.evaluate import evaluate

__all__ = ["Flag", "FormulaVersion", "IndicatorRule", "Reason", "Result", "compute_indicator"]


@dataclass(frozen=True)
class FormulaVersion:
    """A formula and the day from which it holds; None: always."""

    formula: Formula
    valid_from: dt.date | None = None


@dataclass(frozen=True)
class IndicatorRule:
    code: str
    versions: tuple[FormulaVersion, ...]
    as_reported: str = ""

    @cached_property
    def inputs(self) -> frozenset[Input]:
        return frozenset(i for v in self.versions for a in alternatives_of(v.formula) for i in a.inputs)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of all data elements it depends on, the as-reported one included."""
        return frozenset(i.code for i in self.inputs) | ({self.as_reported} if self.as_reported else set())

    @cached_property
    def years_back(self) -> int:
        """How many years before its own it needs: who keeps what is asked of one year more."""
        return max((i.years_ago for i in self.inputs), default=0)


@dataclass(eq=False)
class Result:
    """An indicator of every unit and period, each array [unit, year, 19].

    `value` NaN where there is none; `missing` has bit k set when element k of the formula's codes is
    not known; `alternative` numbers the plain formula that was used (of a choice made month by month,
    the last option taken); `version` the formula version; `days` are those that stand behind the value,
    on which a unit of a counting tile worked; `worth_storing` is true where the inputs come together and
    something was given or is owed by a form. `left_out` names what the values leave out.
    """

    value: np.ndarray
    reason: np.ndarray
    missing: np.ndarray
    present: np.ndarray
    expected: np.ndarray
    flags: np.ndarray
    alternative: np.ndarray
    version: np.ndarray
    days: np.ndarray
    worth_storing: np.ndarray
    left_out: LeftOutRows

    def leave_out(self, where: np.ndarray) -> None:
        """Have nothing, and expect nothing, in the cells `where` (bool […, year, 19])."""
        empty = {"value": np.nan, "days": np.nan}
        for name in ARRAYS:
            array = getattr(self, name)
            np.copyto(array, array.dtype.type(empty.get(name, 0)), where=where)
        rows = self.left_out
        self.left_out = rows.where(~np.broadcast_to(where, self.value.shape)[rows.unit, rows.year, rows.slot])

    def take(self, where: np.ndarray, other: Result) -> None:
        """Replace the cells `where` by those of `other`."""
        for name in ARRAYS:
            np.copyto(getattr(self, name), getattr(other, name), where=where)
        mine, theirs = self.left_out, other.left_out
        self.left_out = joined(
            [
                mine.where(~where[mine.unit, mine.year, mine.slot]),
                theirs.where(where[theirs.unit, theirs.year, theirs.slot]),
            ]
        )

    def of_years(self, years: slice) -> Result:
        """The same of some years only; `years` has a start."""
        left_out = self.left_out.where(self.left_out.year >= years.start)
        part = replace(self, left_out=left_out._replace(year=left_out.year - years.start))
        for name in ARRAYS:
            setattr(part, name, getattr(self, name)[:, years])
        return part


#: The fields of a result that are arrays [unit, year, 19].
ARRAYS = tuple(name for name in Result.__dataclass_fields__ if name != "left_out")


def compute_indicator(rule: IndicatorRule, facts: Mapping[str, Facts], keepers: Keepers) -> Result:
    """Compute one indicator for all units and periods, each with the formula then in force.

    `facts` are those to compute from, `keepers` know of all there are, approved or not.
    """
    grid = keepers.grid
    result: Result | None = None
    ordered = sorted(enumerate(rule.versions), key=lambda item: item[1].valid_from or dt.date.min)
    for number, version in ordered:
        computed = _compute_version(version.formula, facts, keepers)
        computed.version[...] = number
        if result is None:
            result = computed
        else:
            starts = np.datetime64(version.valid_from or dt.date.min)
            result.take(np.broadcast_to(grid.judged_on >= starts, grid.shape), computed)
    if result is None:
        raise ValueError(f"indicator {rule.code} has no formula")
    reported = facts.get(rule.as_reported) if rule.as_reported else None
    if reported is not None and reported.has.any():
        _stand_as_reported(result, reported, grid)
    return result


def _stand_as_reported(result: Result, reported: Facts, grid: Grid) -> None:
    """A result that was reported counts where nothing can be computed, and stands for a period longer
    than a month until the counts of it are complete."""
    computed = ~np.isnan(result.value)
    complete = computed & (result.present >= result.expected)
    complete[..., MONTHS] |= computed[..., MONTHS]
    use = reported.has & ~complete
    result.value = np.where(use, reported.value, result.value)
    result.reason = np.where(use, Reason.NONE, result.reason)
    # It is there, and it is all there is to expect: the counts behind it are lost.
    result.missing = np.where(use, 0, result.missing)
    result.present = np.where(use, 1, result.present)
    result.expected = np.where(use, 1, result.expected)
    result.flags = np.where(use, Flag.AS_REPORTED, result.flags)
    result.days = np.where(use, grid.days, result.days)
    result.worth_storing = result.worth_storing | use
    rows = result.left_out
    result.left_out = rows.where(~use[rows.unit, rows.year, rows.slot])


#: Of ratios a later choice is taken when less than this share of what is expected of the first is known.
HALF = 0.5


def _compute_version(formula: Formula, facts: Mapping[str, Facts], keepers: Keepers) -> Result:
    best: Result | None = None
    plains = plain_formulas_of(formula, lambda code: keepers.rules[code].kind)
    for plain in plains:
        others = [other for other in plains if other is not plain]
        computed = _compute_plain(Inquiry(plain, formula.codes, facts, keepers, others))
        if best is None:
            best = computed
            continue
        little = (best.present < HALF * best.expected) | (best.expected == 0)
        has, had = ~np.isnan(computed.value), ~np.isnan(best.value)
        fuller = computed.present > best.present
        as_full = computed.present == best.present
        fuller |= as_full & computed.worth_storing & ~best.worth_storing
        best.take(little & np.where(has == had, fuller, has), computed)
    if best is None:
        raise ValueError(f"{formula.text}: no plain formula")
    return best


def _compute_plain(inquiry: Inquiry) -> Result:
    grid, plain = inquiry.grid, inquiry.plain
    if not inquiry.homes.together.any():
        return _kept_nowhere(inquiry)
    pooled = pool(inquiry)
    together = inquiry.homes.together[..., None]
    pooled.counts &= together
    pooled.absent &= together
    stands = pooled.counts
    figures = {t.leaf: np.where(stands, pooled.figures[t], np.nan) for t in plain.terms}
    nothing = {t.leaf: stands & ~pooled.has[t] for t in plain.terms if (stands & ~pooled.has[t]).any()}
    outcome = evaluate(plain.tree, figures, pooled.days, grid.shape, nothing)
    reason, missing = gap_of(inquiry, pooled, outcome)
    days = pooled.days[0] if inquiry.has_flows and plain.terms else np.broadcast_to(grid.days, grid.shape)
    return Result(
        value=outcome.value,
        reason=reason,
        missing=missing,
        present=pooled.present,
        expected=pooled.expected,
        flags=flags_of(inquiry, pooled),
        alternative=_alternatives(plain, pooled, grid),
        version=np.zeros(grid.shape, np.int32),
        days=np.where(days > 0, days, grid.days),
        worth_storing=_worth_storing(inquiry, outcome.value),
        left_out=joined(pooled.left_out),
    )


def _kept_nowhere(inquiry: Inquiry) -> Result:
    """Nowhere do the inputs come together: most hospitals keep the inputs of some indicators only."""
    shape = inquiry.grid.shape
    nothing, bits = np.zeros(shape, np.int32), 0
    for term in inquiry.plain.terms:
        if not inquiry.keeping[term].year.any():
            bits |= sum(1 << inquiry.codes.index(code) for code, _factor in term.options[0])
    return Result(
        value=np.full(shape, np.nan),
        reason=np.full(shape, Reason.MISSING, np.int32),
        missing=np.full(shape, bits, np.int32),
        present=nothing,
        expected=nothing.copy(),
        flags=nothing.copy(),
        alternative=nothing.copy(),
        version=nothing.copy(),
        days=np.broadcast_to(inquiry.grid.days, shape).copy(),
        worth_storing=np.zeros(shape, bool),
        left_out=LeftOutRows.none(),
    )


def _alternatives(plain: PlainFormula, pooled: Pooled, grid: Grid) -> np.ndarray:
    """Number of the plain formula in `alternatives_of`, by the last option taken of every choice."""
    found = np.zeros(grid.shape, np.int32)
    picks: list[np.ndarray] = []
    for choice in plain.choices:
        last = np.zeros(grid.shape, np.int32)
        for number in range(len(choice.options)):
            last[pooled.used[choice, number]] = number
        picks.append(last)
    for pick, number in plain.number_of.items():
        here = np.ones(grid.shape, bool)
        for last, option in zip(picks, pick, strict=True):
            here &= last == option
        found[here] = number
    return found


def _worth_storing(inquiry: Inquiry, value: np.ndarray) -> np.ndarray:
    """Where the inputs come together, and something was given inside the period or a form owes it."""
    grid = inquiry.grid
    given = np.zeros(grid.shape, bool)
    for code in dict.fromkeys(c for t in inquiry.plain.terms if t.years_ago == 0 for c in t.codes):
        facts = inquiry.facts_of(code)
        inside = facts.inside
        if facts.asked is not None:
            owed = facts.asked.required & grid.open_months & grid.due_months
            inside = inside | any_in(owed, CONTAINS[:, MONTHS])
        given |= grid.any_below(inside) if inquiry.rules[code].adds_up else inside
    if not inquiry.plain.terms:
        given[...] = True
    worth: np.ndarray = inquiry.homes.together[..., None] & (given | ~np.isnan(value))
    return worth
