"""Celery tasks: ids in, one call, safe to repeat."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from surveys.answering import announce
from surveys.models import PublishMark
from surveys.publishing import publish_marked

#: A mark younger than this has its own message under way.
GRACE = timedelta(seconds=2)


@shared_task
def publish_campaign(campaign_id: int) -> None:
    publish_marked(campaign_id=campaign_id)


@shared_task
def sweep_surveys() -> None:
    """Announce campaigns with answers nobody published: most wait on purpose, some lost their message."""
    left = PublishMark.objects.filter(created_at__lt=timezone.now() - GRACE)
    for campaign_id in left.order_by().values_list("campaign_id", flat=True).distinct():
        announce(campaign_id)
