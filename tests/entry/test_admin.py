"""Forms in the Django admin: an administrator writes the hospital's own and assigns them."""

from collections.abc import Callable

import pytest
from django.test import Client

from entry.form_definitions import FormTable
from entry.form_sync import sync_forms
from entry.form_text import FormTextError, read_form, write_form_text
from entry.models import Form, FormAssignment
from hospitals.models import Hospital, User
from indicators.definition_files import load_tables
from indicators.models import RecomputeMark

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]
OWN = """
code = "kitchen"
name = { en = "Kitchen", id = "Dapur \\"Gizi\\"" }
unit_kinds = ["service"]
section = [{ code = "all", name = { en = "All", id = "Semua" }, elements = [{ code = "expense_food" }] }]
"""


@pytest.mark.parametrize(
    "code", ["inpatient_ward", "outpatient_clinic", "finance", "personnel", "quality_and_complaints"]
)
def test_the_text_of_a_shipped_form_reads_back_as_the_same(definitions: None, code: str) -> None:
    shipped = next(f.table for f in load_tables("form", FormTable) if f.table.code == code)
    assert read_form(write_form_text(Form.objects.get(code=code))) == shipped


@pytest.mark.parametrize("text", ["code = ", "x = 1", "form = 3", "[[form]]\n[[form]]"])
def test_what_is_no_form_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(FormTextError):
        read_form(text)


def test_an_administrator_writes_and_changes_an_own_form(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    client = as_person(joko)
    client.post("/admin/entry/form/add/", {"hospital": hospital.pk, "definition": OWN})
    form = Form.objects.get(code="kitchen")
    assert (form.hospital, form.form_elements.count()) == (hospital, 1)
    assert form.name_id == 'Dapur "Gizi"'
    changed = OWN.replace('"service"', '"service", "department"')
    client.post(f"/admin/entry/form/{form.pk}/change/", {"definition": changed})
    form.refresh_from_db()
    assert form.unit_kinds == ["service", "department"]
    sync_forms()
    assert not Form.objects.get(code="kitchen").retired


@pytest.mark.parametrize("wrong", ["expense_foot", "bed_days"])
def test_a_form_with_an_element_nobody_can_enter_is_refused(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson, wrong: str
) -> None:
    text = OWN.replace("expense_food", wrong)
    page = as_person(joko).post("/admin/entry/form/add/", {"hospital": hospital.pk, "definition": text})
    assert wrong in page.content.decode()
    assert not Form.objects.filter(code="kitchen").exists()


def test_shipped_forms_are_shown_and_not_changed(definitions: None, joko: User, as_person: AsPerson) -> None:
    form = Form.objects.get(code="personnel")
    url = f"/admin/entry/form/{form.pk}/change/"
    assert "unit_kinds" in as_person(joko).get(url).content.decode()
    assert as_person(joko).post(url, {"definition": OWN}).status_code == 403


def test_an_administrator_assigns_a_form_and_the_scores_follow(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    form = Form.objects.get(code="inpatient_ward")
    said = {"form": form.pk, "unit": hospital.root.pk, "scope": "below", "first_month": "2026-01"}
    as_person(joko).post("/admin/entry/formassignment/add/", said)
    assert str(FormAssignment.objects.get().first_month) == "2026-01"
    assert RecomputeMark.objects.filter(hospital=hospital).exists()


def test_a_quarter_is_no_first_month_and_another_hospital_no_place(
    definitions: None, hospital: Hospital, other_hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    form = Form.objects.get(code="inpatient_ward")
    said = {"form": form.pk, "unit": hospital.root.pk, "scope": "below", "first_month": "2026-Q1"}
    client = as_person(joko)
    client.post("/admin/entry/formassignment/add/", said)
    elsewhere = {**said, "unit": other_hospital.root.pk, "first_month": "2026-01"}
    client.post("/admin/entry/formassignment/add/", elsewhere)
    assert not FormAssignment.objects.exists()


def test_an_assignment_that_ends_before_it_begins_is_refused_in_words(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    form = Form.objects.get(code="inpatient_ward")
    said = {"form": form.pk, "unit": hospital.root.pk, "scope": "below"}
    months = {"first_month": "2026-03", "last_month": "2026-02"}
    page = as_person(joko).post("/admin/entry/formassignment/add/", {**said, **months}).content.decode()
    assert "Bulan terakhir mendahului bulan pertama." in page
    assert "assignment_ends_after_it_began" not in page
    assert not FormAssignment.objects.exists()


def test_nobody_else_gets_in(definitions: None, ani: User, as_person: AsPerson) -> None:
    assert as_person(ani).get("/admin/entry/form/").status_code == 302
