"""A total in one form, its parts in another: who gives a part is asked about a contradiction as well.

Ward Melati types the total of its patient days in one form, two classes in another: 100 + 120 = 220.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from entry.actions import NotReadyError, confirm, submit
from entry.models import Form
from entry.queries.sheet import Sheet, read_sheet
from hospitals.models import Hospital, Unit, User
from indicators.models import ConfirmedResults
from tests.entry.conftest import MARCH, fill, saved, type_in
from tests.entry.test_unasked_parts import TWO_CLASSES, asked_elsewhere, asked_in, form_with, sheet_of
from tests.entry.workbooks.books import downloaded, place, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("definitions")]

CLASSES = ("patient_days_class_1", "patient_days_class_2")
SAID = "Patient days says 470, but its parts add up to 220."
WHY = "the register of class 2 was lost for a week"
CODE = "parts:patient_days:melati:2026-03"
AsPerson = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def of_total(hospital: Hospital, melati: Unit) -> Form:
    return form_with(hospital, melati, "beds", "patient_days")


@pytest.fixture
def of_parts(of_total: Form, hospital: Hospital, melati: Unit) -> Form:
    return form_with(hospital, melati, *CLASSES)


def answer_in(form: Form, unit: Unit, by: User) -> None:
    (problem,) = asked_in(form, unit)
    key = {"check_key": problem.key, "numbers": problem.numbers}
    confirm(form=form, unit=unit, period=MARCH, **key, reason=WHY, by=by)


def test_the_form_of_the_parts_asks_what_the_form_of_the_total_asks(
    of_total: Form, of_parts: Form, melati: Unit, wati: User
) -> None:
    fill(melati, {"patient_days": 470, "patient_days_class_1": 100})
    assert asked_in(of_parts, melati) == []
    saved(type_in(of_parts, "patient_days_class_2", "120", unit=melati, by=wati))
    assert asked_in(of_parts, melati) == asked_in(of_total, melati)
    assert [problem.message for problem in asked_in(of_parts, melati)] == [SAID]
    assert len(asked_elsewhere(melati, 470)) == 1


def test_the_form_of_the_parts_is_not_submitted_until_it_is_answered(
    of_parts: Form, melati: Unit, wati: User
) -> None:
    fill(melati, TWO_CLASSES | {"patient_days": 470})
    with pytest.raises(NotReadyError, match=SAID):
        submit(form=of_parts, unit=melati, period=MARCH, by=wati)
    answer_in(of_parts, melati, wati)
    submit(form=of_parts, unit=melati, period=MARCH, by=wati)


@pytest.mark.parametrize("answered_in_that_of_the_parts", [True, False])
def test_an_answer_in_one_form_holds_in_the_other_and_on_every_way_in(
    of_total: Form,
    of_parts: Form,
    melati: Unit,
    wati: User,
    answered_in_that_of_the_parts: bool,
) -> None:
    fill(melati, TWO_CLASSES | {"patient_days": 470})
    answer_in(of_parts if answered_in_that_of_the_parts else of_total, melati, wati)
    assert asked_in(of_total, melati) == asked_in(of_parts, melati) == asked_elsewhere(melati, 470) == []
    assert ConfirmedResults.objects.get().why == WHY
    fill(melati, {"patient_days": 480})
    assert len(asked_in(of_parts, melati)) == len(asked_in(of_total, melati)) == 1


def test_an_answer_of_the_import_command_holds_in_the_form_of_the_parts(
    of_parts: Form, melati: Unit, tmp_path: Path
) -> None:
    fill(melati, {"patient_days": 470, "patient_days_class_1": 100})
    file = tmp_path / "march.csv"
    file.write_text("unit,element,period,value\nmelati,patient_days_class_2,2026-03,120\n")
    options = (str(file), "--hospital=RSA")
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_values", *options, stdout=io.StringIO(), stderr=errors)
    assert SAID in errors.getvalue()
    call_command("import_values", *options, "--confirm", CODE, "--why", WHY, stdout=io.StringIO())
    assert asked_in(of_parts, melati) == []


@pytest.mark.parametrize("as_csv", [True, False])
def test_a_file_of_the_form_of_the_parts_is_asked_before_it_is_saved(
    of_parts: Form, melati: Unit, wati: User, as_person: AsPerson, as_csv: bool
) -> None:
    fill(melati, {"patient_days": 470, "patient_days_class_1": 100})
    client = as_person(wati)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    if as_csv:
        lines = b"unit,element,period,value\nmelati,patient_days_class_2,2026-03,120\n"
        answer = upload(client, lines, name="march.csv", form=of_parts.code)
    else:
        book = downloaded(client, form=of_parts.code)
        book["melati"][place(book, "patient_days_class_2")] = 120
        answer = upload(client, book, form=of_parts.code)
    said = [(r.severity, r.message) for r in answer.context["remarks"]]
    assert said == [("soft", SAID)]


def test_the_page_leads_to_a_cell_that_it_has(
    of_parts: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, TWO_CLASSES | {"patient_days": 470})
    url = f"/forms/RSA/{of_parts.code}/melati/2026-03/"
    page = as_person(wati).get(url, headers={"accept-language": "en"}).content.decode()
    assert f'<a href="#cell-patient_days_class_1">{SAID}</a>' in page
    assert '#cell-patient_days"' not in page


def test_of_a_total_that_nobody_typed_and_of_parts_that_are_silent_nothing_is_asked(
    of_parts: Form, hospital: Hospital, melati: Unit, mawar: Unit
) -> None:
    fill(melati, TWO_CLASSES)
    assert sheet_of(of_parts, melati).open_problems == []
    fill(melati, {"patient_days": 470})
    third = form_with(hospital, melati, "patient_days_class_3")
    assert asked_in(of_parts, melati) == asked_in(third, melati) == []


def test_who_gives_none_of_the_parts_is_not_asked(of_parts: Form, hospital: Hospital, melati: Unit) -> None:
    fill(melati, TWO_CLASSES | {"patient_days": 470})
    other = form_with(hospital, melati, "discharged_alive")
    sheet: Sheet = read_sheet(form=other, unit=melati, period=MARCH)
    assert [p for p in sheet.open_problems if p.check == "parts"] == []
