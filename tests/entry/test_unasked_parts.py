"""Parts of a total that no form of the ward asks for: the form shows of them what the scores make of them.

The form of ward Melati has the beds and the patient days, and the classes come in beside it: 20 beds × 31
days = 620 bed days in March 2026.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from entry.actions import assign_form
from entry.checks import Problem
from entry.models import Form, FormElement, FormSection, Scope
from entry.queries.cell import Cell
from entry.queries.duties import duties_in
from entry.queries.progress import progress_of
from entry.queries.sheet import Sheet, read_sheet
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import NewValue
from indicators.models import DataElement, DataValue, IndicatorValue, Status
from indicators.periods import Period
from indicators.total_questions import TotalQuestion, questions_about
from scorecard.actions import recompute_scores
from tests.entry.conftest import MARCH, fill, saved, submission_of, type_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("definitions")]

JANUARY = Period.month(2026, 1)
LAST_MARCH = Period.month(2025, 3)
TWO_CLASSES = {"beds": 20, "patient_days_class_1": 100, "patient_days_class_2": 120}
THREE_CLASSES = [f"patient_days_class_{n}" for n in (1, 2, 3)]


@pytest.fixture
def total_alone(hospital: Hospital, melati: Unit) -> Form:
    return form_with(hospital, melati, "beds", "patient_days")


def form_with(hospital: Hospital, unit: Unit, *codes: str, begins: Period = JANUARY) -> Form:
    """A form of these elements, all required, that the unit fills in."""
    name = "-".join(codes)[:30]
    form = Form.objects.create(hospital=hospital, code=name, name_en=name, name_id=name, approval_steps=1)
    section = FormSection.objects.create(form=form, code="all", name_en="All", name_id="Semua")
    for position, code in enumerate(codes):
        element = DataElement.objects.get(code=code)
        FormElement.objects.create(
            form=form, section=section, element=element, position=position, required=True
        )
    assign_form(form=form, unit=unit, first_month=begins, scope=Scope.THIS_UNIT)
    return form


def sheet_of(form: Form, unit: Unit) -> Sheet:
    return read_sheet(form=form, unit=unit, period=MARCH)


def total_in(form: Form, unit: Unit) -> Cell:
    return next(cell for cell in sheet_of(form, unit).cells if cell.element.code == "patient_days")


def patient_days_of_scores(unit: Unit) -> float | None:
    """What bed occupancy was computed of: BOR of 620 bed days."""
    recompute_scores(hospital_id=unit.hospital_id, today=dt.date(2026, 4, 20))
    row = IndicatorValue.objects.filter(unit=unit, indicator__code="bor", period=MARCH).first()
    return None if row is None or row.value is None else row.value * 620 / 100


def asked_in(form: Form, unit: Unit) -> list[Problem]:
    return [problem for problem in sheet_of(form, unit).open_problems if problem.check == "parts"]


def asked_elsewhere(unit: Unit, total: float) -> list[TotalQuestion]:
    return questions_about([NewValue(unit, DataElement.objects.get(code="patient_days"), MARCH, total)])


def counted_in_lists(hospital: Hospital) -> tuple[int, int]:
    """Answered and required cells of ward Melati in March, over months as the lists ask for them."""
    duty = next(duty for duty in duties_in(UnitTree.of(hospital)) if duty.unit.code == "melati")
    return progress_of([duty], Period.of_year(2026).months()).of(duty, MARCH)


def not_collected(unit: Unit, code: str, period: Period = MARCH) -> None:
    element = DataElement.objects.get(code=code)
    DataValue.objects.create(
        unit=unit, element=element, period=period, value=None, status=Status.NOT_COLLECTED
    )


def test_the_form_adds_up_the_classes_that_came_in_beside_it(total_alone: Form, melati: Unit) -> None:
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.value == 220
    assert patient_days_of_scores(melati) == pytest.approx(220)


def test_a_class_given_last_year_is_waited_for_by_the_form_as_by_the_scores(
    total_alone: Form, melati: Unit
) -> None:
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.status is None
    assert patient_days_of_scores(melati) is None
    assert ("patient_days",) in [p.elements for p in sheet_of(total_alone, melati).open_problems]


def test_a_class_given_two_years_ago_is_not_waited_for(total_alone: Form, melati: Unit) -> None:
    fill(melati, {"patient_days_class_3": 200}, Period.month(2024, 3))
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.value == 220
    assert patient_days_of_scores(melati) == pytest.approx(220)


@pytest.mark.parametrize("period", [MARCH, LAST_MARCH])
def test_a_class_said_not_to_be_collected_holds_up_the_total_in_both(
    total_alone: Form, melati: Unit, period: Period
) -> None:
    fill(melati, TWO_CLASSES)
    not_collected(melati, "patient_days_class_3", period)
    assert total_in(total_alone, melati).answer.value is None
    assert patient_days_of_scores(melati) is None


def test_a_class_that_a_form_of_another_ward_has_is_owed_by_that_ward_alone(
    total_alone: Form, melati: Unit, mawar: Unit, hospital: Hospital
) -> None:
    form_with(hospital, mawar, "patient_days_class_3")
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.value == 220
    assert patient_days_of_scores(melati) == pytest.approx(220)


def test_until_the_form_with_the_class_begins_who_gave_it_goes_on_keeping_it(
    total_alone: Form, melati: Unit, hospital: Hospital
) -> None:
    form_with(hospital, melati, "patient_days_class_3", begins=Period.month(2026, 4))
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.status is None
    assert patient_days_of_scores(melati) is None


@pytest.mark.parametrize("months", [Period.month(2026, 1), Period.of_year(2026)], ids=["month", "year"])
def test_of_a_year_in_which_the_ward_typed_the_total_nothing_follows_from_classes_that_nobody_asks_for(
    total_alone: Form, melati: Unit, months: Period
) -> None:
    fill(melati, {"patient_days": 400}, months)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.status is None
    assert patient_days_of_scores(melati) is None


def test_a_total_typed_the_year_before_does_not_stand_in_the_way(total_alone: Form, melati: Unit) -> None:
    fill(melati, {"patient_days": 400}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.value == 220
    assert patient_days_of_scores(melati) == pytest.approx(220)


def test_where_a_form_asks_for_a_class_a_total_typed_in_january_does_not_stand_in_the_way(
    total_alone: Form, melati: Unit, hospital: Hospital
) -> None:
    form_with(hospital, melati, "patient_days_class_1", "patient_days_class_2")
    fill(melati, {"patient_days": 400}, JANUARY)
    fill(melati, TWO_CLASSES)
    assert total_in(total_alone, melati).answer.value == 220
    assert patient_days_of_scores(melati) == pytest.approx(220)


@pytest.mark.parametrize(("last_year", "asked"), [({}, 1), ({"patient_days_class_3": 200}, 0)])
def test_the_form_asks_about_a_typed_total_when_the_other_ways_in_do(
    total_alone: Form, melati: Unit, last_year: Mapping[str, float], asked: int
) -> None:
    fill(melati, last_year, LAST_MARCH)
    fill(melati, TWO_CLASSES | {"patient_days": 470})
    assert len(asked_in(total_alone, melati)) == len(asked_elsewhere(melati, 470)) == asked


def test_before_the_form_began_no_question_is_asked_that_was_not_asked_without_it(
    melati: Unit, hospital: Hospital
) -> None:
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, TWO_CLASSES)
    assert asked_elsewhere(melati, 470) == []
    form_with(hospital, melati, "patient_days_class_3", begins=Period.month(2026, 4))
    assert asked_elsewhere(melati, 470) == []


def test_a_saved_class_shows_the_total_without_what_the_ward_keeps_unasked(
    hospital: Hospital, melati: Unit, wati: User
) -> None:
    form = form_with(hospital, melati, "patient_days", "patient_days_class_1", "patient_days_class_2")
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    fill(melati, {"patient_days_class_1": 100})
    (total,) = saved(type_in(form, "patient_days_class_2", "120", unit=melati, by=wati)).totals.values()
    assert total.shown.status is None
    fill(melati, {"patient_days_class_3": 242})
    (total,) = saved(
        type_in(form, "patient_days_class_2", "130", unit=melati, by=wati, seen="120.0")
    ).totals.values()
    assert total.shown.value == 472


def test_a_cell_of_a_form_with_all_classes_reads_nothing_of_what_wards_keep_unasked(
    ward_form: Form, melati: Unit, wati: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> None:
        pytest.fail("it was read")

    for reading in ("read_asked", "_typed_in_years", "UnaskedParts"):
        monkeypatch.setattr(f"entry.queries.keeping.{reading}", never)
    saved(type_in(ward_form, "patient_days_class_1", "100", unit=melati, by=wati))


@pytest.mark.parametrize(
    "last_year", [{}, {"patient_days_class_3": 200}], ids=["both given", "one waited for"]
)
@pytest.mark.parametrize("typed", [{}, {"patient_days": 462}], ids=["following", "typed"])
def test_the_lists_count_a_total_without_its_parts_as_the_form_does(
    total_alone: Form,
    melati: Unit,
    hospital: Hospital,
    last_year: Mapping[str, float],
    typed: Mapping[str, float],
) -> None:
    fill(melati, last_year, LAST_MARCH)
    fill(melati, TWO_CLASSES | typed)
    sheet = sheet_of(total_alone, melati)
    assert sheet.answered == (1 if last_year and not typed else 2)
    assert counted_in_lists(hospital) == (sheet.answered, sheet.required)


def test_the_lists_count_no_total_that_is_the_wards_own(
    total_alone: Form, melati: Unit, hospital: Hospital
) -> None:
    fill(melati, {"patient_days": 400}, JANUARY)
    fill(melati, TWO_CLASSES)
    assert counted_in_lists(hospital) == (1, 2)


def test_the_lists_count_a_total_of_which_the_ward_keeps_no_part_as_the_form_does(
    ward_form: Form, melati: Unit, hospital: Hospital
) -> None:
    """All six classes are said not to be kept; two came in all the same, and January's total was typed."""
    not_kept = DataElement.objects.get(code="patient_days").parts
    assign_form(form=ward_form, unit=melati, first_month=JANUARY, scope=Scope.THIS_UNIT, not_kept=not_kept)
    fill(melati, TWO_CLASSES)
    sheet = sheet_of(ward_form, melati)
    assert (total_in(ward_form, melati).answer.value, sheet.answered) == (220, 2)
    assert patient_days_of_scores(melati) == pytest.approx(220)
    assert counted_in_lists(hospital) == (sheet.answered, sheet.required)
    fill(melati, {"patient_days": 400}, JANUARY)
    sheet = sheet_of(ward_form, melati)
    assert (total_in(ward_form, melati).answer.value, sheet.answered) == (None, 1)
    assert patient_days_of_scores(melati) is None
    assert counted_in_lists(hospital) == (sheet.answered, sheet.required)


def test_of_a_month_before_the_form_begins_it_asks_what_the_other_ways_in_ask(
    hospital: Hospital, melati: Unit
) -> None:
    """The form was filled in for March before its first month was moved: of class 3, which the ward never
    gave, no form decides in March."""
    april = Period.month(2026, 4)
    form = form_with(hospital, melati, "patient_days", *THREE_CLASSES, begins=april)
    submission_of(form, melati)
    fill(melati, TWO_CLASSES)
    assert total_in(form, melati).answer.value == patient_days_of_scores(melati) == pytest.approx(220)
    fill(melati, {"patient_days": 470})
    assert len(asked_in(form, melati)) == len(asked_elsewhere(melati, 470)) == 1
    fill(melati, {"patient_days_class_3": 200}, LAST_MARCH)
    assert asked_in(form, melati) == asked_elsewhere(melati, 470) == []
