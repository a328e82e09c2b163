"""Who changed a number, when, from what to what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from entry.models import Confirmation, Submission, SubmissionEvent
from hospitals.models import Unit
from indicators.answers import EMPTY, Answer
from indicators.models import DataElement, DataValue, Status
from indicators.periods import Period

LONGEST = 50


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    by: str
    before: Answer
    after: Answer
    why: str


def history_of(*, unit: Unit, element: DataElement, period: Period) -> list[Change]:
    """The changes of one value, latest first, at most `LONGEST`."""
    rows = (
        DataValue.history.filter(unit=unit, element=element, period=period)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: LONGEST + 1]
    )
    found = list(rows)
    answers = [EMPTY if row.history_type == "-" else Answer(row.value, Status(row.status)) for row in found]
    befores = [*answers, EMPTY][1:]
    return [
        Change(
            row.history_date,
            str(row.history_user or ""),
            before,
            after,
            row.history_change_reason or "",
        )
        for row, before, after in zip(found, befores, answers, strict=True)
    ][:LONGEST]


def confirmations_of(*, submission: Submission, element: DataElement) -> list[Confirmation]:
    """Why numbers of a cell were right although a check doubted them, latest first; those of numbers
    that stood there before included."""
    given = submission.confirmations.select_related("by").order_by("-at", "-pk")
    return [c for c in given if element.code in c.check_key.partition(":")[2].split(",")]


def events_of(submission: Submission | None) -> list[SubmissionEvent]:
    """What happened to the form, latest first."""
    if submission is None:
        return []
    return list(submission.events.select_related("by").order_by("-at", "-pk"))
