"""What a unit is said not to keep, where its form is assigned, no way in takes.

Ward Melati has no VIP class.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from entry.actions import assign_form
from entry.models import Form, Scope
from hospitals.models import Hospital, Unit, User
from indicators.models import DataValue
from indicators.periods import Period
from tests.entry.conftest import MARCH, fill
from tests.entry.test_unasked_parts import form_with
from tests.entry.workbooks.books import downloaded, place, upload

pytestmark = pytest.mark.django_db

VIP = "patient_days_vip"
CELL = f"/forms/RSA/inpatient_ward/melati/2026-03/cells/{VIP}/"
LINES = f"unit,element,period,value\nmelati,{VIP},2026-03,50\n".encode()
Way = Callable[[Client, Path], str]


@pytest.fixture
def clerk(ward_form: Form, melati: Unit, wati: User, as_person: Callable[[User], Client]) -> Client:
    say(ward_form, melati, [VIP])
    client = as_person(wati)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def say(form: Form, unit: Unit, not_kept: list[str]) -> None:
    january = Period.month(2026, 1)
    assign_form(form=form, unit=unit, first_month=january, scope=Scope.THIS_UNIT, not_kept=not_kept)


def by_cell(client: Client, _folder: Path) -> str:
    answer = client.post(CELL, {"text": "50", "seen": "", "language": "en"})
    return "" if answer.status_code == 200 else answer.json()["reason"]


def by_workbook(client: Client, _folder: Path) -> str:
    """Where the row is not in the book somebody wrote it over that of another class."""
    book = downloaded(client)
    page = book["melati"]
    if VIP not in [page.cell(row, 1).value for row in range(1, page.max_row + 1)]:
        page.cell(page[place(book, "patient_days_vvip")].row, 1, VIP)
    page[place(book, VIP)] = 50
    return _uploaded(client, upload(client, book))


def by_csv(client: Client, _folder: Path) -> str:
    return _uploaded(client, upload(client, LINES, name="march.csv"))


def _uploaded(client: Client, answer) -> str:
    if (kept := answer.context.get("upload")) is not None:
        client.post(f"/forms/RSA/inpatient_ward/uploads/{kept.pk}/")
    return " ".join(answer.context["faults"])


def by_rest(client: Client, _folder: Path, *, period: str = "2026-03", **said: object) -> str:
    value = {"unit": "melati", "element": VIP, "period": period, **(said or {"value": 50})}
    body = json.dumps({"hospital": "RSA", "values": [value]})
    answer = client.post("/api/v1/data-values/", body, content_type="application/json")
    return "" if answer.status_code == 200 else answer.content.decode()


def by_command(_client: Client, folder: Path) -> str:
    file, errors = folder / "march.csv", io.StringIO()
    file.write_bytes(LINES)
    try:
        with translation.override("en"):
            call_command("import_values", str(file), "--hospital=RSA", stdout=io.StringIO(), stderr=errors)
    except CommandError:
        return errors.getvalue()
    return ""


WAYS = pytest.mark.parametrize("way", [by_cell, by_workbook, by_csv, by_rest, by_command])


def stored() -> list[float | None]:
    return list(DataValue.objects.filter(element__code=VIP).values_list("value", flat=True))


@WAYS
def test_no_way_in_takes_it_and_each_says_where_that_is_changed(
    clerk: Client, tmp_path: Path, way: Way
) -> None:
    said = way(clerk, tmp_path)
    assert "Bangsal Melati does not keep" in said
    assert "in the assignment of the form" in said
    assert stored() == []


@WAYS
def test_once_the_assignment_says_that_it_is_kept_every_way_in_takes_it(
    clerk: Client, ward_form: Form, melati: Unit, tmp_path: Path, way: Way
) -> None:
    say(ward_form, melati, [])
    assert way(clerk, tmp_path) == ""
    assert stored() == [50]


@WAYS
def test_what_another_form_asks_the_ward_for_is_taken(
    clerk: Client, hospital: Hospital, melati: Unit, tmp_path: Path, way: Way
) -> None:
    form_with(hospital, melati, VIP)
    assert way(clerk, tmp_path) == ""
    assert stored() == [50]


def test_what_was_stored_before_can_be_taken_back(clerk: Client, melati: Unit, tmp_path: Path) -> None:
    fill(melati, {VIP: 30})
    assert clerk.post(CELL, {"text": "", "seen": "30.0", "language": "en"}).status_code == 200
    assert stored() == []
    fill(melati, {VIP: 30})
    assert by_rest(clerk, tmp_path, status="withdrawn") == ""
    assert stored() == []


def test_a_file_is_not_saved_when_it_was_said_after_the_preview(
    clerk: Client, ward_form: Form, melati: Unit
) -> None:
    say(ward_form, melati, [])
    answer = upload(clerk, LINES, name="march.csv")
    say(ward_form, melati, [VIP])
    _uploaded(clerk, answer)
    assert stored() == []


def test_a_file_that_leaves_it_as_it_was_is_taken(clerk: Client, melati: Unit) -> None:
    fill(melati, {VIP: 50, "patient_days_class_1": 100})
    book = downloaded(clerk)
    book["melati"][place(book, "patient_days_class_1")] = 120
    assert _uploaded(clerk, upload(clerk, book)) == ""
    assert stored() == [50]


@pytest.mark.parametrize(("period", "taken"), [("2025-12", True), ("2025", True), ("2026-Q1", False)])
def test_before_the_form_begins_it_is_taken(clerk: Client, tmp_path: Path, period: str, taken: bool) -> None:
    assert (by_rest(clerk, tmp_path, period=period, value=50) == "") is taken


def test_another_ward_gives_its_own(clerk: Client, mawar: Unit, tmp_path: Path) -> None:
    file = tmp_path / "mawar.csv"
    file.write_text(f"unit,element,period,value\nmawar,{VIP},{MARCH},50\n")
    call_command("import_values", str(file), "--hospital=RSA", stdout=io.StringIO())
    assert stored() == [50]
