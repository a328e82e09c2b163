"""A crowd answers: 500 people send in SERVQUAL through the public page, and nothing may be lost."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.setup import report, start

PEOPLE = 500
PHONES_AT_ONCE = 24
ITEMS = 25
#: A phone sends five answers at a time.
ITEMS_A_MESSAGE = 5
LONGEST_SECONDS = 240
ROOT = Path(__file__).parent.parent


def run() -> None:
    """Print how long the crowd took, how long single requests did, and what arrived."""
    print(
        f"Surveys: {PEOPLE} people answer {ITEMS} items twice, {PHONES_AT_ONCE} at once "
        "(SQLite and folder broker)"
    )
    with tempfile.TemporaryDirectory(prefix="imbang-bench-") as folder:
        settings = {
            "IMBANG_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "CELERY_BROKER_URL": "filesystem://",
            "PORT": str(_free_port()),
            "LOG_LEVEL": "ERROR",
        }
        token = _child(settings, "prepare")["token"]
        with _site(settings):
            begun = time.perf_counter()
            with ThreadPoolExecutor(PHONES_AT_ONCE) as phones:
                answering = phones.map(lambda _number: _answer(int(settings["PORT"]), token), range(PEOPLE))
                waits = list(answering)
            seconds = time.perf_counter() - begun
            found = _child(settings, "count")
            published = time.perf_counter() - begun - seconds
    requests = sorted(wait for person in waits for wait in person)
    print(f"  sent in                        {seconds:>8.1f} s   (goal: under 60)")
    print(
        f"  a request                      {1000 * requests[len(requests) // 2]:>8.0f} ms median, "
        f"{1000 * requests[int(len(requests) * 0.95)]:.0f} ms p95, of {len(requests):,}"
    )
    print(f"  arrived                        {found['people']:>8} people with {found['answers']:,} answers")
    print(
        f"  in the data values             {found['published']:>8} people, "
        f"{published:.1f} s after the last one was sent in"
    )
    lost = PEOPLE - found["people"], PEOPLE * ITEMS - found["answers"], PEOPLE - found["published"]
    print(f"  lost                           {max(lost):>8}   (goal: 0)")


def _answer(port: int, token: str) -> list[float]:
    """One phone, from opening the page to sending in; seconds each request took. It tries again like one."""
    waits = []
    key, path = secrets.token_urlsafe(32), f"/s/{token}/answers"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        waits.append(_request(connection, "GET", f"/s/{token}/", None))
        for first in range(1, ITEMS + 1, ITEMS_A_MESSAGE):
            answers = {f"q{n}": [3, 4] for n in range(first, first + ITEMS_A_MESSAGE)}
            waits.append(_request(connection, "POST", path, {"key": key, "answers": answers}))
        waits.append(_request(connection, "POST", path, {"key": key, "submit": True}))
    finally:
        connection.close()
    return waits


def _request(connection: http.client.HTTPConnection, method: str, path: str, body: Any) -> float:
    begun = time.perf_counter()
    for pause in (0.5, 1, 2, 4, 8):
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json"} if data else {})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
        else:
            # What was sent in before and is sent in again has arrived.
            if answer.status in (200, 409):
                break
        time.sleep(pause)
    return time.perf_counter() - begun


@contextmanager
def _site(settings: dict[str, str]) -> Iterator[None]:
    """Web server, worker and beat as `make demo` starts them."""
    celery = [sys.executable, "-m", "celery", "-A", "scorecard"]
    commands = (
        [sys.executable, "-m", "gunicorn", "scorecard.wsgi", "--log-level", "warning"],
        [*celery, "worker", "--loglevel", "error"],
        [*celery, "beat", "--loglevel", "error", "--pidfile="],
    )
    started = [
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=sys.stderr
        )
        for command in commands
    ]
    try:
        _wait_for(int(settings["PORT"]))
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as test:
            if test.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("the web server did not start")


def _free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


def _child(settings: dict[str, str], what: str) -> dict[str, Any]:
    found = subprocess.run(
        [sys.executable, "-m", "bench.surveys", what],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_SECONDS,
        check=True,
    )
    return json.loads(found.stdout.splitlines()[-1])


def _prepare() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from hospitals.actions import create_hospital
    from surveys.actions import open_campaign
    from surveys.models import Campaign, Questionnaire

    call_command("migrate", verbosity=0)
    call_command("sync_definitions", stdout=sys.stderr)
    call_command("collectstatic", "--noinput", verbosity=0, stdout=sys.stderr)
    hospital = create_hospital(code="BENCH", name="Bench")
    today = timezone.localdate()
    campaign = Campaign.objects.create(
        questionnaire=Questionnaire.objects.get(code="servqual"),
        unit=hospital.root,
        name="Bench",
        starts_on=today,
        ends_on=today + dt.timedelta(days=1),
    )
    open_campaign(campaign=campaign)
    report(token=campaign.link_token)


def _count() -> None:
    """Wait until everything is published, and count."""
    from indicators.models import DataValue
    from surveys.models import Answer, PublishMark, Response

    until = time.monotonic() + 60
    while PublishMark.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    value = DataValue.objects.filter(element__code="servqual_respondents").first()
    report(
        people=Response.objects.filter(submitted=True).count(),
        answers=Answer.objects.filter(reality=3, expectation=4).count(),
        published=int(value.value or 0) if value else 0,
    )


if __name__ == "__main__":
    start()
    {"prepare": _prepare, "count": _count}[sys.argv[1]]()
