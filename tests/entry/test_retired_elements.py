"""A data element that is retired is asked for by nobody from the month in which its day lies.

Ward Melati gives its patient days by class: 20 beds × 31 days = 620 bed days in March 2026.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from entry.models import Form
from entry.queries.keeping import units_expected
from hospitals.dates import day_in_words
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import ValueRefusedError
from indicators.asked import read_asked
from indicators.models import DataElement
from indicators.periods import Period
from tests.entry.conftest import APRIL, MARCH, fill, saved, type_in
from tests.entry.test_not_kept import CELL, LINES, VIP, WAYS, Way, by_rest, stored
from tests.entry.test_unasked_parts import (
    LAST_MARCH,
    THREE_CLASSES,
    TWO_CLASSES,
    asked_elsewhere,
    asked_in,
    counted_in_lists,
    form_with,
    patient_days_of_scores,
    sheet_of,
    total_in,
)
from tests.entry.workbooks.books import downloaded, place, upload

pytestmark = pytest.mark.django_db

OTHER_CLASSES = {
    f"patient_days_{name}": 100.0 for name in ("vvip", "class_1", "class_2", "class_3", "special")
}
JANUARY = Period.month(2026, 1)


@pytest.fixture
def clerk(ward_form: Form, wati: User, as_person: Callable[[User], Client]) -> Client:
    client = as_person(wati)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def retire(code: str, day: dt.date = dt.date(2026, 3, 31)) -> None:
    element = DataElement.objects.get(code=code)
    element.retired_from = day
    element.save()


def codes_in(form: Form, unit: Unit) -> list[str]:
    return [cell.element.code for cell in sheet_of(form, unit).cells]


@WAYS
@pytest.mark.parametrize(("day", "is_taken"), [(dt.date(2026, 3, 31), False), (dt.date(2026, 4, 1), True)])
def test_no_way_in_takes_it_from_the_month_of_the_day_on(
    clerk: Client, tmp_path: Path, way: Way, day: dt.date, is_taken: bool
) -> None:
    retire(VIP, day)
    said = way(clerk, tmp_path)
    assert stored() == ([50] if is_taken else [])
    with translation.override("en"):
        refusal = f"({VIP})” from {day_in_words(day)} on"
    assert ("there is no data element" in said and refusal in said) is not is_taken


def test_the_form_has_no_cell_for_it_and_the_total_follows_without(
    ward_form: Form, melati: Unit, hospital: Hospital
) -> None:
    fill(melati, {"beds": 20} | OTHER_CLASSES)
    assert total_in(ward_form, melati).answer.value is None
    retire(VIP)
    assert VIP not in codes_in(ward_form, melati)
    assert total_in(ward_form, melati).answer.value == 500
    assert patient_days_of_scores(melati) == pytest.approx(500)
    sheet = sheet_of(ward_form, melati)
    assert (sheet.answered, sheet.required) == (2, 10)
    assert counted_in_lists(hospital) == (2, 10)


def test_a_total_is_complete_by_rest_without_a_part_that_rest_does_not_take(
    clerk: Client, melati: Unit, tmp_path: Path
) -> None:
    retire(VIP)
    fill(melati, {"beds": 20} | OTHER_CLASSES)
    assert "there is no data element" in by_rest(clerk, tmp_path, value=50)
    assert patient_days_of_scores(melati) == pytest.approx(500)


def test_a_cell_says_the_total_that_follows_without_it(ward_form: Form, melati: Unit, wati: User) -> None:
    retire(VIP)
    fill(melati, OTHER_CLASSES | {"patient_days_class_1": 0})
    (total,) = saved(
        type_in(ward_form, "patient_days_class_1", "100", unit=melati, by=wati, seen="0.0")
    ).totals.values()
    assert total.shown.value == 500


@pytest.mark.parametrize("month", [MARCH, APRIL])
def test_a_class_that_no_form_has_is_waited_for_until_it_is_retired(
    definitions: None, hospital: Hospital, melati: Unit, month: Period
) -> None:
    form = form_with(hospital, melati, "beds", "patient_days")
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    retire("patient_days_class_3", month.start)
    expected = 220 if month == MARCH else None
    assert total_in(form, melati).answer.value == expected
    assert patient_days_of_scores(melati) == (expected and pytest.approx(expected))
    sheet = sheet_of(form, melati)
    assert counted_in_lists(hospital) == (sheet.answered, sheet.required)


def test_every_way_in_asks_about_a_total_that_contradicts_the_parts_that_are_left(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    form = form_with(hospital, melati, "patient_days", *THREE_CLASSES)
    retire("patient_days_class_3")
    fill(melati, {"patient_days": 470, "patient_days_class_1": 100, "patient_days_class_2": 120})
    assert len(asked_in(form, melati)) == len(asked_elsewhere(melati, 470)) == 1


def test_what_was_stored_counts_and_can_be_taken_back_in_its_cell(
    clerk: Client, ward_form: Form, melati: Unit
) -> None:
    fill(melati, {VIP: 30} | OTHER_CLASSES)
    retire(VIP)
    assert VIP in codes_in(ward_form, melati)
    assert total_in(ward_form, melati).answer.value == 530
    assert clerk.post(CELL, {"text": "40", "seen": "30.0", "language": "en"}).status_code != 200
    assert stored() == [30]
    assert clerk.post(CELL, {"text": "", "seen": "30.0", "language": "en"}).status_code == 200
    assert stored() == []
    assert VIP not in codes_in(ward_form, melati)
    assert total_in(ward_form, melati).answer.value == 500


def test_what_was_stored_can_be_taken_back_by_rest(clerk: Client, melati: Unit, tmp_path: Path) -> None:
    fill(melati, {VIP: 30})
    retire(VIP)
    assert by_rest(clerk, tmp_path, status="withdrawn") == ""
    assert stored() == []


@pytest.mark.parametrize("numbers", [{}, {"admissions": 50}, {"patient_days": 480}], ids=str)
@pytest.mark.parametrize("code", ["admissions", "patient_days"])
def test_neither_the_form_nor_the_lists_count_a_required_cell_that_is_retired(
    ward_form: Form, melati: Unit, hospital: Hospital, code: str, numbers: dict[str, float]
) -> None:
    fill(melati, {"beds": 20, VIP: 0} | OTHER_CLASSES | numbers)
    retire(code)
    sheet = sheet_of(ward_form, melati)
    others = numbers.keys() - {code} | ({"patient_days"} - {code}) | {"beds"}
    assert (sheet.answered, sheet.required) == (len(others), 9)
    assert counted_in_lists(hospital) == (sheet.answered, sheet.required)
    assert (code in codes_in(ward_form, melati)) is (code in numbers)


def test_the_parts_of_a_retired_total_are_required_no_more(
    ward_form: Form, melati: Unit, hospital: Hospital
) -> None:
    retire("patient_days")
    assert all(cell.is_optional for cell in sheet_of(ward_form, melati).cells if cell.element.code == VIP)
    required = read_asked(UnitTree.of(hospital)).required
    assert (
        required[VIP][melati.pk] == required["patient_days"][melati.pk] == [(JANUARY, Period.month(2026, 2))]
    )
    assert units_expected(UnitTree.of(hospital))["beds"][melati.pk] == [(JANUARY, None)]


def test_of_a_total_whose_parts_are_all_retired_the_form_asks_for_itself(
    ward_form: Form, melati: Unit, hospital: Hospital
) -> None:
    for code in (VIP, *OTHER_CLASSES):
        retire(code)
    assert not {VIP, *OTHER_CLASSES} & {*codes_in(ward_form, melati)}
    sheet = sheet_of(ward_form, melati)
    assert ("patient_days",) in [problem.elements for problem in sheet.open_problems]
    fill(melati, {"patient_days": 480})
    assert counted_in_lists(hospital) == (1, 10)
    assert total_in(ward_form, melati).answer.value == 480


def test_a_hospitals_own_element_is_asked_for_where_the_shipped_one_is_retired(
    ward_form: Form, hospital: Hospital
) -> None:
    shipped = DataElement.objects.get(code=VIP)
    retire(VIP)
    assert VIP in read_asked(UnitTree.of(hospital)).retired
    shipped.pk, shipped.hospital, shipped.retired_from = None, hospital, None
    shipped.save()
    assert VIP not in read_asked(UnitTree.of(hospital)).retired


def test_a_workbook_has_no_row_for_what_is_retired_in_all_its_months(clerk: Client) -> None:
    retire(VIP)
    page = downloaded(clerk)["melati"]
    assert VIP not in [page.cell(row, 1).value for row in range(1, page.max_row + 1)]


def test_a_workbook_locks_the_months_in_which_nobody_is_asked_and_adds_up_the_other_parts(
    clerk: Client, melati: Unit
) -> None:
    retire(VIP, dt.date(2026, 2, 15))
    retire("admissions", dt.date(2026, 2, 15))
    book = downloaded(clerk, period="2026")
    page = book["melati"]
    asked, not_asked = (page[place(book, VIP, month)] for month in ("2026-01", "2026-02"))
    assert (asked.value, asked.protection.locked) == (None, False)
    assert (not_asked.value, not_asked.protection.locked) == ("–", True)
    for code in OTHER_CLASSES:
        page[place(book, code, "2026-02")] = 100
    answer = upload(clerk, book)
    assert (answer.context["faults"], len(answer.context["plan"].changes)) == ([], 5)
    checked = {
        page.cell(row, 2).value: [str(page.cell(row, cell.column).value)[:3] for cell in (asked, not_asked)]
        for row in range(1, page.max_row + 1)
        if page.cell(row, 1).value is None and page.cell(row, asked.column).value is not None
    }
    names = [DataElement.objects.get(code=code).name_en for code in ("admissions", "patient_days")]
    with_admissions, of_total = ([text for text in checked if name in text] for name in names)
    assert {tuple(checked[text]) for text in with_admissions} == {("=IF", "Non")}
    assert ["=IF", "=IF"] in [checked[text] for text in of_total]


def test_a_file_is_not_saved_when_it_was_retired_after_the_preview(clerk: Client) -> None:
    kept = upload(clerk, LINES, name="march.csv").context["upload"]
    retire(VIP)
    clerk.post(f"/forms/RSA/inpatient_ward/uploads/{kept.pk}/")
    assert stored() == []


def test_what_is_no_form_and_no_file_is_refused_as_well(ward_form: Form, melati: Unit) -> None:
    fill(melati, {VIP: 30})
    retire(VIP)
    fill(melati, {VIP: 30})
    with pytest.raises(ValueRefusedError):
        fill(melati, {VIP: 31})
