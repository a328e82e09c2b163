"""Telling a worker that there is something to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def tell_worker(task: str, *ids: int) -> None:
    """Send the message that starts a task; raises when the broker is away.

    Celery is loaded with the first message: most processes never send one.
    """
    app: Any = import_string(settings.CELERY_APP)
    app.send_task(task, args=ids, retry=False)
