"""The months of the made-up hospital, its days, and what a year does to it: rain, feasts, growth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.periods import SLOTS, Period, PeriodKind

#: Days simulated before the first month, so that the wards are not empty when it begins.
WARM_UP_DAYS = 90
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25))


@dataclass(frozen=True)
class Timeline:
    """`months` follow each other without a gap. Days are numbered from 0, the first day of warm-up."""

    months: tuple[Period, ...]

    @classmethod
    def ending_with(cls, last_month: Period, length: int) -> Timeline:
        return cls(tuple(last_month.shifted(-back) for back in reversed(range(length))))

    @cached_property
    def dates(self) -> np.ndarray:
        """datetime64 [day]"""
        first = np.datetime64(self.months[0].start, "D") - WARM_UP_DAYS
        return np.arange(first, np.datetime64(self.months[-1].end, "D") + 1)

    @cached_property
    def month_starts(self) -> np.ndarray:
        """Number of the first day of every month, and of the day after the last: int [month + 1]"""
        lengths = [month.days for month in self.months]
        return WARM_UP_DAYS + np.concatenate([[0], np.cumsum(lengths)])

    def day_of(self, date: dt.date) -> int:
        return int((np.datetime64(date, "D") - self.dates[0]).astype(int))

    def per_month(self, by_day: np.ndarray) -> np.ndarray:
        """Sum of a figure by day for every month: [day] → [month]"""
        return np.add.reduceat(by_day, self.month_starts[:-1])

    def complete(self, kind: PeriodKind) -> list[tuple[Period, slice]]:
        """Longer periods of which every month is there, each with the positions of its months."""
        found = []
        periods = (Period.from_slot(year, slot) for year in self._years for slot in range(SLOTS))
        for period in (p for p in periods if p.kind == kind):
            inside = period.months()
            if self.months[0] <= inside[0] and inside[-1] <= self.months[-1]:
                start = self.months.index(inside[0])
                found.append((period, slice(start, start + len(inside))))
        return found

    @cached_property
    def rain(self) -> np.ndarray:
        """0 in the middle of the dry season (August), 1 in that of the rains (February): [day]"""
        day_of_year = (self.dates - self.dates.astype("datetime64[Y]")).astype(int)
        return 0.5 * (1 + np.cos(2 * np.pi * (day_of_year - 45) / 365.25))

    @cached_property
    def feast(self) -> np.ndarray:
        """The days around Idul Fitri on which nobody goes to hospital who can wait: bool [day]"""
        return self._around(idul_fitri_of(self._years), before=4, after=8)

    @cached_property
    def feast_allowance(self) -> np.ndarray:
        """A week before Idul Fitri, when it has to be paid: bool [day]"""
        week_before = [date - dt.timedelta(days=7) for date in idul_fitri_of(self._years)]
        return self._around(week_before, before=0, after=0)

    @cached_property
    def year_end(self) -> np.ndarray:
        """20 to 31 December: bool [day]"""
        months = self.dates.astype("datetime64[M]")
        return (months.astype(int) % 12 == 11) & ((self.dates - months).astype(int) >= 19)

    @cached_property
    def years_passed(self) -> np.ndarray:
        """Years since the first month, as a fraction: [day]"""
        return (np.arange(len(self.dates)) - WARM_UP_DAYS) / 365.25

    @cached_property
    def is_open(self) -> np.ndarray:
        """Monday to Saturday without public holidays, on which clinics are open: bool [day]"""
        weekday = (self.dates.astype(int) + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
        fixed = [dt.date(year, month, day) for year in self._years for month, day in _FIXED_HOLIDAYS]
        closed = self._around(fixed, before=0, after=0) | self._around(
            idul_fitri_of(self._years), before=1, after=4
        )
        return (weekday != 6) & ~closed

    @property
    def _years(self) -> range:
        return range(self.months[0].year - 1, self.months[-1].year + 2)

    def _around(self, dates: Iterable[dt.date], *, before: int, after: int) -> np.ndarray:
        result = np.zeros(len(self.dates), bool)
        for date in dates:
            day = self.day_of(date)
            result[max(day - before, 0) : max(day + after + 1, 0)] = True
        return result


def idul_fitri_of(years: Iterable[int]) -> list[dt.date]:
    """1 Shawwal by the arithmetical (tabular) Islamic calendar: within a day of the announced one."""
    wanted = set(years)
    found = []
    for year in range(min(wanted) - 640, min(wanted) - 540):
        # Days of whole years with their leap days, nine months of 30 and 29 days in turn, the epoch.
        days = 354 * (year - 1) + (3 + 11 * year) // 30 + 266
        date = dt.date.fromordinal(days + dt.date(622, 7, 19).toordinal())
        if date.year in wanted:
            found.append(date)
    return found
