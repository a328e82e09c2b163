"""What each of the test processes that run side by side has for itself.

pytest-xdist numbers them (gw0, gw1, …) and pytest-django gives each a database; the folder (SQLite,
folder broker, files) and the databases of Redis are given here. What a test starts inherits them.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

#: Databases of Redis: one for the worker beside the live server, the next for the sites of tests/processes.
_DATABASES_EACH = 2


def _number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def own_folder(folder: str) -> str:
    return str(Path(folder) / f"process-{_number()}")


def own_broker(url: str) -> str:
    """The folder broker lies in the own folder; of Redis the databases are taken from that in `url` on."""
    if not url.startswith("redis"):
        return url
    parts = urlsplit(url)
    first = int(parts.path.strip("/") or 0)
    return parts._replace(path=f"/{first + _DATABASES_EACH * _number()}").geturl()


def broker_beside(url: str) -> str:
    """The broker for a site of its own, which must not take the messages of the suite's."""
    if not url.startswith("redis"):
        return url
    server, _slash, number = url.rpartition("/")
    return f"{server}/{int(number) + 1}"
