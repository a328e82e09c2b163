"""`make bench`: everything that is measured, one after the other, from one run."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from bench.database import database_for_bench

REDIS = os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/15")
#: Parts measured by other rooms, each with a `run()` of its own that prints its figures.
MORE = ("bench.start", "bench.entry", "bench.surveys")
LONGEST_SECONDS = 1800


def measure(part: str, settings: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run one part in a process of its own, so that its memory is its own; returns its figures."""
    found = subprocess.run(
        [sys.executable, "-m", part, *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if found.returncode:
        raise SystemExit(f"{part} failed")
    return json.loads(found.stdout.splitlines()[-1])


def recomputation(database: str, hospitals: int) -> None:
    settings = {"DATABASE_URL": database}
    print(f"Full recomputation: {hospitals} hospitals x 20 units x 120 months x 40 data elements")
    built = measure("bench.build", settings, str(hospitals))
    print(f"  built                          {built['values']:>12,} data values in {built['seconds']:.0f} s")
    engine = measure("bench.recompute", settings)
    sql = measure("bench.sql", settings)
    print(
        f"  Imbang, one process            {engine['seconds']:>8.1f} s   "
        f"{engine['data_values'] / engine['seconds']:>10,.0f} values/s   "
        f"{engine['indicator_values']:,} indicator values and {engine['scores']:,} scores written"
    )
    two = measure("bench.recompute", settings, "2")
    values, both = sql["values"], sql["scores"]
    print(
        f"  Imbang, two workers            {two['seconds']:>8.1f} s   "
        f"{engine['data_values'] / two['seconds']:>10,.0f} values/s"
    )
    print(
        f"  SQL, sums alone                {sql['seconds']:>8.1f} s   "
        f"{engine['data_values'] / sql['seconds']:>10,.0f} values/s   {values[0]:,} indicator values"
    )
    print(
        f"  SQL, with counts and scores    {sql['seconds_with_scores']:>8.1f} s   "
        f"{engine['data_values'] / sql['seconds_with_scores']:>10,.0f} values/s   and {both[0]:,} scores"
    )
    print(
        f"  SQL with scores / Imbang       {sql['seconds_with_scores'] / engine['seconds']:>8.2f}     "
        f"with two workers {sql['seconds_with_scores'] / two['seconds']:.2f}   (goal: 2 or more)"
    )
    print(
        f"  SQL, sums alone / Imbang       {sql['seconds'] / engine['seconds']:>8.2f}     "
        f"with two workers {sql['seconds'] / two['seconds']:.2f}"
    )
    print(
        f"  the same in both               {values[2]:,} of {values[1]:,} values, "
        f"{both[2]:,} of {both[1]:,} scores"
    )
    print(f"  again, nothing changed         {engine['again_seconds']:>8.1f} s")
    print(f"  peak memory of Imbang          {engine['peak_mb']:>8.0f} MB")
    steps = ", ".join(f"{count}: {seconds:.1f} s" for count, seconds in engine["after"])
    first, last = engine["after"][0], engine["after"][-1]
    per_hospital = (last[1] / last[0]) / (first[1] / first[0])
    print(f"  growth, hospitals: seconds     {steps} ({per_hospital:.2f} x per hospital)")


def one_number(postgresql: str | None) -> None:
    print("From saving one number to the new score being readable (20 units, 120 months, 40 elements)")
    with tempfile.TemporaryDirectory(prefix="imbang-bench-") as folder:
        embedded = {
            "IMBANG_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "CELERY_BROKER_URL": "filesystem://",
        }
        _print_latency("SQLite and folder broker", measure("bench.one_number", embedded), goal=1.0)
        if postgresql:
            servers = {"IMBANG_VAR": folder, "DATABASE_URL": postgresql, "CELERY_BROKER_URL": REDIS}
            _print_latency("PostgreSQL and Redis", measure("bench.one_number", servers), goal=0.3)


def _print_latency(name: str, found: Mapping[str, Any], *, goal: float) -> None:
    print(
        f"  {name:<30} median {found['median']:.3f} s   p95 {found['p95']:.3f} s   "
        f"of {found['count']} saves   (goal: under {goal} s)"
    )


def main() -> None:
    hospitals = int(os.environ.get("BENCH_HOSPITALS", "25"))
    with database_for_bench() as database:
        recomputation(database, hospitals)
    with database_for_bench() as database:
        one_number(database)
    for part in MORE:
        if importlib.util.find_spec(part):
            importlib.import_module(part).run()


if __name__ == "__main__":
    main()
