"""Whatever scores are computed from leaves a mark when it changes, in the same transaction."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from entry.actions import approve, assign_form
from entry.models import Form, FormAssignment, FormElement, FormSection, State, Submission
from hospitals.actions import add_unit
from hospitals.models import Hospital, Unit, UnitKind, User
from indicators.computing import Computed
from indicators.definition_changes import keep_decimals
from indicators.following import followed, move_stamp, read_stamp
from indicators.marks import mark_everything
from indicators.models import (
    ApprovedIndicatorValue,
    Computation,
    ConfirmedResults,
    DataElement,
    DataValue,
    DefinitionStamp,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    JudgedUnder,
    LeftOut,
    RecomputeMark,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.periods import Period
from scorecard.actions import order_judgement, recompute_scores
from scorecard.models import ApprovedScore, Score, Template
from scorecard.storing import ToStore, changes_to_store
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows

TODAY = dt.date(2009, 4, 20)
FEBRUARY = Period.month(2009, 2)
#: What is computed, and what keeps the books of computing: nothing to follow there.
NOT_FOLLOWED = {
    IndicatorValue,
    ApprovedIndicatorValue,
    LeftOut,
    Score,
    ApprovedScore,
    RecomputeMark,
    Computation,
    DefinitionStamp,
}


#: Rows that concern RSUD Anggrek, where those of others lie in the same table.
THEIRS: dict[type[Model], dict[str, str]] = {
    Hospital: {"code": "RSA"},
    Unit: {"hospital__code": "RSA"},
    DataValue: {"unit__hospital__code": "RSA"},
    Form: {"code": "inpatient_ward"},
    FormSection: {"form__code": "inpatient_ward"},
    FormElement: {"form__code": "inpatient_ward"},
}


@pytest.fixture
def full(numbers: None, hospital: Hospital, melati: Unit, joko: User, sri: User) -> Hospital:
    """RSUD Anggrek with one row at least of everything that its scores may depend on."""
    form = Form.objects.get(code="inpatient_ward")
    assign_form(form=form, unit=hospital.root, first_month=FEBRUARY)
    submitted = Submission.objects.create(form=form, unit=melati, period=FEBRUARY, state=State.SUBMITTED)
    approve(submission=submitted, by=sri)
    ReferenceRange.objects.create(indicator=Indicator.objects.get(code="bor"), unit=melati, ideal_low=70)
    keep_decimals(Indicator.objects.get(code="bor"), before=0, until=dt.date(2009, 1, 1))
    StandardChoice.objects.create(hospital=hospital, standard=Standard.objects.get(code="depkes_1997"))
    order_judgement(
        hospital=hospital, years=range(2009, 2010), definitions_of=dt.date(2009, 6, 30), by=joko, reason="-"
    )
    ConfirmedResults.objects.create(
        unit=melati, period=FEBRUARY, agreement="bed_use", values={"bor": 46.29}, why="-", by=joko
    )
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    return hospital


def models_read(hospital: Hospital) -> set[type[Model]]:
    """The models whose tables a computation of everything asks, in a process that holds nothing yet."""
    mark_everything([hospital])
    move_stamp()
    with CaptureQueriesContext(connection) as queries:
        recompute_scores(hospital_id=hospital.pk, today=TODAY)
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    names = {
        name
        for query in queries.captured_queries
        for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
    }
    return {by_table[name] for name in names}


def test_every_model_that_is_read_is_followed(full: Hospital) -> None:
    found = models_read(full)
    assert {
        Hospital,
        Unit,
        Indicator,
        Template,
        FormAssignment,
        Submission,
        JudgedUnder,
        StandardChoice,
    } <= found
    assert found - followed - NOT_FOLLOWED == set()


def test_a_changed_row_of_any_of_them_marks_the_hospital_and_moves_the_stamp(full: Hospital) -> None:
    silent = []
    for model in followed - {Submission}:
        rows = model._default_manager.filter(**THEIRS.get(model, {}))
        RecomputeMark.objects.all().delete()
        before = read_stamp()
        row = rows.first()
        assert row is not None, model
        row.save()
        marked = RecomputeMark.objects.filter(hospital=full).exists()
        if not marked or (model not in {DataValue, ConfirmedResults} and read_stamp() == before):
            silent.append(model)
    assert silent == []


def test_an_approval_that_disappears_is_followed(full: Hospital) -> None:
    Submission.objects.get(state=State.APPROVED).delete()
    assert RecomputeMark.objects.filter(hospital=full, period=FEBRUARY).exists()
    recompute_scores(hospital_id=full.pk, today=TODAY)
    assert stored_rows(full) == rows_from_scratch(full, TODAY)


def test_a_new_unit_under_an_assigned_form_owes_it_at_once(full: Hospital, inap: Unit) -> None:
    add_unit(parent=inap, code="dahlia", name="Bangsal Dahlia", kind=UnitKind.WARD)
    recompute_scores(hospital_id=full.pk, today=TODAY)
    bor = IndicatorValue.objects.get(unit=full.root, indicator__code="bor", period="2009-03")
    # Beds and patient days of Melati; Mawar and Dahlia owe theirs.
    assert (bor.present, bor.expected) == (1, 3)
    assert stored_rows(full) == rows_from_scratch(full, TODAY)


def test_a_hospitals_own_element_that_takes_the_place_of_a_shipped_one_is_followed(full: Hospital) -> None:
    DataElement.objects.create(
        hospital=full, code="beds", name_en="Beds", name_id="TT", over_time="sum", over_units="sum"
    )
    assert RecomputeMark.objects.filter(hospital=full).exists()


def test_what_goes_with_its_hospital_leaves_no_mark(full: Hospital, other_hospital: Hospital) -> None:
    RecomputeMark.objects.all().delete()
    DataValue.objects.filter(unit__hospital=other_hospital).delete()
    RecomputeMark.objects.all().delete()
    other_hospital.delete()
    assert not RecomputeMark.objects.exists()


def test_a_first_computation_that_began_under_other_definitions_is_done_again(
    definitions: None, hospital: Hospital, melati: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever changed the formula looked for hospitals with scores before this one had any: no mark."""
    save_beds_and_days(melati)

    def while_a_formula_changes(templates: list[Template], computed: Computed) -> ToStore:
        found = changes_to_store(templates, computed)
        if IndicatorFormula.objects.filter(indicator__code="bor").exclude(expression=HALF).exists():
            IndicatorFormula.objects.filter(indicator__code="bor").update(expression=HALF)
            move_stamp()
        return found

    monkeypatch.setattr("scorecard.actions.changes_to_store", while_a_formula_changes)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert RecomputeMark.objects.filter(hospital=hospital).exists()
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert not RecomputeMark.objects.exists()
    bor = IndicatorValue.objects.get(unit=melati, indicator__code="bor", period="2009-01")
    assert bor.value == pytest.approx(40)  # 50 × 248 of 310
    assert stored_rows(hospital) == rows_from_scratch(hospital, TODAY)


