"""What finance entered of itself becomes the hospital's: one act of the administrator, with a reason."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from entry.actions import assign_form, move_history
from entry.models import CellNote, Form, HistoryMove, Scope, State, Submission
from entry.queries.history import history_of
from hospitals.models import Hospital, Unit, User
from indicators.models import DataElement, DataValue, RecomputeMark
from indicators.periods import Period
from tests.entry.conftest import MARCH, fill

pytestmark = pytest.mark.django_db

AsPerson = Callable[[User], Client]


@pytest.fixture
def form(finance: Unit) -> Form:
    """Finance has filled in the form of itself; March is approved."""
    form = Form.objects.get(code="finance")
    assign_form(form=form, unit=finance, first_month=Period.month(2026, 1), scope=Scope.THIS_UNIT)
    fill(finance, {"revenue": 500, "expense": 400, "patient_days": 7})
    fill(finance, {"revenue": 450}, Period.of_year(2025))
    Submission.objects.create(form=form, unit=finance, period=MARCH, state=State.APPROVED)
    return form


def where(code: str) -> set[tuple[str, str]]:
    rows = DataValue.objects.filter(element__code=code).select_related("unit")
    return {(row.unit.code, str(row.period)) for row in rows}


def test_numbers_notes_and_approvals_move_and_both_histories_say_so(
    form: Form, finance: Unit, hospital: Hospital, joko: User
) -> None:
    revenue = DataElement.objects.get(code="revenue")
    CellNote.objects.create(unit=finance, element=revenue, period=MARCH, text="late", by=joko)
    RecomputeMark.objects.all().delete()
    move = move_history(form=form, from_unit=finance, to_unit=hospital.root, by=joko, reason="counted once")
    assert (move.values, move.reason, move.by) == (3, "counted once", joko)
    assert where("revenue") == {("RSA", "2026-03"), ("RSA", "2025")}
    assert where("patient_days") == {("keuangan", "2026-03")}  # the form does not ask for them
    assert Submission.objects.get().unit == hospital.root
    assert CellNote.objects.get().unit == hospital.root
    there = history_of(unit=hospital.root, element=revenue, period=MARCH)
    assert [(c.before.value, c.after.value, c.by, c.why) for c in there] == [
        (None, 500, "Joko", "moved keuangan: counted once")
    ]
    here = history_of(unit=finance, element=revenue, period=MARCH)
    assert [(c.before.value, c.after.value) for c in here] == [(500, None), (None, 500)]
    assert here[0].why == "given RSA: counted once"
    marked = set(RecomputeMark.objects.filter(element=revenue).values_list("unit", "period"))
    assert marked == {(finance.pk, None), (hospital.root.pk, None)}


def test_nothing_moves_where_both_have_a_number(
    form: Form, finance: Unit, hospital: Hospital, joko: User
) -> None:
    fill(hospital.root, {"expense": 1})
    with pytest.raises(ValidationError, match="2026-03"):
        move_history(form=form, from_unit=finance, to_unit=hospital.root, by=joko, reason="x")
    assert where("revenue") == {("keuangan", "2026-03"), ("keuangan", "2025")}
    assert Submission.objects.get().unit == finance


def test_nothing_moves_where_both_have_begun_the_form(
    form: Form, finance: Unit, hospital: Hospital, joko: User
) -> None:
    Submission.objects.create(form=form, unit=hospital.root, period=MARCH)
    with pytest.raises(ValidationError, match="2026-03"):
        move_history(form=form, from_unit=finance, to_unit=hospital.root, by=joko, reason="x")


def test_nothing_moves_to_before_a_unit_opened_after_it_closed_or_before_the_hospital_began(
    form: Form, finance: Unit, hospital: Hospital, melati: Unit, joko: User
) -> None:
    """Of revenue and expense in March 2026 and revenue of 2025 one lies before March 2026, two after 2025."""
    move = {"form": form, "from_unit": finance, "by": joko, "reason": "x"}
    begins = Hospital.objects.filter(pk=hospital.pk)
    units = Unit.objects.filter(pk=melati.pk)
    for row, days, said in (
        (units, {"opened_on": dt.date(2026, 3, 1)}, "1 .* before Bangsal Melati began, on 1 March 2026"),
        (units, {"closed_on": dt.date(2025, 12, 31)}, "2 .* after Bangsal Melati closed, on 31 December"),
        (begins, {"begins_on": dt.date(2026, 4, 1)}, "3 .* before RSUD Anggrek began, on 1 April 2026"),
    ):
        row.update(**days)
        to_unit = Unit.objects.select_related("hospital").get(pk=melati.pk)
        with translation.override("en"), pytest.raises(ValidationError, match=said):
            move_history(**move, to_unit=to_unit)
        row.update(**dict.fromkeys(days))
    assert where("revenue") == {("keuangan", "2026-03"), ("keuangan", "2025")}
    move_history(**move, to_unit=Unit.objects.get(pk=melati.pk))
    assert where("revenue") == {("melati", "2026-03"), ("melati", "2025")}


def test_a_reason_two_units_of_one_hospital_and_the_right_are_needed(
    form: Form, finance: Unit, hospital: Hospital, kenanga: Unit, joko: User, ani: User, superuser: User
) -> None:
    move = {"form": form, "from_unit": finance, "to_unit": hospital.root, "by": joko, "reason": "x"}
    with pytest.raises(PermissionDenied):
        move_history(**move | {"by": ani})
    with pytest.raises(PermissionDenied):
        move_history(**move | {"to_unit": kenanga})
    for wrong in ({"reason": " "}, {"to_unit": finance}, {"to_unit": kenanga, "by": superuser}):
        with pytest.raises(ValidationError):
            move_history(**move | wrong)
    assert not HistoryMove.objects.exists()


def test_who_lets_finance_speak_of_the_hospital_is_told_where_its_history_is(
    form: Form, finance: Unit, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    said = {
        "form": form.pk,
        "unit": finance.pk,
        "speaks_of": hospital.root.pk,
        "scope": "this_unit",
        "first_month": "2026-04",
    }
    page = as_person(joko).post("/admin/entry/formassignment/add/", said, follow=True).content.decode()
    assert "Yang dilaporkan “Keuangan” mengenai dirinya sendiri selama ini tetap di sana." in page
    assert "/admin/entry/historymove/add/" in page


def test_an_administrator_moves_it_on_a_page_and_reads_there_what_was_moved(
    form: Form, finance: Unit, hospital: Hospital, joko: User, ani: User, as_person: AsPerson
) -> None:
    client = as_person(joko)
    said = {"form": form.pk, "from_unit": finance.pk, "to_unit": hospital.root.pk, "reason": "once"}
    fill(hospital.root, {"expense": 1})
    refused = client.post("/admin/entry/historymove/add/", said)
    assert "Kedua unit memiliki angka" in refused.content.decode()
    DataValue.objects.filter(unit=hospital.root).delete()
    answer = client.post("/admin/entry/historymove/add/", said)
    assert answer.status_code == 302
    made = HistoryMove.objects.get()
    assert (made.by, made.values) == (joko, 3)
    page = client.get(f"/admin/entry/historymove/{made.pk}/change/").content.decode()
    assert "once" in page
    assert client.post(f"/admin/entry/historymove/{made.pk}/change/", said).status_code == 403
    assert client.post(f"/admin/entry/historymove/{made.pk}/delete/").status_code == 403
    assert as_person(ani).get("/admin/entry/historymove/").status_code == 302
