"""One form of all my units, and where people start."""

from collections.abc import Callable

import pytest
from django.test import Client

from entry.models import Form
from hospitals.models import Unit, User
from tests.entry.conftest import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]
TABLE = "/forms/RSA/inpatient_ward/table/2026-03/"


def test_a_table_shows_all_my_units(
    filled: Form, mawar: Unit, ani: User, as_person: AsPerson, django_assert_max_num_queries
) -> None:
    client = as_person(ani)
    with django_assert_max_num_queries(35):
        page = client.get(TABLE).content.decode()
    assert page.count("data-seen=") == 42
    assert page.count("readonly") == 0


def test_a_clerk_sees_only_her_ward_in_the_table(
    filled: Form, wati: User, tono: User, as_person: AsPerson
) -> None:
    page = as_person(wati).get(TABLE).content.decode()
    assert page.count("data-seen=") == 21
    assert "Mawar" not in page
    assert as_person(tono).get(TABLE).status_code == 404


def test_the_table_says_when_transfers_in_and_out_differ(
    filled: Form, mawar: Unit, ani: User, rina: User, as_person: AsPerson
) -> None:
    """Melati: 2 in, 1 out. Mawar: 1 in, 2 out, or 3."""
    fill(mawar, {"transfers_in": 1, "transfers_out": 2})
    assert not as_person(ani).get(TABLE).context["problems"]
    fill(mawar, {"transfers_out": 3})
    assert as_person(ani).get(TABLE).context["problems"]
    page = as_person(rina).get(TABLE).content.decode()
    assert page.count("readonly") == 42


def test_several_units_with_the_same_form_are_one_click_from_their_table(
    ward_form: Form, wati: User, ani: User, as_person: AsPerson
) -> None:
    assert TABLE in as_person(ani).get("/forms/").content.decode()
    assert TABLE not in as_person(wati).get("/forms/").content.decode()


def test_forms_are_the_home_page_of_clerks_and_heads_only(
    ward_form: Form, wati: User, sri: User, ani: User, rina: User, as_person: AsPerson
) -> None:
    for user in (wati, sri):
        assert as_person(user).get("/").url == "/forms/"
    for user in (ani, rina):
        assert as_person(user).get("/").url == "/hospitals/RSA/"


def test_without_forms_a_clerk_starts_with_the_scores(wati: User, as_person: AsPerson) -> None:
    assert as_person(wati).get("/").url == "/hospitals/RSA/"


def test_who_only_manages_forms_sees_those_of_the_whole_hospital(budi: User, as_person: Callable) -> None:
    answer = as_person(budi).get("/forms/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/forms/RSA/")


def test_the_table_ends_with_the_month_that_runs(filled: Form, ani: User, as_person: AsPerson) -> None:
    march, april = (
        as_person(ani).get(TABLE.replace("-03", month)).content.decode() for month in ("-03", "-04")
    )
    assert TABLE.replace("-03", "-04") in march
    assert TABLE.replace("-03", "-05") not in april
