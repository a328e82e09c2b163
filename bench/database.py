"""A PostgreSQL database that exists for one measurement."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2

NAME = "imbang_bench"


@contextmanager
def database_for_bench() -> Iterator[str]:
    """Create an empty database beside the one of BENCH_DATABASE_URL, yield its URL, drop it."""
    server = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    try:
        _execute(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        _execute(server, f"CREATE DATABASE {NAME}")
    except psycopg2.OperationalError as error:
        raise SystemExit(
            f"No PostgreSQL at {server}: {error}Set BENCH_DATABASE_URL, for example "
            "postgres://postgres@127.0.0.1:5432/postgres"
        ) from error
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    finally:
        _execute(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _execute(server: str, sql: str) -> None:
    connection = psycopg2.connect(server)
    try:
        connection.autocommit = True
        connection.cursor().execute(sql)
    finally:
        connection.close()
