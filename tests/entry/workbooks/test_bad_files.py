"""Files that cannot be used: a clear answer that names the cell, nothing saved, memory bounded."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import Workbook

from entry.models import Form
from hospitals.models import Unit, User
from indicators.models import DataValue
from tests.entry.workbooks.books import downloaded, faults, place, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]


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


def test_a_line_of_a_csv_file_is_named_with_the_month_from_which_the_form_is_asked_for(
    filled: Form, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    client.post("/language/", {"language": "en"})
    lines = "unit,element,period,value\nmelati,beds,2026-03,21\nmelati,beds,2025-01,20\n"
    (fault,) = faults(upload(client, lines.encode(), "a.csv"))
    assert fault == "line 3: Bangsal Melati fills in this form from 2026-01 on, not for 2025-01"


def test_merged_cells_are_named(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"].merge_cells("D8:D9")
    assert any(fault.startswith("melati!D8:D9: ") for fault in faults(upload(client, book)))


def test_moved_columns_are_named(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client)
    book["melati"].insert_cols(1)
    (fault,) = faults(upload(client, book))
    assert fault.startswith("melati!B2: kolom bergeser")
    book = downloaded(client)
    book["melati"].insert_cols(2)
    (fault,) = faults(upload(client, book))
    assert fault.startswith("melati!A2: kolom bergeser")
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


def with_rows(content: bytes, rows: int, *, after: int) -> bytes:
    """The workbook with more rows on its only sheet, as openpyxl would, in a tenth of the time."""
    text = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    more = "".join(
        f'<row r="{n}">{text.format("A", n, "beds")}{text.format("B", n, "x")}{text.format("C", n, "y")}'
        f'<c r="D{n}" t="n"><v>{n}</v></c></row>'
        for n in range(after + 1, after + 1 + rows)
    )
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"</sheetData>" in part
                part = part.replace(b"</sheetData>", more.encode() + b"</sheetData>")
            new.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize("rows", [1_000, 40_000])
def test_thousands_of_rows_are_not_read(filled: Form, wati: User, as_person: AsPerson, rows: int) -> None:
    client = as_person(wati)
    book = downloaded(client)
    page = book["melati"]
    stream = io.BytesIO()
    long = Workbook(write_only=True)
    sheet = long.create_sheet("melati")
    for row in page.iter_rows(values_only=True):
        sheet.append(row)
    long.save(stream)
    content = with_rows(stream.getvalue(), rows, after=page.max_row)
    found: list[list[str]] = []
    assert peak_megabytes(lambda: found.append(faults(upload(client, content)))) < 80
    assert found[0]


def test_text_that_unfolds_into_gigabytes_is_not_unfolded(
    filled: Form, wati: User, as_person: AsPerson
) -> None:
    """Nine entities, each of ten of the one before: a billion words in one kilobyte."""
    client = as_person(wati)
    stream = io.BytesIO()
    downloaded(client).save(stream)
    words = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE worksheet [<!ENTITY a0 "ha">{words}]>'
    bomb = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(bomb, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = head + text.replace("<sheetData>", '<sheetData><row r="1"><c><v>&a9;</v></c></row>')
            target.writestr(name, text)
    found: list[list[str]] = []
    assert peak_megabytes(lambda: found.append(faults(upload(client, bomb.getvalue())))) < 20
    assert found == [["Buku kerja rusak dan tidak dapat dibaca."]]


def test_a_month_that_has_not_begun_is_named(filled: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    book = downloaded(client, period="2026")
    cell = place(book, "beds", month="2026-05")
    book["melati"][cell] = 20
    assert faults(upload(client, book)) == [f"melati!{cell}: 2026-05 belum dimulai"]
    line = b"unit,element,period,value\nmelati,beds,2026-05,20\n"
    assert "2026-05 belum dimulai" in faults(upload(client, line, "a.csv"))[0]


def test_a_line_of_another_ward_says_whose_it_is_not(
    filled: Form, mawar: Unit, wati: User, as_person: AsPerson
) -> None:
    lines = b"unit,element,period,value\nmawar,beds,2026-03,20\nmawra,beds,2026-03,20\n"
    other, unknown = faults(upload(as_person(wati), lines, "a.csv"))
    assert "bukan unit yang formulirnya Anda isi" in other
    assert "tidak ada unit" in unknown
