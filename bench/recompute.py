"""Full recomputation of all hospitals in this process, first into empty tables, then once more."""

from __future__ import annotations

import resource
import time

from bench.setup import report, start

STEPS = (1, 5, 10, 25)


def main() -> None:
    from hospitals.models import Hospital
    from indicators.models import DataValue, RecomputeMark
    from scorecard.actions import recompute_scores

    hospitals = list(Hospital.objects.order_by("code"))
    passes = []
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


if __name__ == "__main__":
    start()
    main()
