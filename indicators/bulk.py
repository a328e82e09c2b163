"""Reading and writing many narrow rows at once.

PostgreSQL speaks COPY in its binary format, which numpy reads and writes without touching single
rows; SQLite gets `executemany`. Only numeric columns are handled: that is all the engine stores.

Source of the format: PostgreSQL's documentation of COPY, "Binary Format".
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from django.db import connection, models

_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
#: psycopg2 hands over 8 kB at a time unless told otherwise, which costs more than the copying.
_CHUNK = 1 << 20
_KEYS_AT_ONCE = 400
_TRAILER = struct.pack(">h", -1)
_DTYPES = {"bigint": ">i8", "integer": ">i4", "smallint": ">i2", "double precision": ">f8"}


def read_columns(model: type[models.Model], fields: Sequence[str], where: str) -> dict[str, np.ndarray]:
    """Columns of all rows that satisfy `where`, one array per field.

    NULL reads as NaN, in whole numbers as -1. `where` is SQL made by the caller of numbers only,
    never of anything a person typed.
    """
    columns = _fields(model, fields)
    if connection.vendor == "postgresql":
        return _copy_out(model, fields, columns, where)
    names = ", ".join(_without_null(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {_table(model)} WHERE {where}")
        rows = cursor.fetchall()
    by_column = zip(*rows, strict=True) if rows else [()] * len(columns)
    return {
        name: np.array(values, float if isinstance(column, models.FloatField) else np.int64)
        for name, column, values in zip(fields, columns, by_column, strict=True)
    }


def write_columns(model: type[models.Model], columns: Mapping[str, np.ndarray]) -> int:
    """Insert rows given as one array per field. NaN, and -1 in a nullable whole number, mean NULL.

    Returns how many rows were written.
    """
    fields = _fields(model, columns)
    arrays = [np.asarray(array) for array in columns.values()]
    count = len(arrays[0]) if arrays else 0
    if not count:
        return 0
    nulls = [_is_null(field, array) for field, array in zip(fields, arrays, strict=True)]
    if connection.vendor == "postgresql":
        _copy_in(model, fields, arrays, nulls)
        return count
    names = ", ".join(_column(field) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    lists = []
    for array, null in zip(arrays, nulls, strict=True):
        values = array.astype(object)
        if null is not None:
            values[null] = None
        lists.append(values.tolist())
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})"
        cursor.executemany(sql, list(zip(*lists, strict=True)))
    return count


class Difference(NamedTuple):
    """What is to be deleted and inserted so that stored rows become the wanted ones: see `difference`.

    `gone` are the keys of single rows; None deletes all that satisfy `where`.
    """

    model: type[models.Model]
    gone: Mapping[str, np.ndarray] | None
    where: str
    new: Mapping[str, np.ndarray]


def difference(
    model: type[models.Model], key: Sequence[str], columns: Mapping[str, np.ndarray], where: str
) -> Difference:
    """What makes the rows that satisfy `where` be exactly `columns`; `key` names the fields that identify
    a row. Writes nothing.

    Rows that are right already are left alone: computing again what has not changed writes nothing.
    """
    stored = read_columns(model, list(columns) if columns else list(key), where)
    nothing = {name: stored[name][:0] for name in key}
    if not len(stored[key[0]]):
        return Difference(model, nothing, where, columns)
    if not columns or not len(columns[key[0]]):
        return Difference(model, None, where, {})
    old_keys, new_keys = _numbered(key, stored, columns)
    order = np.argsort(old_keys)
    at = order[np.minimum(np.searchsorted(old_keys[order], new_keys), len(order) - 1)]
    same = old_keys[at] == new_keys
    for name, array in columns.items():
        old = stored[name][at]
        same &= (old == array) | ((old != old) & (array != array))
    right = np.zeros(len(old_keys), bool)
    right[at[same]] = True
    wrong = ~right
    if wrong.sum() > len(wrong) // 2:
        return Difference(model, None, where, columns)
    gone = {name: stored[name][wrong] for name in key}
    return Difference(model, gone, where, {name: array[~same] for name, array in columns.items()})


def carry_out(found: Difference) -> int:
    """Delete and insert what `difference` found; returns how many rows were inserted.

    Nobody may have written to these rows in between: that is the caller's to make sure.
    """
    if found.gone is None:
        _delete(found.model, found.where)
    else:
        _delete_keys(found.model, found.gone)
    return write_columns(found.model, found.new)


def _numbered(
    key: Sequence[str], stored: Mapping[str, np.ndarray], wanted: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """One whole number per row for the same key in both: stored and wanted.

    Raises OverflowError where even the different values of each field are too many for that.
    """
    columns = [(stored[name].astype(np.int64), wanted[name].astype(np.int64)) for name in key]
    if not _fits(max(old.max(), new.max()) + 1 for old, new in columns):
        # Ids grow for ever: then only the different ones are counted.
        columns = [_places(old, new) for old, new in columns]
        if not _fits(max(old.max(), new.max()) + 1 for old, new in columns):
            raise OverflowError(f"keys of {key} do not fit into one number")
    old_numbers = np.zeros(len(columns[0][0]), np.int64)
    new_numbers = np.zeros(len(columns[0][1]), np.int64)
    for old, new in columns:
        span = int(max(old.max(), new.max())) + 1
        old_numbers, new_numbers = old_numbers * span + old, new_numbers * span + new
    return old_numbers, new_numbers


def _fits(spans: Iterable[int]) -> bool:
    room = 2**62
    for span in spans:
        room //= int(span)
    return room >= 1


def _places(old: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both columns with the place of each value among all there are."""
    _values, places = np.unique(np.concatenate([old, new]), return_inverse=True)
    return places[: len(old)], places[len(old) :]


