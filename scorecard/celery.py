"""The Celery application: `celery -A scorecard worker`, `celery -A scorecard beat`."""

import os
from typing import Any

from celery import Celery
from django.conf import settings

from scorecard.queue import configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")


def _configuration() -> dict[str, Any]:
    """Read when first needed: this module is imported before the settings are complete."""
    return configuration(settings.CELERY_BROKER_URL, settings.VAR) | {"timezone": settings.TIME_ZONE}


app = Celery("imbang")
app.add_defaults(_configuration)
app.autodiscover_tasks()
