"""Celery tasks: ids in, one call, safe to repeat."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from entry.actions.reminders import people_to_remind, remind
from hospitals.messages import tell_worker
from hospitals.models import User

log = logging.getLogger(__name__)

REMIND_TASK = "entry.tasks.remind_person"


@shared_task
def remind_everybody() -> None:
    """Started by beat; one letter that cannot be sent keeps no other back."""
    for user in people_to_remind():
        tell_worker(REMIND_TASK, user.pk)


@shared_task
def remind_person(user_id: int) -> None:
    try:
        remind(user=User.objects.get(pk=user_id), today=timezone.localdate())
    except OSError as error:
        log.warning("reminder of person %s not sent, tried again with the next round: %s", user_id, error)
