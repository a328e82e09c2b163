"""200 clerks saving cells at the same time, each in the form of a ward of their own, through the real
web server with a real worker beside it. Afterwards every number is compared with what was typed.

`python -m bench.entry load` is one such run on the database of DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from typing import Any, NamedTuple

from bench.database import database_for_bench
from bench.setup import report, start

CLERKS = 200
CELLS = ("beds", "patients_start", "admissions", "transfers_in", "transfers_out", "discharged_alive")
ROUNDS = 1
#: A form of 21 cells in three and a half minutes: finding the number on paper, typing it, Enter.
SECONDS_BETWEEN = 10.0
LONGEST_SECONDS = 300
PORT = int(os.environ.get("BENCH_PORT", "8129"))
GOAL_MS = 500
CSRF = "0123456789abcdefghijklmnopqrstuv"


class Clerk(NamedTuple):
    unit_code: str
    session: str


def run() -> None:
    """Measure on SQLite with the folder broker and on PostgreSQL, and print the figures."""
    print(f"{CLERKS} clerks saving a cell every {SECONDS_BETWEEN:g} s, on two web processes")
    with tempfile.TemporaryDirectory(prefix="imbang-bench-") as folder:
        _print("SQLite", _measure(folder, f"sqlite:///{folder}/bench.sqlite3"))
        with database_for_bench() as database:
            _print("PostgreSQL", _measure(folder, database))


def _measure(folder: str, database: str) -> dict[str, Any]:
    from bench.__main__ import measure

    settings = {"IMBANG_VAR": folder, "DATABASE_URL": database, "CELERY_BROKER_URL": "filesystem://"}
    return measure("bench.entry", settings, "load")


def _print(name: str, found: dict[str, Any]) -> None:
    print(
        f"  {name:<30} median {found['median']:.0f} ms   p95 {found['p95']:.0f} ms   "
        f"slowest {found['slowest']:.0f} ms   of {found['saves']} saves, "
        f"lost {found['lost']}, doubled {found['doubled']}, refused {found['refused']}   "
        f"(goal: p95 under {GOAL_MS} ms, nothing lost, nothing doubled)"
    )


def load() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("sync_definitions", stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)
    month, clerks = _build()
    web = {**os.environ, "PORT": str(PORT), "WEB_PROCESSES": "2", "LOG_LEVEL": "ERROR"}
    commands = (
        [sys.executable, "-m", "gunicorn", "scorecard.wsgi"],
        [sys.executable, "-m", "celery", "-A", "scorecard", "worker", "--loglevel", "error"],
    )
    processes = [
        subprocess.Popen(command, env=web, stdout=subprocess.DEVNULL, stderr=sys.stderr)
        for command in commands
    ]
    try:
        asyncio.run(asyncio.wait_for(_warm_up(clerks), 60))
        typed, milliseconds, refused = asyncio.run(
            asyncio.wait_for(_all_type(clerks, month), LONGEST_SECONDS)
        )
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
    lost, doubled = _compare(typed, month)
    milliseconds.sort()
    report(
        median=milliseconds[len(milliseconds) // 2],
        p95=milliseconds[int(len(milliseconds) * 0.95)],
        slowest=milliseconds[-1],
        saves=len(milliseconds),
        refused=refused,
        lost=lost,
        doubled=doubled,
    )


def _build() -> tuple[str, list[Clerk]]:
    """A hospital of 200 wards that reported the month before, with a clerk each, signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from entry.actions import assign_form
    from entry.models import Form
    from hospitals.actions import add_unit, create_hospital, give_role
    from hospitals.models import Role, User
    from indicators.actions import NewValue, save_values
    from indicators.models import DataElement
    from indicators.periods import month_of
    from scorecard.actions import recompute_scores

    month = month_of(dt.date.today()).shifted(-1)  # noqa: DTZ011
    hospital = create_hospital(code="BENCH", name="Bench")
    assign_form(form=Form.objects.get(code="inpatient_ward"), unit=hospital.root, first_month=month)
    clerks = []
    for number in range(CLERKS):
        ward = add_unit(parent=hospital.root, code=f"W{number:03}", name=f"Ward {number}", kind="ward")
        user = User.objects.create(username=f"clerk{number}")
        give_role(user=user, unit=ward, role=Role.DATA_ENTRY)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        clerks.append(Clerk(ward.code, str(session.session_key)))
    elements = DataElement.objects.filter(code__in=CELLS)
    wards = hospital.units.filter(kind="ward")
    before = month.shifted(-1)
    save_values((NewValue(ward, element, before, 10) for ward in wards for element in elements), by=None)
    recompute_scores(hospital_id=hospital.pk)
    return str(month), clerks


