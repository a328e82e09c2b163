"""How far back a figure may lie at all: not before the hospital or its unit began.

Where values are saved or moved this is asked of each (`indicators.actions`); the ways in ask it of what they
read, so that a page or a file can say which cell or line it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from hospitals.dates import day_in_words
from hospitals.models import Hospital, Unit
from indicators.periods import Period


class ValueRefusedError(ValueError):
    """A number that cannot be true, whatever the form says."""


def first_day(*days: dt.date | None) -> dt.date | None:
    """The day on which all have begun; None: they always had."""
    return max((day for day in days if day), default=None)


def hospital_begins(hospital: Hospital, root: Unit | None) -> dt.date | None:
    """The first day from which there are figures of a hospital; `root` is its root unit. None: not said."""
    return first_day(hospital.begins_on, root.opened_on if root else None)


def begins_of(units: QuerySet[Unit]) -> dict[int, dt.date | None]:
    """Unit id → the first day of its hospital. One query, on which `units` are locked if they say so."""
    root = Unit.objects.filter(hospital=OuterRef("hospital"), parent=None).order_by()
    rows = units.annotate(root_opened=Subquery(root.values("opened_on")[:1]))
    return {
        pk: first_day(*days) for pk, *days in rows.values_list("pk", "hospital__begins_on", "root_opened")
    }


def lies_before_begin(*, unit: Unit, period: Period, hospital_begins: dt.date | None) -> bool:
    """Whether the period ended before the hospital or the unit began."""
    return any(day is not None and period.end < day for day in (hospital_begins, unit.opened_on))


def refuse_before_begin(*, unit: Unit, period: Period, hospital_begins: dt.date | None) -> None:
    """Raise ValueRefusedError for a period that ended before the hospital or the unit began."""
    if hospital_begins is not None and period.end < hospital_begins:
        raise _before(period, unit.hospital.name, hospital_begins)
    if unit.opened_on is not None and period.end < unit.opened_on:
        raise _before(period, unit.name, unit.opened_on)


def _before(period: Period, name: str, begins: dt.date) -> ValueRefusedError:
    said = _("%(period)s lies before %(name)s began, on %(day)s; an administrator can set another first day")
    return ValueRefusedError(said % {"period": period, "name": name, "day": day_in_words(begins)})


def outside_in_words(*, unit: Unit, periods: Collection[Period], hospital_begins: dt.date | None) -> str:
    """Why values of `periods` (one for each) cannot be the unit's; empty where they can."""
    said = {
        "before": _("%(number)s of these numbers lie before %(name)s began, on %(day)s."),
        "after": _("%(number)s of these numbers lie after %(name)s closed, on %(day)s."),
    }
    hospital_name = unit.hospital.name if hospital_begins else ""
    for kind, name, day in (
        ("before", hospital_name, hospital_begins),
        ("before", unit.name, unit.opened_on),
        ("after", unit.name, unit.closed_on),
    ):
        if day is None:
            continue
        outside = sum(p.end < day if kind == "before" else p.start > day for p in periods)
        if outside:
            return said[kind] % {"number": outside, "name": name, "day": day_in_words(day)}
    return ""
