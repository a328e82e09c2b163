"""Indicators from facts: pool, evaluate, count what is there of what is expected, say what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np

from indicators.engine.completeness import Coverage, coverage_of
from indicators.engine.days import days_of_flows_so_far, days_of_known_flows
from indicators.engine.facts import ElementRule, Facts
from indicators.engine.grid import CONTAINS_SHORTER, MONTHS, Grid, any_in
from indicators.engine.pairing import known_together, same_months
from indicators.engine.pooling import Pooled, add_up, flow_contributions, pool_stock
from indicators.formula import Alternative, Formula, Input, Outcome, alternatives_of, evaluate
from indicators.periods import CONTAINS


class Reason(IntEnum):
    """Why an indicator has no value."""

    NONE = 0
    MISSING = 1  # an input was not reported
    NOT_COLLECTED = 2  # an input was marked as not collected
    NOT_APPLICABLE = 3  # an input was marked as not applicable
    NO_CASES = 4  # the denominator is zero
    NOT_TOGETHER = 5  # the inputs were never known for the same month
    NOT_APPROVED = 6  # an input was reported, and nobody has approved it yet
    NOT_OPEN = 7  # the unit was not open in the period, or in the one compared with


class Flag(IntFlag):
    AS_REPORTED = 1  # entered as a result; the counts behind it are not known
    YEAR_AND_MONTHS = 2  # a fact of a longer period stands beside shorter ones and was not used
    STANDS_FOR_PARTS = 4  # a unit's own figure stands for those of its parts
    CONTRADICTS = 8  # as reported, and contradicts what is reported of other indicators


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

    @property
    def inputs(self) -> set[Input]:
        return {i for v in self.versions for a in alternatives_of(v.formula) for i in a.inputs}

    @property
    def codes(self) -> set[str]:
        """Codes of all data elements it depends on, the as-reported one included."""
        return {i.code for i in self.inputs} | ({self.as_reported} if self.as_reported else set())

    @property
    def years_back(self) -> int:
        return max((i.years_ago for i in self.inputs), default=0)


@dataclass(eq=False)
class Result:
    """An indicator of every unit and period, each array [unit, year, 19].

    `value` NaN where there is none; `missing` has bit k set when element k of the formula's codes is
    not known; `alternative` numbers the plain formula that was used; `version` the formula version;
    `days` are those of the period that stand behind the value: see `indicators.engine.days`.
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

    @property
    def worth_storing(self) -> np.ndarray:
        """Where there is a value, or something is expected and the gap has to be explained."""
        worth: np.ndarray = ~np.isnan(self.value) | (self.expected > 0)
        return worth

    def leave_out(self, where: np.ndarray) -> None:
        """Have nothing, and expect nothing, in the cells `where` (bool […, year, 19])."""
        empty = {"value": np.nan, "days": np.nan}
        for name in self.__dataclass_fields__:
            np.copyto(getattr(self, name), empty.get(name, 0), where=where)

    def take(self, where: np.ndarray, other: Result) -> None:
        """Replace the cells `where` by those of `other`."""
        for name in self.__dataclass_fields__:
            np.copyto(getattr(self, name), getattr(other, name), where=where)


def compute_indicator(
    rule: IndicatorRule, rules: Mapping[str, ElementRule], facts: Mapping[str, Facts], grid: Grid
) -> Result:
    """Compute one indicator for all units and periods of `grid`, each with the formula then in force."""
    result: Result | None = None
    ordered = sorted(enumerate(rule.versions), key=lambda item: item[1].valid_from or dt.date.min)
    for number, version in ordered:
        computed = _compute_version(version.formula, rules, facts, grid)
        computed.version[...] = number
        if result is None:
            result = computed
        else:
            starts = np.datetime64(version.valid_from or dt.date.min)
            in_force = np.broadcast_to(grid.judged_on >= starts, grid.shape)
            result.take(in_force, computed)
    if result is None:
        raise ValueError(f"indicator {rule.code} has no formula")
    reported = facts.get(rule.as_reported) if rule.as_reported else None
    if reported is not None:
        use = np.isnan(result.value) & reported.has
        result.value = np.where(use, reported.value, result.value)
        result.reason = np.where(use, Reason.NONE, result.reason)
        # It is there, and it is all there is to expect: the counts behind it are lost.
        result.missing = np.where(use, 0, result.missing)
        result.present = np.where(use, 1, result.present)
        result.expected = np.where(use, 1, result.expected)
        result.flags = np.where(use, result.flags | Flag.AS_REPORTED, result.flags)
        result.days = np.where(use, grid.days, result.days)
    return result


#: A later alternative of `first(…)` is taken when the earlier one covers less than this share of its
#: unit-months: one lost month of length of stay does not change what a whole year stands on.
MUCH_MORE = 0.75


def _compute_version(
    formula: Formula, rules: Mapping[str, ElementRule], facts: Mapping[str, Facts], grid: Grid
) -> Result:
    best: Result | None = None
    for number, alternative in enumerate(alternatives_of(formula)):
        computed = _compute_alternative(alternative, formula.codes, rules, facts, grid)
        computed.alternative[...] = number
        if best is None:
            best = computed
            continue
        has, had = ~np.isnan(computed.value), ~np.isnan(best.value)
        covers_more = has & (~had | (MUCH_MORE * computed.present > best.present))
        lacks_less = ~has & ~had & (_count_bits(computed.missing) < _count_bits(best.missing))
        best.take(covers_more | lacks_less, computed)
    if best is None:
        raise ValueError(f"{formula.text}: no alternative")
    return best


