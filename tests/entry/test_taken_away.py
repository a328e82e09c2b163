"""A form that is not asked of a unit any more: what was entered can be read, and nothing goes into it."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from entry.actions import approve, reopen, save_note, submit, take_form_away
from entry.models import CellNote, DraftValue, Form, Scope, State, Submission
from hospitals.models import Unit, User
from indicators.models import DataValue
from tests.entry.conftest import MARCH, RIGHT, form_element, submission_of
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
SHEET = "/forms/RSA/inpatient_ward/melati/2026-03/"


@pytest.fixture
def taken_away(filled: Form, melati: Unit) -> Form:
    """Wati had begun with March when the form was taken away from the hospital."""
    submission_of(filled, melati, State.DRAFT)
    take_form_away(form=filled, unit=melati.hospital.root)
    return filled


def test_a_draft_is_readable_and_says_why_it_cannot_be_changed(
    taken_away: Form, wati: User, as_person: AsPerson
) -> None:
    client = as_person(wati)
    assert SHEET not in client.get("/forms/").content.decode()
    page = client.get(SHEET).content.decode()
    assert "Unit ini tidak perlu mengisi formulir ini untuk bulan ini." in page
    assert 'value="465"' in page
    for step in ("submit/", "withdraw/", "approve/", "reopen/", "confirm/"):
        assert f"{SHEET}{step}" not in page


def test_only_what_was_entered_is_shown_and_nothing_is_missing(
    taken_away: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    """A cell that was refused and one with a comment hold something too; the others do not."""
    refused, remarked = (
        form_element(taken_away, code).element for code in ("patient_days_vip", "patient_days_vvip")
    )
    where = {"unit": melati, "period": MARCH}
    DraftValue.objects.create(**where, element=refused, text="many", by=wati)
    CellNote.objects.create(**where, element=remarked, text="none here", by=wati)
    DataValue.objects.get(element__code="deaths_under_48h").delete()
    answer = as_person(wati).get(SHEET)
    shown = set(re.findall(r'id="cell-(\w+)"', answer.content.decode()))
    assert shown == {*RIGHT, refused.code, remarked.code} - {"deaths_under_48h"}
    wanting = ("isian wajib", "masih kosong", "Formulir kosong untuk dicetak", "paling lambat")
    said = text_of(answer) + text_of(as_person(wati).get(f"{SHEET}live/"))
    assert [words for words in wanting if words in said] == []
    taken_away.assignments.create(unit=melati, first_month=MARCH, scope=Scope.THIS_UNIT)
    given_back = text_of(as_person(wati).get(SHEET))
    assert [words for words in wanting if words not in given_back] == []


def test_where_nothing_was_entered_the_page_says_so(
    taken_away: Form, wati: User, as_person: AsPerson
) -> None:
    DataValue.objects.all().delete()
    answer = as_person(wati).get(SHEET)
    assert "Tidak ada yang diisi." in text_of(answer)
    assert "Pemeriksaan" not in text_of(answer)
    assert "entry-input" not in answer.content.decode()


def test_it_is_said_so_that_it_is_true_where_the_form_begins_later_too(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    submission_of(filled, melati, State.DRAFT)
    filled.assignments.update(first_month=MARCH.shifted(1))
    said = text_of(as_person(wati).get(SHEET, headers={"accept-language": "en"}))
    assert "The unit does not have to fill in this form for this month. What was entered" in said
    assert "any more" not in said


def test_a_form_that_is_asked_for_says_nothing_of_that(filled: Form, wati: User, as_person: AsPerson) -> None:
    page = as_person(wati).get(SHEET).content.decode()
    assert "tidak perlu mengisi" not in page
    assert "readonly" not in page


def test_nothing_goes_into_it(taken_away: Form, melati: Unit, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    assert client.post(f"{SHEET}cells/beds/", {"text": "25", "seen": "20.0"}).status_code == 404
    assert client.post(f"{SHEET}cells/beds/note/", {"text": "x"}).status_code == 403
    said = {"check": "x", "numbers": "1", "reason": "x"}
    assert client.post(f"{SHEET}confirm/", said).status_code == 403
    assert client.post(f"{SHEET}submit/").status_code == 403
    assert DataValue.objects.get(element__code="beds").value == 20
    element = form_element(taken_away, "beds")
    with pytest.raises(PermissionDenied):
        save_note(form_element=element, unit=melati, period=MARCH, text="x", follow_up=False, by=wati)
    assert not CellNote.objects.exists()


def test_no_step_is_taken_with_what_was_submitted_or_approved(
    filled: Form, melati: Unit, wati: User, sri: User, ani: User, as_person: AsPerson
) -> None:
    submission = submit(form=filled, unit=melati, period=MARCH, by=wati)
    take_form_away(form=filled, unit=melati.hospital.root)
    with pytest.raises(PermissionDenied):
        approve(submission=submission, by=sri)
    page = as_person(sri).get(SHEET).content.decode()
    assert f"{SHEET}approve/" not in page
    assert f"{SHEET}return/" not in page
    Submission.objects.update(state=State.APPROVED)
    with pytest.raises(PermissionDenied):
        reopen(submission=submission, by=ani, reason="x")
    assert f"{SHEET}reopen/" not in as_person(ani).get(SHEET).content.decode()


def test_given_back_it_is_filled_in_again(
    taken_away: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    taken_away.assignments.create(unit=melati, first_month=MARCH, scope=Scope.THIS_UNIT)
    answer = as_person(wati).post(f"{SHEET}cells/beds/", {"text": "25", "seen": "20.0"})
    assert answer.json()["state"] == "saved"
