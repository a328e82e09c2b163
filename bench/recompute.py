"""Full recomputation of all hospitals in this process, first into empty tables, then once more."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from bench.setup import report, start

STEPS = (1, 5, 10, 25)


def main() -> None:
    from hospitals.models import Hospital
    from indicators.models import DataValue, RecomputeMark
    from scorecard.actions import recompute_scores

    _empty()
    hospitals = list(Hospital.objects.order_by("code"))
    passes: list[float] = []
    after, values, scores = [], 0, 0
    for _again in range(2):
        RecomputeMark.objects.bulk_create(RecomputeMark(hospital=h) for h in hospitals)
        begun = time.perf_counter()
        for number, hospital in enumerate(hospitals, 1):
            done = recompute_scores(hospital_id=hospital.pk)
            values, scores = values + done.indicator_values, scores + done.scores
            if not passes and (number in STEPS or number == len(hospitals)):
                after.append((number, time.perf_counter() - begun))
        passes.append(time.perf_counter() - begun)
    report(
        seconds=passes[0],
        again_seconds=passes[1],
        data_values=DataValue.objects.count(),
        indicator_values=values,
        scores=scores,
        after=after,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def main_with_workers(workers: int) -> None:
    """The same on processes side by side, as Celery's workers would: one hospital each at a time."""
    from hospitals.models import Hospital
    from indicators.models import RecomputeMark

    _empty()
    ids = list(Hospital.objects.order_by("code").values_list("pk", flat=True))
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital_id=pk) for pk in ids)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_ready) as pool:
        # Processes are started, with Django and the engine in them, before the clock is.
        list(pool.map(time.sleep, [0.5] * workers))
        begun = time.perf_counter()
        list(pool.map(_recompute, ids))
        seconds = time.perf_counter() - begun
    report(seconds=seconds)


def _ready() -> None:
    start()
    import scorecard.actions  # noqa: F401 - a worker loads the engine once in its life


def _recompute(hospital_id: int) -> None:
    from scorecard.actions import recompute_scores

    recompute_scores(hospital_id=hospital_id)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indicators_indicatorvalue, indicators_leftout, scorecard_score")
        cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    start()
    if len(sys.argv) > 1:
        main_with_workers(int(sys.argv[1]))
    else:
        main()