async def _warm_up(clerks: list[Clerk]) -> None:
    """Wait for the web server, and let its processes and the worker read their code: a site that is in
    use has done that long ago."""
    while True:
        try:
            await _ask(clerks[0], "GET", "/forms/")
            break
        except OSError:
            await asyncio.sleep(0.2)
    await asyncio.gather(*(_ask(clerk, "GET", "/forms/") for clerk in clerks[:24]))
    await asyncio.sleep(5)


async def _all_type(
    clerks: list[Clerk], month: str
) -> tuple[dict[tuple[str, str], list[float]], list[float], int]:
    """What was accepted, in order, by unit and element; milliseconds of every save; how many were not."""
    typed: dict[tuple[str, str], list[float]] = {}
    milliseconds: list[float] = []
    refused = 0

    async def type_form(clerk: Clerk, number: int) -> None:
        nonlocal refused
        await asyncio.sleep(random.random() * SECONDS_BETWEEN)  # noqa: S311
        seen = dict.fromkeys(CELLS, "")
        for turn in range(ROUNDS):
            for code in CELLS:
                value = float(number + turn)
                began = time.perf_counter()
                status = await _save(clerk, month, code, f"{value:.0f}", seen[code])
                took = time.perf_counter() - began
                milliseconds.append(1000 * took)
                if status == 200:
                    typed.setdefault((clerk.unit_code, code), []).append(value)
                    seen[code] = repr(value)
                else:
                    refused += 1
                await asyncio.sleep(max(SECONDS_BETWEEN - took, 0))

    await asyncio.gather(*(type_form(clerk, number) for number, clerk in enumerate(clerks)))
    return typed, milliseconds, refused


async def _save(clerk: Clerk, month: str, code: str, text: str, seen: str) -> int:
    path = f"/forms/BENCH/inpatient_ward/{clerk.unit_code}/{month}/cells/{code}/"
    return await _ask(clerk, "POST", path, f"text={text}&seen={seen}&language=id")


async def _ask(clerk: Clerk, method: str, path: str, body: str = "") -> int:
    """The status of the answer. A connection of its own, as after a pause of ten seconds."""
    request = (
        f"{method} {path} HTTP/1.1\r\n"
        f"Host: localhost\r\nConnection: close\r\nX-CSRFToken: {CSRF}\r\n"
        f"Cookie: sessionid={clerk.session}; csrftoken={CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


def _compare(typed: dict[tuple[str, str], list[float]], month: str) -> tuple[int, int]:
    """Numbers that are not stored as typed last, and values or history rows there are too many of."""
    from indicators.models import DataValue
    from indicators.periods import Period

    period = Period.parse(month)
    rows = DataValue.objects.filter(period=period).values_list("unit__code", "element__code", "value")
    stored: dict[tuple[str, str], list[float | None]] = {}
    for unit, element, value in rows:
        stored.setdefault((unit, element), []).append(value)
    lost = sum(stored.get(cell, [None])[-1] != values[-1] for cell, values in typed.items())
    history = DataValue.history.filter(period=period).count()
    accepted = sum(len(values) for values in typed.values())
    return lost, sum(len(values) - 1 for values in stored.values()) + max(history - accepted, 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["load"]:
        start()
        load()
    else:
        run()
