"""From saving one number to the new score being readable, with a real worker and the real broker."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.setup import report, start

SAVES = 60
LONGEST_SECONDS = 30.0
POLL_SECONDS = 0.005


def main() -> None:
    from django.core.management import call_command

    from bench.data import build_hospital
    from scorecard.actions import recompute_scores

    call_command("migrate", verbosity=0)
    call_command("sync_definitions", stdout=sys.stderr)
    hospital = build_hospital(0)
    from indicators.marks import EVERYTHING
    from indicators.models import RecomputeMark

    RecomputeMark.objects.create(hospital=hospital, **EVERYTHING._asdict())
    recompute_scores(hospital_id=hospital.pk)
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "scorecard", "worker", "--loglevel", "warning"],
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )
    try:
        seconds = sorted(_saves(hospital))
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    report(median=seconds[len(seconds) // 2], p95=seconds[int(len(seconds) * 0.95)], count=len(seconds))


def _saves(hospital) -> list[float]:
    from indicators.actions import NewValue, save_values
    from indicators.models import DataElement, IndicatorValue
    from indicators.periods import Period
    from scorecard.tasks import REST

    ward = hospital.units.get(code="W03")
    element = DataElement.objects.get(code="patient_days")
    watched = IndicatorValue.objects.filter(
        unit=hospital.root, indicator__code="bor", period=Period.of_year(2020)
    )
    found = []
    for number in range(SAVES + 1):
        month = Period.month(2020, number % 12 + 1)
        before = watched.values_list("value", flat=True).get()
        begun = time.perf_counter()
        save_values([NewValue(ward, element, month, 500.0 + number)], by=None)
        while watched.values_list("value", flat=True).get() == before:
            if time.perf_counter() - begun > LONGEST_SECONDS:
                raise SystemExit("no score within half a minute")
            time.sleep(POLL_SECONDS)
        found.append(time.perf_counter() - begun)
        # One number at a time: the worker has rested when the next comes.
        time.sleep(REST.total_seconds())
    # The first save waits for the worker to start.
    return found[1:]


if __name__ == "__main__":
    start()
    main()
