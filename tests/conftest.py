"""What every test has.

The database is SQLite unless DATABASE_URL names another, the broker a folder unless
CELERY_BROKER_URL names another: the same suite runs on both.
"""

import pytest
from django.db import connection

# Who appears in the tests, and where they belong.
pytest_plugins = ["tests.cast", "tests.chromium"]


def pytest_report_header() -> str:
    from django.conf import settings

    return f"database: {settings.DATABASES['default']['ENGINE']}, broker: {settings.CELERY_BROKER_URL}"


@pytest.fixture
def on_postgresql(db: None) -> bool:
    """Whether the suite runs on PostgreSQL."""
    return connection.vendor == "postgresql"
