"""Rows that hundreds of tests begin with: made once in a process, copied for every test after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from psycopg2.extras import execute_values

from hospitals.models import Hospital, Unit

Rows = list[tuple[Any, ...]]


@dataclass
class KeptRows:
    """What `make` writes into the tables of `models`, parents before children.

    Copies keep their keys; hospitals and units that they speak of are found by their codes. Where one
    of the tables holds anything already, `make` is called: a copy never mixes with other rows.
    """

    models: Sequence[type[Model]]
    make: Callable[[], object]
    _rows: dict[type[Model], Rows] = field(default_factory=dict)
    _codes: dict[type[Model], dict[int, Any]] = field(default_factory=dict)

    def put(self) -> None:
        """Leave in the database what `make` leaves in it."""
        if any(model._base_manager.exists() for model in self.models):
            self.make()
        elif self._rows:
            self._copy()
        else:
            self.make()
            self._codes = _codes()
            self._rows = {model: _read(model) for model in self.models}

    @transaction.atomic  # rows may speak of rows that come later
    def _copy(self) -> None:
        here = {model: {code: key for key, code in keys.items()} for model, keys in _codes().items()}
        for model, rows in self._rows.items():
            columns = list(model._meta.local_concrete_fields)
            for at, column in enumerate(columns):
                of = column.related_model
                if of in here and of not in self._rows:
                    codes, keys = self._codes[of], here[of]
                    rows = [(*row[:at], row[at] and keys[codes[row[at]]], *row[at + 1 :]) for row in rows]
            _write(model, rows)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                cursor.execute(statement)


def _codes() -> dict[type[Model], dict[int, Any]]:
    """The codes of each hospital and each unit by its key, which is another one in every test."""
    units = Unit.objects.values_list("pk", "hospital__code", "code")
    return {
        Hospital: dict(Hospital.objects.values_list("pk", "code")),
        Unit: {key: (hospital, code) for key, hospital, code in units},
    }


def _names(model: type[Model]) -> tuple[str, str]:
    """Table and columns, quoted."""
    quote = connection.ops.quote_name
    columns = (quote(column.column) for column in model._meta.local_concrete_fields)
    return quote(model._meta.db_table), ", ".join(columns)


def _read(model: type[Model]) -> Rows:
    """The rows as the database itself gives them, which is what it takes."""
    table, columns = _names(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")
        return list(cursor.fetchall())


def _write(model: type[Model], rows: Rows) -> None:
    table, columns = _names(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", rows, page_size=500)
        else:
            places = ", ".join(["%s"] * len(model._meta.local_concrete_fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
