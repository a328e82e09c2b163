"""What every test has.

The database is SQLite unless DATABASE_URL names another, the broker a folder unless
CELERY_BROKER_URL names another: the same suite runs on both.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation

# Who appears in the tests, and where they belong.
pytest_plugins = ["tests.cast", "tests.chromium"]


def pytest_report_header() -> str:
    from django.conf import settings

    return f"database: {settings.DATABASES['default']['ENGINE']}, broker: {settings.CELERY_BROKER_URL}"


@pytest.fixture(autouse=True)
def in_indonesian() -> Iterator[None]:
    """Every test begins in the site's own language, whatever the request before it was answered in."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def on_postgresql(db: None) -> bool:
    """Whether the suite runs on PostgreSQL."""
    return connection.vendor == "postgresql"
