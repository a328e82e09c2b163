"""What the checks of a form say about a file before it is saved: the same as while typing."""

from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import Workbook

from entry.actions import confirm
from entry.models import DraftValue, Form
from entry.queries.preview import Remark
from entry.queries.sheet import read_sheet
from hospitals.models import Unit, User
from indicators.models import DataElement, DataValue
from indicators.periods import Period
from tests.entry.conftest import MARCH, RIGHT, fill
from tests.entry.workbooks.books import FILES, downloaded, place, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]


@pytest.fixture
def client(wati: User, as_person: AsPerson) -> Client:
    wati.language = "en"
    wati.save()
    client = as_person(wati)
    client.post("/language/", {"language": "en"})
    return client


def previewed(client: Client, book: Workbook) -> list[Remark]:
    answer = upload(client, book)
    assert answer.status_code == 200
    return answer.context["remarks"]


def test_a_census_that_is_off_by_26_is_named_by_sheet_and_cell_and_can_be_kept_as_a_draft(
    filled: Form, client: Client
) -> None:
    book = downloaded(client)
    book["melati"][place(book, "patients_end")] = 36
    answer = upload(client, book)
    (remark,) = answer.context["remarks"]
    assert remark.severity == "hard"
    assert remark.place.startswith(f"melati!{place(book, 'patients_end')}, {place(book, 'patients_start')}")
    assert "says 36, but 10 follows from the other numbers: 26 too many" in remark.message
    page = answer.content.decode()
    assert remark.place in page
    assert "Save all of it as a draft" in page
    client.post(f"{FILES}uploads/{answer.context['upload'].pk}/")
    assert DataValue.objects.get(element__code="patients_end").value == 36


def test_an_occupancy_of_402_percent_is_named(filled: Form, client: Client) -> None:
    book = downloaded(client)
    book["melati"][place(book, "patient_days")] = 2492  # of 20 beds x 31 days
    (remark,) = previewed(client, book)
    assert remark.severity == "soft"
    assert "401.9%" in remark.message


def test_what_is_right_has_no_remark(filled: Form, client: Client) -> None:
    book = downloaded(client)
    book["melati"][place(book, "patient_days")] = 466
    assert previewed(client, book) == []


def test_cells_that_would_still_be_empty_are_counted_in_one_remark(ward_form: Form, client: Client) -> None:
    book = downloaded(client)
    for code in set(RIGHT) - {"beds", "admissions"}:
        book["melati"][place(book, code)] = RIGHT[code]
    (remark,) = previewed(client, book)
    assert remark.message.startswith("2 required cells would still be empty: ")
    assert remark.place == f"melati!{place(book, 'beds')}, {place(book, 'admissions')}"


def test_a_month_is_compared_with_the_month_before_of_the_same_file(
    filled: Form, melati: Unit, client: Client
) -> None:
    """In the file February ends with 12, and March starts with 10."""
    fill(melati, RIGHT, Period.month(2026, 2))
    book = downloaded(client, period="2026")
    assert previewed(client, book) == []
    book["melati"][place(book, "admissions", "2026-02")] = 52
    book["melati"][place(book, "patients_end", "2026-02")] = 12
    book["melati"][place(book, "patient_days", "2026-03")] = 466
    (remark,) = previewed(client, book)
    assert (remark.period, remark.severity) == (MARCH, "soft")
    assert "last month ended with 12" in remark.message


def test_what_was_confirmed_for_these_numbers_is_not_asked_again(
    filled: Form, melati: Unit, wati: User, client: Client
) -> None:
    fill(melati, {"patient_days": 2492})
    (problem,) = read_sheet(form=filled, unit=melati, period=MARCH).open_problems
    confirm(
        form=filled,
        unit=melati,
        period=MARCH,
        check_key=problem.key,
        numbers=problem.numbers,
        reason="earthquake",
        by=wati,
    )
    fill(melati, {"patient_days": 465})
    book = downloaded(client)
    book["melati"][place(book, "patient_days")] = 2492
    assert previewed(client, book) == []


def test_a_refused_value_is_remembered_unless_the_file_gives_another(
    filled: Form, melati: Unit, wati: User, client: Client
) -> None:
    beds = DataElement.objects.get(code="beds")
    DraftValue.objects.create(unit=melati, element=beds, period=MARCH, text="2o", reason="no number", by=wati)
    book = downloaded(client)
    book["melati"][place(book, "patient_days")] = 466
    (remark,) = previewed(client, book)
    assert remark.place == f"melati!{place(book, 'beds')}"
    book["melati"][place(book, "beds")] = 21
    assert previewed(client, book) == []


def test_a_csv_file_has_the_same_remarks_without_cells(filled: Form, client: Client) -> None:
    line = "unit,element,period,value\nmelati,patients_end,2026-03,36\n"
    answer = upload(client, line.encode(), "a.csv")
    assert [change.place for change in answer.context["shown"]] == ["line 2"]
    (remark,) = answer.context["remarks"]
    assert (remark.place, remark.severity) == ("", "hard")


def test_an_empty_cell_changes_nothing_and_the_page_and_the_workbook_say_so(
    filled: Form, client: Client
) -> None:
    book = downloaded(client)
    assert "An empty cell changes nothing" in book["melati"]["B3"].value
    book["melati"][place(book, "admissions")] = None
    answer = upload(client, book)
    assert answer.context["plan"].changes == []
    assert "An empty cell changes nothing" in answer.content.decode()
    assert DataValue.objects.get(element__code="admissions").value == 50
