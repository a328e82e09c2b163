"""A typed total that contradicts its parts is one question on every way in, and one answer answers it on all.

Ward Melati keeps three classes: 100 + 120 + 242 = 462 patient days in March 2026.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from entry.actions import NotReadyError, assign_form, confirm, submit
from entry.checks import Problem
from entry.models import Form, Scope
from entry.queries.sheet import read_sheet
from hospitals.models import Hospital, Unit, User
from indicators.models import ConfirmedResults, DataElement, DataValue
from indicators.periods import Period
from tests.entry.conftest import MARCH, fill, form_element, saved, type_in
from tests.entry.workbooks.books import downloaded, place, upload

CLASSES = {"patient_days_class_1": 100.0, "patient_days_class_2": 120.0, "patient_days_class_3": 242.0}
CODE = "parts:patient_days:melati:2026-03"
WHY = "the register of class 2 was lost for a week"
SENTENCE = "Patient days says {}, but its parts add up to {}."
Numbers = Mapping[str, float]


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


@dataclass
class Scene:
    form: Form
    unit: Unit
    clerk: User
    client: Client
    folder: Path

    @property
    def problems(self) -> list[Problem]:
        """What the form still asks about totals."""
        sheet = read_sheet(form=self.form, unit=self.unit, period=MARCH)
        return [problem for problem in sheet.open_problems if problem.check == "parts"]

    def answer_on_the_form(self, why: str) -> None:
        for problem in self.problems if why else ():
            key = {"check_key": problem.key, "numbers": problem.numbers}
            confirm(form=self.form, unit=self.unit, period=MARCH, **key, reason=why, by=self.clerk)


@pytest.fixture
def scene(
    ward_form: Form, melati: Unit, wati: User, as_person: Callable[[User], Client], tmp_path: Path
) -> Scene:
    not_kept = ["patient_days_vvip", "patient_days_vip", "patient_days_special"]
    january = Period.month(2026, 1)
    assign_form(form=ward_form, unit=melati, first_month=january, scope=Scope.THIS_UNIT, not_kept=not_kept)
    return Scene(ward_form, melati, wati, as_person(wati), tmp_path)


def by_cells(scene: Scene, numbers: Numbers, why: str) -> list[str]:
    for code, number in numbers.items():
        seen = DataValue.objects.filter(unit=scene.unit, element__code=code).first()
        shown = "" if seen is None else f"{seen.value}"
        saved(type_in(scene.form, code, f"{number:g}", unit=scene.unit, by=scene.clerk, seen=shown))
    asked = [problem.message for problem in scene.problems]
    scene.answer_on_the_form(why)
    return asked


def _uploaded(scene: Scene, answer: Any, why: str) -> list[str]:
    asked = [r.message for r in answer.context["remarks"] if "add up" in r.message]
    assert all(r.severity == "soft" for r in answer.context["remarks"] if "add up" in r.message)
    if (kept := answer.context["upload"]) is not None:
        scene.client.post(f"/forms/RSA/inpatient_ward/uploads/{kept.pk}/")
    scene.answer_on_the_form(why)
    return asked


def by_workbook(scene: Scene, numbers: Numbers, why: str) -> list[str]:
    book = downloaded(scene.client)
    for code, number in numbers.items():
        book["melati"][place(book, code)] = number
    with translation.override("en"):
        scene.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return _uploaded(scene, upload(scene.client, book), why)


def by_csv(scene: Scene, numbers: Numbers, why: str) -> list[str]:
    scene.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return _uploaded(scene, upload(scene.client, _lines(numbers), name="march.csv"), why)


def by_rest(scene: Scene, numbers: Numbers, why: str) -> list[str]:
    values = [{"unit": "melati", "element": c, "period": "2026-03", "value": n} for c, n in numbers.items()]
    body = {"hospital": "RSA", "values": values} | ({"answers": {CODE: why}} if why else {})
    answer = scene.client.post(
        "/api/v1/data-values/",
        json.dumps(body),
        content_type="application/json",
        headers={"accept-language": "en"},
    )
    if answer.status_code == 200:
        return []
    assert answer.status_code == 409, answer.content
    (question,) = answer.json()["questions"]
    assert (question["code"], question["values"]) == (CODE, list(range(len(numbers))))
    return [question["text"].removeprefix("Bangsal Melati, March 2026: ")]


def by_command(scene: Scene, numbers: Numbers, why: str) -> list[str]:
    file, errors = scene.folder / "march.csv", io.StringIO()
    file.write_bytes(_lines(numbers))
    options = ("--confirm", "parts", "--why", why) if why else ()
    try:
        call_command(
            "import_values", str(file), "--hospital=RSA", *options, stdout=io.StringIO(), stderr=errors
        )
    except CommandError:
        return [errors.getvalue().strip().removeprefix(f"march.csv: {CODE}: Bangsal Melati, March 2026: ")]
    return []


def _lines(numbers: Numbers) -> bytes:
    lines = [f"melati,{code},2026-03,{number:g}" for code, number in numbers.items()]
    return "\n".join(["unit,element,period,value", *lines]).encode()


@pytest.mark.parametrize("way", [by_cells, by_workbook, by_csv, by_rest, by_command])
@pytest.mark.parametrize(
    ("before", "given", "said"),
    [
        ({}, CLASSES | {"patient_days": 470}, SENTENCE.format(470, 462)),
        (CLASSES, {"patient_days": 470}, SENTENCE.format(470, 462)),
        (CLASSES | {"patient_days": 462}, {"patient_days_class_3": 250}, SENTENCE.format(462, 470)),
    ],
    ids=["all at once", "the total changes", "a part changes"],
)
def test_every_way_in_asks_the_same_and_takes_an_answer_that_holds_for_all(
    scene: Scene, way: Callable[..., list[str]], before: Numbers, given: Numbers, said: str
) -> None:
    fill(scene.unit, before)
    asked = way(scene, given, "")
    assert asked == [said]
    if way in (by_rest, by_command):
        assert dict(DataValue.objects.values_list("element__code", "value")) == before
    else:
        assert [(p.severity, p.elements[0]) for p in scene.problems] == [("soft", "patient_days")]
    way(scene, given, WHY)
    assert dict(DataValue.objects.values_list("element__code", "value")) == {**before, **given}
    row = ConfirmedResults.objects.get()
    assert (row.agreement, row.unit, row.period, row.why) == ("parts:patient_days", scene.unit, MARCH, WHY)
    assert row.by == (None if way is by_command else scene.clerk)
    assert scene.problems == []
    for other in (by_rest, by_command, by_csv):
        assert other(scene, given, "") == [], "what is answered is not asked again"


def test_the_form_shows_who_said_why_on_another_way_and_can_be_submitted(scene: Scene) -> None:
    right = {"beds": 20, "patients_start": 10, "admissions": 50, "transfers_in": 2, "transfers_out": 1}
    right |= {"discharged_alive": 48, "deaths_under_48h": 1, "deaths_48h_or_more": 2, "patients_end": 10}
    fill(scene.unit, right)
    by_rest(scene, CLASSES | {"patient_days": 470}, WHY)
    page = scene.client.get("/forms/RSA/inpatient_ward/melati/2026-03/", headers={"accept-language": "en"})
    assert f"Confirmed by {scene.clerk}: {WHY}" in page.content.decode()
    submit(form=scene.form, unit=scene.unit, period=MARCH, by=scene.clerk)


def test_a_form_is_not_submitted_until_it_is_answered(scene: Scene) -> None:
    by_cells(scene, CLASSES | {"patient_days": 470}, "")
    with pytest.raises(NotReadyError, match="says 470, but its parts add up to 462"):
        submit(form=scene.form, unit=scene.unit, period=MARCH, by=scene.clerk)


@pytest.mark.parametrize("changed", [{"patient_days": 471}, {"patient_days_class_1": 101}])
def test_other_numbers_are_asked_about_again(scene: Scene, changed: Numbers) -> None:
    by_rest(scene, CLASSES | {"patient_days": 470}, WHY)
    assert len(by_rest(scene, changed, "")) == 1
    fill(scene.unit, changed)
    assert len(scene.problems) == 1


def test_numbers_that_change_places_among_the_parts_are_asked_about_again(scene: Scene) -> None:
    by_cells(scene, CLASSES | {"patient_days": 470}, WHY)
    fill(scene.unit, {"patient_days_class_1": 120, "patient_days_class_2": 100})
    assert len(scene.problems) == 1
    assert len(by_rest(scene, {"patient_days": 470}, "")) == 1


@pytest.mark.parametrize(
    "given",
    [
        # One class is silent: it may be what the total has more.
        {"patient_days": 470, "patient_days_class_1": 100, "patient_days_class_2": 120},
        CLASSES | {"patient_days": 462.0005},
        CLASSES,
        {"patient_days": 470},
    ],
)
def test_what_does_not_contradict_is_not_asked_about(scene: Scene, given: Numbers) -> None:
    assert by_rest(scene, given, "") == []


def test_a_total_taken_back_together_with_a_part_is_no_question(scene: Scene) -> None:
    fill(scene.unit, CLASSES | {"patient_days": 462})
    values = [
        {"unit": "melati", "element": "patient_days", "period": "2026-03", "status": "withdrawn"},
        {"unit": "melati", "element": "patient_days_class_3", "period": "2026-03", "value": 250},
    ]
    body = json.dumps({"hospital": "RSA", "values": values})
    answer = scene.client.post("/api/v1/data-values/", body, content_type="application/json")
    assert answer.status_code == 200


def test_where_no_form_asks_the_parts_that_were_given_lately_belong_to_the_total(
    definitions: None, hospital: Hospital, melati: Unit, tmp_path: Path
) -> None:
    """Class 3 was given in 2025: in 2026 it is still kept, and the total waits for it."""
    fill(melati, {"patient_days_class_3": 200}, Period.month(2025, 3))
    scene = Scene(Form(), melati, User(), Client(), tmp_path)
    two = {code: CLASSES[code] for code in ("patient_days_class_1", "patient_days_class_2")}
    assert by_command(scene, two | {"patient_days": 462}, "") == []
    assert by_command(scene, {"patient_days_class_3": 242}, "") == []
    assert by_command(scene, {"patient_days_class_3": 250}, "") == [SENTENCE.format(462, 470)]


def test_a_total_that_does_not_apply_counts_as_nothing(scene: Scene) -> None:
    fill(scene.unit, CLASSES)
    element = DataElement.objects.get(code="patient_days")
    assert form_element(scene.form, "patient_days").element == element
    value = {"unit": "melati", "element": "patient_days", "period": "2026-03", "status": "not_applicable"}
    body = json.dumps({"hospital": "RSA", "values": [value]})
    answer = scene.client.post(
        "/api/v1/data-values/", body, content_type="application/json", headers={"accept-language": "en"}
    )
    assert answer.status_code == 409
    assert SENTENCE.format(0, 462) in answer.json()["questions"][0]["text"]


def test_numbers_that_come_back_are_asked_about_anew_on_every_way(scene: Scene) -> None:
    """470 was answered for, then 480: what was said of 470 no longer holds, in the form as elsewhere."""
    by_cells(scene, CLASSES | {"patient_days": 470}, WHY)
    by_cells(scene, {"patient_days": 480}, WHY)
    fill(scene.unit, {"patient_days": 470})
    assert len(by_rest(scene, {"patient_days": 470}, "")) == 1
    assert len(scene.problems) == 1
    scene.answer_on_the_form("it was 470 after all")
    assert scene.problems == []
    assert by_rest(scene, {"patient_days": 470}, "") == []
