"""What the months of a running year were worth a year before: computed when it is read.

A period that is not over is compared with the same months of the year before, which are stored nowhere. One
computation of that year, without what came after those months, says it for every unit, indicator and
period of the hospital. It is remembered until something of an earlier year is computed again.

Wherever a change or an earlier year is shown, it is this that stands beside what still runs, and the words of
`compared_in_words` say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from hospitals.models import Hospital, Unit
from hospitals.tree import UnitTree
from indicators.catalogue import Catalogue
from indicators.computing import Scope, compute
from indicators.engine.scoring import Judged
from indicators.freshness import Freshness
from indicators.period_names import period_name, short_months_so_far
from indicators.periods import SLOTS, Period

#: So many hospitals, with and without unapproved numbers, a process remembers.
MOST_REMEMBERED = 32


class Before(NamedTuple):
    """An indicator of the same months a year before. The range is that of then, and of those months."""

    value: float | None
    score: float | None
    range_low: float | None = None
    range_high: float | None = None


def compared_in_words(period: Period, through: Period | None) -> str:
    """What `period` is compared with: "2025", or "Jan–Okt 2025" where it still runs, `through` October."""
    then = period.year_before()
    return period_name(then) if through is None else short_months_so_far(then, through)


def compared_through(period: Period, fresh: Freshness) -> Period | None:
    """The last month of the year before with which a period that still runs is compared; else None."""
    if fresh.expected_through is None or not fresh.is_running(period):
        return None
    return fresh.expected_through.year_before()


@dataclass(frozen=True, eq=False)
class SameMonths:
    """By indicator code, arrays [unit, 1, 19] of the year of `until`, NaN where there is nothing.

    `until`: the last month that is in them.
    """

    until: Period
    units: Mapping[int, int]
    values: Mapping[str, np.ndarray]
    judged: Mapping[str, Judged]

    def at(self, unit: Unit, period: Period) -> dict[str, Before]:
        """By code: what has a value in the months of `period` (of that year) so far."""
        position = self.units.get(unit.pk)
        if position is None or period.start > self.until.end:
            return {}
        found = {}
        cell = (position, 0, period.slot)
        for code, values in self.values.items():
            if not np.isnan(values[cell]):
                judged = self.judged[code]
                found[code] = Before(
                    float(values[cell]),
                    _known(judged.score[cell]),
                    _known(judged.range_low[cell]),
                    _known(judged.range_high[cell]),
                )
        return found


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def same_months_of(hospital: Hospital, fresh: Freshness, *, approved_only: bool) -> SameMonths | None:
    """The months of the running year, a year before; None before anything was computed."""
    if fresh.expected_through is None or fresh.earlier_years_at is None:
        return None
    until = fresh.expected_through.year_before()
    return _computed(hospital.pk, fresh.earlier_years_at, until, approved_only)


@lru_cache(maxsize=MOST_REMEMBERED)
def _computed(hospital_id: int, as_of: dt.datetime, until: Period, approved_only: bool) -> SameMonths:
    """`as_of` only says when what is remembered is out of date."""
    hospital = Hospital.objects.get(pk=hospital_id)
    tree = UnitTree.of(hospital)
    catalogue = Catalogue.of(hospital, tree)
    scope = Scope(
        years=range(until.year, until.year + 1),
        indicators=list(catalogue.indicator_rules),
        units=np.arange(len(tree.units)),
        slots=np.ones((1, SLOTS), bool),
        whole=False,
    )
    after = until.end + dt.timedelta(days=1)
    computed = compute(hospital, scope, catalogue, after, through=until)
    results, judged = computed.results, computed.judged
    if approved_only and computed.approved is not None:
        results, judged = results | computed.approved.results, judged | computed.approved.judged
    values = {code: result.value for code, result in results.items()}
    return SameMonths(until, tree.index_of(), values, judged)
