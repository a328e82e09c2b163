"""The Django admin of hospitals, units, people and roles."""

from collections.abc import Callable

import pytest
from django.test import Client

from hospitals.actions import give_role
from hospitals.models import Hospital, Membership, Role, Unit, User

NEW_PERSON = {
    "username": "lina",
    "usable_password": "true",
    "password1": "kembang-sepatu-9",
    "password2": "kembang-sepatu-9",
    "memberships-INITIAL_FORMS": "0",
    "memberships-TOTAL_FORMS": "1",
    "memberships-0-role": "viewer",
}


@pytest.fixture
def page(joko: User, as_person: Callable[[User], Client]) -> Client:
    return as_person(joko)


def test_a_superuser_makes_a_hospital_with_its_root(superuser: User, as_person: Callable):
    answer = as_person(superuser).post(
        "/admin/hospitals/hospital/add/", {"code": "RSC", "name": "RSUD Cempaka", "currency": "IDR"}
    )
    assert answer.status_code == 302
    assert Hospital.objects.get(code="RSC").root.name == "RSUD Cempaka"


def test_an_administrator_makes_no_hospital_but_renames_her_own(page: Client, hospital: Hospital):
    assert page.get("/admin/hospitals/hospital/add/").status_code == 403
    answer = page.post(
        f"/admin/hospitals/hospital/{hospital.pk}/change/",
        {"code": "OTHER", "name": "RSUD Anggrek Baru", "currency": "IDR"},
    )
    assert answer.status_code == 302
    root = Hospital.objects.get(pk=hospital.pk).root
    assert (root.code, root.name) == ("RSA", "RSUD Anggrek Baru"), "the code stays"


def test_the_list_of_units_shows_the_tree(page: Client):
    text = page.get("/admin/hospitals/unit/").content.decode()
    shown = ["RSUD Anggrek", "\u2003Rawat Inap", "\u2003\u2003Bangsal Melati", "\u2003\u2003Bangsal Mawar"]
    places = [text.index(f">{name}</a>") for name in shown]
    assert places == sorted(places)


def test_a_unit_is_hung_below_another(page: Client, hospital: Hospital, inap: Unit):
    unit = {
        "hospital": hospital.pk,
        "parent": inap.pk,
        "code": "anyelir",
        "name": "Bangsal Anyelir",
        "kind": "ward",
        "position": 3,
    }
    assert page.post("/admin/hospitals/unit/add/", unit).status_code == 302
    assert Unit.objects.get(code="anyelir").parent == inap


@pytest.mark.parametrize("wrong", [{"parent": ""}, {"kind": "hospital"}, {"code": "melati"}])
def test_a_unit_that_does_not_fit_is_refused(wrong: dict, page: Client, hospital: Hospital, inap: Unit):
    unit = {"hospital": hospital.pk, "parent": inap.pk, "code": "x", "name": "X", "kind": "ward"}
    answer = page.post("/admin/hospitals/unit/add/", unit | {"position": 0} | wrong)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert hospital.units.count() == 4


def test_a_unit_is_not_given_to_another_hospital(page: Client, other_hospital: Hospital, kenanga: Unit):
    unit = {"hospital": other_hospital.pk, "parent": kenanga.pk, "code": "x", "name": "X", "kind": "ward"}
    answer = page.post("/admin/hospitals/unit/add/", unit | {"position": 0})
    assert set(answer.context["adminform"].form.errors) >= {"hospital", "parent"}


def test_the_root_unit_keeps_its_place(page: Client, hospital: Hospital, inap: Unit):
    root = f"/admin/hospitals/unit/{hospital.root.pk}/change/"
    assert page.post(root, {"parent": inap.pk, "kind": "ward", "position": 0}).status_code == 302
    assert Unit.objects.get(pk=hospital.root.pk).is_root


def test_a_new_person_gets_a_role_at_once(page: Client, melati: Unit):
    answer = page.post("/admin/hospitals/user/add/", NEW_PERSON | {"memberships-0-unit": melati.pk})
    assert answer.status_code == 302, answer.context["errors"]
    assert Membership.objects.get(user__username="lina").unit == melati


def test_a_new_person_without_a_role_is_refused(page: Client, hospital: Hospital):
    answer = page.post("/admin/hospitals/user/add/", NEW_PERSON | {"memberships-0-role": ""})
    assert answer.status_code == 200
    assert not User.objects.filter(username="lina").exists()


def test_a_role_at_another_hospital_is_not_hers_to_give(page: Client, kenanga: Unit):
    answer = page.post("/admin/hospitals/user/add/", NEW_PERSON | {"memberships-0-unit": kenanga.pk})
    assert answer.status_code == 200
    assert not User.objects.filter(username="lina").exists()


def test_an_administrator_does_not_make_herself_superuser(page: Client, joko: User, hospital: Hospital):
    membership = joko.memberships.get()
    answer = page.post(
        f"/admin/hospitals/user/{joko.pk}/change/",
        {
            "username": "joko",
            "language": "id",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "memberships-INITIAL_FORMS": "1",
            "memberships-TOTAL_FORMS": "1",
            "memberships-0-id": membership.pk,
            "memberships-0-user": joko.pk,
            "memberships-0-unit": hospital.root.pk,
            "memberships-0-role": "administrator",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert not User.objects.get(pk=joko.pk).is_superuser


@pytest.mark.parametrize("address", ["{}/change/", "{}/password/"])
def test_an_account_that_opens_another_hospital_is_not_hers_to_change(
    address: str, page: Client, tono: User, melati: Unit
):
    give_role(user=tono, unit=melati, role=Role.VIEWER)
    answer = page.post(f"/admin/hospitals/user/{address.format(tono.pk)}", {"username": "taken"})
    assert answer.status_code == 403
    shown = page.get(f"/admin/hospitals/user/{tono.pk}/change/")
    assert shown.status_code == 200
    assert "Bakung" not in shown.content.decode(), "nor hers to read where else it leads"


def test_a_superusers_account_is_not_hers_to_change(page: Client, superuser: User, melati: Unit):
    give_role(user=superuser, unit=melati, role=Role.VIEWER)
    assert page.post(f"/admin/hospitals/user/{superuser.pk}/password/", {}).status_code == 403


def test_people_of_other_hospitals_are_not_found(page: Client, tono: User):
    text = page.get("/admin/hospitals/user/").content.decode()
    assert "joko" in text
    assert "tono" not in text


def test_a_person_with_two_roles_is_listed_once(page: Client, wati: User, mawar: Unit):
    give_role(user=wati, unit=mawar, role=Role.VIEWER)
    assert page.get("/admin/hospitals/user/").content.decode().count(">wati</a>") == 1


def test_a_role_is_taken_away(page: Client, wati: User):
    membership = wati.memberships.get()
    answer = page.post(f"/admin/hospitals/membership/{membership.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not wati.memberships.exists()


def test_an_administrator_of_a_department_only_stays_outside(inap: Unit, sri: User, as_person: Callable):
    give_role(user=sri, unit=inap, role=Role.ADMINISTRATOR)
    User.objects.update(is_staff=True)
    assert as_person(sri).get("/admin/hospitals/unit/").status_code == 403


@pytest.mark.parametrize("cast", ["budi", "ani", "wati"])
def test_staff_that_administers_nothing_stays_outside(cast: str, request: pytest.FixtureRequest):
    user = request.getfixturevalue(cast)
    User.objects.update(is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/hospitals/user/").status_code == 403
