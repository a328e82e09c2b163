"""Data migrations on filled tables."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from indicators.definition_files import load_tables
from indicators.definition_schemas import IdentityTable
from indicators.periods import Period

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


@pytest.mark.parametrize("has_figures", [True, False])
def test_the_identity_that_judged_all_years_goes_on_where_figures_stand_on_it(
    back_again: None, has_figures: bool
) -> None:
    """It came from the files alone until then; what the files say now is no change of it."""
    before, after = [("indicators", "0010_earlier_years")], [("indicators", "0011_identities")]
    executor = MigrationExecutor(connection)
    executor.migrate(before)
    old = executor.loader.project_state(before).apps.get_model("indicators", "IndicatorValue")
    if has_figures:
        counts = {"reason": 0, "missing": 0, "present": 1, "expected": 1, "flags": 0, "alternative": 0}
        old.objects.create(unit_id=1, indicator_id=1, formula_id=1, period=Period.of_year(2009), **counts)
    executor = MigrationExecutor(connection)
    executor.migrate(after)
    rows = executor.loader.project_state(after).apps.get_model("indicators", "Identity").objects.all()
    assert [row.code for row in rows] == (["bed_use"] if has_figures else [])
    (shipped,) = (loaded.table for loaded in load_tables("identity", IdentityTable))
    wanted = shipped.model_dump(include={"indicators", "implied", "slack"})
    for row in rows:
        assert {field: getattr(row, field) for field in wanted} == wanted
        assert (row.valid_from, row.valid_until) == (dt.date(1900, 1, 1), None)
