"""What the months of a running year were worth a year before: computed when it is read.

A period that is not over is compared with the same months of the year before, which are stored nowhere. One
computation of that year, without what came after those months, says it for every unit, indicator and
period of the hospital. It is remembered until something of an earlier year is computed again.
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
from indicators.computing import Computed, Scope, compute
from indicators.freshness import Freshness
from indicators.periods import SLOTS, Period

#: So many hospitals, with and without unapproved numbers, a process remembers.
MOST_REMEMBERED = 32


class Before(NamedTuple):
    """An indicator of the same months a year before."""

    value: float | None
    score: float | None


@dataclass(frozen=True, eq=False)
class SameMonths:
    """By indicator code, arrays [unit, 19] of the year of `until`, NaN where there is nothing.

    `until`: the last month that is in them.
    """

    until: Period
    units: Mapping[int, int]
    values: Mapping[str, np.ndarray]
    scores: Mapping[str, np.ndarray]

    def at(self, unit: Unit, period: Period) -> dict[str, Before]:
        """By code: what has a value in the months of `period` (of that year) so far."""
        position = self.units.get(unit.pk)
        if position is None or period.start > self.until.end:
            return {}
        found = {}
        for code, values in self.values.items():
            value, score = values[position, period.slot], self.scores[code][position, period.slot]
            if not np.isnan(value):
                found[code] = Before(float(value), None if np.isnan(score) else float(score))
        return found


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
    computed = compute(hospital, scope, tree, catalogue, after, through=until)
    values, scores = _arrays(computed)
    if approved_only and computed.approved is not None:
        only_values, only_scores = _arrays(computed.approved)
        values, scores = values | only_values, scores | only_scores
    return SameMonths(until, tree.index_of(), values, scores)


def _arrays(computed: Computed) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    values = {code: result.value[:, 0] for code, result in computed.results.items()}
    return values, {code: judged.score[:, 0] for code, judged in computed.judged.items()}
