"""What a person has to do: the forms that are due, late, returned, waiting for them, done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from entry.assignments import Duty
from entry.models import Event, Form, State, Submission, SubmissionEvent
from entry.queries.duties import duties_in
from entry.queries.progress import progress_of
from hospitals.access import visible_units
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.periods import Period, month_of

#: How many months back what is approved is still listed.
MONTHS_DONE = 3


class Group(StrEnum):
    """In the order in which they are dealt with."""

    RETURNED = "returned"
    LATE = "late"
    FOR_ME = "for_me"
    DUE = "due"
    RUNNING = "running"
    WITH_OTHERS = "with_others"
    DONE = "done"


@dataclass(frozen=True)
class Asked:
    """Who gives the next approval: an approver of the unit that fills it in or of one above that, but none
    of `not_by`."""

    unit_id: int
    not_by: frozenset[int]


@dataclass(frozen=True)
class Item:
    """One form of one unit and month. `reason` is why it was returned, `answered` of `required` cells,
    `asked` who approves it next, where the form is submitted."""

    form: Form
    unit: Unit
    filled_by: Unit
    period: Period
    group: Group
    due_on: dt.date
    answered: int
    required: int
    reason: str = ""
    asked: Asked | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.required) if self.required else 100

    @property
    def is_ready(self) -> bool:
        """Whether only the word of the person is wanting."""
        return self.group in (Group.LATE, Group.DUE) and 0 < self.required <= self.answered


@dataclass(frozen=True)
class Table:
    """One form and month of several units, to be filled side by side."""

    form: Form
    hospital: Hospital
    period: Period
    units: int


def tables_of(items: Sequence[Item]) -> list[Table]:
    """What of a list can be opened as a table, in the order of the list."""
    counts = Counter((item.form, item.unit.hospital, item.period) for item in items)
    return [Table(*place, units) for place, units in counts.items() if units > 1]


def work_of(user: User, *, today: dt.date) -> dict[Group, list[Item]]:
    """Everything on the person's desk; groups without anything are left out."""
    mine = set(visible_units(user, "enter").values_list("pk", flat=True))
    checked = set(visible_units(user, "approve").values_list("pk", flat=True))
    hospitals = Hospital.objects.filter(units__in=mine | checked).distinct()
    items: dict[Group, list[Item]] = {group: [] for group in Group}
    for hospital in hospitals:
        tree = UnitTree.of(hospital)
        for unit in tree.units:
            unit.hospital = hospital  # known; not to be asked for again with every unit
        duties = [d for d in duties_in(tree) if d.filled_by.pk in mine | checked]
        for item in _items(user, tree, duties, mine, checked, today):
            items[item.group].append(item)
    for group, found in items.items():
        found.sort(key=lambda i: (i.due_on, i.unit.position, i.unit.code), reverse=group == Group.DONE)
    return {group: found for group, found in items.items() if found}


def _items(
    user: User, tree: UnitTree, duties: list[Duty], mine: set[int], checked: set[int], today: dt.date
) -> Iterable[Item]:
    this_month = month_of(today)
    months = {duty: _months(duty, this_month) for duty in duties}
    submissions = submissions_of(duties)
    progress = progress_of(duties, [m for found in months.values() for m in found])
    events = _events_of(submissions.values())
    for duty in duties:
        for month in months[duty]:
            key = (duty.form.pk, duty.unit.pk, month)
            submission = submissions.get(key)
            history = events.get(submission.pk, []) if submission else []
            asked = _asked(duty, submission, history)
            group = _group(user, duty, month, submission, asked, mine, checked, today)
            if group is None or (group == Group.DONE and month < this_month.shifted(-MONTHS_DONE)):
                continue
            answered, required = progress.of(duty, month)
            reason = history[-1].reason if group == Group.RETURNED and history else ""
            due_on = duty.form.due_on(month)
            item = (duty.form, duty.unit, duty.filled_by, month, group, due_on, answered, required)
            yield Item(*item, reason, asked)


def _months(duty: Duty, through: Period) -> list[Period]:
    months = []
    month = duty.first_month
    while month <= through:
        if duty.holds_in(month):
            months.append(month)
        month = month.shifted(1)
    return months


def _group(
    user: User,
    duty: Duty,
    month: Period,
    submission: Submission | None,
    asked: Asked | None,
    mine: set[int],
    checked: set[int],
    today: dt.date,
) -> Group | None:
    state = submission.state if submission else State.DRAFT
    enters = duty.filled_by.pk in mine
    match state:
        case State.APPROVED:
            return Group.DONE
        case State.SUBMITTED if asked is not None:
            is_mine = asked.unit_id in checked and user.pk not in asked.not_by
            return Group.FOR_ME if is_mine else Group.WITH_OTHERS
        case State.RETURNED:
            return Group.RETURNED if enters else Group.WITH_OTHERS
    if not enters:
        return None
    if month.end >= today:
        return Group.RUNNING
    return Group.LATE if duty.form.due_on(month) < today else Group.DUE


def _asked(duty: Duty, submission: Submission | None, history: Sequence[SubmissionEvent]) -> Asked | None:
    """The rule of `rights.may_check`, for many submissions at once."""
    if submission is None or submission.state != State.SUBMITTED:
        return None
    unit_id = duty.filled_by.pk
    if submission.approvals > 0 and duty.filled_by.parent_id is not None:
        unit_id = duty.filled_by.parent_id
    people: set[int] = set()
    for event in history:
        if event.event == Event.SUBMITTED:
            people = {event.by_id}
        elif event.event == Event.CHECKED:
            people.add(event.by_id)
    return Asked(unit_id, frozenset(people))


def submissions_of(duties: Sequence[Duty]) -> dict[tuple[int, int, Period], Submission]:
    """All submissions of `duties` by form, unit and month."""
    found = Submission.objects.filter(
        form__in={d.form.pk for d in duties}, unit__in={d.unit.pk for d in duties}
    )
    return {(s.form_id, s.unit_id, s.period): s for s in found}


def _events_of(submissions: Iterable[Submission]) -> dict[int, list[SubmissionEvent]]:
    """Events by submission, oldest first, of those that are not done."""
    open_ones = [s.pk for s in submissions if s.state in (State.SUBMITTED, State.RETURNED)]
    events: dict[int, list[SubmissionEvent]] = {}
    for event in SubmissionEvent.objects.filter(submission__in=open_ones).order_by("at", "pk"):
        events.setdefault(event.submission_id, []).append(event)
    return events
