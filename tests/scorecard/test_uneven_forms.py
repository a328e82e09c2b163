"""Hospitals that report unevenly by forms, with approvals, corrections and results as reported."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from entry.actions import approve, assign_form
from entry.models import Form, Scope, State, Submission
from hospitals.models import Unit, User
from indicators.models.indicator_value import StoredIndicator
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.indicators.engine.uneven import Case, case_of, expected_of, facts_of, left_out_of
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows
from tests.scorecard.test_uneven import TODAY
from tests.scorecard.uneven_hospitals import (
    differences,
    differences_left_out,
    save_facts,
    stored_of,
    units_of,
)

CONTENTS = tomllib.loads((Path(__file__).parent / "uneven_forms.toml").read_text())["case"]
#: Parallel workers share the cases by batches.
BATCHES = 6
MARKS = {
    "as_reported": "is_as_reported",
    "contradicts": "contradicts_others",
    "year_beside_months": "has_year_beside_months",
    "stands_for_parts": "stands_for_parts",
}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_worked_case_comes_out_of_the_database(definitions: None, batch: int) -> None:
    """And what came bit by bit leaves the rows of a full recomputation."""
    wrong = []
    for number, content in enumerate(CONTENTS[batch::BATCHES]):
        case = case_of(content)
        units = report(case, content, code=f"forms-{number}")
        wrong.extend((case.name, *each) for each in _differences(units, case, content))
        hospital = units["root"].hospital
        if stored_rows(hospital) != rows_from_scratch(hospital, _today(case)):
            wrong.append((case.name, "bit by bit", "not as from scratch"))
    assert wrong == []


def report(case: Case, content: dict, code: str) -> dict[str, Unit]:
    """The hospital of a case: numbers, then forms, then approvals, then corrections, computed after each."""
    begins = content.get("begins")
    units = units_of(case, code, begins_on=dt.date.fromisoformat(begins) if begins else None)

    def recompute() -> None:
        recompute_scores(hospital_id=units["root"].hospital_id, today=_today(case))

    save_facts(units, case.world.facts)
    recompute()
    for line in content.get("forms", "").strip().splitlines():
        _assign(units, *line.split())
    recompute()
    for line in content.get("approved", "").strip().splitlines():
        _approve(units, *line.split())
    recompute()
    if "then" in content:
        changes = facts_of(content["then"])
        save_facts(units, {k: float(v) if v[-1].isdigit() else v for k, v in changes})
        recompute()
    return units


def _today(case: Case) -> dt.date:
    return min(case.world.today, TODAY)


def _assign(units: dict[str, Unit], unit: str, code: str, months: str, *how: str) -> None:
    first, _, last = months.partition("..")
    speaks_of = next((units[each[1:]] for each in how if each.startswith(">")), None)
    not_kept = next((each[1:].split(",") for each in how if each.startswith("-")), ())
    assign_form(
        form=Form.objects.get(code=code),
        unit=units[unit],
        first_month=Period.parse(first),
        last_month=Period.parse(last) if last else None,
        scope=Scope.BELOW if "below" in how else Scope.THIS_UNIT,
        speaks_of=speaks_of,
        not_kept=not_kept,
    )


def _approve(units: dict[str, Unit], unit: str, code: str, months: str) -> None:
    """By somebody who may, every step of it."""
    form = Form.objects.get(code=code)
    first, _, last = months.partition("..")
    year = Period.parse(first).year
    for month in range(Period.parse(first).first_month, Period.parse(last or first).last_month + 1):
        submission = Submission.objects.create(
            form=form, unit=units[unit], period=Period.month(year, month), state=State.SUBMITTED
        )
        while submission.state == State.SUBMITTED:
            approve(submission=submission, by=User.objects.create_superuser(f"a{User.objects.count()}"))
            submission.refresh_from_db()


def _differences(units: dict[str, Unit], case: Case, content: dict) -> Iterator[tuple[object, object]]:
    yield from differences(units, case.expected)
    yield from differences_left_out(units, case.left_out)
    yield from differences(units, expected_of(content.get("approved_only", "")), approved_only=True)
    approved = left_out_of(content.get("left_out_approved", ""))
    yield from differences_left_out(units, approved, approved_only=True)
    rows = stored_of(units, case.expected)
    for line in content.get("marked", "").strip().splitlines():
        unit, indicator, when, marks, points = line.split()
        row = rows[units[unit].pk, indicator, Period.parse(when)]
        if marks_of(row) != (marks, points):
            yield line, marks_of(row)


def marks_of(row: StoredIndicator) -> tuple[str, str]:
    """What marks a stored value, and whether it has points."""
    marks = ",".join(word for word, name in MARKS.items() if getattr(row, name))
    return marks or "plain", "no_points" if row.score is None else "points"
