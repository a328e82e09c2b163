"""Finance fills in the hospital's figures: what is stored, who may, and who is asked."""

import datetime as dt
import json
from collections.abc import Callable

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from entry.actions import (
    approve,
    assign_form,
    confirm,
    reopen,
    save_cell,
    save_note,
    save_upload,
    submit,
    take_form_away,
    withdraw,
)
from entry.actions.reminders import remind
from entry.models import CellNote, Form, Scope, State, Submission, Upload
from entry.queries.approval import approvals_in
from entry.queries.completeness import Standing, completeness_of
from entry.queries.duties import duty_of
from entry.queries.keeping import units_expected, units_keeping
from entry.queries.sheet import read_sheet
from entry.queries.work import Group, work_of
from hospitals.models import Hospital, Role, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import NewValue, ValueRefusedError, save_values
from indicators.models import DataElement, DataValue
from indicators.periods import Period
from tests.cast import person
from tests.entry.conftest import MARCH, form_element, saved

pytestmark = pytest.mark.django_db

JANUARY = Period.month(2026, 1)
ROOT = "/forms/RSA/finance/"
SHEET = f"{ROOT}RSA/2026-03/"
AsPerson = Callable[[User], Client]


@pytest.fixture
def clerk(finance: Unit) -> User:
    return person("clerk", "Klerek", finance, Role.DATA_ENTRY)


@pytest.fixture
def head(finance: Unit) -> User:
    return person("head", "Kepala", finance, Role.APPROVER)


def type_revenue(form: Form, unit: Unit, by: User, text: str = "500"):
    return save_cell(
        form_element=form_element(form, "revenue"),
        unit=unit,
        period=MARCH,
        text=text,
        seen="",
        by=by,
        language="id",
    )


def fill_in(form: Form, unit: Unit) -> None:
    """Every required number, all 1000: no check objects."""
    cells = read_sheet(form=form, unit=unit, period=MARCH).cells
    required = [cell.element for cell in cells if cell.form_element.required]
    save_values([NewValue(unit, element, MARCH, 1000.0) for element in required], by=None)


def confirm_all(form: Form, unit: Unit, by: User) -> None:
    for problem in read_sheet(form=form, unit=unit, period=MARCH).open_problems:
        assert problem.severity == "soft", problem
        confirm(
            form=form,
            unit=unit,
            period=MARCH,
            check_key=problem.key,
            numbers=problem.numbers,
            reason="so it is",
            by=by,
        )


def test_the_numbers_are_stored_at_the_unit_that_the_form_speaks_of(
    books: Form, hospital: Hospital, finance: Unit, clerk: User
) -> None:
    saved(type_revenue(books, hospital.root, clerk))
    row = DataValue.objects.get()
    assert (row.unit, row.value) == (hospital.root, 500)
    assert duty_of(form=books, unit=finance, period=MARCH) is None
    with pytest.raises(PermissionDenied):
        type_revenue(books, finance, clerk)


def test_what_is_expected_and_kept_is_the_hospitals(books: Form, hospital: Hospital) -> None:
    tree = UnitTree.of(hospital)
    assert units_expected(tree)["revenue"] == {hospital.root.pk: [(JANUARY, None)]}
    assert units_keeping(tree)["short_term_securities"] == {hospital.root.pk: [(JANUARY, None)]}


def test_rights_come_from_the_unit_that_fills_it_in(
    books: Form, hospital: Hospital, clerk: User, head: User, rina: User, wati: User, as_person: AsPerson
) -> None:
    client = as_person(clerk)
    assert client.get(SHEET).status_code == 200
    answer = client.post(f"{SHEET}cells/revenue/", {"text": "500", "seen": "", "language": "id"})
    assert answer.status_code == 200
    assert as_person(wati).get(SHEET).status_code == 404
    assert as_person(wati).post(f"{SHEET}cells/revenue/", {"text": "1", "seen": ""}).status_code == 404
    assert as_person(rina).get(SHEET).status_code == 200  # looks at the whole hospital, and changes nothing
    assert as_person(rina).post(f"{SHEET}cells/revenue/", {"text": "1", "seen": ""}).status_code == 423
    assert DataValue.objects.get().value == 500


def test_the_page_says_who_fills_it_in(books: Form, clerk: User, as_person: AsPerson) -> None:
    page = as_person(clerk).get(SHEET).content.decode()
    assert "RSUD Anggrek: " in page
    assert "diisi oleh Keuangan" in page
    assert "diisi oleh Keuangan" in as_person(clerk).get("/forms/").content.decode()


