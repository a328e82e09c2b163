"""Whether the scores of a hospital have caught up with its numbers, and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min

from hospitals.models import Hospital
from indicators.models import Computation, RecomputeMark
from indicators.periods import Period


@dataclass(frozen=True)
class Freshness:
    """`computed_at`: when scores were last computed. `waiting_since`: the oldest change not in them.

    `expected_through`: the last month of which numbers were expected then; longer periods still run.
    `earlier_years_at`: when years before that month's were last computed.
    """

    computed_at: dt.datetime | None
    waiting_since: dt.datetime | None
    expected_through: Period | None = None
    earlier_years_at: dt.datetime | None = None

    @property
    def up_to_date(self) -> bool:
        return self.waiting_since is None

    def is_running(self, period: Period) -> bool:
        """Whether `period` was not over when the scores were computed: it speaks of its months so far."""
        return self.expected_through is not None and self.expected_through.end < period.end


#: Of a hospital that was never computed.
NEVER = Freshness(None, None)


def freshness_of(hospital: Hospital) -> Freshness:
    """Two queries; marks first, so that a computation that ends in between is not missed."""
    waiting = RecomputeMark.objects.filter(hospital=hospital).aggregate(since=Min("created_at"))["since"]
    computation = Computation.objects.filter(hospital=hospital).first()
    if computation is None:
        return Freshness(None, waiting)
    return _freshness(computation, waiting)


def of_computation(computation: Computation) -> Freshness:
    """Without asking what waits."""
    return _freshness(computation, None)


def _freshness(computation: Computation, waiting: dt.datetime | None) -> Freshness:
    return Freshness(
        computation.computed_at, waiting, computation.expected_through, computation.earlier_years_at
    )
