"""Results that contradict each other keep their value, and have points only once somebody confirms them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from hospitals.models import Hospital, Unit, User
from indicators.agreements.actions import confirm, confirm_results, take_back_confirmation
from indicators.agreements.questions import question_at
from indicators.models import ConfirmedResults, IndicatorValue, RecomputeMark
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.indicators.agreements.conftest import YEAR
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows

CODES = ("avlos", "bor", "bto", "toi")


def marked(unit: Unit, period: Period = YEAR) -> set[str]:
    """Recomputed: the indicators that are marked; exactly those have a value and no points."""
    recompute_scores(hospital_id=unit.hospital_id)
    rows = IndicatorValue.objects.filter(unit=unit, period=period, indicator__code__in=CODES)
    found = {row.indicator.code for row in rows.select_related("indicator") if row.contradicts_others}
    for row in rows:
        assert row.value is not None
        assert (row.score is None, row.verdict is None) == (row.contradicts_others,) * 2
    return found


def confirm_all(hospital: Hospital, by: User) -> ConfirmedResults:
    question = question_at(agreement="bed_use", unit=hospital.root, period=YEAR)
    assert question is not None
    return confirm(question, by=by, why="counted without the nursery")


def test_what_the_others_speak_against_is_marked(printed: Hospital):
    assert marked(printed.root) == {"bor", "bto"}


def test_a_confirmation_brings_the_points_and_leaves_a_mark(printed: Hospital, ani: User):
    assert marked(printed.root)
    confirmed = confirm_all(printed, ani)
    assert RecomputeMark.objects.filter(hospital=printed).exists()
    assert marked(printed.root) == set()
    history = confirmed.history.get()
    assert (history.history_user, history.why) == (ani, "counted without the nursery")


def test_a_changed_result_voids_it(printed: Hospital, ani: User, report: Callable):
    confirm_all(printed, ani)
    assert marked(printed.root) == set()
    report(printed.root, bto_times=6.64)
    assert marked(printed.root) == {"bor", "bto"}
    report(printed.root, bto_times=6.63)
    assert marked(printed.root) == set(), "these are the values that were confirmed"


def test_one_more_result_voids_it(hospital: Hospital, ani: User, report: Callable):
    report(hospital.root, bor_percent=46.29, avlos_days=2.66, toi_days=6.9)
    confirm_all(hospital, ani)
    assert marked(hospital.root) == set()
    report(hospital.root, bto_times=6.63)
    assert marked(hospital.root) == {"bor", "bto"}


def test_what_was_confirmed_can_be_taken_back(printed: Hospital, ani: User):
    confirmed = confirm_all(printed, ani)
    assert marked(printed.root) == set()
    take_back_confirmation(confirmed=confirmed, by=ani)
    assert marked(printed.root) == {"bor", "bto"}
    assert ConfirmedResults.history.count() == 2


def test_a_confirmation_has_a_reason(printed: Hospital, ani: User):
    with pytest.raises(ValueError, match="reason"):
        confirm_results(
            unit=printed.root, period=YEAR, agreement="bed_use", values={"bor": 46.29}, by=ani, why=" "
        )
    with pytest.raises(IntegrityError):
        ConfirmedResults.objects.create(
            unit=printed.root, period=YEAR, agreement="bed_use", values={}, why=""
        )


def test_one_changed_result_moves_the_marks_of_all_as_computing_everything_does(
    printed: Hospital, report: Callable
):
    """The turn-over is mended, then the occupancy; each time only one element has changed."""
    assert marked(printed.root) == {"bor", "bto"}
    report(printed.root, bto_times=38.18)
    assert marked(printed.root) == {"bor"}
    assert stored_rows(printed) == rows_from_scratch(printed, None)
    report(printed.root, bor_percent=27.82)
    assert marked(printed.root) == set()
    assert stored_rows(printed) == rows_from_scratch(printed, None)


def test_units_and_periods_are_judged_by_themselves(printed: Hospital, melati: Unit, report: Callable):
    # Of a month: 31 / (6.1 + 2.1) = 3.78
    january = Period.month(2009, 1)
    report(melati, january, bor_percent=74.39, avlos_days=6.1, toi_days=2.1, bto_times=3.78)
    report(melati, bor_percent=60.12, toi_days=2.13, bto_times=50.55)
    assert marked(melati, january) == set()
    assert marked(melati) == {"bto"}
    assert marked(printed.root) == {"bor", "bto"}