def test_the_form_takes_its_way_with_the_people_of_finance(
    books: Form, hospital: Hospital, clerk: User, head: User, sri: User, ani: User
) -> None:
    Form.objects.filter(pk=books.pk).update(approval_steps=1)
    fill_in(books, hospital.root)
    confirm_all(books, hospital.root, clerk)
    with pytest.raises(PermissionDenied):
        submit(form=books, unit=hospital.root, period=MARCH, by=sri)
    submission = submit(form=books, unit=hospital.root, period=MARCH, by=clerk)
    assert submission.unit == hospital.root
    withdraw(submission=submission, by=clerk)
    submission = submit(form=books, unit=hospital.root, period=MARCH, by=clerk)
    with pytest.raises(PermissionDenied):
        approve(submission=submission, by=sri)
    submission = approve(submission=submission, by=head)
    assert submission.state == State.APPROVED
    revenue = DataElement.objects.get(code="revenue")
    with pytest.raises(ValueRefusedError):
        save_values([NewValue(hospital.root, revenue, MARCH, 1)], by=ani)
    assert reopen(submission=submission, by=ani, reason="again").state == State.RETURNED


def test_two_steps_of_approval_end_above_the_unit_that_fills_it_in(
    books: Form, hospital: Hospital, clerk: User, head: User, ani: User
) -> None:
    Form.objects.filter(pk=books.pk).update(approval_steps=2)
    fill_in(books, hospital.root)
    confirm_all(books, hospital.root, clerk)
    submission = approve(submission=submit(form=books, unit=hospital.root, period=MARCH, by=clerk), by=head)
    assert submission.state == State.SUBMITTED
    other_head = person(
        "other",
        "Lain",
        submission.unit.units if False else hospital.units.get(code="keuangan"),
        Role.APPROVER,
    )
    with pytest.raises(PermissionDenied):
        approve(submission=submission, by=other_head)
    assert approve(submission=submission, by=ani).state == State.APPROVED


def test_notes_are_for_those_who_fill_it_in(books: Form, hospital: Hospital, clerk: User, wati: User) -> None:
    cell = {"form_element": form_element(books, "revenue"), "unit": hospital.root, "period": MARCH}
    save_note(**cell, text="late invoices", follow_up=False, by=clerk)
    assert CellNote.objects.get().unit == hospital.root
    with pytest.raises(PermissionDenied):
        save_note(**cell, text="no", follow_up=False, by=wati)


def test_it_waits_on_the_desk_of_finance_and_nobody_else_is_reminded(
    books: Form, hospital: Hospital, clerk: User, wati: User, in_april: None, mailoutbox
) -> None:
    items = [item for group in work_of(clerk, today=dt.date(2026, 4, 8)).values() for item in group]
    assert {(item.unit, item.filled_by.code) for item in items} == {(hospital.root, "keuangan")}
    assert work_of(wati, today=dt.date(2026, 4, 8)) == {}
    for user in (clerk, wati):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    assert remind(user=User.objects.get(pk=clerk.pk), today=dt.date(2026, 4, 8)) == 1
    assert remind(user=User.objects.get(pk=wati.pk), today=dt.date(2026, 4, 8)) == 0
    assert "RSUD Anggrek" in mailoutbox[0].body


def test_a_submitted_form_waits_for_the_head_of_finance(
    books: Form, hospital: Hospital, clerk: User, head: User, in_april: None
) -> None:
    Submission.objects.create(form=books, unit=hospital.root, period=MARCH, state=State.SUBMITTED)
    found = work_of(head, today=dt.date(2026, 4, 8))
    assert [(item.unit, item.period) for item in found[Group.FOR_ME]] == [(hospital.root, MARCH)]
    assert Group.FOR_ME not in work_of(clerk, today=dt.date(2026, 4, 8))


def test_the_completeness_page_has_a_line_of_the_hospital(
    books: Form, hospital: Hospital, ani: User, as_person: AsPerson
) -> None:
    lines = completeness_of(hospital, ani, year=2026, today=dt.date(2026, 4, 20))
    (line,) = (line for line in lines if line.form == books)
    assert (line.unit, line.filled_by.code) == (hospital.root, "keuangan")
    assert line.months[2].standing == Standing.LATE
    assert "diisi oleh Keuangan" in as_person(ani).get("/forms/RSA/?year=2026").content.decode()


