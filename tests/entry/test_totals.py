"""A total is the sum of the parts that the unit keeps, whichever way they come in, and only what was
typed is stored."""

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from entry.actions import assign_form
from entry.models import Form, Scope
from entry.queries.cell import Cell
from entry.queries.duties import duties_in
from entry.queries.keeping import units_expected, units_keeping
from entry.queries.progress import progress_of
from entry.queries.sheet import Sheet, read_sheet
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.models import DataElement, DataValue, IndicatorValue, Status
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.entry.conftest import MARCH, fill, saved, type_in
from tests.entry.workbooks.books import downloaded, place, upload

pytestmark = pytest.mark.django_db

JANUARY = Period.month(2026, 1)
CLASSES = ("vvip", "vip", "class_1", "class_2", "class_3", "special")
NOT_KEPT = ["patient_days_vvip", "patient_days_vip", "patient_days_special"]
#: 20 beds × 31 days = 620 bed days; 100 + 120 + 242 = 462 patient days: BOR 74.5 %.
#: 10 + 50 + 2 − 1 − 48 − (0 + 1) − (1 + 1) = 10.
FOURTEEN = {
    "beds": 20,
    "patients_start": 10,
    "admissions": 50,
    "transfers_in": 2,
    "transfers_out": 1,
    "discharged_alive": 48,
    "deaths_under_48h_men": 0,
    "deaths_under_48h_women": 1,
    "deaths_48h_or_more_men": 1,
    "deaths_48h_or_more_women": 1,
    "patients_end": 10,
    "patient_days_class_1": 100,
    "patient_days_class_2": 120,
    "patient_days_class_3": 242,
}
TOTALS = {"deaths_under_48h": 1, "deaths_48h_or_more": 2, "patient_days": 462}
AsPerson = Callable[[User], Client]


@pytest.fixture
def three_classes(ward_form: Form, melati: Unit) -> Form:
    """Melati has three classes, and said so when the form was assigned."""
    assign_form(form=ward_form, unit=melati, first_month=JANUARY, scope=Scope.THIS_UNIT, not_kept=NOT_KEPT)
    return ward_form


def sheet_of(form: Form, unit: Unit, period: Period = MARCH) -> Sheet:
    return read_sheet(form=form, unit=unit, period=period)


def cell_of(form: Form, unit: Unit, code: str) -> Cell:
    return next(cell for cell in sheet_of(form, unit).cells if cell.element.code == code)


def stored(unit: Unit) -> dict[str, float | None]:
    return dict(DataValue.objects.filter(unit=unit).values_list("element__code", "value"))


def bor_of(unit: Unit) -> float | None:
    """Bed occupancy of March, %, after what has changed was recomputed."""
    recompute_scores(hospital_id=unit.hospital_id, today=dt.date(2026, 4, 20))
    return IndicatorValue.objects.get(unit=unit, indicator__code="bor", period=MARCH).value


