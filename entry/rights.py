"""Who may do what with a submission; built on the abilities of `hospitals.access`.

Rights come from the unit that fills in the form, whichever unit it speaks of.
"""

from __future__ import annotations

from entry.assignments import Duty
from entry.models import Event, State, Submission
from entry.queries.duties import duty_of
from hospitals.access import Ability, can
from hospitals.models import Unit, User


def duty_behind(submission: Submission) -> Duty | None:
    """Who still has to fill in the form of that unit and month.

    Where the form was taken away what was entered stays readable, and nobody takes a step with it.
    """
    return duty_of(form=submission.form, unit=submission.unit, period=submission.period)


def _may(user: User, ability: Ability, submission: Submission) -> bool:
    duty = duty_behind(submission)
    return duty is not None and can(user, ability, duty.filled_by)


def may_enter(user: User, submission: Submission) -> bool:
    """Whether the numbers may be changed by `user` now."""
    return not submission.is_locked and _may(user, "enter", submission)


def may_note(user: User, submission: Submission) -> bool:
    """Whether `user` may write a remark on a cell: those who enter and those who approve."""
    return _may(user, "enter", submission)


def may_withdraw(user: User, submission: Submission) -> bool:
    """As long as nobody has approved, what was submitted may be taken back."""
    waiting = submission.state == State.SUBMITTED and submission.approvals == 0
    return waiting and _may(user, "enter", submission)


def may_check(user: User, submission: Submission) -> bool:
    """Whether the next step of approval is `user`'s: to approve or to return.

    The first step is an approver's of the unit that fills it in, the second one's of the unit above that.
    Nobody checks what they submitted or approved themselves.
    """
    return _could_check(user, submission) and user.pk not in people_so_far(submission)


def waits_for_another(user: User, submission: Submission) -> bool:
    """Whether `user` could check it, had they not submitted or checked it themselves."""
    return _could_check(user, submission) and user.pk in people_so_far(submission)


def _could_check(user: User, submission: Submission) -> bool:
    if submission.state != State.SUBMITTED:
        return False
    duty = duty_behind(submission)
    return duty is not None and can(user, "approve", who_checks(duty, submission.approvals))


def who_checks(duty: Duty, approvals: int) -> Unit:
    """The unit whose approver takes the next step, after so many approvals."""
    unit = duty.filled_by
    return unit.parent if approvals > 0 and unit.parent is not None else unit


def may_reopen(user: User, submission: Submission) -> bool:
    return submission.state == State.APPROVED and _may(user, "manage", submission)


def people_so_far(submission: Submission) -> set[int]:
    """Ids of those who submitted and checked since it was last submitted."""
    people: set[int] = set()
    for event, by in submission.events.order_by("at", "pk").values_list("event", "by_id"):
        if event == Event.SUBMITTED:
            people = {by}
        elif event == Event.CHECKED:
            people.add(by)
    return people
