"""The forms of the demonstration on their way: earlier months approved, the last one under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from entry.actions import NotReadyError, approve, confirm, submit
from entry.assignments import Duty
from entry.models import Submission
from entry.queries.duties import duties_in
from hospitals.models import Hospital, User
from hospitals.tree import UnitTree
from indicators.periods import Period

REASON = "Sudah dicocokkan dengan buku register"
#: Forms of which the last month waits to be sent in, and the one of which it waits for approval.
STILL_OPEN = frozenset({"inpatient_ward"})
NOT_CHECKED = frozenset({"quality_and_complaints"})


class _Hands(NamedTuple):
    """User names of those through whose hands a form goes: one sends it in, the others approve."""

    sender: str
    checkers: tuple[str, ...]


_OF_FORM = {
    "inpatient_ward": _Hands("admin", ("manajer",)),
    "finance": _Hands("admin", ("keuangan", "wadir")),
}
_OF_UNIT = {"melati": _Hands("petugas", ("kepala",))}
_OF_OTHERS = _Hands("admin", ("wadir",))
_NAMES = ("admin", "keuangan", "kepala", "manajer", "petugas", "wadir")


def send_in(hospital: Hospital, last_month: Period) -> int:
    """Send in and approve the forms of the hospital up to `last_month`; returns how many.

    What the checks refuse stays a draft, as it would have with the people of the house.
    """
    people = {user.username: user for user in User.objects.filter(username__in=_NAMES)}
    sent = 0
    for duty, month in _due(hospital, last_month):
        hands = _OF_UNIT.get(duty.unit.code) or _OF_FORM.get(duty.form.code, _OF_OTHERS)
        submission = _sent(duty, month, people[hands.sender])
        if submission is None:
            continue
        sent += 1
        if month == last_month and duty.form.code in NOT_CHECKED:
            continue
        for name in hands.checkers:
            submission = approve(submission=submission, by=people[name])
    return sent


def _due(hospital: Hospital, last_month: Period) -> Iterator[tuple[Duty, Period]]:
    for duty in duties_in(UnitTree.of(hospital)):
        month = duty.first_month
        while month <= last_month:
            still_open = month == last_month and duty.form.code in STILL_OPEN
            if duty.holds_in(month) and not still_open:
                yield duty, month
            month = month.shifted(1)


def _sent(duty: Duty, month: Period, by: User) -> Submission | None:
    """None where a check refuses it; what is only unlikely is confirmed."""
    try:
        return submit(form=duty.form, unit=duty.unit, period=month, by=by)
    except NotReadyError as refused:
        problems = refused.problems
    if any(problem.severity == "hard" for problem in problems):
        return None
    for problem in problems:
        confirm(
            form=duty.form,
            unit=duty.unit,
            period=month,
            check_key=problem.key,
            numbers=problem.numbers,
            reason=REASON,
            by=by,
        )
    return submit(form=duty.form, unit=duty.unit, period=month, by=by)
