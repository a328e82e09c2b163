"""Forms in the Django admin: an administrator writes the hospital's own and assigns them."""

import html
from collections.abc import Callable

import pytest
from django.test import Client

from entry.form_definitions import FormTable
from entry.form_sync import sync_forms
from entry.form_text import FormTextError, read_form, write_form_text
from entry.models import Form, FormAssignment
from hospitals.actions import give_role
from hospitals.models import Hospital, Role, User
from indicators.actions import NewValue, save_values
from indicators.definition_files import load_tables
from indicators.models import DataElement, DataValue, RecomputeMark
from indicators.periods import Period

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]
OWN = """
code = "kitchen"
name = { en = "Kitchen", id = "Dapur \\"Gizi\\"" }
unit_kinds = ["service"]
section = [{ code = "all", name = { en = "All", id = "Semua" }, elements = [{ code = "expense_food" }] }]
"""


@pytest.fixture
def own(definitions: None, hospital: Hospital, joko: User, as_person: AsPerson) -> Form:
    """The kitchen's form, written by the administrator."""
    as_person(joko).post("/admin/entry/form/add/", {"hospital": hospital.pk, "definition": OWN})
    return Form.objects.get(code="kitchen")


@pytest.mark.parametrize(
    "code", ["inpatient_ward", "outpatient_clinic", "finance", "personnel", "quality_and_complaints"]
)
def test_the_text_of_a_shipped_form_reads_back_as_the_same(definitions: None, code: str) -> None:
    shipped = next(f.table for f in load_tables("form", FormTable) if f.table.code == code)
    assert read_form(write_form_text(Form.objects.get(code=code)))[0] == shipped


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


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("expense_food", "expense_foot", "elemen data “expense_foot”. Maksud Anda “expense_food”?"),
        ("expense_food", "bed_days", "Baris 5: “bed_days” dihitung dari elemen lain"),
        ('"service"', '"dapur"', "Baris 4: “unit_kinds” harus salah satu dari: hospital, department"),
        ("kitchen", "finance", "Baris 2: sudah ada formulir dengan kode ini; tulis kode lain."),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_with_the_line_and_what_was_typed_is_kept(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson, was: str, wrong: str, said: str
) -> None:
    text = OWN.replace(was, wrong)
    page = as_person(joko).post("/admin/entry/form/add/", {"hospital": hospital.pk, "definition": text})
    shown = html.unescape(page.content.decode())
    assert said in shown
    assert text.strip() in shown
    assert not Form.objects.filter(hospital=hospital).exists()


def test_a_wrong_text_is_told_beside_a_hospital_that_was_not_chosen(
    definitions: None, joko: User, as_person: AsPerson
) -> None:
    page = as_person(joko).post("/admin/entry/form/add/", {"definition": 'code = "x"\nnam = 3'})
    shown = html.unescape(page.content.decode())
    assert "Bidang ini harus diisi" in shown
    assert "Baris 2: “nam” tidak dikenal" in shown


def test_a_code_stays_what_it_is(own: Form, joko: User, as_person: AsPerson) -> None:
    text = OWN.replace("kitchen", "canteen")
    page = as_person(joko).post(f"/admin/entry/form/{own.pk}/change/", {"definition": text})
    assert "Baris 2: Kode formulir tidak dapat diubah; kodenya “kitchen”." in page.content.decode()


def test_taking_an_element_off_says_that_its_numbers_stay(
    own: Form, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    food = DataElement.objects.get(code="expense_food")
    client, page = as_person(joko), f"/admin/entry/form/{own.pk}/change/"
    text = OWN.replace("expense_food", "beds")
    assert "tetap dihitung" not in client.post(page, {"definition": text}, follow=True).content.decode()
    client.post(page, {"definition": OWN})
    save_values([NewValue(hospital.root, food, Period.month(2026, 3), 5)], by=None)
    said = client.post(page, {"definition": text}, follow=True).content.decode()
    assert f"Formulir ini tidak lagi meminta: {food.name}." in said
    assert DataValue.objects.filter(element=food).count() == 1


def test_an_own_form_begins_with_the_text_of_a_shipped_one(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    shipped = Form.objects.get(code="personnel")
    client = as_person(joko)
    page = client.get(f"/admin/entry/form/{shipped.pk}/change/").content.decode()
    assert f"/admin/entry/form/add/?copy_of={shipped.pk}" in page
    begun = client.get(f"/admin/entry/form/add/?copy_of={shipped.pk}").context["adminform"].form
    text = begun.initial["definition"]
    assert 'code = "personnel_own"' in text
    client.post("/admin/entry/form/add/", {"hospital": hospital.pk, "definition": text})
    own = Form.objects.get(code="personnel_own")
    assert own.form_elements.count() == shipped.form_elements.count()


def test_nothing_is_copied_from_another_hospital(
    own: Form, other_hospital: Hospital, tono: User, as_person: AsPerson
) -> None:
    give_role(user=tono, unit=other_hospital.root, role=Role.ADMINISTRATOR)
    User.objects.filter(pk=tono.pk).update(is_staff=True)
    for asked in (own.pk, "x"):
        assert (
            "kitchen" not in as_person(tono).get(f"/admin/entry/form/add/?copy_of={asked}").content.decode()
        )


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


def test_a_form_is_assigned_to_a_unit_once_and_says_so(
    definitions: None, hospital: Hospital, joko: User, as_person: AsPerson
) -> None:
    form = Form.objects.get(code="inpatient_ward")
    said = {"form": form.pk, "unit": hospital.root.pk, "scope": "below", "first_month": "2026-01"}
    client = as_person(joko)
    first = client.post("/admin/entry/formassignment/add/", said, follow=True).content.decode()
    assert f"{form.name}, RSUD Anggrek, 2026-01" in first
    again = client.post("/admin/entry/formassignment/add/", said).content.decode()
    assert "Formulir ini sudah ditugaskan kepada unit ini" in again


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
