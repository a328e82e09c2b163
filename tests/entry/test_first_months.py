"""A slip of the year: before the hospital or its unit began it is refused, far before all that is known asked
about, on every way in."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from entry.actions import NotReadyError, SavedCell, assign_form, confirm, save_cell, submit
from entry.models import Form
from entry.queries.sheet import read_sheet
from entry.uploads import plan_upload
from hospitals.models import Hospital, Unit, User
from indicators.actions import ValueRefusedError
from indicators.begins import refuse_before_begin
from indicators.first_months import FAR_BEFORE, questions_about
from indicators.models import DataElement, DataValue
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.entry.conftest import RIGHT, fill, form_element
from tests.entry.workbooks.books import upload
from tests.pages import text_of

VALUES = "/api/v1/data-values/"
SLIP = Period.month(1960, 1)
HEADING = "unit,element,period,value\n"


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def since_2026(ward_form: Form, hospital: Hospital, melati: Unit) -> Form:
    """Ward Melati has the numbers of March 2026; by a slip its form was assigned from 1960 on."""
    assign_form(form=ward_form, unit=hospital.root, first_month=SLIP)
    fill(melati, RIGHT)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    return ward_form


def type_beds(form: Form, unit: Unit, month: Period, by: User) -> object:
    return save_cell(
        form_element=form_element(form, "beds"),
        unit=unit,
        period=month,
        text="20",
        seen="",
        by=by,
        language="en",
    )


def begin(hospital: Hospital, day: dt.date | None) -> None:
    stored = Hospital.objects.get(pk=hospital.pk)
    stored.begins_on = day
    stored.save()


def fresh(unit: Unit) -> Unit:
    return Unit.objects.select_related("hospital").get(pk=unit.pk)


def test_a_period_is_refused_when_it_ended_before_the_hospital_or_the_unit_began(melati: Unit) -> None:
    melati.opened_on = dt.date(2020, 7, 15)
    day = dt.date(2019, 1, 1)
    for period in ("2020-07", "2020", "2020-Q3", "2021-01"):
        refuse_before_begin(unit=melati, period=Period.parse(period), hospital_begins=day)
    for period, name in (("2020-06", "Bangsal Melati"), ("2019", "Bangsal Melati"), ("2018", "RSUD Anggrek")):
        with pytest.raises(ValueRefusedError, match=f"{period} lies before {name} began"):
            refuse_before_begin(unit=melati, period=Period.parse(period), hospital_begins=day)


@pytest.mark.parametrize(
    ("periods", "far"),
    [
        (["2026-02"], []),
        # Twelve months lie empty between: February 2025 to February 2026.
        (["2025-02"], []),
        (["2025-01"], ["2025-01"]),
        (["2024"], ["2024"]),
        (["1960-01", "2026-04"], ["1960-01"]),
        # A history without a gap speaks for itself.
        (["2025", "2024", "2023", "2022"], []),
        (["2025", "2024", "1960", "1961-03"], ["1960", "1961-03"]),
    ],
)
def test_what_lies_more_than_a_year_before_anything_known_is_asked_about(
    periods: list[str], far: list[str], since_2026: Form, hospital: Hospital
) -> None:
    questions = questions_about(hospital, [Period.parse(period) for period in periods])
    assert [{str(period) for period in question.periods} for question in questions] == (
        [set(far)] if far else []
    )


def test_a_hospital_of_which_nothing_is_known_is_asked_about_gaps_alone(
    definitions: None, hospital: Hospital
) -> None:
    months = [Period.month(2007, 1), Period.month(2007, 2)]
    assert questions_about(hospital, months) == []
    (question,) = questions_about(hospital, [*months, SLIP])
    assert question.periods == {SLIP}
    begin(hospital, dt.date(1960, 1, 1))
    hospital.refresh_from_db()
    assert questions_about(hospital, [*months, SLIP]) == []


def test_a_month_before_the_hospital_began_has_no_form(
    since_2026: Form, hospital: Hospital, melati: Unit, wati: User
) -> None:
    begin(hospital, dt.date(2026, 1, 1))
    with pytest.raises(PermissionDenied):
        type_beds(since_2026, fresh(melati), Period.month(2025, 12), wati)
    assert not DataValue.objects.filter(period="2025-12").exists()
    assert isinstance(type_beds(since_2026, fresh(melati), Period.month(2026, 1), wati), SavedCell)


def test_the_root_units_first_day_is_the_hospitals(
    since_2026: Form, hospital: Hospital, melati: Unit, wati: User
) -> None:
    Unit.objects.filter(pk=hospital.root.pk).update(opened_on=dt.date(2026, 1, 1))
    with pytest.raises(PermissionDenied):
        type_beds(since_2026, fresh(melati), Period.month(2025, 12), wati)


def test_a_form_of_a_month_far_before_all_others_asks_beside_the_cell_until_somebody_says_why(
    since_2026: Form, melati: Unit, wati: User
) -> None:
    fill(melati, RIGHT, SLIP)
    place = {"form": since_2026, "unit": fresh(melati), "period": SLIP}
    (question,) = read_sheet(**place).open_problems
    assert (question.check, question.severity) == (FAR_BEFORE, "soft")
    assert question.message.startswith("1960-01: more than a year before what is known of RSUD Anggrek")
    with pytest.raises(NotReadyError, match="more than a year"):
        submit(**place, by=wati)
    confirm(**place, check_key=question.key, numbers=question.numbers, reason="The old ledger.", by=wati)
    submit(**place, by=wati)


def test_one_slip_does_not_speak_for_another(
    since_2026: Form, hospital: Hospital, melati: Unit, wati: User
) -> None:
    """Drafts of 1960 are stored, and computed from; they are asked about all the same, and so is 1961."""
    later = SLIP.shifted(1)
    for month in (SLIP, later):
        fill(melati, RIGHT, month)
    recompute_scores(hospital_id=hospital.pk, today=dt.date(2026, 4, 20))
    for month in (SLIP, later):
        (question,) = read_sheet(form=since_2026, unit=fresh(melati), period=month).open_problems
        assert question.check == FAR_BEFORE
    (asked,) = questions_about(hospital, [Period.month(1961, 5), Period.month(1987, 5)])
    assert len(asked.periods) == 2


def test_the_forms_of_the_last_year_ask_nothing_and_cost_no_query(since_2026: Form, melati: Unit) -> None:
    sheet = read_sheet(form=since_2026, unit=melati, period=Period.month(2026, 3))
    assert sheet.known_from is None


def test_the_page_of_a_form_asks_and_the_table_counts_the_question(
    since_2026: Form, melati: Unit, ani: User, as_person: Callable[[User], Client]
) -> None:
    fill(melati, RIGHT, SLIP)
    place = {"hospital": "RSA", "form": since_2026.code, "month": "1960-01"}
    sheet = reverse("entry:sheet", kwargs=place | {"unit": "melati"})
    page = as_person(ani).get(sheet, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "more than a year before what is known" in page
    table = as_person(ani).get(reverse("entry:table", kwargs=place), HTTP_ACCEPT_LANGUAGE="en")
    assert "1 question" in text_of(table)
    assert text_of(table).count("1960-01: more than a year before what is known of RSUD Anggrek") == 1


def test_a_file_of_such_months_is_asked_about_once_before_everything_else(
    since_2026: Form, wati: User, as_person: Callable[[User], Client]
) -> None:
    lines = [f"melati,patients_end,1960-{month:02},36" for month in range(1, 13)]
    client = as_person(wati)
    client.post("/language/", {"language": "en"})
    answer = upload(client, (HEADING + "\n".join(lines)).encode(), "slip.csv")
    text = text_of(answer)
    assert text.count("more than a year before what is known of RSUD Anggrek") == 1
    assert text.index("1960-01, 1960-02, …, 1960-12: more than a year") < text.index("would still be empty")


def test_a_file_on_the_page_is_refused_before_the_unit_began(
    since_2026: Form, hospital: Hospital, melati: Unit, wati: User
) -> None:
    begin(hospital, dt.date(2026, 1, 1))
    content = f"{HEADING}melati,beds,2025-12,20\n".encode()
    hospital.refresh_from_db()
    plan = plan_upload(content=content, is_csv=True, form=since_2026, hospital=hospital, by=wati)
    assert ["lies before RSUD Anggrek began" in str(fault) for fault in plan.faults] == [True]


def import_values(folder: Path, lines: str, *options: str, hospital: str = "RSA") -> str:
    """What the command complained about, or nothing."""
    file = folder / "values.csv"
    file.write_text(HEADING + lines)
    errors = io.StringIO()
    arguments = ("import_values", str(file), "--hospital", hospital, *options)
    try:
        call_command(*arguments, stdout=io.StringIO(), stderr=errors, no_color=True)
    except CommandError as error:
        return errors.getvalue() + str(error)
    return ""


def test_a_file_is_refused_until_its_question_is_answered(
    since_2026: Form, melati: Unit, tmp_path: Path
) -> None:
    lines = "melati,beds,1960-01,20\n"
    said = import_values(tmp_path, lines)
    assert "1960-01: more than a year before what is known of RSUD Anggrek, from 2026-03 on." in said
    assert "--confirm far-before --why TEXT" in said
    assert import_values(tmp_path, lines, "--confirm", FAR_BEFORE) == "Say why, with --why TEXT."
    assert import_values(tmp_path, lines, "--confirm", "something", "--why", "Because.")
    assert not DataValue.objects.filter(period=SLIP).exists()
    assert import_values(tmp_path, lines, "--confirm", FAR_BEFORE, "--why", "The old ledger.") == ""
    value = DataValue.objects.get(period=SLIP)
    assert "The old ledger." in DataValue.history.get(id=value.pk).history_change_reason


def test_a_file_of_a_month_before_the_unit_began_names_the_line(
    since_2026: Form, melati: Unit, tmp_path: Path
) -> None:
    Unit.objects.filter(pk=melati.pk).update(opened_on=dt.date(2026, 3, 1))
    said = import_values(tmp_path, "melati,beds,2026-03,20\nmelati,beds,2026-02,20\n")
    assert "line 3: 2026-02 lies before Bangsal Melati began, on 1 March 2026" in said


def test_a_new_hospital_begins_with_the_first_month_of_its_file(definitions: None, tmp_path: Path) -> None:
    lines = ",revenue,2009,20\n,revenue,2010-01,2\n,revenue,1960-01,2\n"
    new = ("--create-hospital", "RS Baru")
    said = import_values(tmp_path, lines, *new, hospital="RSC")
    assert "1960-01: more than a year before what is known of RS Baru, from 2009-01 on." in said
    assert not Hospital.objects.exists()
    assert import_values(tmp_path, lines.replace("1960", "2008"), *new, hospital="RSC") == ""
    assert Hospital.objects.get().begins_on == dt.date(2008, 1, 1)
    said = import_values(tmp_path, ",revenue,2007,20\n", hospital="RSC")
    assert "2007 lies before RS Baru began, on 1 January 2008" in said


def test_a_program_is_asked_and_sends_the_answer_along(
    since_2026: Form, wati: User, api_as: Callable[[User], APIClient]
) -> None:
    values = [
        {"unit": "melati", "element": "beds", "period": "2026-04", "value": 20},
        {"unit": "melati", "element": "beds", "period": "1960-01", "value": 20},
    ]
    body = {"hospital": "RSA", "values": values}
    answer = api_as(wati).post(VALUES, body, format="json")
    assert answer.status_code == 409
    (question,) = answer.json()["questions"]
    assert (question["code"], question["values"]) == (FAR_BEFORE, [1])
    assert not DataValue.objects.filter(period__in=["1960-01", "2026-04"]).exists()
    again = api_as(wati).post(VALUES, body | {"answers": {FAR_BEFORE: " "}}, format="json")
    assert again.status_code == 409
    answered = api_as(wati).post(VALUES, body | {"answers": {FAR_BEFORE: "The old ledger."}}, format="json")
    assert answered.status_code == 200
    value = DataValue.objects.get(period=SLIP)
    assert DataValue.history.get(id=value.pk).history_change_reason == "API: The old ledger."


def test_a_program_may_take_back_what_lies_before_the_hospital_began(
    since_2026: Form, hospital: Hospital, melati: Unit, wati: User, api_as: Callable[[User], APIClient]
) -> None:
    beds = DataElement.objects.get(code="beds")
    DataValue.objects.create(unit=melati, element=beds, period=SLIP, value=20)
    begin(hospital, dt.date(2026, 1, 1))
    value = {"unit": "melati", "element": "beds", "period": "1960-01"}
    sent = {"hospital": "RSA", "values": [value | {"value": 21}]}
    refused = api_as(wati).post(VALUES, sent, format="json", HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 400
    assert "lies before RSUD Anggrek began" in refused.content.decode()
    sent = {"hospital": "RSA", "values": [value | {"status": "withdrawn"}]}
    assert api_as(wati).post(VALUES, sent, format="json").status_code == 200
    assert not DataValue.objects.filter(period=SLIP).exists()
