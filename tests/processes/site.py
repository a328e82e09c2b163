"""A site of its own for tests with real processes: a database, a broker, workers, beat."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings

NOBODY_LISTENS_THERE = "redis://127.0.0.1:9/0"
#: For one process; machines that do other things as well are slow.
LONGEST_SECONDS = 100.0
ROOT = Path(__file__).parents[2]


class Site:
    """Everything runs in processes of its own, as it does for users; they share only the database."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.folder = folder
        self.settings = {
            "IMBANG_VAR": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "DJANGO_SETTINGS_MODULE": "scorecard.settings",
        }
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **other: str) -> dict[str, str]:
        return {**os.environ, **self.settings, **other}

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments], self.environment())

    def play(self, scene: str, *arguments: object, **settings: str) -> Any:
        """Run one function of scenes.py in a process of its own; returns what it returned."""
        return json.loads(self._run(self._scene(scene, arguments), self.environment(**settings)))

    def begin(self, scene: str, *arguments: object) -> subprocess.Popen[str]:
        """Start a scene and let it run beside the test."""
        return self._start(self._scene(scene, arguments), stdout=subprocess.PIPE)

    def worker(self) -> subprocess.Popen[str]:
        return self._start([*self._celery, "worker", "--loglevel", "info"], stderr=subprocess.PIPE)

    def beat(self) -> subprocess.Popen[str]:
        return self._start([*self._celery, "beat", "--loglevel", "warning"], stderr=subprocess.DEVNULL)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """`kill -9` the process and its children, as a power cut or the system would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=LONGEST_SECONDS)

    def wait_until_caught_up(self) -> None:
        left = self.play("marks_left_in_the_end", LONGEST_SECONDS / 2)
        assert left == 0, "the scores did not catch up"

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill(process)

    _celery = (sys.executable, "-m", "celery", "-A", "scorecard")

    def _scene(self, scene: str, arguments: tuple[object, ...]) -> list[str]:
        return [sys.executable, "-m", "tests.processes.scenes", scene, *map(str, arguments)]

    def _run(self, command: list[str], environment: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, command: list[str], **streams: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            env=self.environment(),
            cwd=ROOT,
            text=True,
            start_new_session=True,
            stdout=streams.get("stdout", subprocess.DEVNULL),
            stderr=streams.get("stderr"),
        )
        self.started.append(process)
        return process


@contextmanager
def database_for_site(folder: Path) -> Iterator[str]:
    """The URL of an empty database of the kind the suite runs on, removed afterwards."""
    found = settings.DATABASES["default"]
    if "sqlite" in found["ENGINE"]:
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    name = f"imbang_processes_{os.getpid()}"
    where = {"host": found["HOST"], "port": found["PORT"] or 5432, "user": found["USER"]}
    connection = psycopg2.connect(dbname="postgres", password=found["PASSWORD"], **where)
    connection.autocommit = True
    try:
        connection.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.cursor().execute(f"CREATE DATABASE {name}")
        secret = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
        yield f"postgres://{where['user']}{secret}@{where['host']}:{where['port']}/{name}"
        connection.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        connection.close()
