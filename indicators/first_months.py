"""How far back a figure may lie: not before the hospital or its unit began, and not without a question far
before all that is known. One slip of the year, 1960 for 2026, would make six decades of periods.

Every way in calls this: cell, table, workbook, file, REST, command.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, ValueRefusedError
from indicators.models import Computation, DataValue
from indicators.periods import Period, month_of

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


def hospital_begins(hospital: Hospital, root: Unit | None) -> dt.date | None:
    """The first day from which there are figures of a hospital; `root` is its root unit. None: not said."""
    return max((day for day in (hospital.begins_on, root and root.opened_on) if day), default=None)


def root_of(unit: Unit) -> Unit:
    """No query where the parents were fetched with the unit."""
    while unit.parent is not None:
        unit = unit.parent
    return unit


def refuse_before_begin(*, unit: Unit, period: Period, hospital_begins: dt.date | None) -> None:
    """Raise ValueRefusedError for a period that ended before the hospital or the unit began."""
    if hospital_begins is not None and period.end < hospital_begins:
        raise _before(period, unit.hospital.name, hospital_begins)
    if unit.opened_on is not None and period.end < unit.opened_on:
        raise _before(period, unit.name, unit.opened_on)


def _before(period: Period, name: str, begins: dt.date) -> ValueRefusedError:
    said = _("%(period)s lies before %(name)s began, on %(day)s; an administrator can set another first day")
    return ValueRefusedError(said % {"period": period, "name": name, "day": begins})


def questions_about(hospital: Hospital, periods: Collection[Period]) -> list[FarBefore]:
    """What is to be asked before figures of `periods` are saved. Mostly one query, and no question.

    Read from the latest period back, each has to lie within a year of what is known by then: of what is
    stored, of the hospital's first day, or of another of `periods`.
    """
    first_year = Computation.objects.filter(hospital=hospital).values_list("first_year", flat=True).first()
    if not periods or (first_year is not None and min(p.year for p in periods) >= first_year):
        return []
    known = _first_known(hospital)
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
    if month >= month_of(timezone.localdate()).shifted(-MOST_EMPTY_MONTHS):
        return None
    known = _first_known(unit.hospital, apart_from=month)
    return known if known is not None and _is_far_before(month, known) else None


def far_before_in_words(periods: Collection[Period], hospital: Hospital, known: dt.date) -> str:
    shown = ", ".join(str(period) for period in sorted(periods, key=lambda p: p.start)[:3])
    if len(periods) > 3:
        shown += ", …"
    return _(
        "%(periods)s: more than a year before anything known of %(hospital)s, which begins in %(first)s."
    ) % {
        "periods": shown,
        "hospital": hospital.name,
        "first": month_of(known),
    }


def _first_known(hospital: Hospital, apart_from: Period | None = None) -> dt.date | None:
    rows = DataValue.objects.filter(unit__hospital=hospital)
    if apart_from is not None:
        rows = rows.exclude(period=apart_from)
    first = rows.aggregate(first=Min("period"))["first"]
    return min((day for day in (hospital.begins_on, first and first.start) if day), default=None)


def _is_far_before(period: Period, known: dt.date) -> bool:
    empty = (known.year - period.end.year) * 12 + known.month - period.end.month - 1
    return empty > MOST_EMPTY_MONTHS
