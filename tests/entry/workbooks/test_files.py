"""Forms as files: what comes back is checked cell by cell, shown first, and saved whole or not at all."""

import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from entry.models import DraftValue, Form, State, Upload
from hospitals.models import Unit, User
from indicators.models import DataValue
from tests.entry.conftest import MARCH, fill, submission_of

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User], Client]
FILES = "/forms/RSA/inpatient_ward/"


@pytest.fixture(autouse=True)
def in_april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: dt.date(2026, 4, 20))


def downloaded(client: Client, period: str = "2026-03", unit: str = "melati") -> Workbook:
    answer = client.get(f"{FILES}download/?unit={unit}&period={period}&as=xlsx")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def upload(client: Client, content: bytes | Workbook, name: str = "form.xlsx"):
    if isinstance(content, Workbook):
        stream = io.BytesIO()
        content.save(stream)
        content = stream.getvalue()
    return client.post(FILES, {"file": SimpleUploadedFile(name, content)})


def place(book: Workbook, code: str, month: str = "2026-03", sheet: str = "melati") -> str:
    """Where the number of an element stands."""
    page = book[sheet]
    row = next(r for r in range(1, page.max_row + 1) if page.cell(r, 1).value == code)
    column = next(c for c in range(1, page.max_column + 1) if page.cell(4, c).value == month)
    return page.cell(row, column).coordinate


def faults(answer) -> list[str]:
    assert answer.status_code == 422
    assert not Upload.objects.exists()
    return answer.context["faults"]


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


def test_a_total_follows_its_parts_from_a_file_too(ward_form: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"][place(book, "patient_days_vip")] = 40
    book["melati"][place(book, "patient_days_class_3")] = 60
    answer = upload(client, book)
    (total,) = [c for c in answer.context["plan"].changes if c.follows]
    assert (total.element.code, total.after.value) == ("patient_days", 100)


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


@pytest.mark.parametrize(
    ("value", "said"),
    [("=1+1", "rumus|formula"), ("fifty", "fifty"), (-3, "0"), (12.5, "12.5"), (True, ""), (1e300, "")],
)
def test_a_bad_cell_is_named_by_sheet_and_cell(
    filled: Form, wati: User, as_person: AsPerson, value: object, said: str
) -> None:
    client = as_person(wati)
    book = downloaded(client)
    cell = place(book, "admissions")
    book["melati"][cell] = value
    book["melati"][place(book, "beds")] = 25
    (fault,) = faults(upload(client, book))
    assert fault.startswith(f"melati!{cell}: ")
    assert any(word in fault for word in said.split("|"))
    assert DataValue.objects.get(element__code="beds").value == 20


def test_merged_cells_are_named(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"].merge_cells("D8:D9")
    assert any(fault.startswith("melati!D8:D9: ") for fault in faults(upload(client, book)))


def test_moved_columns_are_named(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"].insert_cols(1)
    assert all(fault.startswith("melati!A2: ") for fault in faults(upload(client, book)))
    book = downloaded(client, period="2026")
    book["melati"]["D4"] = "Januari"
    book["melati"]["E4"] = "2026-03"
    found = faults(upload(client, book))
    assert any(fault.startswith("melati!D4: ") for fault in found)
    assert any(fault.startswith("melati!F4: ") for fault in found)


def test_another_forms_workbook_is_refused(filled: Form, hospital, ani: User, as_person: AsPerson) -> None:
    book = downloaded(as_person(ani))
    book["melati"]["C2"] = "finance"
    (fault,) = faults(upload(as_person(ani), book))
    assert fault.startswith("melati!C2: ")
    assert "finance" in fault


def test_another_ward_is_refused(filled: Form, wati: User, ani: User, as_person: AsPerson) -> None:
    book = downloaded(as_person(ani), unit="mawar")
    (fault,) = faults(upload(as_person(wati), book))
    assert fault.startswith("mawar!D2: ")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken", b"\xff" * 1000])
def test_what_is_no_workbook_is_refused(
    filled: Form, wati: User, as_person: AsPerson, content: bytes
) -> None:
    assert faults(upload(as_person(wati), content))


def test_an_archive_that_is_no_workbook_is_refused(filled: Form, wati: User, as_person: AsPerson) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert faults(upload(as_person(wati), stream.getvalue()))


def test_a_damaged_workbook_is_refused(filled: Form, wati: User, as_person: AsPerson) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
        archive.writestr("[Content_Types].xml", "<broken")
    assert faults(upload(as_person(wati), stream.getvalue()))


def peak_megabytes(call: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_not_unpacked(filled: Form, wati: User, as_person: AsPerson) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 300_000_000)
    client = as_person(wati)
    assert peak_megabytes(lambda: faults(upload(client, stream.getvalue()))) < 50


@pytest.mark.parametrize("rows", [1_000, 100_000])
def test_thousands_of_rows_are_not_read(filled: Form, wati: User, as_person: AsPerson, rows: int) -> None:
    client = as_person(wati)
    book = downloaded(client)
    page = book["melati"]
    stream = io.BytesIO()
    long = Workbook(write_only=True)
    sheet = long.create_sheet("melati")
    for row in page.iter_rows(values_only=True):
        sheet.append(row)
    for n in range(rows):
        sheet.append(["beds", "x", "y", n])
    long.save(stream)
    found: list[list[str]] = []
    assert peak_megabytes(lambda: found.append(faults(upload(client, stream.getvalue())))) < 80
    assert found[0]


def test_a_csv_file_goes_the_same_way(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    answer = client.get(f"{FILES}download/?unit=melati&period=2026-03&as=csv")
    text = answer.content.decode()
    assert "melati,admissions,2026-03,50.0" in text
    answer = upload(
        client, text.replace("admissions,2026-03,50.0", "admissions,2026-03,61").encode(), "a.csv"
    )
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
