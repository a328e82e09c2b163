"""Data migrations on filled tables."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("indicators", "0007_definition_stamp")]
AFTER = [("indicators", "0009_dated_definitions")]


@pytest.fixture
def back_again(transactional_db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def test_what_was_retired_is_retired_from_always_on(back_again: None) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps.get_model("indicators", "DataElement")
    shared = {"over_time": "sum", "over_units": "sum"}
    old.objects.create(code="gone", retired=True, **shared)
    old.objects.create(code="here", retired=False, **shared)
    executor = MigrationExecutor(connection)
    executor.migrate(AFTER)
    new = executor.loader.project_state(AFTER).apps.get_model("indicators", "DataElement")
    found = dict(new.objects.values_list("code", "retired_from"))
    assert found == {"gone": dt.date(1900, 1, 1), "here": None}
