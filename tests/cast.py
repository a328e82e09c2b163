"""The cast: the same few people and two small hospitals in every test.

    RSA  RSUD Anggrek                      dr. Budi, director · Ani, manager · Joko, administrator
    └─ inap  Inpatient department                              · Rina, viewer
       ├─ melati  Ward Melati              Wati, ward clerk (data entry) · Sri, head of ward (approver)
       └─ mawar   Ward Mawar
    RSB  RSUD Bakung                       Tono, director: the stranger
    └─ kenanga  Ward Kenanga

Dewi has an account and no role at all. Everybody's password is `PASSWORD`. A person's fixture
brings the hospital along; `as_person(wati)` is a browser signed in, `api_as(wati)` a REST client.
"""

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from hospitals.actions import add_unit, create_hospital, give_role
from hospitals.models import Hospital, Role, Unit, UnitKind, User

PASSWORD = "sirih-merah-7"


@pytest.fixture
def hospital(db: None) -> Hospital:
    """RSUD Anggrek, with the units `inap` and below it `melati` and `mawar`."""
    anggrek = create_hospital(code="RSA", name="RSUD Anggrek", city="Bandung")
    inap = add_unit(parent=anggrek.root, code="inap", name="Rawat Inap", kind=UnitKind.DEPARTMENT)
    add_unit(parent=inap, code="melati", name="Bangsal Melati", kind=UnitKind.WARD, position=1)
    add_unit(parent=inap, code="mawar", name="Bangsal Mawar", kind=UnitKind.WARD, position=2)
    return anggrek


@pytest.fixture
def other_hospital(db: None) -> Hospital:
    """RSUD Bakung, where Tono belongs and nobody else."""
    bakung = create_hospital(code="RSB", name="RSUD Bakung", city="Medan")
    add_unit(parent=bakung.root, code="kenanga", name="Bangsal Kenanga", kind=UnitKind.WARD)
    return bakung


@pytest.fixture
def inap(hospital: Hospital) -> Unit:
    return hospital.units.get(code="inap")


@pytest.fixture
def melati(hospital: Hospital) -> Unit:
    return hospital.units.get(code="melati")


@pytest.fixture
def mawar(hospital: Hospital) -> Unit:
    return hospital.units.get(code="mawar")


@pytest.fixture
def kenanga(other_hospital: Hospital) -> Unit:
    return other_hospital.units.get(code="kenanga")


def person(username: str, first_name: str, unit: Unit | None = None, role: Role | None = None) -> User:
    """Make an account, with a role at a unit if both are given."""
    user = User.objects.create_user(username=username, first_name=first_name, password=PASSWORD)
    if unit is not None and role is not None:
        give_role(user=user, unit=unit, role=role)
    return user


@pytest.fixture
def wati(melati: Unit) -> User:
    """Ward clerk: enters the numbers of ward Melati."""
    return person("wati", "Wati", melati, Role.DATA_ENTRY)


@pytest.fixture
def sri(melati: Unit) -> User:
    """Head of ward Melati: approves."""
    return person("sri", "Sri", melati, Role.APPROVER)


@pytest.fixture
def budi(hospital: Hospital) -> User:
    """Director of RSUD Anggrek."""
    return person("budi", "dr. Budi", hospital.root, Role.DIRECTOR)


@pytest.fixture
def ani(hospital: Hospital) -> User:
    """Manager of RSUD Anggrek."""
    return person("ani", "Ani", hospital.root, Role.MANAGER)


@pytest.fixture
def joko(hospital: Hospital) -> User:
    """Administrator of RSUD Anggrek, who may also open the Django admin."""
    joko = person("joko", "Joko", hospital.root, Role.ADMINISTRATOR)
    joko.is_staff = True
    joko.save()
    return joko


@pytest.fixture
def rina(hospital: Hospital) -> User:
    """Looks at RSUD Anggrek and changes nothing."""
    return person("rina", "Rina", hospital.root, Role.VIEWER)


@pytest.fixture
def tono(other_hospital: Hospital) -> User:
    """The stranger: director of RSUD Bakung."""
    return person("tono", "Tono", other_hospital.root, Role.DIRECTOR)


@pytest.fixture
def dewi(db: None) -> User:
    """Has an account and no role."""
    return person("dewi", "Dewi")


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser(username="root", password=PASSWORD)


@pytest.fixture
def as_person() -> Callable[[User], Client]:
    """`as_person(wati).get("/")`: the page as Wati sees it."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def api_as() -> Callable[[User], APIClient]:
    """`api_as(wati).get("/api/v1/units/")`: the endpoint as Wati's program sees it."""

    def authenticate(user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return authenticate


@pytest.fixture
def definitions(db: None) -> None:
    """The shipped elements, indicators, standards and scorecard."""
    call_command("sync_definitions", stdout=io.StringIO())
