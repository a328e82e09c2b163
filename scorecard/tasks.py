"""Celery tasks: ids in, one call, safe to repeat."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from indicators.marks import announce
from indicators.models import RecomputeMark
from scorecard.actions import mark_month_rolled_over, recompute_scores

#: A mark younger than this has its own message under way.
GRACE = timedelta(seconds=2)


@shared_task
def recompute_hospital(hospital_id: int) -> None:
    recompute_scores(hospital_id=hospital_id)


@shared_task
def sweep() -> None:
    """Announce hospitals whose marks nobody took: the broker was away, or a worker died."""
    left = RecomputeMark.objects.filter(created_at__lt=timezone.now() - GRACE)
    for hospital_id in left.order_by().values_list("hospital_id", flat=True).distinct():
        announce(hospital_id)


@shared_task
def roll_over_month() -> None:
    mark_month_rolled_over()
