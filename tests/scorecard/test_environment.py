"""A missing or malformed setting stops every process with one sentence."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scorecard.environment import (
    SettingError,
    read,
    read_broker,
    read_database,
    read_folder,
    read_site,
    secret_key,
)

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def start(command: list[str], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `command` with `settings` as its whole environment, as far as Imbang reads it."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "scorecard.settings",
        "IMBANG_VAR": str(folder),
        **settings,
    }
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_absent_setting_has_its_default(monkeypatch):
    monkeypatch.delenv("NUMBER", raising=False)
    assert read("int", "NUMBER", 3, example="4") == 3


def test_an_empty_setting_counts_as_absent(monkeypatch):
    monkeypatch.setenv("NUMBER", " ")
    assert read("int", "NUMBER", 3, example="4") == 3


def test_a_required_setting_that_is_absent_is_named(monkeypatch):
    monkeypatch.delenv("NUMBER", raising=False)
    with pytest.raises(SettingError, match=r"^Setting NUMBER is missing; set for example NUMBER=4$"):
        read("int", "NUMBER", example="4", required=True)


def test_a_malformed_setting_is_named_with_the_reason_and_an_example(monkeypatch):
    monkeypatch.setenv("NUMBER", "many")
    with pytest.raises(
        SettingError,
        match=r"^Setting NUMBER is malformed \(Not a valid integer\); set for example NUMBER=4$",
    ):
        read("int", "NUMBER", example="4")


@pytest.mark.parametrize(
    ("address", "engine"),
    [
        ("sqlite:////somewhere/imbang.sqlite3", "sqlite3"),
        ("postgres://imbang:secret@127.0.0.1:5432/imbang", "postgresql"),
    ],
)
def test_both_databases_are_known(monkeypatch, address, engine):
    monkeypatch.setenv("DATABASE_URL", address)
    assert read_database("", required=True)["ENGINE"] == f"django.db.backends.{engine}"


@pytest.mark.parametrize(
    "address",
    [
        "imbang",
        "mysql://imbang:hidden@127.0.0.1/imbang",
        "postgres://imbang:hidden@127.0.0.1:port/imbang",
        "postgres://imbang:hidden@127.0.0.1/",
        "sqlite:///",
    ],
)
def test_a_wrong_database_address_is_refused_without_showing_its_password(monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(SettingError, match=r"^Setting DATABASE_URL ") as refusal:
        read_database("", required=False)
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(
    "address", ["redis", "amqp://127.0.0.1", "redis://", "redis://h:99999/0", "redis://h:6379/first"]
)
def test_a_wrong_broker_address_is_refused(monkeypatch, address):
    monkeypatch.setenv("CELERY_BROKER_URL", address)
    with pytest.raises(SettingError, match=r"^Setting CELERY_BROKER_URL "):
        read_broker("filesystem://", required=False)


@pytest.mark.parametrize("address", ["filesystem://", "redis://127.0.0.1", "rediss://u:p@h:6380/2"])
def test_a_right_broker_address_is_taken(monkeypatch, address):
    monkeypatch.setenv("CELERY_BROKER_URL", address)
    assert read_broker("", required=True) == address


@pytest.mark.parametrize(
    "address", ["scorecard.example", "ftp://a.example", "https://", "https://a.example/imbang", "https://a:b"]
)
def test_a_wrong_address_of_the_site_is_refused(monkeypatch, address):
    monkeypatch.setenv("SITE_URL", address)
    with pytest.raises(SettingError, match=r"^Setting SITE_URL .*; set for example SITE_URL=https://b$"):
        read_site("SITE_URL", example="https://b")


@pytest.mark.parametrize(
    ("address", "read_as"), [("https://a.example:8443/", "https://a.example:8443"), (" ", "")]
)
def test_the_address_of_the_site_is_taken_without_the_slash_at_its_end(monkeypatch, address, read_as):
    monkeypatch.setenv("SITE_URL", address)
    assert read_site("SITE_URL", example="https://b") == read_as


def test_a_folder_that_cannot_be_made_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FOLDER", str(tmp_path / "file" / "below"))
    with pytest.raises(SettingError, match=r"^Setting FOLDER is no folder that can be made"):
        read_folder("FOLDER", tmp_path, example="/var/lib/imbang")


def test_processes_that_start_together_get_the_same_secret_key(tmp_path):
    keys: list[str] = []
    barrier = threading.Barrier(16)

    def first_start() -> None:
        barrier.wait()
        keys.append(secret_key(tmp_path / "secret_key"))

    threads = [threading.Thread(target=first_start) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 50
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.processes
@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "manage.py", "check"],
        [str(BIN / "gunicorn"), "scorecard.wsgi"],
        [str(BIN / "celery"), "-A", "scorecard", "worker"],
        [str(BIN / "celery"), "-A", "scorecard", "beat", "--pidfile="],
    ],
    ids=["manage.py", "web", "worker", "beat"],
)
def test_every_process_ends_with_one_sentence(command, tmp_path):
    ended = start(command, tmp_path, DEBUG="perhaps")
    assert ended.returncode != 0
    assert ended.stderr.strip() == "Setting DEBUG is malformed (Not a valid boolean); set for example DEBUG=1"


PRODUCTION = {
    "IMBANG_PRODUCTION": "1",
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "scorecard.hospital.example",
    "DATABASE_URL": "postgres://imbang@127.0.0.1/imbang",
    "CELERY_BROKER_URL": "redis://127.0.0.1/0",
}


@pytest.mark.processes
@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL"])
def test_production_demands_what_must_be_chosen_by_hand(name, tmp_path):
    ended = start([sys.executable, "manage.py", "check"], tmp_path, **{**PRODUCTION, name: ""})
    assert ended.returncode == 1
    assert re.fullmatch(rf"Setting {name} is missing; set for example {name}=\S.*", ended.stderr.strip())


@pytest.mark.processes
def test_production_passes_the_deployment_check(tmp_path):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ended = start(command, tmp_path, **{**PRODUCTION, "SECRET_KEY": "aB3-" * 16 + "xyz90"})
    assert ended.returncode == 0, ended.stderr
