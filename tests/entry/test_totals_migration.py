"""A hospital that was filled while forms stored their totals holds the rows of one that is filled now."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from entry.models import Form, FormAssignment, FormSection, Scope
from entry.queries.history import history_of
from hospitals.actions import add_unit, create_hospital
from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, DataValue, RecomputeMark
from indicators.periods import Period

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("entry", "0004_of_whom_and_what_is_kept")
MARCH, APRIL, MAY = (Period.month(2026, n) for n in (3, 4, 5))
CLASSES = ["patient_days_vip", "patient_days_class_1", "patient_days_class_2"]
TYPED_IN = "form ward"


def migrate(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return executor.loader.project_state(list(targets)).apps


@pytest.fixture
def old_form() -> Iterator[Form]:
    """A ward form whose total of three classes is the form's, before the totals became the elements'."""
    apps = migrate(BEFORE)
    shared = {"over_time": "sum", "over_units": "sum"}
    elements = {
        code: DataElement.objects.create(code=code, **shared) for code in (*CLASSES, "patient_days", "beds")
    }
    form = Form.objects.create(code="ward", unit_kinds=["ward"])
    section = FormSection.objects.create(form=form, code="days")
    for position, code in enumerate(elements):
        apps.get_model("entry", "FormElement").objects.create(
            form_id=form.pk,
            section_id=section.pk,
            element_id=elements[code].pk,
            total_of=CLASSES if code == "patient_days" else [],
            position=position,
        )
    yield form
    migrate()


@pytest.fixture
def hospital(old_form: Form) -> Hospital:
    hospital = create_hospital(code="H", name="Hospital")
    for code in ("two_classes", "three_classes", "typed"):
        add_unit(parent=hospital.root, code=code, name=code, kind="ward")
    FormAssignment.objects.create(form=old_form, unit=hospital.root, first_month=MARCH)
    return hospital


def fill(unit: Unit, period: Period, why: str = TYPED_IN, **numbers: float) -> None:
    elements = {e.code: e for e in DataElement.objects.filter(code__in=numbers)}
    save_values((NewValue(unit, elements[c], period, n) for c, n in numbers.items()), by=None, why=why)


def totals(unit: Unit) -> dict[str, float | None]:
    rows = DataValue.objects.filter(unit=unit, element__code="patient_days").order_by("period")
    return {str(row.period): row.value for row in rows}


def test_what_a_form_computed_goes_and_what_was_typed_stays(old_form: Form, hospital: Hospital) -> None:
    two, three, typed = (hospital.units.get(code=c) for c in ("two_classes", "three_classes", "typed"))
    # Two classes, and the third never: their sum is the total.
    fill(two, MARCH, patient_days_class_1=10, patient_days_class_2=20, patient_days=30)
    fill(two, APRIL, patient_days_class_1=10, patient_days=10)  # one class is missing: left as it is
    fill(two, MAY, "import_values x.csv", patient_days_class_1=1, patient_days_class_2=2, patient_days=3)
    # All three, and once a total of its own.
    fill(three, MARCH, patient_days_vip=1, patient_days_class_1=2, patient_days_class_2=3, patient_days=6)
    fill(three, APRIL, patient_days_vip=1, patient_days_class_1=2, patient_days_class_2=3, patient_days=7)
    fill(typed, MARCH, patient_days=40)
    before = DataValue.history.count()
    RecomputeMark.objects.all().delete()
    migrate()
    assert totals(two) == {"2026-04": 10, "2026-05": 3}
    assert totals(three) == {"2026-04": 7}
    assert totals(typed) == {"2026-03": 40}
    patient_days = DataElement.objects.get(code="patient_days")
    assert patient_days.parts[:2] == ["patient_days_vvip", "patient_days_vip"]
    own = FormAssignment.objects.get(unit=two)
    assert (own.scope, own.not_kept, own.first_month) == (Scope.THIS_UNIT, ["patient_days_vip"], MARCH)
    assert FormAssignment.objects.count() == 2
    assert DataValue.history.count() == before + 2
    gone = history_of(unit=two, element=patient_days, period=MARCH)[0]
    assert (gone.before.value, gone.after.value, gone.why) == (30, None, "parts")
    assert RecomputeMark.objects.filter(hospital=hospital).exists()


def test_a_hospitals_own_total_keeps_the_parts_that_its_form_gave_it(
    old_form: Form, hospital: Hospital
) -> None:
    DataElement.objects.filter(code="patient_days").update(hospital=hospital, code="own_days")
    migrate()
    assert DataElement.objects.get(code="own_days").parts == CLASSES