def test_what_is_not_approved_waits_at_the_hospital(books: Form, hospital: Hospital, finance: Unit) -> None:
    element = DataElement.objects.get(code="revenue")
    rows = {
        "unit": np.array([hospital.root.pk, finance.pk]),
        "element": np.array([element.pk] * 2),
        "period": np.array([MARCH.code] * 2),
    }
    tree = UnitTree.of(hospital)
    assert approvals_in(tree)(rows).tolist() == [True, False]
    Submission.objects.create(form=books, unit=hospital.root, period=MARCH, state=State.APPROVED)
    assert approvals_in(tree)(rows).tolist() == [False, False]


def test_two_approved_forms_of_the_hospital_and_a_month_lock_what_each_of_them_holds(
    books: Form, hospital: Hospital, ani: User
) -> None:
    staff = Form.objects.get(code="personnel")
    for form in (books, staff):
        Submission.objects.create(form=form, unit=hospital.root, period=MARCH, state=State.APPROVED)
    elements = {form.pk: form.form_elements.first().element for form in (books, staff)}
    for element in elements.values():
        with pytest.raises(ValueRefusedError, match="RSUD Anggrek"):
            save_values([NewValue(hospital.root, element, MARCH, 1.0)], by=ani)
    beds = DataElement.objects.get(code="beds")
    assert save_values([NewValue(hospital.root, beds, MARCH, 7.0)], by=ani).created == 1


def test_a_unit_takes_away_the_figures_of_its_own_months_alone(
    books: Form, hospital: Hospital, finance: Unit, inap: Unit, clerk: User, as_person: AsPerson
) -> None:
    """Finance spoke of the hospital until March; since April the inpatient department does."""
    books.assignments.update(last_month=MARCH)
    april = MARCH.shifted(1)
    told = {"form": books, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
    assign_form(**told, unit=inap, first_month=april)
    revenue = DataElement.objects.get(code="revenue")
    save_values([NewValue(hospital.root, revenue, month, 500.0) for month in (MARCH, april)], by=None)
    take = f"{ROOT}download/?unit=RSA&as=csv&period="
    assert "2026-03,500" in as_person(clerk).get(f"{take}2026-03").content.decode()
    assert as_person(clerk).get(f"{take}2026-04").status_code == 404
    of_the_year = as_person(clerk).get(f"{take}2026").content.decode()
    assert "2026-03,500" in of_the_year
    assert "2026-04" not in of_the_year


def test_a_workbook_of_finance_is_the_hospitals(
    books: Form, hospital: Hospital, clerk: User, as_person: AsPerson
) -> None:
    client = as_person(clerk)
    lines = "unit,element,period,value\nRSA,revenue,2026-03,700\n"
    assert client.get(f"{ROOT}download/?unit=RSA&period=2026-03&as=xlsx").status_code == 200
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = client.post(ROOT, {"file": SimpleUploadedFile("march.csv", lines.encode())})
    assert answer.status_code == 200, answer.context["faults"]
    save_upload(upload=Upload.objects.get(), by=clerk)
    assert DataValue.objects.get().unit == hospital.root


class TestByRest:
    def send(self, client: Client, **value: object):
        sent = {"unit": "RSA", "element": "revenue", "period": "2026-03", "value": 500} | value
        body = json.dumps({"hospital": "RSA", "values": [{k: v for k, v in sent.items() if v is not None}]})
        return client.post("/api/v1/data-values/", body, content_type="application/json")

    def test_a_clerk_of_finance_sends_the_hospitals_figures(
        self, books: Form, hospital: Hospital, clerk: User, as_person: AsPerson
    ) -> None:
        assert self.send(as_person(clerk)).status_code == 200
        assert self.send(as_person(clerk), unit=None, value=501).status_code == 200
        assert (DataValue.objects.get().unit, DataValue.objects.get().value) == (hospital.root, 501)

    @pytest.mark.parametrize(
        "other",
        [
            {"element": "patient_days"},
            {"period": "2025-12"},
            {"period": "2026"},
            {"unit": "melati"},
        ],
    )
    def test_and_nothing_else_of_the_hospital(
        self, books: Form, clerk: User, as_person: AsPerson, other: dict
    ) -> None:
        assert self.send(as_person(clerk), **other).status_code == 400
        assert not DataValue.objects.exists()

    def test_of_their_own_unit_they_send_what_they_like(
        self, books: Form, finance: Unit, clerk: User, as_person: AsPerson
    ) -> None:
        assert self.send(as_person(clerk), unit="keuangan", period="2025").status_code == 200
        assert DataValue.objects.get().unit == finance

    def test_once_the_form_is_taken_away_so_is_the_right(
        self, books: Form, finance: Unit, clerk: User, as_person: AsPerson
    ) -> None:
        take_form_away(form=books, unit=finance)
        assert self.send(as_person(clerk)).status_code == 400
