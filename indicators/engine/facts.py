"""What was entered for one data element, and data elements derived from others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indicators.engine.grid import CONTAINS_SHORTER, LEVELS, MONTH_IN_SLOT, Grid, any_in, years_earlier
from indicators.engine.pooling import own_figures
from indicators.formula import Formula, Input, alternatives_of, evaluate
from indicators.formula.nodes import Days, Operation
from indicators.periods import SLOTS

OverTime = Literal["sum", "last", "mean"]
OverUnits = Literal["sum", "none"]


@dataclass(frozen=True)
class ElementRule:
    """How a data element adds up, and what it is derived from, or of which parts it is the total."""

    code: str
    over_time: OverTime = "sum"
    over_units: OverUnits = "sum"
    derived: Formula | None = None
    parts: tuple[str, ...] = ()

    @property
    def is_per_day(self) -> bool:
        """Whether it is something times the days of the period, so that a part of it can be told."""
        match self.derived and self.derived.tree:
            case Operation("*", factor, Days()):
                return not isinstance(factor, Days)
        return False


@dataclass(eq=False)
class Facts:
    """Facts of one element, each array [unit, year, 19].

    `value` is 0 where there is no number; `has` says where there is one; `not_applicable` and
    `not_collected` say where there is a reason instead. `reporters` bool [unit, year, 12] marks the
    months in which a unit is expected to report the element.
    """

    value: np.ndarray
    has: np.ndarray
    not_applicable: np.ndarray
    not_collected: np.ndarray
    reporters: np.ndarray

    @classmethod
    def empty(cls, grid: Grid) -> Facts:
        def nothing() -> np.ndarray:
            return np.zeros(grid.shape, bool)

        reporters = np.zeros(grid.open_months.shape, bool)
        return cls(np.zeros(grid.shape), nothing(), nothing(), nothing(), reporters)

    @property
    def answered(self) -> np.ndarray:
        """A number, or "not applicable": both count as present."""
        answered: np.ndarray = self.has | self.not_applicable
        return answered

    def years_earlier(self, years_ago: int) -> Facts:
        if years_ago == 0:
            return self
        return Facts(
            value=years_earlier(self.value, years_ago),
            has=years_earlier(self.has, years_ago),
            not_applicable=years_earlier(self.not_applicable, years_ago),
            not_collected=years_earlier(self.not_collected, years_ago),
            reporters=years_earlier(self.reporters, years_ago),
        )

    def covered_months(self, slots: int = SLOTS) -> np.ndarray:
        """bool [unit, year, 12]: answered for the month itself, or by a fact of a longer period
        inside which the unit gave nothing shorter. Only facts of the first `slots` slots are asked."""
        return any_in(used_facts(self.answered)[..., :slots], MONTH_IN_SLOT[:, :slots])


def used_facts(answered: np.ndarray) -> np.ndarray:
    """Which facts of a unit count: a longer one only while nothing shorter inside it is known."""
    used: np.ndarray = answered & ~any_in(answered, CONTAINS_SHORTER)
    return used


def leave_to_children(reporters: np.ndarray, grid: Grid) -> np.ndarray:
    """bool [unit, year, 12]: of the units that would report, those from which the element is expected.

    A unit whose parts report is not expected to report as well: its own figure, where there is one,
    stands for theirs.
    """
    below = reporters.copy()
    expected = reporters.copy()
    for unit, children in grid.inner:
        by_children = below[children].any(axis=0)
        expected[unit] &= ~by_children
        below[unit] |= by_children
    return expected


def derive(rule: ElementRule, rules: Mapping[str, ElementRule], facts: dict[str, Facts], grid: Grid) -> Facts:
    """Compute a derived element per unit and month, and per longer fact, before anything is added up.

    A longer period is derived only where none of its shorter ones is and one of the inputs was given
    for exactly that period: beds of the year × days of the year. A figure entered for the derived
    element itself wins over the computed one.
    """
    if rule.derived is None:
        raise ValueError(f"{rule.code} is not derived")
    alternative = alternatives_of(rule.derived)[0]
    entered = facts.get(rule.code) or Facts.empty(grid)
    result = Facts(
        entered.value.copy(),
        entered.has.copy(),
        entered.not_applicable.copy(),
        entered.not_collected.copy(),
        entered.reporters.copy(),
    )
    inputs = {code: facts.get(code) or Facts.empty(grid) for code in alternative.codes}
    figures = {code: own_figures(rules[code].over_time, found) for code, found in inputs.items()}
    everywhere = np.ones(grid.shape, bool)
    all_known = np.logical_and.reduce([known for _value, known in figures.values()] or [everywhere])
    given_here = np.logical_or.reduce([found.has for found in inputs.values()] or [everywhere])
    outcome = evaluate(
        alternative.tree,
        {Input(code): np.where(known, value, np.nan) for code, (value, known) in figures.items()},
        {0: grid.days},
        grid.shape,
    )
    computed = all_known & given_here & ~np.isnan(outcome.value)
    not_applicable = np.logical_or.reduce(
        [found.not_applicable for found in inputs.values()] or [~everywhere]
    )
    not_collected = np.logical_or.reduce([found.not_collected for found in inputs.values()] or [~everywhere])
    for level in LEVELS:
        shorter = any_in(result.has, CONTAINS_SHORTER)[..., level]
        use = computed[..., level] & ~shorter & ~result.answered[..., level]
        result.value[..., level][use] = outcome.value[..., level][use]
        result.has[..., level][use] = True
    result.not_applicable |= not_applicable & ~result.has
    result.not_collected |= not_collected & ~result.answered
    by_inputs = np.logical_and.reduce([found.reporters for found in inputs.values()] or [~entered.reporters])
    reporters = entered.reporters | by_inputs
    result.reporters = leave_to_children(reporters, grid) if rule.over_units == "sum" else reporters
    return result
