"""Reading settings from the environment.

A setting that is missing or malformed stops the start of every process (manage.py, web server,
worker, beat) with one sentence that names the variable, says what is wrong and gives an example.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

BROKER_SCHEMES = ("filesystem", "redis", "rediss")


class SettingError(SystemExit):
    """Ends the process: Python prints the sentence, without a stack trace, and exits with 1."""

    def __init__(self, name: str, problem: str, example: str) -> None:
        super().__init__(f"Setting {name} {problem}; set for example {name}={example}")


def _database_of(address: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(address))
    except Exception as error:  # of many kinds, and some repeat the password
        raise ValueError("Not a valid database URL.") from error


#: What nearly every process reads, without environs: that takes a tenth of a bare Django's start to load.
_PLAIN: dict[str, Callable[[str], Any]] = {"str": str, "path": Path, "dj_db_url": _database_of}


def read(kind: str, name: str, default: Any = None, *, example: str, required: bool = False) -> Any:
    """The value of environment variable `name`, converted to `kind` (a method of environs.Env).

    An empty variable counts as absent. Absent gives `default`, or SettingError when `required`.
    """
    if not os.environ.get(name, "").strip():
        if required:
            raise SettingError(name, "is missing", example)
        return default
    try:
        if kind in _PLAIN:
            return _PLAIN[kind](os.environ[name])
        from environs import Env

        return getattr(Env(), kind)(name)
    except ValueError as error:  # environs' own is one
        raise SettingError(name, f"is malformed ({_reason(error)})", example) from error


def read_folder(name: str, default: Path, *, example: str) -> Path:
    """A folder that exists, or is made, and can be written to; absolute."""
    folder: Path = read("path", name, default, example=example).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(name, f"is no folder that can be made ({error.strerror})", example) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(name, "is a folder that cannot be written to", example)
    return folder


def read_database(default: str, *, required: bool) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL (SQLite or PostgreSQL)."""
    example = "postgres://user:password@127.0.0.1:5432/imbang"
    database: dict[str, Any] | None = read(
        "dj_db_url", "DATABASE_URL", None, example=example, required=required
    )
    if database is None:
        database = dict(dj_database_url.parse(default))
    engine = database["ENGINE"].rpartition(".")[2]
    if engine not in ("sqlite3", "postgresql"):
        raise SettingError("DATABASE_URL", f"names a database Imbang does not know ({engine})", example)
    if database["NAME"] in ("", ":memory:"):
        raise SettingError("DATABASE_URL", "names no database", example)
    return database


def read_broker(default: str, *, required: bool) -> str:
    """Celery's broker address from CELERY_BROKER_URL."""
    name, example = "CELERY_BROKER_URL", "redis://127.0.0.1:6379/0"
    address: str = read("str", name, default, example=example, required=required)
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (an impossible port raises here)
    except ValueError as error:
        raise SettingError(name, f"is malformed ({error})", example) from error
    if parts.scheme not in BROKER_SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in BROKER_SCHEMES)
        raise SettingError(name, f"must start with one of {known}", example)
    if parts.scheme.startswith("redis"):
        if not parts.hostname:
            raise SettingError(name, "names no host", example)
        if not re.fullmatch(r"/?|/\d+", parts.path):
            raise SettingError(name, "does not end in the number of a database", example)
    return address


def read_site(name: str, *, example: str) -> str:
    """The address of the site without a path and without a slash at its end; "" where it is not set."""
    address: str = read("str", name, "", example=example).strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (an impossible port raises here)
    except ValueError as error:
        raise SettingError(name, f"is malformed ({error})", example) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingError(name, "has to begin with https:// and a host name", example)
    if parts.path or parts.query or parts.fragment:
        raise SettingError(name, "has to end with the host name", example)
    return address


def secret_key(file: Path) -> str:
    """The secret key kept in `file`, made on first use and readable by its owner only.

    Web server, worker and beat may start at the same moment: the key is written aside and linked
    into place, so that exactly one of them wins and nobody reads half a key.
    """
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was first; its key is the one in force
        finally:
            draft.unlink()
    return file.read_text()


def _reason(error: Exception) -> str:
    text = str(error)
    if "invalid:" in text:
        text = text.partition("invalid:")[2]
    return " ".join(text.replace("['", "").replace("']", "").split()).rstrip(".")
