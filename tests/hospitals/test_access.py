"""Who sees and does what, role by role."""

from typing import get_args

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test.utils import CaptureQueriesContext

from hospitals.access import (
    ROLES_WITH,
    Ability,
    administered_hospitals,
    can,
    unit_ids_with,
    visible_hospitals,
    visible_units,
)
from hospitals.actions import add_unit, give_role
from hospitals.models import Hospital, Role, Unit, UnitKind, User
from tests.cast import person

ABILITIES: tuple[Ability, ...] = get_args(Ability)

#: What a role may do at the unit where it is given.
ABILITIES_OF = {
    Role.ADMINISTRATOR: {"view", "enter", "approve", "manage", "administer"},
    Role.DIRECTOR: {"view", "manage"},
    Role.MANAGER: {"view", "enter", "approve", "manage"},
    Role.APPROVER: {"view", "enter", "approve"},
    Role.DATA_ENTRY: {"view", "enter"},
    Role.VIEWER: {"view"},
}


def codes(user: User | AnonymousUser, ability: Ability = "view") -> set[str]:
    return set(visible_units(user, ability).values_list("code", flat=True))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_carries_its_abilities_and_no_other(role: Role, melati: Unit):
    user = person("somebody", "Somebody", melati, role)
    assert {ability for ability in ABILITIES if can(user, ability, melati)} == ABILITIES_OF[role]


def test_every_ability_and_role_is_decided_on():
    assert set(ROLES_WITH) == set(ABILITIES)
    assert set(ABILITIES_OF) == set(Role)


@pytest.mark.parametrize("ability", ABILITIES)
def test_whoever_may_do_anything_may_also_look(ability: Ability):
    assert ROLES_WITH[ability] <= ROLES_WITH["view"]


def test_a_role_holds_for_everything_below_its_unit(budi: User):
    assert codes(budi) == {"RSA", "inap", "melati", "mawar"}


def test_a_role_does_not_hold_above_or_beside_its_unit(wati: User):
    assert codes(wati) == {"melati"}


def test_a_role_in_the_middle_of_the_tree_reaches_down_only(inap: Unit):
    assert codes(person("head", "Head", inap, Role.MANAGER)) == {"inap", "melati", "mawar"}


def test_a_unit_added_later_is_under_the_role_at_once(budi: User, melati: Unit):
    add_unit(parent=melati, code="melati-a", name="Melati A", kind=UnitKind.SERVICE)
    assert "melati-a" in codes(budi)


def test_two_roles_add_up_and_stay_where_they_were_given(wati: User, mawar: Unit):
    give_role(user=wati, unit=mawar, role=Role.VIEWER)
    assert codes(wati) == {"melati", "mawar"}
    assert codes(wati, "enter") == {"melati"}


def test_the_same_role_twice_is_one_membership(wati: User, melati: Unit):
    give_role(user=wati, unit=melati, role=Role.DATA_ENTRY)
    assert wati.memberships.count() == 1


def test_roles_in_two_hospitals_open_both(budi: User, other_hospital: Hospital, kenanga: Unit):
    give_role(user=budi, unit=kenanga, role=Role.VIEWER)
    assert set(visible_hospitals(budi)) == {kenanga.hospital, budi.memberships.first().unit.hospital}
    assert "RSB" not in codes(budi), "a role at a ward does not open the whole hospital"


def test_a_role_taken_away_takes_everything_away(wati: User):
    wati.memberships.all().delete()
    assert codes(wati) == set()


@pytest.mark.parametrize("ability", ABILITIES)
def test_without_a_role_nothing_is_visible(ability: Ability, hospital: Hospital, dewi: User):
    assert codes(dewi, ability) == set()
    assert not visible_hospitals(dewi, ability).exists()
    assert not can(dewi, ability, hospital.root)


@pytest.mark.parametrize("ability", ABILITIES)
def test_an_anonymous_visitor_sees_nothing(ability: Ability, hospital: Hospital):
    assert codes(AnonymousUser(), ability) == set()
    assert not visible_hospitals(AnonymousUser(), ability).exists()


@pytest.mark.parametrize("ability", ABILITIES)
def test_the_stranger_can_do_nothing_here(ability: Ability, hospital: Hospital, tono: User):
    assert codes(tono, ability) <= {"RSB", "kenanga"}
    assert not any(can(tono, ability, unit) for unit in hospital.units.all())


def test_staff_without_a_role_sees_nothing_either(hospital: Hospital, dewi: User):
    dewi.is_staff = True
    dewi.save()
    assert codes(dewi) == set()


@pytest.mark.parametrize("ability", ABILITIES)
def test_a_superuser_has_every_ability_everywhere(
    ability: Ability, hospital: Hospital, other_hospital: Hospital, superuser: User
):
    assert codes(superuser, ability) == {"RSA", "inap", "melati", "mawar", "RSB", "kenanga"}
    assert set(visible_hospitals(superuser, ability)) == {hospital, other_hospital}


def test_a_hospital_is_listed_once_however_many_units_are_visible(budi: User):
    assert [hospital.code for hospital in visible_hospitals(budi)] == ["RSA"]


def test_the_question_costs_two_queries_whatever_the_size_of_the_tree(
    budi: User, melati: Unit, django_assert_num_queries: CaptureQueriesContext
):
    for number in range(20):
        add_unit(parent=melati, code=f"room-{number}", name=f"Room {number}", kind=UnitKind.SERVICE)
    with django_assert_num_queries(2):
        assert len(unit_ids_with(budi, "view")) == 24


def test_a_hospital_is_administered_as_a_whole_or_not_at_all(joko: User, inap: Unit, budi: User):
    assert [hospital.code for hospital in administered_hospitals(joko)] == ["RSA"]
    head = person("head", "Head", inap, Role.ADMINISTRATOR)
    assert not administered_hospitals(head).exists()
    assert not administered_hospitals(budi).exists()