def by_cells(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    for code, number in FOURTEEN.items():
        saved(type_in(form, code, str(number), unit=unit, by=by))


def by_table(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    client = as_person(by)
    assert client.get("/forms/RSA/inpatient_ward/table/2026-03/").status_code == 200
    for code, number in FOURTEEN.items():
        url = f"/forms/RSA/inpatient_ward/melati/2026-03/cells/{code}/"
        assert client.post(url, {"text": str(number), "seen": "", "language": "id"}).status_code == 200


def by_workbook(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    client = as_person(by)
    book = downloaded(client)
    for code, number in FOURTEEN.items():
        book["melati"][place(book, code)] = number
    answer = upload(client, book)
    assert answer.status_code == 200, answer.context["faults"]
    assert answer.context["remarks"] == []
    client.post(f"/forms/RSA/inpatient_ward/uploads/{answer.context['upload'].pk}/")


def by_csv(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    client = as_person(by)
    answer = upload(client, _lines(), name="march.csv")
    client.post(f"/forms/RSA/inpatient_ward/uploads/{answer.context['upload'].pk}/")


def by_rest(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    send(as_person(by), FOURTEEN)


def by_import_values(form: Form, unit: Unit, by: User, as_person: AsPerson, folder: Path) -> None:
    file = folder / "march.csv"
    file.write_bytes(_lines())
    call_command("import_values", str(file), "--hospital=RSA", stdout=io.StringIO())


def send(client: Client, numbers: dict[str, float]) -> None:
    values = [
        {"unit": "melati", "element": code, "period": "2026-03", "value": number}
        for code, number in numbers.items()
    ]
    body = json.dumps({"hospital": "RSA", "values": values})
    answer = client.post("/api/v1/data-values/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content


def _lines() -> bytes:
    lines = [f"melati,{code},2026-03,{number}" for code, number in FOURTEEN.items()]
    return "\n".join(["unit,element,period,value", *lines]).encode()


@pytest.mark.parametrize("way", [by_cells, by_table, by_workbook, by_csv, by_rest, by_import_values])
def test_fourteen_cells_are_stored_and_show_the_same_totals_by_every_way_in(
    three_classes: Form, melati: Unit, wati: User, as_person: AsPerson, tmp_path: Path, way: Callable
) -> None:
    way(three_classes, melati, wati, as_person, tmp_path)
    assert stored(melati) == FOURTEEN
    sheet = sheet_of(three_classes, melati)
    totals = {cell.element.code: cell.answer.value for cell in sheet.cells if cell.parts}
    assert totals == TOTALS
    assert sheet.open_problems == []
    assert (sheet.answered, sheet.required) == (10, 10)
    assert bor_of(melati) == pytest.approx(100 * 462 / 620)


def test_correcting_one_class_by_rest_changes_the_total(
    three_classes: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, FOURTEEN)
    assert bor_of(melati) == pytest.approx(100 * 462 / 620)
    send(as_person(wati), {"patient_days_class_2": 130})
    assert cell_of(three_classes, melati, "patient_days").answer.value == 472
    assert bor_of(melati) == pytest.approx(100 * 472 / 620)


def test_a_total_comes_with_the_last_of_its_parts_and_goes_with_any(
    three_classes: Form, melati: Unit, wati: User
) -> None:
    shown = []
    for code, number in (("class_1", "100"), ("class_2", "120"), ("class_3", "242"), ("class_1", "")):
        seen = "" if number else "100.0"
        result = saved(
            type_in(three_classes, f"patient_days_{code}", number, unit=melati, by=wati, seen=seen)
        )
        shown += [total.shown.value for element, total in result.totals.items()]
    assert shown == [None, None, 462, None]


def test_a_total_that_was_typed_stands_and_is_told_once_its_parts_say_otherwise(
    three_classes: Form, melati: Unit, wati: User
) -> None:
    saved(type_in(three_classes, "patient_days", "500", unit=melati, by=wati))
    fill(melati, {"patient_days_class_1": 100, "patient_days_class_2": 120})
    assert not [p for p in sheet_of(three_classes, melati).problems if p.check == "parts"]
    result = saved(type_in(three_classes, "patient_days_class_3", "242", unit=melati, by=wati))
    (total,) = result.totals.values()
    assert (total.shown.value, total.typed.value) == (500, 500)
    (problem,) = (p for p in sheet_of(three_classes, melati).problems if p.check == "parts")
    assert problem.severity == "soft"
    assert "462" in problem.message


def test_a_typed_total_that_is_cleared_follows_again(three_classes: Form, melati: Unit, wati: User) -> None:
    fill(melati, FOURTEEN | {"patient_days": 500})
    result = saved(type_in(three_classes, "patient_days", "", unit=melati, by=wati, seen="500.0"))
    (total,) = result.totals.values()
    assert (total.shown.value, total.typed.value) == (462, None)
    assert stored(melati) == FOURTEEN


def test_a_class_that_is_not_kept_is_neither_shown_nor_owed(
    three_classes: Form, melati: Unit, mawar: Unit, hospital: Hospital
) -> None:
    codes = {cell.element.code for cell in sheet_of(three_classes, melati).cells}
    assert codes.isdisjoint(NOT_KEPT)
    assert set(NOT_KEPT) <= {cell.element.code for cell in sheet_of(three_classes, mawar).cells}
    tree = UnitTree.of(hospital)
    for spans in (units_expected(tree), units_keeping(tree)):
        assert spans["patient_days"].keys() == {melati.pk, mawar.pk}
        assert spans["patient_days_class_3"].keys() == {melati.pk, mawar.pk}
        # The form decides that Melati has none, in whatever month: what was given before is not owed on.
        assert spans["patient_days_vip"][melati.pk] == [(JANUARY, JANUARY.shifted(-1))]
        assert spans["patient_days_vip"][mawar.pk] == [(JANUARY, None)]
    assert "length_of_stay_days" not in units_expected(tree)
    assert units_keeping(tree)["length_of_stay_days"][melati.pk] == [(JANUARY, None)]


def test_a_class_that_is_given_without_being_asked_for_belongs_to_the_total(
    three_classes: Form, melati: Unit
) -> None:
    """100 + 120 + 242 + 8 = 470, of 620 bed days."""
    fill(melati, FOURTEEN | {"patient_days_vip": 8})
    assert cell_of(three_classes, melati, "patient_days").answer.value == 470
    assert cell_of(three_classes, melati, "patient_days_vip").text == "8"
    assert bor_of(melati) == pytest.approx(100 * 470 / 620)


def test_a_total_waits_for_every_class_of_a_ward_that_keeps_all(ward_form: Form, melati: Unit) -> None:
    fill(melati, FOURTEEN)
    sheet = sheet_of(ward_form, melati)
    assert cell_of(ward_form, melati, "patient_days").answer.status is None
    assert [p.elements for p in sheet.problems if p.check == "missing"] == [(code,) for code in NOT_KEPT]
    assert (sheet.answered, sheet.required) == (9, 10)


def test_where_no_class_was_given_the_total_itself_is_missing(ward_form: Form, melati: Unit) -> None:
    fill(melati, {code: n for code, n in FOURTEEN.items() if not code.startswith("patient_days")})
    assert [p.elements for p in sheet_of(ward_form, melati).problems if p.check == "missing"] == [
        ("patient_days",)
    ]


def test_not_applicable_adds_nothing_and_not_collected_leaves_no_total(ward_form: Form, melati: Unit) -> None:
    fill(melati, {"deaths_under_48h_women": 3, "deaths_48h_or_more_women": 2})
    for code, status in (
        ("deaths_under_48h_men", Status.NOT_APPLICABLE),
        ("deaths_48h_or_more_men", Status.NOT_COLLECTED),
    ):
        element = DataElement.objects.get(code=code)
        DataValue.objects.create(unit=melati, element=element, period=MARCH, value=None, status=status)
    assert cell_of(ward_form, melati, "deaths_under_48h").answer.value == 3
    assert cell_of(ward_form, melati, "deaths_48h_or_more").answer == (None, Status.NOT_COLLECTED)


def test_totals_of_earlier_months_stand_beside_the_cell_and_are_its_past(
    three_classes: Form, melati: Unit
) -> None:
    for months_back in range(1, 8):
        fill(melati, FOURTEEN, MARCH.shifted(-months_back))
    fill(melati, FOURTEEN | {"patient_days_class_3": 2420})
    assert cell_of(three_classes, melati, "patient_days").last_month.value == 462
    unlike = [p.elements for p in sheet_of(three_classes, melati).problems if p.check == "unlike_the_past"]
    assert ("patient_days",) in unlike


@pytest.mark.parametrize(
    ("numbers", "answered"),
    [
        (FOURTEEN, 10),
        ({"patient_days": 462}, 1),
        ({"patient_days": 462, "patient_days_class_1": 100}, 1),
        ({"patient_days_class_1": 100, "patient_days_class_2": 120}, 0),
        ({"new_visits": 3, "length_of_stay_days": 400}, 0),
    ],
)
def test_the_lists_count_the_cells_as_the_form_does(
    three_classes: Form, melati: Unit, hospital: Hospital, numbers: dict, answered: int
) -> None:
    fill(melati, numbers)
    duty = next(duty for duty in duties_in(UnitTree.of(hospital)) if duty.unit == melati)
    assert progress_of([duty], [MARCH]).of(duty, MARCH) == (answered, 10)
    sheet = sheet_of(three_classes, melati)
    assert (sheet.answered, sheet.required) == (answered, 10)


def test_a_table_leaves_the_cell_of_a_class_that_is_not_kept_empty(
    three_classes: Form, ani: User, as_person: AsPerson
) -> None:
    page = as_person(ani).get("/forms/RSA/inpatient_ward/table/2026-03/").content.decode()
    assert "mawar/2026-03/cells/patient_days_vip/" in page
    assert "melati/2026-03/cells/patient_days_vip/" not in page
    assert "melati/2026-03/cells/patient_days_class_3/" in page


def test_a_workbook_has_no_row_for_a_class_that_is_not_kept_and_adds_up_the_others(
    three_classes: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    fill(melati, FOURTEEN)
    book = downloaded(as_person(wati))
    codes = [book["melati"].cell(row, 1).value for row in range(5, book["melati"].max_row + 1)]
    assert not {"patient_days_vvip", "patient_days_vip", "patient_days_special"} & set(codes)
    cells = [place(book, f"patient_days_class_{n}") for n in (1, 2, 3)]
    formula = book["melati"][place(book, "patient_days")].value
    assert formula.endswith(f'"",SUM({",".join(cells)}))')
    answer = upload(as_person(wati), book)
    assert (answer.context["faults"], answer.context["plan"].changes) == ([], [])


def test_a_total_typed_over_its_formula_is_taken_and_any_other_formula_is_not(
    three_classes: Form, melati: Unit, wati: User, as_person: AsPerson
) -> None:
    book = downloaded(as_person(wati))
    book["melati"][place(book, "patient_days")] = 500
    answer = upload(as_person(wati), book)
    assert [c.after.value for c in answer.context["plan"].changes] == [500]
    book["melati"][place(book, "patient_days")] = "=1+1"
    assert upload(as_person(wati), book).status_code == 422


def test_the_form_on_paper_leaves_out_what_is_not_kept(
    three_classes: Form, wati: User, as_person: AsPerson
) -> None:
    page = as_person(wati).get("/forms/RSA/inpatient_ward/melati/2026-03/blank/").content.decode()
    assert "Hari perawatan kelas 3" in page or "Hari perawatan kelas III" in page
    assert "Hari perawatan VVIP" not in page
