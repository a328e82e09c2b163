"""Nothing is asked for, saved or owed before a hospital and its units began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from entry.actions import assign_form
from entry.models import Form, Scope
from entry.queries.duties import duties_in
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import NewValue, ValueRefusedError, save_values
from indicators.marks import mark_everything
from indicators.models import DataElement, DataValue, IndicatorValue
from indicators.periods import Period, month_of
from scorecard.actions import recompute_scores
from tests.entry.test_first_months import (
    SLIP,
    _in_english,  # noqa: F401 - holds in all tests of this file
    begin,
    fresh,
    import_values,
    since_2026,  # noqa: F401 - a fixture
)
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows

pytestmark = pytest.mark.django_db


def tree_of(hospital: Hospital) -> UnitTree:
    return UnitTree.of(Hospital.objects.get(pk=hospital.pk))


def test_a_form_assigned_from_before_the_begin_asks_for_nothing_before_it(
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
    melati: Unit,
) -> None:
    """The hospital began in March 2026, the ward in April: the form is owed of it from April on."""
    begin(hospital, dt.date(2026, 3, 1))
    assert {duty.first_month for duty in duties_in(tree_of(hospital))} == {Period.month(2026, 3)}
    Unit.objects.filter(pk=melati.pk).update(opened_on=dt.date(2026, 4, 15))
    of_unit = {duty.unit.code: duty.first_month for duty in duties_in(tree_of(hospital))}
    assert of_unit["melati"] == Period.month(2026, 4)


def test_rows_of_the_year_do_not_owe_the_months_before_the_hospital_began(
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
    melati: Unit,
) -> None:
    """Of January to June 2026, what was computed in July, only March was given; it began in March."""

    def expected() -> int:
        recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 7, 20))
        year = IndicatorValue.objects.filter(unit=melati, period=Period.of_year(2026))
        return year.get(indicator__code="bor").expected

    mark_everything([hospital])  # because of July
    whole = expected()
    begin(hospital, dt.date(2026, 3, 1))
    assert expected() * 6 == whole * 4


def test_the_editor_says_from_when_a_form_is_asked_for(
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
    melati: Unit,
    joko: User,
    as_person: Callable[[User], Client],
) -> None:
    said = {"form": since_2026.pk, "unit": melati.pk, "scope": "this_unit", "first_month": "2025-01"}
    client = as_person(joko)
    begin(hospital, dt.date(2026, 3, 1))
    address = "/admin/entry/formassignment/add/"
    page = client.post(address, said, follow=True, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "began on 1 March 2026: nothing is asked for before March 2026." in page


def test_a_month_saved_past_all_ways_in_is_refused_where_values_are_saved(
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
    melati: Unit,
) -> None:
    begin(hospital, dt.date(2026, 1, 1))
    beds = DataElement.objects.get(code="beds")
    with pytest.raises(ValueRefusedError, match="lies before RSUD Anggrek began"):
        save_values([NewValue(fresh(melati), beds, SLIP, 20.0)], by=None)
    DataValue.objects.create(unit=melati, element=beds, period=SLIP, value=20)
    assert save_values([NewValue(fresh(melati), beds, SLIP, 20.0)], by=None).unchanged == 1
    assert save_values([NewValue(fresh(melati), beds, SLIP, None, None)], by=None).removed == 1


def test_a_new_hospital_begins_no_later_than_this_month(definitions: None, tmp_path: Path) -> None:
    this_month = month_of(timezone.localdate())
    new = ("--create-hospital", "RS Baru")
    lines = f",revenue,{this_month.shifted(1)},20\n"
    assert import_values(tmp_path, lines, *new, hospital="RSC") == ""
    assert Hospital.objects.get().begins_on == this_month.start
    assert import_values(tmp_path, f",revenue,{this_month},20\n", hospital="RSC") == ""


@pytest.mark.parametrize("opened", [dt.date(1898, 1, 12), dt.date(1, 1, 1)])
def test_a_first_day_before_all_periods_and_a_last_one_after_them_say_nothing(
    opened: dt.date,
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
) -> None:
    """A hospital of 1898 has the figures of one that does not say when it began; so has who never closes."""
    before = rows_from_scratch(hospital, dt.date(2026, 4, 20))
    begin(hospital, opened)
    for unit in hospital.units.all():
        unit.opened_on, unit.closed_on = opened, dt.date(9999, 12, 31)
        unit.save()
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    assert stored_rows(hospital) == before


def test_a_form_that_another_unit_fills_in_to_the_last_month_there_is_has_no_end(
    since_2026: Form,  # noqa: F811
    hospital: Hospital,
    melati: Unit,
    mawar: Unit,
) -> None:
    last = Period.month(2999, 12)
    scope = Scope.THIS_UNIT
    assign_form(form=since_2026, unit=mawar, first_month=SLIP, last_month=last, scope=scope, speaks_of=melati)
    (duty,) = [duty for duty in duties_in(tree_of(hospital)) if duty.unit == melati]
    assert (duty.filled_by, duty.last_month) == (mawar, None)
