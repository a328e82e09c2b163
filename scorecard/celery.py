"""The Celery application: `celery -A scorecard worker`, `celery -A scorecard beat`."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from django.conf import settings

from scorecard.queue import configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")


def _configuration() -> dict[str, Any]:
    """Read when first needed: this module is imported before the settings are complete."""
    return configuration(settings.CELERY_BROKER_URL, settings.VAR, settings.WORKER_CONCURRENCY) | {
        "timezone": settings.TIME_ZONE
    }


# Celery warns a superuser of messages that can carry code; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("imbang")
app.add_defaults(_configuration)
app.autodiscover_tasks()
