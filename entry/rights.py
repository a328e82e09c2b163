"""Who may do what with a submission; built on the abilities of `hospitals.access`."""

from __future__ import annotations

from entry.models import Event, State, Submission
from entry.queries.duties import duty_of
from hospitals.access import can
from hospitals.models import User


def is_asked_for(submission: Submission) -> bool:
    """Whether the unit still has to fill the form for that month.

    Where the form was taken away what was entered stays readable, and nobody takes a step with it.
    """
    return duty_of(form=submission.form, unit=submission.unit, period=submission.period) is not None


def may_enter(user: User, submission: Submission) -> bool:
    """Whether the numbers may be changed by `user` now."""
    return not submission.is_locked and can(user, "enter", submission.unit) and is_asked_for(submission)


def may_withdraw(user: User, submission: Submission) -> bool:
    """As long as nobody has approved, what was submitted may be taken back."""
    waiting = submission.state == State.SUBMITTED and submission.approvals == 0
    return waiting and can(user, "enter", submission.unit) and is_asked_for(submission)


def may_check(user: User, submission: Submission) -> bool:
    """Whether the next step of approval is `user`'s: to approve or to return.

    The first step is an approver's of the unit, the second one's of the unit above it. Nobody
    checks what they submitted or approved themselves.
    """
    return (
        _could_check(user, submission)
        and user.pk not in people_so_far(submission)
        and is_asked_for(submission)
    )


def waits_for_another(user: User, submission: Submission) -> bool:
    """Whether `user` could check it, had they not submitted or checked it themselves."""
    return _could_check(user, submission) and user.pk in people_so_far(submission)


def _could_check(user: User, submission: Submission) -> bool:
    if submission.state != State.SUBMITTED:
        return False
    unit = submission.unit
    if submission.approvals > 0 and unit.parent is not None:
        unit = unit.parent
    return can(user, "approve", unit)


def may_reopen(user: User, submission: Submission) -> bool:
    approved = submission.state == State.APPROVED
    return approved and can(user, "manage", submission.unit) and is_asked_for(submission)


def people_so_far(submission: Submission) -> set[int]:
    """Ids of those who submitted and checked since it was last submitted."""
    people: set[int] = set()
    for event, by in submission.events.order_by("at", "pk").values_list("event", "by_id"):
        if event == Event.SUBMITTED:
            people = {by}
        elif event == Event.CHECKED:
            people.add(by)
    return people
