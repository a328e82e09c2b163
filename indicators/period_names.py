"""Periods in words: Maret 2009, Triwulan I 2009, Semester I 2009, 2009."""

from __future__ import annotations

from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from indicators.periods import Period, PeriodKind

KINDS = {
    PeriodKind.YEAR: _("Year"),
    PeriodKind.SEMESTER: _("Semester"),
    PeriodKind.QUARTER: _("Quarter"),
    PeriodKind.MONTH: _("Month"),
}
_QUARTERS = (_("Quarter 1"), _("Quarter 2"), _("Quarter 3"), _("Quarter 4"))
_SHORT_QUARTERS = (_("Q1"), _("Q2"), _("Q3"), _("Q4"))
_SEMESTERS = (_("Semester 1"), _("Semester 2"))
_SHORT_SEMESTERS = (_("S1"), _("S2"))


def period_name(period: Period) -> str:
    """The period with its year: Maret 2009, Triwulan I 2009."""
    part = part_of_year_name(period)
    return f"{part} {period.year}" if part else str(period.year)


def short_period_name(period: Period) -> str:
    """The same, for the axis of a chart: Mar 2009, TW I 2009."""
    part = short_part_of_year_name(period)
    return f"{part} {period.year}" if part else str(period.year)


def months_so_far(period: Period, through: Period) -> str:
    """What a period that is not over holds, with its year: Januari–Oktober 2026."""
    return f"{months_of_year_so_far(period, through)} {period.year}"


def short_months_so_far(period: Period, through: Period) -> str:
    """The same, for the axis of a chart: Jan–Okt 2026."""
    first, last = (str(MONTHS[month])[:3] for month in _first_and_last(period, through))
    return f"{first if first == last else f'{first}–{last}'} {period.year}"


def months_of_year_so_far(period: Period, through: Period) -> str:
    """The same, without the year: Januari–Oktober."""
    first, last = (str(MONTHS[month]) for month in _first_and_last(period, through))
    return first if first == last else f"{first}–{last}"


def _first_and_last(period: Period, through: Period) -> tuple[int, int]:
    """`through` may name the month in any year: the same months of another one have the same numbers."""
    return period.first_month, min(max(through.last_month, period.first_month), period.last_month)


def part_of_year_name(period: Period) -> str:
    """Which part of its year a period is, without the year; empty for the whole of it."""
    match period.kind:
        case PeriodKind.MONTH:
            return str(MONTHS[period.first_month])
        case PeriodKind.QUARTER:
            return str(_QUARTERS[period.index])
        case PeriodKind.SEMESTER:
            return str(_SEMESTERS[period.index])
    return ""


def short_part_of_year_name(period: Period) -> str:
    match period.kind:
        case PeriodKind.MONTH:
            return str(MONTHS[period.first_month])[:3]
        case PeriodKind.QUARTER:
            return str(_SHORT_QUARTERS[period.index])
        case PeriodKind.SEMESTER:
            return str(_SHORT_SEMESTERS[period.index])
    return ""
