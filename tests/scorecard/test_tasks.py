"""Celery tasks: ids in, one call, safe to repeat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hospitals.models import Unit
from indicators.models import Indicator, IndicatorValue, RecomputeMark
from scorecard import tasks
from tests.scorecard.rates import report


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(tasks, "announce", found.append)
    return found


def test_recomputing_takes_the_marks_and_may_run_twice(rates: Indicator, melati: Unit) -> None:
    report(melati, "2009", 7)
    for _time in range(2):
        tasks.recompute_hospital(melati.hospital_id)
        assert not RecomputeMark.objects.exists()
        assert IndicatorValue.objects.filter(unit=melati, period="2009").count() == 1


def test_recomputing_a_hospital_that_is_gone_is_nothing_to_do(db: None) -> None:
    tasks.recompute_hospital(1234)


def test_the_sweep_announces_each_hospital_whose_marks_were_left_behind(
    rates: Indicator, melati: Unit, kenanga: Unit, announced: list[int]
) -> None:
    report(melati, "2009", 7)
    report(kenanga, "2009", 7)
    tasks.sweep()
    assert announced == []  # their own messages are under way
    late = timezone.now() - timedelta(minutes=1)
    RecomputeMark.objects.filter(hospital=melati.hospital).update(created_at=late)
    tasks.sweep()
    assert announced == [melati.hospital_id]
