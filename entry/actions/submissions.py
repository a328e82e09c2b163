"""The way of a form: submitted, taken back, returned, approved, opened again."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from entry import rights
from entry.actions.cells import submission_for_writing
from entry.checks import Problem
from entry.contradictions import confirm_contradiction
from entry.models import Confirmation, Event, Form, State, Submission, SubmissionEvent
from entry.queries.sheet import read_sheet
from hospitals.models import Unit, User
from indicators.marks import Change, mark_changed
from indicators.periods import Period


class NotReadyError(Exception):
    """The form cannot be submitted yet; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in problems))


class ReasonMissingError(ValueError):
    """Returning, reopening and confirming need a reason."""


@transaction.atomic
def submit(*, form: Form, unit: Unit, period: Period, by: User) -> Submission:
    """Hand the form to those who approve.

    Raises NotReadyError while a hard problem is left or a soft one is not confirmed, and
    PermissionDenied.
    """
    submission = submission_for_writing(form=form, unit=unit, period=period)
    if not rights.may_enter(by, submission):
        raise PermissionDenied
    left = read_sheet(form=form, unit=unit, period=period).open_problems
    if left:
        raise NotReadyError(left)
    return _move(submission, State.SUBMITTED, Event.SUBMITTED, by)


@transaction.atomic
def withdraw(*, submission: Submission, by: User) -> Submission:
    """Take back what was submitted and nobody has approved yet."""
    submission = _locked(submission)
    if not rights.may_withdraw(by, submission):
        raise PermissionDenied
    return _move(submission, State.DRAFT, Event.WITHDRAWN, by)


@transaction.atomic
def return_for_mending(*, submission: Submission, by: User, reason: str) -> Submission:
    """Give the form back with what has to be mended. Earlier approvals of it are void."""
    submission = _locked(submission)
    if not rights.may_check(by, submission):
        raise PermissionDenied
    return _move(submission, State.RETURNED, Event.RETURNED, by, _needed(reason))


@transaction.atomic
def approve(*, submission: Submission, by: User) -> Submission:
    """Give the next approval; with the last one the numbers are locked."""
    submission = _locked(submission)
    if not rights.may_check(by, submission):
        raise PermissionDenied
    given = submission.approvals + 1
    if given < submission.form.approval_steps:
        return _move(submission, State.SUBMITTED, Event.CHECKED, by, approvals=given)
    return _move(submission, State.APPROVED, Event.APPROVED, by, approvals=given)


@transaction.atomic
def reopen(*, submission: Submission, by: User, reason: str) -> Submission:
    """Open an approved form for mending."""
    submission = _locked(submission)
    if not rights.may_reopen(by, submission):
        raise PermissionDenied
    return _move(submission, State.RETURNED, Event.REOPENED, by, _needed(reason))


@transaction.atomic
def confirm(
    *, form: Form, unit: Unit, period: Period, check_key: str, numbers: str, reason: str, by: User
) -> Confirmation:
    """Say why an unlikely number is right. Holds for these numbers only."""
    submission = submission_for_writing(form=form, unit=unit, period=period)
    if not rights.may_enter(by, submission):
        raise PermissionDenied
    confirmation, _created = Confirmation.objects.update_or_create(
        submission=submission,
        check_key=check_key[:200],
        numbers=numbers[:400],
        defaults={"reason": _needed(reason), "by": by},
    )
    confirm_contradiction(
        unit=unit, period=period, check_key=check_key, numbers=numbers, by=by, why=confirmation.reason
    )
    return confirmation


def _locked(submission: Submission) -> Submission:
    return submission_for_writing(form=submission.form, unit=submission.unit, period=submission.period)


def _needed(reason: str) -> str:
    reason = reason.strip()[:1000]
    if not reason:
        raise ReasonMissingError(_("Say why."))
    return reason


def _move(
    submission: Submission, state: State, event: Event, by: User, reason: str = "", approvals: int = 0
) -> Submission:
    if State.APPROVED in (state, submission.state):
        mark_cells(submission)
    submission.state, submission.approvals = state, approvals
    submission.save()
    SubmissionEvent.objects.create(submission=submission, event=event, by=by, reason=reason)
    return submission


def mark_cells(submission: Submission) -> None:
    """The scores of approved numbers follow when numbers are approved, or are so no longer."""
    elements = submission.form.form_elements.values_list("element_id", flat=True)
    mark_changed(
        hospital_id=submission.unit.hospital_id,
        changes=[Change(submission.unit_id, element_id, submission.period) for element_id in elements],
    )
