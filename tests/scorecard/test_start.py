"""Every command, worker and web process starts with what all of them need, and nothing more."""

import os
import subprocess
import sys

import pytest

#: Loaded where they are used, because each would make every start longer; see `make bench`.
HEAVY = {
    "axe_playwright_python",
    "babel",
    "celery",
    "drf_spectacular.openapi",
    "drf_spectacular.views",
    "entry.actions",
    "environs",
    "hypothesis",
    "indicators.engine.compute",
    "kombu",
    "numpy",
    "openpyxl",
    "pandas",
    "playwright",
    "plotly",
    "pydantic",
    "rest_framework.generics",
    "rest_framework.views",
    "scipy",
    "segno",
    "statsmodels",
}

CHECK = """
import sys
import django
from django.core.management import call_command
django.setup()
call_command("check", verbosity=0)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.processes
def test_a_check_of_everything_loads_nothing_heavy(tmp_path) -> None:
    environment = {**os.environ, "IMBANG_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "scorecard.settings"}
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert {"surveys.urls", "surveys.models", "entry.admin"} <= loaded
    assert sorted(loaded & HEAVY) == []
