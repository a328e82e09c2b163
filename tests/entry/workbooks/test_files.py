"""Forms as files: what comes back is checked cell by cell, shown first, and saved whole or not at all."""

from collections.abc import Callable

import pytest
from django.test import Client

from entry.models import DraftValue, Form, State
from entry.uploads import plan_upload
from hospitals.models import Hospital, Unit, User
from indicators.models import DataValue
from tests.entry.conftest import MARCH, fill, submission_of, type_in
from tests.entry.workbooks.books import FILES, downloaded, faults, place, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]


def test_what_is_downloaded_and_not_touched_changes_nothing(
    filled: Form, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    assert book["melati"][place(book, "admissions")].value == 50
    answer = upload(client, book)
    assert answer.context["plan"].changes == []
    assert answer.context["plan"].unchanged == 10


def test_a_preview_names_what_would_change_and_saves_nothing(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"][place(book, "admissions")] = 61
    book["melati"][place(book, "patient_days_vip")] = 465
    book["melati"][place(book, "length_of_stay_days")] = "nc"
    answer = upload(client, book)
    changes = {c.element.code: (c.before.value, c.after.canonical) for c in answer.context["plan"].changes}
    assert changes == {
        "admissions": (50, "61.0"),
        "patient_days_vip": (None, "465.0"),
        "length_of_stay_days": (None, "NC"),
    }
    assert DataValue.objects.get(element__code="admissions").value == 50
    DraftValue.objects.create(
        unit=melati,
        element=DataValue.objects.get(element__code="admissions").element,
        period=MARCH,
        text="6l",
        reason="?",
        by=wati,
    )
    client.post(f"{FILES}uploads/{answer.context['upload'].pk}/")
    assert DataValue.objects.get(element__code="admissions").value == 61
    history = DataValue.history.filter(element__code="admissions").latest()
    assert (history.history_user, history.history_change_reason) == (wati, "file form.xlsx")
    assert not DraftValue.objects.exists()


def test_after_saving_stands_what_was_filled(filled: Form, ani: User, as_person: AsPerson) -> None:
    client = as_person(ani)
    book = downloaded(client, unit="", period="2026")

    def saved(**cells: str) -> str:
        for sheet, month in cells.items():
            book[sheet][place(book, "beds", month, sheet)] = 25
        return client.post(f"{FILES}uploads/{upload(client, book).context['upload'].pk}/").url

    assert saved(melati="2026-03") == f"{FILES}melati/2026-03/"
    assert saved(melati="2026-02", mawar="2026-02") == f"{FILES}table/2026-02/"
    assert saved(melati="2026-01", mawar="2026-03") == FILES


def test_the_form_one_comes_from_is_chosen_for_the_download(
    filled: Form, ani: User, as_person: AsPerson
) -> None:
    page = as_person(ani).get(f"{FILES}?unit=mawar&period=2026-02").content.decode()
    assert '<option value="mawar" selected>' in page
    assert '<option value="2026-02" selected>' in page


def test_an_upload_is_saved_once_and_only_by_who_made_it(
    filled: Form, wati: User, ani: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"][place(book, "admissions")] = 61
    url = f"{FILES}uploads/{upload(client, book).context['upload'].pk}/"
    assert as_person(ani).post(url).status_code == 404
    client.post(url)
    client.post(url)
    assert DataValue.history.filter(element__code="admissions", value=61).count() == 1


def test_what_was_changed_meanwhile_is_not_overwritten(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"][place(book, "admissions")] = 61
    book["melati"][place(book, "beds")] = 22
    url = f"{FILES}uploads/{upload(client, book).context['upload'].pk}/"
    fill(melati, {"admissions": 70})
    client.post(url)
    assert DataValue.objects.get(element__code="admissions").value == 70
    assert DataValue.objects.get(element__code="beds").value == 20


def test_what_was_submitted_meanwhile_is_not_changed(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"][place(book, "admissions")] = 61
    url = f"{FILES}uploads/{upload(client, book).context['upload'].pk}/"
    submission_of(filled, melati, State.SUBMITTED)
    client.post(url)
    assert DataValue.objects.get(element__code="admissions").value == 50


def test_an_approved_month_is_named(filled: Form, melati: Unit, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client, period="2026")
    submission_of(filled, melati, State.APPROVED)
    assert upload(client, book).status_code == 200
    cell = place(book, "admissions")
    book["melati"][cell] = 61
    (fault,) = faults(upload(client, book))
    assert fault.startswith(f"melati!{cell}: ")


def test_a_year_of_all_units_is_one_workbook(filled: Form, ani: User, as_person: AsPerson) -> None:
    client = as_person(ani)
    book = downloaded(client, period="2026", unit="")
    assert book.sheetnames == ["melati", "mawar"]
    book["mawar"][place(book, "beds", "2026-02", "mawar")] = 12
    answer = upload(client, book)
    (change,) = answer.context["plan"].changes
    assert (change.unit.code, str(change.period)) == ("mawar", "2026-02")


def test_labels_are_protected_and_the_checks_come_along(
    filled: Form, wati: User, as_person: AsPerson
) -> None:
    book = downloaded(as_person(wati))
    page = book["melati"]
    assert page.protection.sheet
    assert page["B5"].protection.locked
    assert not page[place(book, "beds")].protection.locked
    checks = [c.value for row in page.iter_rows() for c in row if str(c.value).startswith("=IF(")]
    assert len(checks) == 7
    assert len(page.data_validations.dataValidation) == 21


def test_a_csv_file_goes_the_same_way(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    answer = client.get(f"{FILES}download/?unit=melati&period=2026-03&as=csv")
    text = answer.content.decode()
    assert "melati,admissions,2026-03,50\r\n" in text
    answer = upload(client, text.replace("admissions,2026-03,50", "admissions,2026-03,61").encode(), "a.csv")
    client.post(f"{FILES}uploads/{answer.context['upload'].pk}/")
    assert DataValue.objects.get(element__code="admissions").value == 61


@pytest.mark.parametrize(
    "line",
    ["mawar,beds,2026-03,5", "melati,revenue,2026-03,5", "melati,beds,2026-03,5o", "melati,beds,2025-03,5"],
)
def test_a_bad_line_of_a_csv_file_is_named(filled: Form, wati: User, as_person: AsPerson, line: str) -> None:
    assert faults(upload(as_person(wati), f"unit,element,period,value\n{line}\n".encode(), "a.csv"))


def test_strangers_and_viewers_take_nothing_away(
    filled: Form, rina: User, tono: User, dewi: User, as_person: AsPerson
) -> None:
    for user in (rina, tono, dewi):
        client = as_person(user)
        assert client.get(FILES).status_code == 404
        assert client.get(f"{FILES}download/?period=2026-03").status_code == 404
        assert client.post(f"{FILES}uploads/1/").status_code == 404
    assert Client().get(FILES).status_code == 302


@pytest.mark.parametrize("period", ["", "2026-Q1", "x"])
def test_only_months_and_years_are_downloaded(
    filled: Form, wati: User, as_person: AsPerson, period: str
) -> None:
    assert as_person(wati).get(f"{FILES}download/?unit=melati&period={period}").status_code == 404


def test_a_workbook_speaks_of_absent_numbers_as_the_form_does(
    ward_form: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    """Indonesian: TB, tidak berlaku; TD, tidak dikumpulkan. NA and NC are read as well."""
    type_in(ward_form, "transfers_in", "NA", unit=melati, by=wati)
    client = as_person(wati)
    book = downloaded(client)
    page, cell = book["melati"], place(book, "transfers_in")
    assert page[cell].value == "TB"
    assert "Tulis TB" in page["B3"].value
    page[place(book, "beds")] = "TD"
    page[place(book, "admissions")] = "NC"
    answer = upload(client, book)
    assert {str(change.after.canonical) for change in answer.context["plan"].changes} == {"NC"}
    assert answer.context["plan"].unchanged == 1


def test_whole_numbers_of_a_csv_file_have_no_decimals(filled: Form, wati: User, as_person: AsPerson) -> None:
    text = as_person(wati).get(f"{FILES}download/?unit=melati&period=2026-03&as=csv").content.decode()
    assert "melati,beds,2026-03,20\r\n" in text


def test_a_quarter_in_a_csv_file_of_a_monthly_form_is_refused_and_named(
    filled: Form, hospital: Hospital, wati: User
) -> None:
    content = b"unit,element,period,value\nmelati,beds,2026-Q1,5\nmelati,beds,2025,5\n"
    plan = plan_upload(content=content, is_csv=True, form=filled, hospital=hospital, by=wati)
    assert [fault.sheet for fault in plan.faults] == ["baris 2", "baris 3"]
    assert all("bukan bulan" in fault.reason for fault in plan.faults)
    assert plan.changes == []
