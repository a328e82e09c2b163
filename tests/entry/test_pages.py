"""The pages of the forms: who sees them, what they say, what they cost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from entry.actions import approve, return_for_mending, submit
from entry.models import DraftValue, Form, State, Submission
from hospitals.models import Unit, User
from indicators.models import DataValue
from tests.entry.conftest import MARCH, RIGHT, fill, submission_of, type_in
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
SHEET = "/forms/RSA/inpatient_ward/melati/2026-03/"


def post_cell(client: Client, code: str, text: str, seen: str = "", language: str = "id"):
    return client.post(f"{SHEET}cells/{code}/", {"text": text, "seen": seen, "language": language})


def test_a_clerk_finds_what_is_late_and_one_click_away(
    ward_form: Form, wati: User, as_person: AsPerson
) -> None:
    fill(wati.memberships.get().unit, {"beds": 20, "admissions": 50})
    page = as_person(wati).get("/forms/").content.decode()
    assert page.count('class="entry-item"') == 4  # January to March are late, April runs
    assert SHEET in page
    assert "2 dari 10" in page or "2 of 10" in page
    assert "mawar" not in page


def test_a_returned_form_stands_first_with_its_reason(
    filled: Form, melati: Unit, wati: User, sri: User, as_person: AsPerson
) -> None:
    submission = submit(form=filled, unit=melati, period=MARCH, by=wati)
    head = as_person(sri).get("/forms/").content.decode()
    assert "group-for_me" in head
    return_for_mending(submission=submission, by=sri, reason="beds are 21")
    page = as_person(wati).get("/forms/").content.decode()
    assert page.index("group-returned") < page.index("group-late")
    assert "beds are 21" in page


def test_what_only_has_to_be_submitted_says_so(filled: Form, wati: User, as_person: AsPerson) -> None:
    page = as_person(wati).get("/forms/").content.decode()
    assert page.count("entry-item-ready") == 1


def test_the_months_beside_it_are_one_click_away(ward_form: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    march, april = (client.get(SHEET.replace("-03", month)).content.decode() for month in ("-03", "-04"))
    assert SHEET.replace("-03", "-02") in march
    assert SHEET.replace("-03", "-04") in march
    assert SHEET.replace("-03", "-05") not in april  # has not begun
    january = client.get(SHEET.replace("-03", "-01")).content.decode()
    assert SHEET.replace("2026-03", "2025-12") not in january  # before the form was given to the ward


@pytest.mark.parametrize("path", ["submit/", "withdraw/", "return/", "approve/", "reopen/"])
def test_who_was_signed_out_meanwhile_comes_back_to_the_form(filled: Form, path: str) -> None:
    assert Client().post(SHEET + path).url == f"/login/?next={SHEET}"


def test_an_approved_form_is_done(
    filled: Form, melati: Unit, wati: User, sri: User, as_person: AsPerson
) -> None:
    approve(submission=submit(form=filled, unit=melati, period=MARCH, by=wati), by=sri)
    assert "group-done" in as_person(wati).get("/forms/").content.decode()


def test_whoever_has_no_role_has_nothing_to_do(dewi: User, as_person: AsPerson) -> None:
    assert as_person(dewi).get("/forms/").status_code == 200


def test_my_forms_costs_the_same_whatever_the_number_of_months(
    ward_form: Form, ani: User, as_person: AsPerson, django_assert_max_num_queries
) -> None:
    client = as_person(ani)
    with django_assert_max_num_queries(20):
        client.get("/forms/")


def test_the_manager_sees_units_and_months(
    filled: Form, melati: Unit, ani: User, as_person: AsPerson, django_assert_max_num_queries
) -> None:
    submission_of(filled, melati, State.APPROVED)
    client = as_person(ani)
    with django_assert_max_num_queries(18):
        page = client.get("/forms/RSA/?year=2026").content.decode()
    assert page.count('<td class="standing') == 24
    assert page.count("standing-approved") >= 1
    assert page.count("standing-late") >= 5


@pytest.mark.parametrize("path", ["", "live/", "blank/", "caught-up/", "cells/admissions/details/"])
def test_only_those_who_see_the_ward_see_its_form(
    filled: Form, wati: User, rina: User, tono: User, dewi: User, as_person: AsPerson, path: str
) -> None:
    for user in (wati, rina):
        assert as_person(user).get(SHEET + path).status_code == 200, user
    for user in (tono, dewi):
        assert as_person(user).get(SHEET + path).status_code == 404, user
    assert Client().get(SHEET + path).status_code == 302


@pytest.mark.parametrize("path", ["submit/", "withdraw/", "return/", "approve/", "reopen/", "confirm/"])
def test_a_stranger_moves_nothing(
    filled: Form, tono: User, rina: User, as_person: AsPerson, path: str
) -> None:
    said = {"reason": "x", "check": "x", "numbers": "x"}
    assert as_person(tono).post(SHEET + path, said).status_code == 404
    assert as_person(rina).post(SHEET + path, said).status_code in (403, 404)
    assert as_person(rina).get(SHEET + path).status_code == 405


@pytest.mark.parametrize("url", ["/forms/RSA/", "/forms/RSB/"])
def test_completeness_is_for_those_who_manage(
    ward_form: Form, other_hospital, wati: User, rina: User, as_person: AsPerson, url: str
) -> None:
    for user in (wati, rina):
        assert as_person(user).get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/forms/RSA/inpatient_ward/melati/2026-13/",
        "/forms/RSA/inpatient_ward/melati/2026/",
        "/forms/RSA/inpatient_ward/melati/2025-12/",  # before the form was given to the ward
        "/forms/RSA/inpatient_ward/melati/2026-05/",  # has not begun
        "/forms/RSA/inpatient_ward/table/2026-05/",
        "/forms/RSA/finance/melati/2026-03/",
        "/forms/RSA/no_such_form/melati/2026-03/",
        "/forms/RSA/inpatient_ward/nowhere/2026-03/",
    ],
)
def test_what_nobody_fills_is_not_found(ward_form: Form, ani: User, as_person: AsPerson, url: str) -> None:
    assert as_person(ani).get(url).status_code == 404


def test_the_form_costs_the_same_whatever_is_in_it(
    filled: Form, wati: User, as_person: AsPerson, django_assert_max_num_queries
) -> None:
    client = as_person(wati)
    with django_assert_max_num_queries(50):
        client.get(SHEET)


def test_the_form_shows_last_month_and_last_year_beside_each_cell(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, {"admissions": 1061}, MARCH.shifted(-1))
    fill(melati, {"admissions": 1049}, MARCH.shifted(-12))
    page = as_person(wati).get(SHEET).content.decode()
    assert "1.061" in page
    assert "1.049" in page


def test_indicators_of_the_ward_follow_while_typing(filled: Form, wati: User, as_person: AsPerson) -> None:
    """465 patient days of 20 beds x 31 days = 75 %."""
    page = as_person(wati).get(f"{SHEET}live/").content.decode()
    assert "BOR" in page
    assert "75,00%" in page


def test_a_cell_answers_in_json(ward_form: Form, melati: Unit, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    answer = post_cell(client, "admissions", "1.234")
    assert answer.json() == {
        "state": "saved",
        "cells": {"admissions": {"text": "1.234", "seen": "1234.0"}},
    }
    answer = post_cell(client, "admissions", "12a", seen="1234.0")
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert DraftValue.objects.get().text == "12a"
    answer = post_cell(client, "admissions", "99")
    assert (answer.status_code, answer.json()["state"]) == (409, "conflict")
    assert answer.json()["theirs"] == "1.234"
    assert answer.json()["by"] == "Wati"


def test_a_total_comes_along_with_its_part(
    ward_form: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, {"deaths_under_48h_men": 2})
    answer = post_cell(as_person(wati), "deaths_under_48h_women", "1,0")
    assert answer.json()["cells"]["deaths_under_48h"] == {"text": "3", "seen": ""}
    page = as_person(wati).get(SHEET).content.decode()
    total = re.search(r'<input[^>]*data-element="deaths_under_48h"[^>]*>', page)[0]
    assert 'value="3"' in total
    assert 'data-seen=""' in total
    assert 'data-parts="deaths_under_48h_men deaths_under_48h_women"' in total


def test_a_locked_cell_says_so(filled: Form, melati: Unit, wati: User, as_person: AsPerson) -> None:
    submission_of(filled, melati, State.APPROVED)
    answer = post_cell(as_person(wati), "admissions", "51", seen="50.0")
    assert (answer.status_code, answer.json()["state"]) == (423, "locked")
    assert DataValue.objects.get(element__code="admissions").value == 50


def test_nobody_saves_a_cell_that_is_not_theirs(
    ward_form: Form, rina: User, tono: User, wati: User, as_person: AsPerson
) -> None:
    assert post_cell(as_person(tono), "admissions", "1").status_code == 404
    assert post_cell(as_person(rina), "admissions", "1").status_code == 423
    assert post_cell(Client(), "admissions", "1").status_code == 401
    assert as_person(wati).get(f"{SHEET}cells/admissions/").status_code == 405
    assert post_cell(as_person(wati), "revenue", "1").status_code == 404
    ahead = f"{SHEET.replace('2026-03', '2026-05')}cells/admissions/"
    assert as_person(wati).post(ahead, {"text": "1", "seen": ""}).status_code == 404
    assert not DataValue.objects.exists()


def test_submitting_a_form_with_open_questions_says_how_many(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, {"patients_end": 36})
    page = as_person(wati).post(f"{SHEET}submit/", follow=True).content.decode()
    assert "alert-warning" in page
    assert not Submission.objects.filter(state=State.SUBMITTED).exists()


def test_the_whole_way_through_the_pages(
    filled: Form, wati: User, sri: User, ani: User, as_person: AsPerson
) -> None:
    clerk, head, manager = as_person(wati), as_person(sri), as_person(ani)

    def state() -> str:
        return Submission.objects.get().state

    clerk.post(f"{SHEET}submit/")
    assert state() == State.SUBMITTED
    clerk.post(f"{SHEET}withdraw/")
    clerk.post(f"{SHEET}submit/")
    head.post(f"{SHEET}return/", {"reason": " "})
    assert state() == State.SUBMITTED
    head.post(f"{SHEET}return/", {"reason": "beds?"})
    assert state() == State.RETURNED
    post_cell(clerk, "beds", "21", seen="20.0")
    clerk.post(f"{SHEET}submit/")
    head.post(f"{SHEET}approve/")
    assert state() == State.APPROVED
    assert manager.post(f"{SHEET}reopen/", {"reason": ""}).status_code == 302
    assert state() == State.APPROVED
    manager.post(f"{SHEET}reopen/", {"reason": "late certificate"})
    assert state() == State.RETURNED
    assert "late certificate" in clerk.get(SHEET).content.decode()


def test_an_unlikely_number_is_confirmed_in_the_form(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, {**RIGHT, "patient_days": 2492})
    client = as_person(wati)
    page = client.get(f"{SHEET}live/")
    ((problem, confirmation, _cells),) = page.context["problems"]
    assert confirmation is None
    said = {"check": problem.key, "numbers": problem.numbers, "reason": "earthquake"}
    assert "earthquake" in client.post(f"{SHEET}confirm/", said).content.decode()
    client.post(f"{SHEET}submit/")
    assert Submission.objects.get().state == State.SUBMITTED


def test_the_history_of_a_value_is_one_click_away(
    ward_form: Form, melati: Unit, wati: User, ani: User, as_person: AsPerson
) -> None:
    type_in(ward_form, "admissions", "50", unit=melati, by=wati)
    type_in(ward_form, "admissions", "55", unit=melati, by=ani, seen="50.0")
    page = text_of(as_person(wati).get(f"{SHEET}cells/admissions/details/"))
    for word in ("Wati", "Ani", "50", "55"):
        assert word in page


def test_a_comment_is_written_in_the_form(ward_form: Form, wati: User, as_person: AsPerson) -> None:
    client = as_person(wati)
    said = {"text": "dengue", "follow_up": "on"}
    assert "dengue" in client.post(f"{SHEET}cells/admissions/note/", said).content.decode()
    assert "dengue" in client.get(SHEET).content.decode()


def test_the_blank_form_holds_no_numbers(filled: Form, wati: User, as_person: AsPerson) -> None:
    answer = as_person(wati).get(f"{SHEET}blank/")
    assert answer.content.decode().count("entry-blank-field") == 21
    assert "465" not in text_of(answer)


def test_who_submitted_it_is_told_that_somebody_else_approves(
    filled: Form, melati: Unit, sri: User, wati: User, as_person: AsPerson
) -> None:
    submit(form=filled, unit=melati, period=MARCH, by=sri)
    assert "orang lain yang harus menyetujuinya" in as_person(sri).get(SHEET).content.decode()
    assert "orang lain yang harus menyetujuinya" not in as_person(wati).get(SHEET).content.decode()


def test_the_reason_of_a_confirmation_stays_in_the_history_when_the_number_changes(
    filled: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    type_in(filled, "patient_days", "2.492", unit=melati, by=wati, seen="465.0")
    client = as_person(wati)
    ((problem, _confirmation, _cells),) = client.get(f"{SHEET}live/").context["problems"]
    client.post(f"{SHEET}confirm/", {"check": problem.key, "numbers": problem.numbers, "reason": "gempa"})
    type_in(filled, "patient_days", "465", unit=melati, by=wati, seen="2492.0")
    assert "gempa" in client.get(f"{SHEET}cells/patient_days/details/").content.decode()
    assert "gempa" not in client.get(f"{SHEET}cells/admissions/details/").content.decode()
    assert "gempa" not in client.get(f"{SHEET}live/").content.decode()
