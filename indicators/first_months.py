"""What lies far before all that is known of a hospital is asked about: one slip of the year, 1960 for 2026,
would make six decades of periods. Months before it began are refused: see `indicators.begins`.

Every way in calls this: cell, table, workbook, file, REST, command, tally, campaign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue
from indicators.models import DataValue
from indicators.periods import Period, month_of, nearest_month

#: The code under which the question is answered: by a program, and with `--confirm`.
FAR_BEFORE = "far-before"
#: So many months may lie empty between a figure and the first known after it.
MOST_EMPTY_MONTHS = 12


@dataclass(frozen=True)
class FarBefore:
    """Asked before figures of `periods` are saved."""

    text: str
    periods: frozenset[Period]
    code: str = FAR_BEFORE

    def is_about(self, value: NewValue) -> bool:
        return value.period in self.periods

    def answer_in(self, answers: Mapping[str, str]) -> str:
        """The reason given under its code; empty: none."""
        return answers.get(self.code, "").strip()


def questions_about(hospital: Hospital, periods: Collection[Period]) -> list[FarBefore]:
    """What is to be asked before figures of `periods` are saved. Mostly no query, and no question.

    Read from the latest period back, each has to lie within a year of what is known by then: of what is
    stored, of the hospital's first day, or of another of `periods`.
    """
    if not periods or all(_is_of_the_last_year(period) for period in periods):
        return []
    known = _first_known(hospital, min(periods, key=lambda p: p.start))
    far: set[Period] = set()
    for period in sorted(set(periods), key=lambda p: (p.end, p.start), reverse=True):
        if known is not None and _is_far_before(period, known):
            far.add(period)
        else:
            known = min(known or period.start, period.start)
    if known is None or not far:
        return []
    return [FarBefore(far_before_in_words(far, hospital, known), frozenset(far))]


def known_far_after(unit: Unit, month: Period) -> dt.date | None:
    """The first day of which anything else is known of the hospital of `unit`, if `month` lies far before it.

    No query for the months of the last year, which nearly all forms are of.
    """
    if _is_of_the_last_year(month):
        return None
    known = _first_known(unit.hospital, month)
    return known if known is not None and _is_far_before(month, known) else None


def far_before_in_words(periods: Collection[Period], hospital: Hospital, known: dt.date) -> str:
    in_order = [str(period) for period in sorted(periods, key=lambda p: p.start)]
    shown = ", ".join(in_order if len(in_order) <= 3 else [*in_order[:2], "…", in_order[-1]])
    return _("%(periods)s: more than a year before what is known of %(hospital)s, from %(first)s on.") % {
        "periods": shown,
        "hospital": hospital.name,
        "first": nearest_month(known),
    }


def _is_of_the_last_year(period: Period) -> bool:
    """Whether it cannot lie far before anything: nothing is known of the future."""
    return period.start >= month_of(timezone.localdate()).shifted(-MOST_EMPTY_MONTHS).start


def _first_known(hospital: Hospital, before: Period) -> dt.date | None:
    """The first day of what is known of a hospital: of its own first day, or of what is stored, from the
    latest back to the first gap of more than a year. What lies before a gap is one slip beside another.

    Looked for until `before` is no longer far before it: a query for each year.
    """
    rows = DataValue.objects.filter(unit__hospital=hospital).order_by()
    last = rows.aggregate(last=Max("period"))["last"]
    known = hospital.begins_on
    if last is None:
        return known
    known, year = min(known or last.start, last.start), last.year
    # Two calendar years without anything are more than a year.
    while year >= known.year - 2 and _is_far_before(before, known):
        stored = rows.filter(period__gte=Period.of_year(year), period__lt=Period.of_year(year + 1))
        periods = set(stored.values_list("period", flat=True).distinct())
        for period in sorted(periods, key=lambda p: (p.end, p.start), reverse=True):
            if _is_far_before(period, known):
                return known
            known = min(known, period.start)
        year -= 1
    return known


def _is_far_before(period: Period, known: dt.date) -> bool:
    empty = (known.year - period.end.year) * 12 + known.month - period.end.month - 1
    return empty > MOST_EMPTY_MONTHS
