"""Celery tasks: ids in, one call, safe to repeat."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from indicators.marks import announce
from indicators.models import Computation, RecomputeMark
from scorecard.actions import mark_month_rolled_over, recompute_scores

#: A mark younger than this has its own message under way.
GRACE = timedelta(seconds=2)
#: Many clerks saving at once make one computation of a hospital after the other. This long a worker
#: rests in between, so that theirs is the machine; what came in meanwhile is computed together.
REST = timedelta(seconds=0.5)
_turns: dict[int, threading.Lock] = defaultdict(threading.Lock)


@shared_task
def recompute_hospital(hospital_id: int) -> None:
    with _turns[hospital_id]:
        if RecomputeMark.objects.filter(hospital=hospital_id).exists():
            time.sleep(_left_to_rest(hospital_id).total_seconds())
            recompute_scores(hospital_id=hospital_id)


def _left_to_rest(hospital_id: int) -> timedelta:
    computed_at = (
        Computation.objects.filter(hospital=hospital_id).values_list("computed_at", flat=True).first()
    )
    if computed_at is None:
        return timedelta(0)
    return min(max(computed_at + REST - timezone.now(), timedelta(0)), REST)


@shared_task
def sweep() -> None:
    """Announce hospitals whose marks nobody took: the broker was away, or a worker died."""
    left = RecomputeMark.objects.filter(created_at__lt=timezone.now() - GRACE)
    for hospital_id in left.order_by().values_list("hospital_id", flat=True).distinct():
        announce(hospital_id)


@shared_task
def roll_over_month() -> None:
    mark_month_rolled_over()