def _delete(model: type[models.Model], where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table(model)} WHERE {where}")


def _delete_keys(model: type[models.Model], keys: Mapping[str, np.ndarray]) -> None:
    columns = [_column(field) for field in _fields(model, keys)]
    rows = list(zip(*(array.tolist() for array in keys.values()), strict=True))
    if connection.vendor == "sqlite":
        # Of a list of rows it would look through the whole table; one row it finds by its key.
        one_row = " AND ".join(f"{column} = %s" for column in columns)
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {_table(model)} WHERE {one_row}", rows)
        return
    for start in range(0, len(rows), _KEYS_AT_ONCE):
        chunk = ", ".join(str(row) for row in rows[start : start + _KEYS_AT_ONCE])
        _delete(model, f"({', '.join(columns)}) IN (VALUES {chunk})")


def in_list(column: str, numbers: Sequence[int]) -> str:
    """SQL: the column is one of the numbers. No number, no row."""
    return f"{column} IN ({', '.join(str(int(n)) for n in numbers)})" if len(numbers) else "1 = 0"


def _fields(model: type[models.Model], names: Iterable[str]) -> list[models.Field]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _column(field: models.Field) -> str:
    return connection.ops.quote_name(str(field.column))


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _without_null(field: models.Field) -> str:
    name = _column(field)
    if isinstance(field, models.FloatField):
        # SQLite keeps no NaN: it reads NULL as None, which numpy makes NaN.
        return f"coalesce({name}, 'NaN')" if connection.vendor == "postgresql" else name
    # The type stays: -1 alone would widen a smallint.
    return f"coalesce({name}, CAST(-1 AS {_sql_type(field)}))" if field.null else name


def _is_null(field: models.Field, array: np.ndarray) -> np.ndarray | None:
    if not field.null:
        return None
    return np.isnan(array) if array.dtype.kind == "f" else array == -1


def _dtype(field: models.Field) -> str:
    return _DTYPES[_sql_type(field)]


def _sql_type(field: models.Field) -> str:
    return (field.db_type(connection) or "").split(" CHECK")[0]


def _row_dtype(names: Sequence[str], dtypes: Sequence[str | None]) -> np.dtype:
    """One row of the binary format; a column without dtype is NULL and has a length only."""
    parts: list[tuple[str, str]] = [("columns", ">i2")]
    for name, dtype in zip(names, dtypes, strict=True):
        parts.append((f"length {name}", ">i4"))
        if dtype is not None:
            parts.append((name, dtype))
    return np.dtype(parts)


def _copy_out(
    model: type[models.Model], fields: Sequence[str], columns: Sequence[models.Field], where: str
) -> dict[str, np.ndarray]:
    names = [_without_null(column) for column in columns]
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        query = f"SELECT {', '.join(names)} FROM {_table(model)} WHERE {where}"
        cursor.cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer, _CHUNK)
    row = _row_dtype(fields, [_dtype(column) for column in columns])
    content = buffer.getbuffer()[len(_HEADER) : -len(_TRAILER)]
    rows = np.frombuffer(content, row)
    return {name: rows[name].astype(rows.dtype[name].newbyteorder("=")) for name in fields}


def _copy_in(
    model: type[models.Model],
    fields: Sequence[models.Field],
    arrays: Sequence[np.ndarray],
    nulls: Sequence[np.ndarray | None],
) -> None:
    """Rows with the same columns empty have the same length, and are laid out together."""
    pattern = np.zeros(len(arrays[0]), np.int64)
    for bit, null in enumerate(nulls):
        if null is not None:
            pattern[null] |= 1 << bit
    names = [field.name for field in fields]
    buffer = io.BytesIO()
    buffer.write(_HEADER)
    # Few patterns occur: counting them is cheaper than sorting the rows.
    for found in np.flatnonzero(np.bincount(pattern)):
        chosen = pattern == found
        dtypes = [None if found >> bit & 1 else _dtype(field) for bit, field in enumerate(fields)]
        rows = np.empty(int(chosen.sum()), _row_dtype(names, dtypes))
        rows["columns"] = len(fields)
        for name, dtype, array in zip(names, dtypes, arrays, strict=True):
            rows[f"length {name}"] = -1 if dtype is None else np.dtype(dtype).itemsize
            if dtype is not None:
                rows[name] = array[chosen]
        buffer.write(rows.tobytes())
    buffer.write(_TRAILER)
    buffer.seek(0)
    quoted = ", ".join(_column(field) for field in fields)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {_table(model)} ({quoted}) FROM STDIN (FORMAT binary)", buffer, _CHUNK
        )
