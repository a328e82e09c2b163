"""In a month in which a form does not hold it is said in which it does, to those who have it there alone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from entry.actions import assign_form
from entry.models import Form, Scope
from hospitals.models import Hospital, Role, Unit, User
from indicators.models import DataValue
from indicators.periods import Period
from tests.cast import person
from tests.entry.conftest import APRIL, MARCH
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
WARD = "/forms/RSA/inpatient_ward/{}/{}/"
BOOKS = "/forms/RSA/finance/{}/{}/"
ENGLISH = {"accept-language": "en"}
NAME = "“Bangsal Melati: Inpatient ward, monthly”"


def months_offered(answer) -> list[str]:
    """The months to which the page leads, in their order."""
    return re.findall(r'<a class="btn" href="[^"]*/(\d{4}-\d\d)/(?:blank/)?"', answer.content.decode())


@pytest.fixture
def one_year(ward_form: Form) -> Form:
    """The wards fill it in from January to March 2026."""
    ward_form.assignments.update(last_month=MARCH)
    return ward_form


@pytest.fixture
def in_turns(finance: Unit, inap: Unit, hospital: Hospital) -> Form:
    """Finance speaks of the hospital in January and from March on, the inpatient department in February."""
    form = Form.objects.get(code="finance")
    told = {"form": form, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
    january = Period.month(2026, 1)
    february = january.shifted(1)
    assign_form(**told, unit=finance, first_month=january, last_month=january)
    assign_form(**told, unit=inap, first_month=february, last_month=february)
    assign_form(**told, unit=finance, first_month=MARCH)
    return form


@pytest.fixture
def clerk(finance: Unit) -> User:
    return person("clerk", "Klerek", finance, Role.DATA_ENTRY)


@pytest.mark.parametrize(
    ("month", "when", "offered"),
    [
        ("2024-07", f"{NAME} can be opened from January 2026 on.", ["2026-01"]),
        ("2026-04", f"{NAME} can be opened up to March 2026.", ["2026-03"]),
        ("2030-01", f"{NAME} can be opened up to March 2026.", ["2026-03"]),
    ],
)
def test_before_the_first_month_and_after_the_last_it_leads_to_the_nearest(
    one_year: Form, wati: User, as_person: AsPerson, month: str, when: str, offered: list[str]
) -> None:
    answer = as_person(wati).get(WARD.format("melati", month), headers=ENGLISH)
    assert answer.status_code == 404
    assert when in text_of(answer)
    assert months_offered(answer) == offered
    assert as_person(wati).get(WARD.format("melati", offered[0])).status_code == 200


def test_it_speaks_the_language_of_the_person(one_year: Form, wati: User, as_person: AsPerson) -> None:
    said = text_of(as_person(wati).get(WARD.format("melati", "2025-12")))
    assert "Tidak ada yang perlu diisi di sini untuk Desember 2025" in said
    assert "“Bangsal Melati: Laporan bulanan rawat inap” dapat dibuka mulai Januari 2026." in said


def test_a_month_to_come_says_so_and_leads_to_the_one_that_runs(
    ward_form: Form, wati: User, as_person: AsPerson
) -> None:
    answer = as_person(wati).get(WARD.format("melati", "2026-06"), headers=ENGLISH)
    assert f"{NAME} can be opened once June 2026 begins." in text_of(answer)
    assert months_offered(answer) == ["2026-04"]


def test_a_form_that_begins_later_says_when_and_leads_to_no_month_to_come(
    ward_form: Form, wati: User, as_person: AsPerson
) -> None:
    ward_form.assignments.update(first_month=APRIL.shifted(2))
    for month in ("2026-03", "2026-05"):
        answer = as_person(wati).get(WARD.format("melati", month), headers=ENGLISH)
        assert f"{NAME} can be opened from June 2026 on." in text_of(answer)
        assert months_offered(answer) == []


def test_a_ward_that_closed_ends_with_its_last_month(
    ward_form: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    Unit.objects.filter(pk=melati.pk).update(closed_on=dt.date(2026, 2, 10))
    answer = as_person(wati).get(WARD.format("melati", "2026-04"), headers=ENGLISH)
    assert f"{NAME} can be opened up to February 2026." in text_of(answer)
    assert months_offered(answer) == ["2026-02"]


@pytest.mark.parametrize("place", ["RSA", "table"])
def test_between_two_turns_it_leads_to_both_and_names_nobody_else(
    in_turns: Form, clerk: User, ani: User, as_person: AsPerson, place: str
) -> None:
    answer = as_person(clerk).get(BOOKS.format(place, "2026-02"), headers=ENGLISH)
    assert answer.status_code == 404
    said = text_of(answer)
    assert "can be opened up to January 2026 and again from March 2026 on." in said
    assert "Rawat Inap" not in said
    assert "inap" not in answer.content.decode()
    assert months_offered(answer) == ["2026-01", "2026-03"]
    assert as_person(ani).get(BOOKS.format(place, "2026-02")).status_code == 200


def test_whose_turn_is_over_is_not_told_that_another_has_it(
    in_turns: Form, inap: Unit, as_person: AsPerson
) -> None:
    theirs = person("theirs", "Nina", inap, Role.DATA_ENTRY)
    answer = as_person(theirs).get(BOOKS.format("RSA", "2026-04"), headers=ENGLISH)
    assert "can be opened up to February 2026." in text_of(answer)
    assert months_offered(answer) == ["2026-02"]


@pytest.mark.parametrize(
    "page", [WARD.format("melati", "2025-12") + "blank/", WARD.format("table", "2025-12")]
)
def test_the_form_on_paper_and_the_table_lead_to_their_own_months(
    ward_form: Form, wati: User, as_person: AsPerson, page: str
) -> None:
    answer = as_person(wati).get(page, headers=ENGLISH)
    assert answer.status_code == 404
    assert "can be opened from January 2026 on." in text_of(answer)
    assert f'href="{page.replace("2025-12", "2026-01")}"' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_parts_of_a_page_and_what_is_sent_are_just_not_found(
    ward_form: Form, wati: User, as_person: AsPerson
) -> None:
    client, sheet = as_person(wati), WARD.format("melati", "2025-12")
    answers = [client.get(sheet + part) for part in ("live/", "caught-up/", "cells/beds/details/")]
    answers += [client.post(sheet + step, {"text": "2", "seen": ""}) for step in ("submit/", "cells/beds/")]
    for answer in answers:
        assert answer.status_code == 404
        assert "Alamatnya salah" in text_of(answer)
    assert not DataValue.objects.exists()


@pytest.mark.parametrize("month", ["2025-12", "2026-03", "2026-04", "2027-01", "2026-13", "1930-03", "2026"])
def test_who_has_no_role_there_cannot_tell_what_is_there_from_what_is_not(
    one_year: Form, in_turns: Form, wati: User, tono: User, as_person: AsPerson, month: str
) -> None:
    """Wati has no role in ward Mawar nor in finance, Tono none in the hospital."""
    there = [(wati, WARD.format("mawar", month)), (wati, BOOKS.format("RSA", month))]
    there += [(wati, BOOKS.format("table", month)), (tono, WARD.format("melati", month))]
    nowhere = {wati: WARD.format("nowhere", month), tono: "/forms/RSC/no_form/nowhere/2026-03/"}
    nowhere[tono] = nowhere[tono].replace("2026-03", month)
    for user, address in there:
        for rest in ("", "cells/beds/"):
            if rest and "table" in address:
                continue
            send = as_person(user).post if rest else as_person(user).get
            answer, unknown = send(address + rest), send(nowhere[user] + rest)
            assert (answer.status_code, text_of(answer)) == (unknown.status_code, text_of(unknown))
            assert answer.status_code == 404
