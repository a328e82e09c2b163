"""Periods: months, quarters, semesters and years as one small type.

Written `2009-03`, `2009-Q1`, `2009-S1`, `2009`. Inside a year every period has a *slot* from 0 to
18: twelve months, four quarters, two semesters, the year. Arrays of figures have one column per
slot; what is told of slots as arrays is in `indicators.engine.slots`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, total_ordering

SLOTS = 19
FIRST_YEAR, LAST_YEAR = 1950, 2999
#: Formulas look back: the engine knows years before the first that can be written.
_YEARS_BEFORE = 50


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"


_FIRST_SLOT = {PeriodKind.MONTH: 0, PeriodKind.QUARTER: 12, PeriodKind.SEMESTER: 16, PeriodKind.YEAR: 18}
_MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 12}
#: What is added to `year * 100` in the stored number, so that 200903 reads as March 2009.
_CODE_BASE = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 21, PeriodKind.SEMESTER: 31, PeriodKind.YEAR: 0}
_PATTERN = re.compile(r"^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|S([12])))?$")


class PeriodError(ValueError):
    """The text is not a period."""


class YearError(PeriodError):
    """The text is a period of a year that is not taken."""


@total_ordering
@dataclass(frozen=True)
class Period:
    """A month, quarter, semester or year; `index` counts from 0 inside its year."""

    year: int
    kind: PeriodKind
    index: int = 0

    def __post_init__(self) -> None:
        if not FIRST_YEAR - _YEARS_BEFORE <= self.year <= LAST_YEAR:
            raise PeriodError(f"{self.year}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
        if not 0 <= self.index < 12 // _MONTHS_IN[self.kind]:
            raise PeriodError(f"a year has no {self.kind} number {self.index + 1}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2009-03`, `2009-Q1`, `2009-S1` or `2009`; raise PeriodError for anything else.

        Of a year that is not taken it raises YearError.
        """
        match = _PATTERN.match(text.strip())
        if match is None:
            raise PeriodError(f"“{text}” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009")
        year, month, quarter, semester = match.groups()
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise YearError(f"{year}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
        if month:
            return cls(int(year), PeriodKind.MONTH, int(month) - 1)
        if quarter:
            return cls(int(year), PeriodKind.QUARTER, int(quarter) - 1)
        if semester:
            return cls(int(year), PeriodKind.SEMESTER, int(semester) - 1)
        return cls(int(year), PeriodKind.YEAR)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """The month with its usual number, 1 to 12."""
        return cls(year, PeriodKind.MONTH, month - 1)

    @classmethod
    def of_year(cls, year: int) -> Period:
        return cls(year, PeriodKind.YEAR)

    @classmethod
    def from_slot(cls, year: int, slot: int) -> Period:
        for kind in (PeriodKind.YEAR, PeriodKind.SEMESTER, PeriodKind.QUARTER, PeriodKind.MONTH):
            if slot >= _FIRST_SLOT[kind]:
                return cls(year, kind, slot - _FIRST_SLOT[kind])
        raise PeriodError(f"no slot {slot}")

    @classmethod
    @lru_cache(maxsize=4096)  # a page reads the same few dozen periods thousands of times
    def from_code(cls, code: int) -> Period:
        """The period stored as `code`: 200903, 200921 (Q1), 200931 (S1), 200900 (the year)."""
        year, rest = divmod(code, 100)
        for kind in (PeriodKind.SEMESTER, PeriodKind.QUARTER, PeriodKind.MONTH):
            if rest >= _CODE_BASE[kind]:
                return cls(year, kind, rest - _CODE_BASE[kind])
        return cls(year, PeriodKind.YEAR)

    @property
    def code(self) -> int:
        return self.year * 100 + _CODE_BASE[self.kind] + self.index

    @property
    def slot(self) -> int:
        return _FIRST_SLOT[self.kind] + self.index

    @property
    def first_month(self) -> int:
        """Number of its first month, 1 to 12."""
        return self.index * _MONTHS_IN[self.kind] + 1

    @property
    def last_month(self) -> int:
        return self.first_month + _MONTHS_IN[self.kind] - 1

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, self.first_month, 1)

    @property
    def end(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year, self.last_month, calendar.monthrange(self.year, self.last_month)[1])

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def share_of_year(self) -> float:
        """Its days as a share of the days of its year."""
        return self.days / Period.of_year(self.year).days

    def months(self) -> list[Period]:
        return [Period.month(self.year, m) for m in range(self.first_month, self.last_month + 1)]

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def year_before(self) -> Period:
        return Period(self.year - 1, self.kind, self.index)

    def shifted(self, steps: int) -> Period:
        """The period `steps` of its own length later (earlier when negative)."""
        per_year = 12 // _MONTHS_IN[self.kind]
        year, index = divmod(self.year * per_year + self.index + steps, per_year)
        return Period(year, self.kind, index)

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-{self.index + 1:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.index + 1}"
            case PeriodKind.SEMESTER:
                return f"{self.year}-S{self.index + 1}"
        return str(self.year)

    def __lt__(self, other: Period) -> bool:
        """By start; of two that start together the shorter comes first."""
        return (self.start, self.end) < (other.start, other.end)


def month_of(day: dt.date) -> Period:
    """The month in which a day lies. Raises PeriodError for days before or after all periods."""
    return Period.month(day.year, day.month)


def nearest_month(day: dt.date) -> Period:
    """As `month_of`; of days before or after all periods the first or the last there is. For bounds, never
    for the day of a figure.

    A ward may have opened in 1898, and closes on 31 December 9999 where others write that for never.
    """
    if day.year < FIRST_YEAR - _YEARS_BEFORE:
        return Period.month(FIRST_YEAR - _YEARS_BEFORE, 1)
    return month_of(day) if day.year <= LAST_YEAR else Period.month(LAST_YEAR, 12)