def test_a_computation_under_definitions_that_stay_leaves_no_mark(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    save_beds_and_days(melati)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    assert not RecomputeMark.objects.exists()


HALF = "50 * patient_days / bed_days"


def save_beds_and_days(unit: Unit) -> None:
    january = Period.month(2009, 1)
    for code, number in (("beds", 10), ("patient_days", 248)):
        DataValue.objects.create(
            unit=unit, element=DataElement.objects.get(code=code), period=january, value=number
        )


@pytest.mark.django_db(transaction=True)
def test_a_formula_that_changes_while_a_hospital_is_computed_for_the_first_time_is_followed(
    definitions: None, hospital: Hospital, melati: Unit
) -> None:
    """Whoever changes it finds no hospital with scores, and has not finished when the computation begins."""
    save_beds_and_days(melati)
    has_changed = threading.Event()

    def change() -> None:
        try:
            with transaction.atomic():
                formula = IndicatorFormula.objects.get(indicator__code="bor")
                formula.expression = HALF
                formula.save()
                has_changed.set()
                time.sleep(0.5)  # not committed yet
        finally:
            has_changed.set()
            connection.close()

    changer = threading.Thread(target=change)
    changer.start()
    has_changed.wait(10)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    changer.join(30)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    bor = IndicatorValue.objects.get(unit=melati, indicator__code="bor", period="2009-01")
    assert bor.value == pytest.approx(40)
    assert not RecomputeMark.objects.exists()
