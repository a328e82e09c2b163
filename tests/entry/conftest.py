"""The ward form in ward Melati, and a month of it that is right."""

import datetime as dt

import pytest

from entry.actions import SavedCell, assign_form, save_cell
from entry.models import Form, FormElement, Scope, State, Submission
from hospitals.actions import add_unit
from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, save_values
from indicators.models import DataElement
from indicators.periods import Period

MARCH = Period.month(2026, 3)
APRIL = Period.month(2026, 4)

#: 20 beds, 31 days: 620 bed days. 10 + 50 + 2 - 1 - 48 - 1 - 2 = 10.
RIGHT = {
    "beds": 20,
    "patients_start": 10,
    "admissions": 50,
    "transfers_in": 2,
    "transfers_out": 1,
    "discharged_alive": 48,
    "deaths_under_48h": 1,
    "deaths_48h_or_more": 2,
    "patients_end": 10,
    "patient_days": 465,
}


@pytest.fixture
def ward_form(definitions: None, hospital: Hospital) -> Form:
    """The inpatient form, assigned to all wards of RSUD Anggrek from January 2026 on."""
    form = Form.objects.get(code="inpatient_ward")
    assign_form(form=form, unit=hospital.root, first_month=Period.month(2026, 1))
    return form


@pytest.fixture
def filled(ward_form: Form, melati: Unit) -> Form:
    """Ward Melati's March has the right numbers, and is not submitted."""
    fill(melati, RIGHT)
    return ward_form


def fill(unit: Unit, numbers: dict[str, float], period: Period = MARCH) -> None:
    elements = {e.code: e for e in DataElement.objects.filter(code__in=numbers)}
    save_values((NewValue(unit, elements[c], period, n) for c, n in numbers.items()), by=None)


def form_element(form: Form, code: str) -> FormElement:
    return FormElement.objects.select_related("form", "element").get(form=form, element__code=code)


def type_in(form: Form, code: str, text: str, *, unit: Unit, by: User, seen: str = "", language: str = "id"):
    """What happens when `by` types `text` into a cell of March that showed `seen`."""
    return save_cell(
        form_element=form_element(form, code),
        unit=unit,
        period=MARCH,
        text=text,
        seen=seen,
        by=by,
        language=language,
    )


def saved(result: object) -> SavedCell:
    assert isinstance(result, SavedCell), result
    return result


def submission_of(form: Form, unit: Unit, state: State | None = None) -> Submission:
    submission, _created = Submission.objects.get_or_create(form=form, unit=unit, period=MARCH)
    if state is not None:
        submission.state = state
        submission.save()
    return submission


@pytest.fixture
def in_april(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is 20 April 2026: January to March are over, the 5th of the month has passed."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: dt.date(2026, 4, 20))


@pytest.fixture
def finance(definitions: None, hospital: Hospital) -> Unit:
    return add_unit(parent=hospital.root, code="keuangan", name="Keuangan", kind="department")


@pytest.fixture
def books(finance: Unit, hospital: Hospital) -> Form:
    """The finance form, filled in by the finance department, of the hospital."""
    form = Form.objects.get(code="finance")
    assign_form(
        form=form,
        unit=finance,
        first_month=Period.month(2026, 1),
        scope=Scope.THIS_UNIT,
        speaks_of=hospital.root,
    )
    return form
