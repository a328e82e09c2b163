"""Telling a worker that there is something to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def tell_worker(task: str, *ids: int) -> None:
    """Send the message that starts a task; raises when the broker is away.

    Celery is loaded with the first message: most processes never send one.
    """
    _app().send_task(task, args=ids, retry=False)


def load_messages() -> None:
    """Load what sending takes, without connecting: for a process that is going to send messages for days."""
    app = _app()
    # Celery loads the parts of itself when they are first asked for.
    _loaded = app.amqp.Producer, app.events.default_dispatcher, app.Task, app.AsyncResult
    app.connection_for_write().get_transport_cls()


def _app() -> Any:
    return import_string(settings.CELERY_APP)
