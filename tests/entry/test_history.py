"""Every way a number can come in leaves who, when, from what to what and how, and starts recomputing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from entry.models import Form, Upload
from entry.queries.history import Change, history_of
from hospitals.models import Unit, User
from indicators.models import DataElement, RecomputeMark
from tests.entry.conftest import MARCH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
ApiAs = Callable[[User], APIClient]
SHEET = "/forms/RSA/inpatient_ward/melati/2026-03/"
FILES = "/forms/RSA/inpatient_ward/"


@pytest.fixture
def last_change(filled: Form, melati: Unit) -> Callable[[], Change]:
    """What the history of the beds of Melati's March says last. Nothing waits to be computed yet."""
    RecomputeMark.objects.all().delete()
    beds = DataElement.objects.get(code="beds")
    return lambda: history_of(unit=melati, element=beds, period=MARCH)[0]


def expect(change: Change, *, by: str, why: str) -> None:
    assert (change.by, change.before.value, change.after.value, change.why) == (by, 20, 21, why)
    assert (timezone.now() - change.at).total_seconds() < 60
    assert RecomputeMark.objects.filter(unit__code="melati", element__code="beds").exists()


def test_the_form(last_change: Callable[[], Change], wati: User, as_person: AsPerson) -> None:
    as_person(wati).post(f"{SHEET}cells/beds/", {"text": "21", "seen": "20.0"})
    expect(last_change(), by="Wati", why="form inpatient_ward")
    said = as_person(wati).get(f"{SHEET}cells/beds/details/").content.decode()
    assert "diketik di formulir" in said


def test_a_file(last_change: Callable[[], Change], wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    file = SimpleUploadedFile("march.csv", b"unit,element,period,value\nmelati,beds,2026-03,21\n")
    client.post(FILES, {"file": file})
    client.post(f"{FILES}uploads/{Upload.objects.get().pk}/")
    expect(last_change(), by="Wati", why="file march.csv")
    assert "berkas march.csv" in client.get(f"{SHEET}cells/beds/details/").content.decode()


def test_the_api(last_change: Callable[[], Change], wati: User, as_person: AsPerson, api_as: ApiAs) -> None:
    value = {"unit": "melati", "element": "beds", "period": "2026-03", "value": 21}
    api_as(wati).post("/api/v1/data-values/", {"hospital": "RSA", "values": [value]}, format="json")
    expect(last_change(), by="Wati", why="API")
    assert "dikirim lewat REST" in as_person(wati).get(f"{SHEET}cells/beds/details/").content.decode()


def test_the_command(
    last_change: Callable[[], Change], wati: User, as_person: AsPerson, tmp_path: Path
) -> None:
    file = tmp_path / "year.csv"
    file.write_text("unit,element,period,value\nmelati,beds,2026-03,21\n")
    call_command("import_values", file, hospital="RSA")
    expect(last_change(), by="", why="import_values year.csv")
    said = as_person(wati).get(f"{SHEET}cells/beds/details/").content.decode()
    assert "diimpor dengan perintah dari year.csv" in said
