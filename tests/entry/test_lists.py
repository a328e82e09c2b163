"""My forms when there are many, or none; the completeness of a hospital month by month."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from entry.actions import assign_form
from entry.models import Form, FormElement, State
from hospitals.actions import add_unit, give_role
from hospitals.models import Role, Unit, UnitKind, User
from indicators.periods import Period
from tests.entry.conftest import fill, submission_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]


@pytest.fixture
def forty_wards(ward_form: Form, inap: Unit) -> Form:
    """The department has forty wards, all late since January."""
    for number in range(38):
        add_unit(parent=inap, code=f"w{number}", name=f"Bangsal {number}", kind=UnitKind.WARD)
    return ward_form


def test_of_many_forms_those_that_can_wait_are_folded_away(
    forty_wards: Form, inap: Unit, wati: User, as_person: AsPerson, django_assert_max_num_queries
) -> None:
    wati.memberships.update(unit=inap)
    client = as_person(wati)
    with django_assert_max_num_queries(20):
        page = client.get("/forms/").content.decode()
    late, running = page.split('id="group-running"')
    assert late.count('class="entry-item"') == 120
    assert late.count("<details>") == 1  # just before the heading of the running month
    assert running.count('class="entry-item"') == 40
    assert '<a href="#group-late">' in page


def test_few_forms_stand_open_one_below_the_other(ward_form: Form, wati: User, as_person: AsPerson) -> None:
    page = as_person(wati).get("/forms/").content.decode()
    assert page.count('class="entry-item"') == 4
    assert "<details>" not in page
    assert "#group-late" not in page


def test_of_several_hospitals_each_form_says_which(
    ward_form: Form, kenanga: Unit, wati: User, as_person: AsPerson
) -> None:
    assert "RSUD Anggrek" not in as_person(wati).get("/forms/").content.decode()
    give_role(user=wati, unit=kenanga, role=Role.DATA_ENTRY)
    assert "RSUD Anggrek" not in as_person(wati).get("/forms/").content.decode()
    assign_form(form=ward_form, unit=kenanga, first_month=Period.month(2026, 3))
    page = as_person(wati).get("/forms/").content.decode()
    assert page.count("RSUD Anggrek") == 4
    assert page.count("RSUD Bakung") == 2


def test_who_fills_in_nothing_is_told_what_is_missing(
    ward_form: Form, rina: User, wati: User, dewi: User, as_person: AsPerson
) -> None:
    for user in (rina, dewi):
        assert "Anda tidak mengisi formulir" in as_person(user).get("/forms/").content.decode()
    ward_form.assignments.all().delete()
    assert "Tidak ada yang perlu dikerjakan" in as_person(wati).get("/forms/").content.decode()


def test_a_form_that_requires_nothing_is_not_called_complete(
    ward_form: Form, wati: User, as_person: AsPerson
) -> None:
    FormElement.objects.filter(form=ward_form).update(required=False)
    page = as_person(wati).get("/forms/").content.decode()
    assert "Sudah lengkap" not in page
    assert "<progress" not in page


def test_completeness_counts_what_was_handed_in_month_by_month(
    ward_form: Form, melati: Unit, ani: User, as_person: AsPerson
) -> None:
    fill(melati, {"beds": 20})
    submission_of(ward_form, melati, State.APPROVED)
    client = as_person(ani)
    counted = client.get("/forms/RSA/").context["handed_in"]
    assert [(m.submitted, m.approved, m.asked) for m in counted[:5]] == [
        (0, 0, 2),
        (0, 0, 2),
        (1, 1, 2),
        (0, 0, 0),
        (0, 0, 0),
    ]
    assert "1 dari 2" in client.get("/forms/RSA/").content.decode()
    assert client.get("/forms/RSA/?year=2020").context["handed_in"] == []


def test_every_form_that_completeness_leads_to_opens(ward_form: Form, ani: User, as_person: AsPerson) -> None:
    client = as_person(ani)
    page = client.get("/forms/RSA/").content.decode()
    sheets = re.findall(r'href="(/forms/RSA/inpatient_ward/[^"]+)"', page)
    assert len(sheets) == 8  # two wards, January to April
    assert {client.get(sheet).status_code for sheet in sheets} == {200}
    assert "?year=2025" in page
    assert "?year=2027" not in page
