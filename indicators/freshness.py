"""Whether the scores of a hospital have caught up with its numbers, and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min

from hospitals.models import Hospital
from indicators.models import Computation, RecomputeMark


@dataclass(frozen=True)
class Freshness:
    """`computed_at`: when scores were last computed. `waiting_since`: the oldest change not in them."""

    computed_at: dt.datetime | None
    waiting_since: dt.datetime | None

    @property
    def up_to_date(self) -> bool:
        return self.waiting_since is None


def freshness_of(hospital: Hospital) -> Freshness:
    """Two queries; marks first, so that a computation that ends in between is not missed."""
    waiting = RecomputeMark.objects.filter(hospital=hospital).aggregate(since=Min("created_at"))["since"]
    computed_at = Computation.objects.filter(hospital=hospital).values_list("computed_at", flat=True).first()
    return Freshness(computed_at, waiting)