def _count_bits(mask: np.ndarray) -> np.ndarray:
    return np.asarray(np.bitwise_count(mask))


def _compute_alternative(
    alternative: Alternative,
    codes: Sequence[str],
    rules: Mapping[str, ElementRule],
    facts: Mapping[str, Facts],
    grid: Grid,
) -> Result:
    found = {
        i: (facts.get(i.code) or Facts.empty(grid)).years_earlier(i.years_ago) for i in alternative.inputs
    }
    flows = {i: f for i, f in found.items() if rules[i.code].over_time == "sum"}
    stocks = {i: f for i, f in found.items() if rules[i.code].over_time != "sum"}
    adding_up = {i for i in found if rules[i.code].over_units == "sum"}
    pooled: dict[Input, Pooled] = {}

    parts = {}
    for i, usable in known_together(flows, grid).items():
        parts[i] = flow_contributions(*usable, grid, over_units=rules[i.code].over_units)
    per_day = {i for i in flows if rules[i.code].is_per_day}
    parts = same_months(parts, per_day, grid)
    for i, contributions in parts.items():
        pooled[i] = add_up(contributions)
    for i, f in stocks.items():
        over_time, over_units = rules[i.code].over_time, rules[i.code].over_units
        pooled[i] = pool_stock(
            f.value, f.has, f.not_applicable, grid, over_time=over_time, over_units=over_units
        )

    figures = {i: np.where(p.has, p.value, np.nan) for i, p in pooled.items()}
    days_so_far = days_of_flows_so_far(flows, grid)
    days = {k: grid.days_ago(k) if k else days_so_far for k in alternative.days_years_ago}
    outcome = evaluate(alternative.tree, figures, days, grid.shape)
    coverage = coverage_of(flows, stocks, grid)
    result = _explain(outcome, found, pooled, adding_up, coverage, codes, grid)
    # Divided by days, a flow speaks of the period so far; any other only of the months it is known for.
    behind = days_so_far if 0 in days else days_of_known_flows(parts, grid)
    result.days = np.broadcast_to(behind, grid.shape).copy()
    return result


def _explain(
    outcome: Outcome,
    found: Mapping[Input, Facts],
    pooled: Mapping[Input, Pooled],
    adding_up: Set[Input],
    coverage: Coverage,
    codes: Sequence[str],
    grid: Grid,
) -> Result:
    """The outcome with its completeness, flags, and the reason for every gap.

    An input that was reported, but never together with the others, is not called missing.
    """
    value = outcome.value
    gap = np.isnan(value)
    missing = np.zeros(grid.shape, np.int32)
    absent, refused, apart = (np.zeros(grid.shape, bool) for _ in range(3))
    for i, figures in pooled.items():
        bit = np.int32(1 << codes.index(i.code))
        lacking = ~figures.has & ~figures.not_applicable
        absent |= figures.not_applicable & ~figures.has
        if not lacking.any():
            continue
        known = lacking & _anywhere(found[i].has, grid, below=i in adding_up)
        missing |= np.where(lacking & ~known, bit, np.int32(0))
        apart |= known
        if found[i].not_collected.any():
            refused |= lacking & _anywhere(found[i].not_collected, grid, below=i in adding_up)
    reason = np.select(
        [~gap, outcome.divided_by_nothing, refused, missing > 0, absent, apart],
        [
            Reason.NONE,
            Reason.NO_CASES,
            Reason.NOT_COLLECTED,
            Reason.MISSING,
            Reason.NOT_APPLICABLE,
            Reason.NOT_TOGETHER,
        ],
        Reason.NO_CASES,
    )
    flags = np.zeros(grid.shape, np.int32)
    for i, f in found.items():
        flags |= _flags(f, grid, adds_up=i in adding_up)
    return Result(
        value=value,
        reason=reason,
        missing=np.where(gap, missing, 0),
        present=coverage.present,
        expected=coverage.expected,
        flags=flags,
        alternative=np.zeros(grid.shape, np.int32),
        version=np.zeros(grid.shape, np.int32),
        days=np.zeros(grid.shape),
    )


def _anywhere(where: np.ndarray, grid: Grid, *, below: bool) -> np.ndarray:
    """Whether any is true inside a period, at the unit or `below` it: bool [unit, year, 19] → same."""
    inside = any_in(where, CONTAINS)
    return grid.sum_below(inside.astype(np.int32)) > 0 if below else inside


def _flags(facts: Facts, grid: Grid, *, adds_up: bool) -> np.ndarray:
    """`Flag` bits of one input at every unit and period: its own and, if it adds up, those of its parts."""
    answered = facts.answered
    bits = np.zeros(grid.shape, np.int32)
    # Most elements are reported by month and by wards only: there is nothing to tell.
    if not answered[..., MONTHS.stop :].any() and not any(answered[unit].any() for unit, _ in grid.inner):
        return bits
    shorter = any_in(answered, CONTAINS_SHORTER)
    stands_for = np.zeros(grid.shape, bool)
    filled = answered.copy()
    for unit, children in grid.inner if adds_up else ():
        below = filled[children].any(axis=0)
        stands_for[unit] = answered[unit] & below
        filled[unit] |= below
        shorter[unit] |= shorter[children].any(axis=0)
    beside = np.logical_and(answered, shorter)
    for where, bit in ((beside, Flag.YEAR_AND_MONTHS), (stands_for, Flag.STANDS_FOR_PARTS)):
        if where.any():
            bits |= np.where(_anywhere(where, grid, below=adds_up), np.int32(bit), np.int32(0))
    return bits
