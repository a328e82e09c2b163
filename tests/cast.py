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
from django.db.models import Model
from django.test import Client
from rest_framework.test import APIClient

from entry.models import Form, FormElement, FormSection
from hospitals.actions import add_unit, create_hospital, give_role
from hospitals.models import Hospital, Role, Unit, UnitKind, User
from indicators.actions import NewValue, save_values
from indicators.models import (
    ApprovedIndicatorValue,
    Computation,
    DataElement,
    DataValue,
    Identity,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    LeftOut,
    RecomputeMark,
    ReferenceRange,
    Standard,
)
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.models import (
    ApprovedScore,
    Objective,
    ObjectiveIndicator,
    Score,
    Template,
    TemplatePerspective,
)
from surveys.models import Characteristic, Dimension, Item, Questionnaire
from tests.kept_rows import KeptRows

PASSWORD = "sirih-merah-7"


@pytest.fixture
def hospital(db: None) -> Hospital:
    """RSUD Anggrek, with the units `inap` and below it `melati` and `mawar`."""
    _anggrek.put()
    return Hospital.objects.get(code="RSA")


def _make_anggrek() -> None:
    anggrek = create_hospital(code="RSA", name="RSUD Anggrek", city="Bandung")
    inap = add_unit(parent=anggrek.root, code="inap", name="Rawat Inap", kind=UnitKind.DEPARTMENT)
    add_unit(parent=inap, code="melati", name="Bangsal Melati", kind=UnitKind.WARD, position=1)
    add_unit(parent=inap, code="mawar", name="Bangsal Mawar", kind=UnitKind.WARD, position=2)


_anggrek = KeptRows([Hospital, Unit], _make_anggrek)


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


#: What `sync_definitions` writes, parents before children.
_DEFINED: list[type[Model]] = [
    DataElement,
    Indicator,
    IndicatorFormula,
    Standard,
    ReferenceRange,
    Identity,
    Template,
    TemplatePerspective,
    Objective,
    ObjectiveIndicator,
    Form,
    FormSection,
    FormElement,
    Questionnaire,
    Dimension,
    Item,
    Characteristic,
]
_defined = KeptRows(_DEFINED, lambda: call_command("sync_definitions", stdout=io.StringIO()))


@pytest.fixture
def definitions(db: None) -> None:
    """The shipped elements, indicators, standards and scorecard; read from the files once per run."""
    _defined.put()


@pytest.fixture
def numbers(definitions: None, hospital: Hospital, other_hospital: Hospital) -> None:
    """Beds and patient days of the first quarter of 2009, and the scores computed from them.

    Bed occupancy (BOR) is patient days / (beds × days of the month):

        melati, 10 beds    January 248/310 = 80 %   February 224/280 = 80 %   March 155/310 = 50 %
        mawar, 20 beds     January: patient days not reported
        kenanga, 10 beds   January 186/310 = 60 %
    """
    _numbers.put()
    # Computing took the marks away.
    RecomputeMark.objects.filter(hospital__in=[hospital, other_hospital]).delete()


def _save_and_compute_numbers() -> None:
    reported = {
        ("RSA", "melati"): {"2009-01": (10, 248), "2009-02": (10, 224), "2009-03": (10, 155)},
        ("RSA", "mawar"): {"2009-01": (20, None)},
        ("RSB", "kenanga"): {"2009-01": (10, 186)},
    }
    elements = {e.code: e for e in DataElement.objects.filter(code__in=["beds", "patient_days"])}
    values = [
        NewValue(Unit.objects.get(hospital__code=of, code=unit), elements[code], Period.parse(month), value)
        for (of, unit), months in reported.items()
        for month, pair in months.items()
        for code, value in zip(("beds", "patient_days"), pair, strict=True)
        if value is not None
    ]
    save_values(values, by=None)
    for of in Hospital.objects.filter(code__in=["RSA", "RSB"]):
        recompute_scores(hospital_id=of.pk)


#: What saving numbers and recomputing writes.
_numbers = KeptRows(
    [
        DataValue,
        DataValue.history.model,
        Computation,
        IndicatorValue,
        ApprovedIndicatorValue,
        LeftOut,
        Score,
        ApprovedScore,
    ],
    _save_and_compute_numbers,
)
