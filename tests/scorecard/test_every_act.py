"""Whatever a person or a command does, the stored rows follow: they are those of everything computed anew.

A new action is named in `ACTS`, or in `WITHOUT_FIGURES` with the reason; the tests say so.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command, get_commands

import entry.actions
from entry.actions import (
    approve,
    assign_form,
    confirm,
    keep_upload,
    move_history,
    reopen,
    return_for_mending,
    save_cell,
    save_upload,
    submit,
    take_form_away,
    withdraw,
)
from entry.models import FormElement, HistoryMove, Scope, State, Submission
from entry.uploads import plan_upload
from hospitals.actions import add_unit, change_unit, create_hospital
from indicators.actions import NewValue, move_values, save_values
from indicators.agreements.actions import confirm_results, take_back_confirmation
from indicators.models import ConfirmedResults, DataValue
from indicators.periods import Period
from scorecard.actions import mark_month_rolled_over, order_judgement
from tests.scorecard.living_hospital import AUGUST, DEFINITIONS, JUNE, TODAY, Living

JULY = Period.month(2026, 7)
SEPTEMBER = Period.month(2026, 9)
#: Where actions stand.
ROOMS = (
    "hospitals.actions",
    "indicators.actions",
    "indicators.agreements.actions",
    "scorecard.actions",
    *(f"entry.actions.{module.name}" for module in pkgutil.iter_modules(entry.actions.__path__)),
)
OURS = {
    "demo",
    "entry",
    "finance",
    "hospitals",
    "indicators",
    "referrals",
    "scorecard",
    "surveys",
    "workforce",
}
#: Actions after which no figure is another one.
WITHOUT_FIGURES = {
    "give_role": "people have no figures",
    "refuse_impossible": "asks",
    "refuse_retired": "asks",
    "refuse_both": "asks",
    "refuse_outside": "asks",
    "refuse_told_twice": "asks",
    "refuse_move": "asks",
    "people_to_remind": "asks",
    "remind": "sends letters",
    "save_note": "words",
    "mark_cells": "marks",
    "submission_for_writing": "a draft approves nothing",
    "recompute_scores": "is what follows",
}
COMMANDS_WITHOUT_FIGURES = {
    "prepare_demo": "loads through the actions; see tests/demo",
    "scores": "asks",
    "survey_analysis": "asks",
    "import_tally": "publishes through save_values; see tests/surveys",
    "recompute": "is what follows",
}


def change(h: Living, **changed: object) -> None:
    mawar = h.mawar
    same = {name: getattr(mawar, name) for name in ("parent", "name", "kind", "opened_on", "closed_on")}
    change_unit(unit=mawar, **same | {"position": mawar.position} | changed)  # type: ignore[arg-type]


def submission(h: Living, state: State, month: Period = AUGUST, approvals: int = 0) -> Submission:
    found, _made = Submission.objects.get_or_create(form=h.form("safety"), unit=h.melati, period=month)
    found.state, found.approvals = state, approvals
    found.save()
    return found


def type_in(h: Living, text: str) -> None:
    save_cell(
        form_element=FormElement.objects.get(form__code="safety", element__code="cases"),
        unit=h.melati,
        period=AUGUST,
        text=text,
        seen="4",
        by=h.clerk,
        language="id",
    )


def upload(h: Living) -> None:
    form = h.form("safety")
    content = b"unit,element,period,value\nmelati,cases,2026-07,5\n"
    plan = plan_upload(content=content, is_csv=True, form=form, hospital=h.hospital, by=h.clerk)
    save_upload(
        upload=keep_upload(plan=plan, form=form, hospital=h.hospital, by=h.clerk, file_name="numbers.csv"),
        by=h.clerk,
    )


def move_all_of_a_ward(h: Living) -> None:
    """Melati has no patients; its approved June goes to a ward that typed its own, not approved yet."""
    other = add_unit(parent=h.inap, code="dahlia", name="Dahlia", kind="ward")
    patients = h.element("patients")
    months = [row.period for row in DataValue.objects.filter(unit=h.melati, element=patients)]
    save_values([NewValue(h.melati, patients, month, None, None) for month in months], by=None)
    h.save(other, {"patients": 90, "own_cases": 3}, JUNE)
    h.compute()
    move_history(form=h.form("safety"), from_unit=h.melati, to_unit=other, by=h.administrator, reason="-")
    assert HistoryMove.objects.exists()


def contradict(h: Living) -> ConfirmedResults:
    return confirm_results(
        unit=h.melati, period=JUNE, agreement="parts:own", values={"own": 1.0}, by=h.approver, why="-"
    )


def judge(h: Living) -> None:
    order_judgement(
        hospital=h.hospital, years=range(2025, 2026), definitions_of=TODAY, by=h.administrator, reason="-"
    )


def released(h: Living, text: str) -> None:
    from indicators.definition_sync import sync_definitions
    from scorecard.template_sync import sync_templates
    from tests.indicators.definitions_text import write

    paths = write(h.folder, text)
    sync_definitions(paths)
    sync_templates(paths)


def imported(h: Living, command: str, text: str) -> None:
    path = h.folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    call_command(command, str(path), "--hospital", h.hospital.code, stdout=io.StringIO())


UNITS = "code,name,kind,parent,opened_on\nmawar,Mawar,ward,,2026-06-01\ndahlia,Dahlia,ward,inap,\n"
VALUES = "unit,element,period,value\nmawar,cases,2026-09,5\nmawar,patients,2026-09,50\n"

#: The name of an action, or of a command, before the colon.
ACTS: dict[str, Callable[[Living], object]] = {
    "create_hospital": lambda h: create_hospital(code="RSN", name="New"),
    "add_unit: under an assigned form": lambda h: add_unit(parent=h.inap, code="d", name="D", kind="ward"),
    "change_unit: moved": lambda h: change(h, parent=h.hospital.root),
    "change_unit: closed": lambda h: change(h, closed_on=dt.date(2026, 7, 10)),
    "change_unit: of another kind": lambda h: change(h, kind="clinic"),
    "save_values": lambda h: h.save(h.mawar, {"cases": 1, "patients": 3}, SEPTEMBER),
    "save_values: of a new year": lambda h: h.save(h.mawar, {"cases": 1}, Period.month(2024, 12)),
    "move_values": lambda h: move_values(
        elements=[h.element("visits")], from_unit=h.inap, to_unit=h.mawar, by=h.administrator, reason="-"
    ),
    "confirm_results": contradict,
    "take_back_confirmation": lambda h: take_back_confirmation(confirmed=contradict(h), by=h.approver),
    "order_judgement": judge,
    "mark_month_rolled_over": lambda h: mark_month_rolled_over(today=dt.date(2026, 12, 1)),
    "save_cell": lambda h: type_in(h, "6"),
    "save_cell: taken back": lambda h: type_in(h, ""),
    "assign_form": lambda h: assign_form(
        form=h.form("outpatients"), unit=h.hospital.root, first_month=JULY, scope=Scope.BELOW
    ),
    "assign_form: not here": lambda h: assign_form(
        form=h.form("safety"), unit=h.mawar, first_month=JULY, scope=Scope.NOBODY
    ),
    "take_form_away": lambda h: take_form_away(form=h.form("safety"), unit=h.hospital.root),
    "move_history": move_all_of_a_ward,
    "submit": lambda h: submit(form=h.form("safety"), unit=h.melati, period=AUGUST, by=h.clerk),
    "withdraw": lambda h: withdraw(submission=submission(h, State.SUBMITTED), by=h.clerk),
    "return_for_mending": lambda h: return_for_mending(
        submission=submission(h, State.SUBMITTED), by=h.approver, reason="-"
    ),
    "approve": lambda h: approve(submission=submission(h, State.SUBMITTED), by=h.approver),
    "reopen": lambda h: reopen(
        submission=Submission.objects.get(unit=h.melati, period=JUNE), by=h.administrator, reason="-"
    ),
    "confirm": lambda h: confirm(
        form=h.form("safety"),
        unit=h.melati,
        period=AUGUST,
        check_key="c",
        numbers="4",
        reason="-",
        by=h.clerk,
    ),
    "keep_upload, save_upload": upload,
    "sync_definitions: an indicator is dropped": lambda h: released(h, DEFINITIONS.split("[[indicator]]")[0]),
    "sync_definitions: decimals": lambda h: released(h, DEFINITIONS.replace("decimals = 1", "decimals = 0")),
    "sync_definitions: corrected": lambda h: call_command(
        "sync_definitions", "--correct", stdout=io.StringIO()
    ),
    "import_units": lambda h: imported(h, "import_units", UNITS),
    "import_values": lambda h: imported(h, "import_values", VALUES),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_rows_follow_what_is_done(act: str, living: Living) -> None:
    ACTS[act](living)
    assert living.behind() == []


def actions() -> Iterator[str]:
    for room in ROOMS:
        module = importlib.import_module(room)
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ == room and not name.startswith("_"):
                yield name


def test_every_action_and_command_is_done_above() -> None:
    done = {name.strip() for act in ACTS for name in act.split(":")[0].split(",")}
    commands = {name for name, app in get_commands().items() if app in OURS}
    assert {*actions()} - done - WITHOUT_FIGURES.keys() == set()
    assert commands - done - COMMANDS_WITHOUT_FIGURES.keys() == set()
