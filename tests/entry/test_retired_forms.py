"""A form that is no longer offered: its history can be read, and nothing goes into it any more."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from entry.form_sync import sync_forms
from entry.models import Form, State
from hospitals.models import Hospital, Unit, User
from indicators.models import DataValue, RecomputeMark
from tests.entry.conftest import RIGHT, submission_of
from tests.entry.test_form_definitions import MINIMAL, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
SHEET = "/forms/RSA/inpatient_ward/melati/2026-03/"


@pytest.fixture
def retired(filled: Form, tmp_path: Path) -> Form:
    sync_forms(write(tmp_path, MINIMAL % '{ code = "beds" }'))
    filled.refresh_from_db()
    assert filled.retired
    return filled


def test_it_is_neither_listed_nor_opened_nor_filled(retired: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    assert SHEET not in client.get("/forms/").content.decode()
    assert client.get(SHEET).status_code == 404
    assert client.get("/forms/RSA/inpatient_ward/table/2026-03/").status_code == 404
    assert client.get("/forms/RSA/inpatient_ward/").status_code == 404


def test_a_form_under_way_is_shown_and_takes_no_more_numbers(
    retired: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    submission_of(retired, melati, State.RETURNED)
    client = as_person(wati)
    page = client.get(SHEET).content.decode()
    assert page.count("readonly") == len(RIGHT)
    assert "submit/" not in page
    assert client.post(f"{SHEET}submit/").status_code == 403
    answer = client.post(f"{SHEET}cells/beds/", {"text": "25", "seen": "20.0"})
    assert answer.status_code == 404
    assert DataValue.objects.get(element__code="beds").value == 20


def test_what_is_expected_is_computed_anew(filled: Form, hospital: Hospital, tmp_path: Path) -> None:
    sync_forms()
    RecomputeMark.objects.all().delete()
    sync_forms(write(tmp_path, MINIMAL % '{ code = "beds" }'))
    assert RecomputeMark.objects.filter(hospital=hospital, unit=None).exists()
