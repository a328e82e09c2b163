"""How much longer `manage.py check` takes than in a bare Django with the same apps of others.

Every command, worker and web process starts like this. Seconds are those of the processor, so that
what else the machine does matters little; the two take turns.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 7


def run() -> None:
    """Measure and print the line."""
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="imbang-bench-") as folder:
        settings = {
            "IMBANG_VAR": folder,
            "PYTHONPYCACHEPREFIX": folder,
            "PYTHONDONTWRITEBYTECODE": "",
            "BENCH_APPS": ",".join(_apps_of_others(folder)),
        }
        for _turn in range(PAIRS + 1):
            bare.append(_start({**settings, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}))
            ours.append(_start({**settings, "DJANGO_SETTINGS_MODULE": "scorecard.settings"}))
    # The first pair compiles.
    seconds, megabytes = (
        [statistics.median(found[which] for found in starts[1:]) for starts in (ours, bare)]
        for which in (0, 1)
    )
    print("Starting (manage.py check), against a bare Django with the same apps of others")
    print(
        f"  time                           {seconds[0]:>8.2f} s   bare {seconds[1]:.2f} s   "
        f"{seconds[0] / seconds[1]:.2f} x   (goal: 1.6 or less)"
    )
    print(
        f"  memory                         {megabytes[0]:>8.0f} MB  bare {megabytes[1]:.0f} MB   "
        f"{megabytes[0] / megabytes[1]:.2f} x   (goal: 1.8 or less)"
    )


def _apps_of_others(folder: str) -> list[str]:
    os.environ.setdefault("IMBANG_VAR", folder)
    from scorecard.settings import INSTALLED_APPS

    return [app for app in INSTALLED_APPS if not (ROOT / app).is_dir()]


def _start(settings: dict[str, str]) -> tuple[float, float]:
    """Seconds of the processor and megabytes of one start."""
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "manage.py", "check"],
        {**os.environ, **settings},
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)],
    )
    _pid, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"manage.py check failed with {settings['DJANGO_SETTINGS_MODULE']}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
