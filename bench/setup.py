"""Django for a part of the bench that runs in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
    import django

    django.setup()


def report(**figures: Any) -> None:
    """Hand figures to the process that asked for them: the last line of the output."""
    sys.stdout.write(json.dumps(figures) + "\n")
