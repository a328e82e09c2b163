"""How far the forms of a hospital have come: units × months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from entry.assignments import Duty
from entry.models import Form, State
from entry.queries.duties import duties_in
from entry.queries.progress import progress_of
from entry.queries.work import submissions_of
from hospitals.access import visible_units
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.periods import Period, month_of


class Standing(StrEnum):
    """Where one form of one unit and month stands."""

    NOT_ASKED = "not_asked"
    NOT_YET = "not_yet"
    DUE = "due"
    LATE = "late"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    APPROVED = "approved"


@dataclass(frozen=True)
class MonthCell:
    period: Period
    standing: Standing
    percent: int


@dataclass(frozen=True)
class Line:
    form: Form
    unit: Unit
    filled_by: Unit
    months: Sequence[MonthCell]


def completeness_of(hospital: Hospital, user: User, *, year: int, today: dt.date) -> list[Line]:
    """One line for each form that a visible unit fills, or that speaks of one, in the order of the tree,
    for the months of a year."""
    visible = set(visible_units(user).filter(hospital=hospital).values_list("pk", flat=True))
    months = Period.of_year(year).months()
    duties = [
        duty
        for duty in duties_in(UnitTree.of(hospital))
        if {duty.unit.pk, duty.filled_by.pk} & visible and any(duty.holds_in(month) for month in months)
    ]
    submissions = submissions_of(duties)
    progress = progress_of(duties, months)
    lines = []
    for duty in duties:
        cells = []
        for month in months:
            key = (duty.form.pk, duty.unit.pk, month)
            submission = submissions.get(key)
            state = submission.state if submission else State.DRAFT
            answered, required = progress.of(duty, month)
            percent = round(100 * answered / required) if required else 100
            cells.append(MonthCell(month, _standing(duty, month, state, today), percent))
        lines.append(Line(duty.form, duty.unit, duty.filled_by, cells))
    return lines


@dataclass(frozen=True)
class HandedIn:
    """Of the forms `asked` for in a month, how many are submitted, or approved already."""

    submitted: int
    approved: int
    asked: int


def handed_in_by_month(lines: Sequence[Line]) -> list[HandedIn]:
    """Over all lines, month by month; none are asked for in months that are not over."""
    not_due = (Standing.NOT_ASKED, Standing.NOT_YET)
    counted = []
    for cells in zip(*(line.months for line in lines), strict=True):
        standings = [cell.standing for cell in cells]
        approved = standings.count(Standing.APPROVED)
        submitted = approved + standings.count(Standing.SUBMITTED)
        counted.append(HandedIn(submitted, approved, sum(s not in not_due for s in standings)))
    return counted


def _standing(duty: Duty, month: Period, state: str, today: dt.date) -> Standing:
    this_month = month_of(today)
    if not duty.holds_in(month) or month > this_month:
        return Standing.NOT_ASKED
    if state != State.DRAFT:
        return Standing(state)
    if month == this_month:
        return Standing.NOT_YET
    return Standing.LATE if duty.form.due_on(month) < today else Standing.DUE
