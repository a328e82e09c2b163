"""Parts that units keep although no form asks them for it: by what they gave themselves.

The engine says the same of whole years (`indicators.engine.keeping`); this is for one page, or one answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from hospitals.models import Unit
from indicators.asked import AskedOfUnits
from indicators.models import DataValue
from indicators.periods import Period


class UnaskedParts:
    """Which of the parts `codes` the units (of one hospital) keep in some periods without being asked.

    A unit keeps what it gave in the year or the one before, "not collected" as well, for times of which no
    form decides: of a part that no form of any unit has (it is not in `asked`), at all times; of others,
    until the first form with it begins, that of the unit if it has one. Nobody keeps what is retired.
    """

    def __init__(
        self,
        asked: AskedOfUnits,
        units: Collection[Unit],
        codes: Collection[str],
        periods: Collection[Period],
    ) -> None:
        self._begins = {(code, unit.pk): _begin(asked, code, unit) for code in codes for unit in units}
        undecided = {
            code
            for (code, _unit_id), begin in self._begins.items()
            if any(_is_before(period, begin) for period in periods)
        }
        self._given = _given(units, undecided, periods) if undecided else {}

    def of(self, unit: Unit, period: Period) -> set[str]:
        """Codes of those that the unit keeps in the period."""
        return {
            code
            for (code, unit_id), given in self._given.items()
            if unit_id == unit.pk and self._keeps(code, unit, period, given)
        }

    def _keeps(self, code: str, unit: Unit, period: Period, given: Iterable[Period]) -> bool:
        begin = self._begins[code, unit.pk]
        return _is_before(period, begin) and any(
            each.year in (period.year - 1, period.year)
            and _is_before(each, begin)
            and unit.is_open_in(each.start, each.end)
            for each in given
        )


def _begin(asked: AskedOfUnits, code: str, unit: Unit) -> dt.date | None:
    """The day from which it is decided whether the unit keeps it, by forms or since it is retired; None: it
    never is."""
    days = [asked.retired[code].start] if code in asked.retired else []
    if code in asked.kept:
        begins = {pk: min(first for first, _last in s) for pk, s in asked.kept[code].items() if s}
        begin = begins.get(unit.pk, min(begins.values(), default=None))
        days.append(dt.date.min if begin is None else begin.start)
    return min(days, default=None)


def _is_before(period: Period, begin: dt.date | None) -> bool:
    return begin is None or period.start < begin


def _given(
    units: Collection[Unit], codes: Collection[str], periods: Collection[Period]
) -> dict[tuple[str, int], list[Period]]:
    """For what the units gave the elements, back to the year before the first of the periods: one query."""
    rows = DataValue.objects.filter(
        unit__in=units,
        element__code__in=codes,
        period__gte=Period.of_year(min(period.year for period in periods) - 1),
        period__lt=Period.of_year(max(period.year for period in periods) + 1),
    )
    found: dict[tuple[str, int], list[Period]] = {}
    for code, unit_id, period in rows.order_by().values_list("element__code", "unit_id", "period"):
        found.setdefault((code, unit_id), []).append(period)
    return found
