"""Periods as people and programs write them, on every way in; what is none is refused with a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hospitals.not_found import SaidNotFound
from indicators.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodError, YearError


def read_period(text: str) -> Period:
    """The period that `text` says. Raises ValueError with a sentence, without a full stop, for whoever
    wrote it: that it is none, or that its year is not taken."""
    try:
        return Period.parse(text)
    except YearError as error:
        raise ValueError(year_not_taken(text)) from error
    except PeriodError as error:
        said = _("“%s” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009")
        raise ValueError(said % text[:40]) from error


def year_not_taken(text: str) -> str:
    """Of a period or year that is one: that it is too early, or too late."""
    said = _("“%(text)s”: years are taken from %(first)s to %(last)s")
    return said % {"text": text[:40], "first": FIRST_YEAR, "last": LAST_YEAR}


def period_in_address(text: str) -> Period:
    """As `read_period`, of the address of a page: raises SaidNotFound."""
    try:
        return read_period(text)
    except ValueError as error:
        raise SaidNotFound(f"{error}.") from error
