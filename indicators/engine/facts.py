"""What was entered for one data element, and who keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from indicators.engine.grid import (
    CONTAINS_SHORTER,
    FIRST_MONTH,
    LAST_MONTH,
    LENGTHS,
    LEVELS,
    MONTH_IN_SLOT,
    MONTHS,
    Grid,
    any_in,
)
from indicators.engine.slots import CONTAINS
from indicators.engine.standing import LAST, LEVEL, PER_DAY, SUM, Manner, Standing, standing_of
from indicators.formula import Formula
from indicators.formula.nodes import Days, Operation

OverTime = Literal["sum", "last", "mean"]
OverUnits = Literal["sum", "none"]


@dataclass(frozen=True)
class ElementRule:
    """How a data element adds up, what it is derived from, and for a total the parts it is the sum of."""

    code: str
    over_time: OverTime = "sum"
    over_units: OverUnits = "sum"
    derived: Formula | None = None
    parts: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        return self.over_units == "sum"

    @property
    def follows(self) -> bool:
        """Whether it follows from other elements: a total of its parts, or what is derived."""
        return bool(self.parts) or self.derived is not None

    @property
    def is_per_day(self) -> bool:
        """Whether it is something times the days of the period, so that a part of it can be told."""
        match self.derived and self.derived.tree:
            case Operation("*", factor, Days()):
                return not isinstance(factor, Days)
        return False

    @property
    def manner(self) -> Manner:
        """How a fact of a longer period stands for its months."""
        if self.is_per_day:
            return PER_DAY
        return {"sum": SUM, "last": LAST, "mean": LEVEL}[self.over_time]

    @property
    def kind(self) -> tuple[Manner, OverUnits]:
        """What adds up alike has the same kind."""
        return self.manner, self.over_units


@dataclass(frozen=True, eq=False)
class Asked:
    """What forms ask for, each bool [unit, year, 12]: the months in which a form of the unit has the
    element, those in which it is required there, and those in which forms decide who keeps it at all.
    `of_nobody`: no unit is asked for it month by month, since a survey gives it when it has it.
    `without_form`: no form has it, and what decides is that it was retired."""

    kept: np.ndarray
    required: np.ndarray
    decided: np.ndarray
    of_nobody: bool = False
    without_form: bool = False

    def of_years(self, years: slice) -> Asked:
        """Of some of its years."""
        kept, required, decided = (a[:, years] for a in (self.kept, self.required, self.decided))
        return replace(self, kept=kept, required=required, decided=decided)

    def given_before(self, given: np.ndarray) -> np.ndarray:
        """bool [unit, year]: something was `given` (bool [unit, year, 19]) for a time of which no form
        decides."""
        return np.asarray((given & ~self.decided[..., FIRST_MONTH]).any(axis=-1))


@dataclass(eq=False)
class Facts:
    """Facts of one element, each array [unit, year, 19].

    `value` is 0 where there is no number; `has` says where there is one; `not_applicable` and
    `not_collected` say where there is a reason instead. `gave` bool [unit, year]: the unit gave anything
    of that year; `gave_unasked`: of a time of which no form decides. Without `asked` no form has the
    element, and whoever gave it keeps it. `partly`: of a total, where `not_collected` only says that the unit
    gave some parts of what units below keep too, and nobody said that it is not collected.
    """

    value: np.ndarray
    has: np.ndarray
    not_applicable: np.ndarray
    not_collected: np.ndarray
    gave: np.ndarray
    asked: Asked | None = None
    gave_unasked: np.ndarray | None = None
    partly: np.ndarray | None = None
    _standing: dict[tuple[int, Manner], Standing] = field(default_factory=dict, repr=False)
    _answered_inside: dict[Manner, np.ndarray] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(cls, grid: Grid) -> Facts:
        def nothing() -> np.ndarray:
            return np.zeros(grid.shape, bool)

        return cls(np.zeros(grid.shape), nothing(), nothing(), nothing(), np.zeros(grid.shape[:2], bool))

    def while_open(self, grid: Grid, asked: Asked | None = None) -> None:
        """Drop what was given for a time in which the unit was closed, and note of which years it gave, and
        what forms ask for."""
        if not grid.always_open:
            closed = ~any_in(grid.open_months, MONTH_IN_SLOT.T)
            for where in (self.has, self.not_applicable, self.not_collected):
                where[closed] = False
        given: np.ndarray = self.has | self.not_applicable | self.not_collected
        self.gave, self.asked = np.asarray(given.any(axis=-1)), asked
        self.gave_unasked = self.gave if asked is None else asked.given_before(given)

    @cached_property
    def answered(self) -> np.ndarray:
        """A number, or "not applicable": both count as present."""
        answered: np.ndarray = self.has | self.not_applicable
        return answered

    @property
    def said_not_collected(self) -> np.ndarray:
        """Where somebody said that it is not collected."""
        return self.not_collected if self.partly is None else self.not_collected & ~self.partly

    @cached_property
    def used(self) -> np.ndarray:
        """Which answers count: a longer one only while nothing shorter inside it is known, or said not
        to be collected. "Not applicable" inside answers for itself and leaves the longer one alone."""
        if not self.has_longer.any():
            return self.answered
        known: np.ndarray = self.has | self.not_collected
        used: np.ndarray = self.answered & ~any_in(known, CONTAINS_SHORTER)
        return used

    def refused(self, level: int, manner: Manner) -> np.ndarray:
        """bool [unit, year, 12]: it was said not to be collected, in facts up to the length of `level`; a
        stock in the last month of them."""
        known: np.ndarray = self.has | self.not_collected
        used = self.not_collected & ~any_in(known, CONTAINS_SHORTER)
        seen = slice(0, LEVELS[level].stop)
        months = MONTH_IN_SLOT if manner is not LAST else np.arange(12)[:, None] == LAST_MONTH
        return any_in(used[..., seen], months[:, seen])

    @cached_property
    def has_longer(self) -> np.ndarray:
        """bool [year]: somebody gave a fact longer than a month, or said that it is not collected."""
        told = self.answered | self.not_collected
        return np.asarray(told[..., MONTHS.stop :].any(axis=(0, 2)))

    @cached_property
    def is_monthly(self) -> bool:
        """Whether nothing longer than a month was given, nor said not to be collected."""
        return not self.has_longer.any()

    @cached_property
    def inside(self) -> np.ndarray:
        """Whether anything was given inside a period, be it a reason: bool [unit, year, 19]."""
        return any_in(np.asarray(self.answered | self.not_collected), CONTAINS)

    def answered_inside(self, manner: Manner, grid: Grid) -> np.ndarray:
        """Whether an answer that counts lies inside a period: bool [unit, year, 19]. A stock is that of the
        last month of its fact, and gone if the unit was closed by then."""
        if manner not in self._answered_inside:
            used = self.used
            if manner is LAST and self.has_longer.any() and not grid.always_open:
                used = used & grid.open_months[..., LAST_MONTH]
            self._answered_inside[manner] = any_in(used, CONTAINS)
        return self._answered_inside[manner]

    @cached_property
    def cadence(self) -> np.ndarray:
        """Every how many months the unit gives it: the length of the shortest fact of the year or the one
        before, 1 where there is none: int [unit, year]."""
        lengths = np.full(self.gave.shape, LENGTHS[-1] + 1)
        for level, length in reversed(list(zip(LEVELS, LENGTHS, strict=True))):
            lengths = np.where(self.answered[..., level].any(axis=-1), length, lengths)
        lengths[:, 1:] = np.minimum(lengths[:, 1:], lengths[:, :-1])
        return np.where(lengths > LENGTHS[-1], 1, lengths)

    def standing(self, manner: Manner, level: int, grid: Grid) -> Standing:
        """What stands for each month while facts up to the length of `level` are seen."""
        key = level if self.has_longer.any() else 0, manner
        if key not in self._standing:
            self._standing[key] = standing_of(self, manner, key[0], grid)
        return self._standing[key]
