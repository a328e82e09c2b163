"""What the processes of a test do: `python -m tests.processes.scenes NAME ARGUMENTS…` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

WARDS, ELEMENTS = 12, ("beds", "patient_days", "discharged_alive", "deaths_under_48h", "deaths_48h_or_more")
YEARS = range(2017, 2022)


def build() -> int:
    """A hospital with twelve wards and five years of five elements, not yet computed."""
    import numpy as np

    from hospitals.actions import add_unit, create_hospital
    from indicators.bulk import write_columns
    from indicators.engine.slots import codes_of_slots
    from indicators.marks import EVERYTHING
    from indicators.models import DataElement, DataValue, RecomputeMark

    hospital = create_hospital(code="RS1", name="RS Satu")
    wards = [
        add_unit(parent=hospital.root, code=f"W{n}", name=f"Ward {n}", kind="ward") for n in range(WARDS)
    ]
    ids = {e.code: e.pk for e in DataElement.objects.filter(code__in=ELEMENTS)}
    months = codes_of_slots(YEARS)[:, :12].ravel()
    unit, element, month = (axis.ravel() for axis in np.indices((WARDS, len(ELEMENTS), len(months))))
    write_columns(
        DataValue,
        {
            "unit": np.array([ward.pk for ward in wards])[unit],
            "element": np.array([ids[code] for code in ELEMENTS])[element],
            "period": months[month],
            "value": 10.0 + (unit + element + month) % 17,
            "status": np.zeros(unit.size, int),
        },
    )
    RecomputeMark.objects.create(hospital=hospital, **EVERYTHING._asdict())
    return len(months) * WARDS * len(ELEMENTS)


def announce_everything() -> int:
    """Mark the whole hospital, and tell the workers."""
    from django.db import transaction

    from hospitals.models import Hospital
    from indicators.marks import mark_everything

    with transaction.atomic():
        mark_everything(Hospital.objects.all())
    return marks_left()


def save_numbers(ward: str, start: str, count: str) -> int:
    """Save `count` numbers of a ward, one transaction each, as a clerk's cells would."""
    from hospitals.models import Unit
    from indicators.actions import NewValue, save_values
    from indicators.models import DataElement
    from indicators.periods import Period

    unit = Unit.objects.select_related("hospital").get(code=ward)
    element = DataElement.objects.get(code="patient_days")
    for number in range(int(count)):
        period = Period.month(2017 + number // 12 % len(YEARS), number % 12 + 1)
        save_values([NewValue(unit, element, period, float(start) + number)], by=None)
    return int(count)


def marks_left() -> int:
    from indicators.models import RecomputeMark

    return RecomputeMark.objects.count()


def marks_left_in_the_end(seconds: str) -> int:
    """Wait until no mark is left, or the time is over."""
    until = time.monotonic() + float(seconds)
    while (left := marks_left()) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def numbers_of(ward: str) -> list[float]:
    """Patient days of a ward by month."""
    from indicators.models import DataValue

    rows = DataValue.objects.filter(unit__code=ward, element__code="patient_days").order_by("period")
    return list(rows.values_list("value", flat=True))


def history_of(ward: str) -> int:
    from indicators.models import DataValue

    return DataValue.history.filter(unit__code=ward).count()


def stored_rows() -> list[list[Any]]:
    """Every stored indicator value and score."""
    from indicators.models import IndicatorValue
    from scorecard.models import Score

    values = IndicatorValue.objects.order_by("unit", "indicator", "period").values_list(
        "unit_id", "indicator_id", "period", "value", "present", "expected", "score", "verdict"
    )
    scores = Score.objects.order_by("unit", "period", "level", "node").values_list(
        "unit_id", "period", "level", "node", "score", "known"
    )
    return [[str(field) for field in row] for rows in (values, scores) for row in rows]


def rows_computed_anew() -> list[list[Any]]:
    """The same after everything was thrown away and computed again in one piece."""
    from hospitals.models import Hospital
    from indicators.marks import EVERYTHING
    from indicators.models import IndicatorValue, RecomputeMark
    from scorecard.actions import recompute_scores
    from scorecard.models import Score

    IndicatorValue.objects.all().delete()
    Score.objects.all().delete()
    hospital = Hospital.objects.get()
    RecomputeMark.objects.create(hospital=hospital, **EVERYTHING._asdict())
    recompute_scores(hospital_id=hospital.pk)
    return stored_rows()


if __name__ == "__main__":
    django.setup()
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - the answer to the test
