"""Recomputing what changed gives exactly the rows of recomputing everything."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.marks import mark_everything
from indicators.models import (
    ApprovedIndicatorValue,
    DataElement,
    IndicatorValue,
    LeftOut,
    RecomputeMark,
    Status,
)
from indicators.periods import SLOTS, Period
from indicators.storing import LEFT_OUT_KEY
from scorecard.actions import recompute_scores
from scorecard.models import ApprovedScore, Score

TODAY = dt.date(2010, 3, 15)
#: Flows, stocks, derived and as-reported results, growth (which looks a year back) and choices.
CODES = [
    "patient_days",
    "beds",
    "discharged_alive",
    "revenue",
    "revenue_realised",
    "current_assets",
    "bor_percent",
    "avlos_days",
    "toi_days",
    "bto_times",
]

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def stored_rows(hospital: Hospital) -> Rows:
    """Every indicator value and score of a hospital, by its key."""
    of_values, of_scores = ["unit_id", "indicator_id", "period"], ["unit_id", "period", "level", "node"]
    stored = {
        IndicatorValue: of_values,
        ApprovedIndicatorValue: of_values,
        LeftOut: [f"{name}_id" if name in ("unit", "indicator", "part") else name for name in LEFT_OUT_KEY],
        Score: of_scores,
        ApprovedScore: of_scores,
    }
    found: Rows = {}
    for model, key in stored.items():
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "pk"]
        ordered = [*key, *(name for name in names if name not in key)]
        for row in model._default_manager.filter(unit__hospital=hospital).values_list(*ordered):
            found[model.__name__, *row[: len(key)]] = row[len(key) :]
    return found


def rows_from_scratch(hospital: Hospital, today: dt.date) -> Rows:
    mark_everything([hospital])
    recompute_scores(hospital_id=hospital.pk, today=today)
    return stored_rows(hospital)


def random_change(random: Random, units: list[Unit], elements: list[DataElement]) -> list[NewValue]:
    """One to four values: new, changed, a reason instead of a number, or taken back."""
    changes = []
    for _ in range(random.randint(1, 4)):
        slot = random.choice([random.randrange(12), random.randrange(12), random.randrange(SLOTS)])
        period = Period.from_slot(random.choice([2007, 2008, 2008, 2009, 2009]), slot)
        status = random.choice(
            [Status.REPORTED] * 5 + [Status.NOT_COLLECTED, Status.NOT_APPLICABLE, None, None]
        )
        unit = random.choice(units)
        if unit.opened_on is not None and period.end < unit.opened_on:
            # Nothing is taken before it opened.
            status = None
        value = float(random.randint(0, 40)) if status == Status.REPORTED else None
        changes.append(NewValue(unit, random.choice(elements), period, value, status))
    return changes


@pytest.mark.parametrize("seed", range(6))
def test_a_sequence_of_saves_ends_where_a_full_recomputation_does(
    definitions: None, hospital: Hospital, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    hospital.units.filter(code="mawar").update(opened_on=dt.date(2008, 7, 1))
    # Half of the time the last year is still running.
    today = TODAY if seed % 2 else dt.date(2009, 9, 15)
    units = list(hospital.units.all())
    elements = list(DataElement.objects.filter(code__in=CODES))
    assert len(elements) == len(CODES)
    for step in range(12):
        save_values(random_change(random, units, elements), by=None)
        recompute_scores(hospital_id=hospital.pk, today=today)
        if step % 3 == 2:
            found = stored_rows(hospital)
            assert found == rows_from_scratch(hospital, today)


def test_recomputing_twice_changes_nothing(numbers: None, hospital: Hospital) -> None:
    first = rows_from_scratch(hospital, TODAY)
    assert first
    assert rows_from_scratch(hospital, TODAY) == first


def test_a_hospital_without_marks_is_left_alone(numbers: None, hospital: Hospital) -> None:
    done = recompute_scores(hospital_id=hospital.pk)
    assert (done.marks, done.indicator_values, done.scores) == (0, 0, 0)


def save(
    unit: Unit, code: str, period: str, value: float | None, status: Status | None = Status.REPORTED
) -> None:
    element = DataElement.objects.get(code=code, hospital=None)
    save_values([NewValue(unit, element, Period.parse(period), value, status)], by=None)


def test_only_what_depends_on_the_change_is_rewritten(
    numbers: None, hospital: Hospital, melati: Unit, inap: Unit
) -> None:
    """A spoiled number stays spoiled wherever recomputation has no business."""
    mark_everything([hospital])
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    IndicatorValue.objects.update(value=-1.0)
    save(melati, "patient_days", "2009-02", 112)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    rewritten = IndicatorValue.objects.filter(unit__hospital=hospital).exclude(value=-1.0)
    cells = set(rewritten.values_list("unit__code", "period", flat=False))
    assert {unit for unit, _period in cells} <= {"melati", "inap", "RSA"}
    # February, its quarter, semester and year, and the same a year later for growth.
    allowed = {"2009-02", "2009-Q1", "2009-S1", "2009", "2010-02", "2010-Q1", "2010-S1", "2010"}
    assert {str(period) for _unit, period in cells} <= allowed
    bor = rewritten.get(unit=melati, indicator__code="bor", period=Period.parse("2009-02"))
    assert bor.value == pytest.approx(40)  # 112 of 280
    untouched = IndicatorValue.objects.get(unit=melati, indicator__code="bor", period=Period.parse("2009-01"))
    assert untouched.value == -1.0


def test_the_first_report_of_a_new_year_is_computed(numbers: None, hospital: Hospital, mawar: Unit) -> None:
    """The unit never reported the element before, and nobody reported anything of that year."""
    save(mawar, "beds", "2007-05", 20)
    save(mawar, "patient_days", "2007-05", 310)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    bor = IndicatorValue.objects.get(unit=mawar, indicator__code="bor", period=Period.parse("2007-05"))
    assert bor.value == pytest.approx(50)  # 310 of 20 × 31
    assert stored_rows(hospital) == rows_from_scratch(hospital, TODAY)


def test_a_year_whose_last_value_is_taken_back_disappears(
    numbers: None, hospital: Hospital, melati: Unit
) -> None:
    save(melati, "beds", "2007-05", 10)
    save(melati, "patient_days", "2007-05", 155)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert IndicatorValue.objects.filter(unit=melati, period="2007-05").exists()
    save(melati, "beds", "2007-05", None, None)
    save(melati, "patient_days", "2007-05", None, None)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert not IndicatorValue.objects.filter(unit=melati, period="2007-05").exists()
    assert stored_rows(hospital) == rows_from_scratch(hospital, TODAY)


def test_nothing_is_left_when_the_only_value_is_taken_back(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    save(melati, "patient_days", "2009-01", 248)
    save(melati, "beds", "2009-01", 10)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert Score.objects.filter(unit=melati).exists()
    save(melati, "patient_days", "2009-01", None, None)
    save(melati, "beds", "2009-01", None, None)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert stored_rows(hospital) == {}
    assert not RecomputeMark.objects.exists()


def test_a_save_in_a_new_month_also_tells_what_that_month_owes(
    numbers: None, hospital: Hospital, melati: Unit
) -> None:
    """The save comes before the hourly task that looks whether a month has passed."""
    mark_everything([hospital])
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2009, 4, 30))
    row = IndicatorValue.objects.get(unit=melati, indicator__code="bor", period="2009")
    assert (row.present, row.expected) == (3, 3)
    save(melati, "revenue", "2009-03", 1)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2009, 5, 1))
    row = IndicatorValue.objects.get(unit=melati, indicator__code="bor", period="2009")
    assert (row.present, row.expected) == (3, 4)
