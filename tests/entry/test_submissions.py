"""The way of a form: draft, submitted, returned, approved, opened again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from entry.actions import (
    NotReadyError,
    ReasonMissingError,
    approve,
    confirm,
    reopen,
    return_for_mending,
    submit,
    withdraw,
)
from entry.models import Event, Form, State, Submission, SubmissionEvent
from entry.queries.sheet import read_sheet
from hospitals.actions import give_role
from hospitals.models import Role, Unit, User
from tests.cast import person
from tests.entry.conftest import MARCH, fill, saved, submission_of, type_in

pytestmark = pytest.mark.django_db


def hand_in(form: Form, unit: Unit, by: User) -> Submission:
    return submit(form=form, unit=unit, period=MARCH, by=by)


def test_a_clean_form_is_submitted_and_approved(filled: Form, melati: Unit, wati: User, sri: User) -> None:
    submission = hand_in(filled, melati, wati)
    assert submission.state == State.SUBMITTED
    submission = approve(submission=submission, by=sri)
    assert submission.state == State.APPROVED
    assert list(submission.events.values_list("event", "by")) == [
        (Event.SUBMITTED, wati.pk),
        (Event.APPROVED, sri.pk),
    ]


def test_an_empty_form_says_what_is_missing(ward_form: Form, melati: Unit, wati: User) -> None:
    with pytest.raises(NotReadyError) as refused:
        hand_in(ward_form, melati, wati)
    assert {p.check for p in refused.value.problems} == {"missing"}
    assert len(refused.value.problems) == 10


def test_a_census_that_is_off_by_26_is_not_submitted(filled: Form, melati: Unit, wati: User) -> None:
    fill(melati, {"patients_end": 36})
    with pytest.raises(NotReadyError) as refused:
        hand_in(filled, melati, wati)
    assert [p.check for p in refused.value.problems] == ["balance"]
    assert "26" in str(refused.value)


def test_a_refused_value_is_not_submitted_away(filled: Form, melati: Unit, wati: User) -> None:
    type_in(filled, "admissions", "5o", unit=melati, by=wati, seen="50.0")
    with pytest.raises(NotReadyError) as refused:
        hand_in(filled, melati, wati)
    assert [p.check for p in refused.value.problems] == ["refused"]


def test_402_percent_occupancy_has_to_be_confirmed_with_a_reason(
    filled: Form, melati: Unit, wati: User
) -> None:
    fill(melati, {"patient_days": 2492})
    with pytest.raises(NotReadyError) as refused:
        hand_in(filled, melati, wati)
    (problem,) = refused.value.problems
    assert problem.severity == "soft"
    said = {"check_key": problem.key, "numbers": problem.numbers}
    with pytest.raises(ReasonMissingError):
        confirm(form=filled, unit=melati, period=MARCH, **said, reason=" ", by=wati)
    confirm(form=filled, unit=melati, period=MARCH, **said, reason="earthquake", by=wati)
    assert hand_in(filled, melati, wati).state == State.SUBMITTED
    (kept,) = read_sheet(form=filled, unit=melati, period=MARCH).confirmations
    assert (kept.reason, kept.by) == ("earthquake", wati)


def test_a_confirmation_is_asked_for_again_when_the_number_changes(
    filled: Form, melati: Unit, wati: User
) -> None:
    fill(melati, {"patient_days": 2492})
    (problem,) = read_sheet(form=filled, unit=melati, period=MARCH).open_problems
    confirm(
        form=filled,
        unit=melati,
        period=MARCH,
        check_key=problem.key,
        numbers=problem.numbers,
        reason="earthquake",
        by=wati,
    )
    fill(melati, {"patient_days": 2500})
    with pytest.raises(NotReadyError):
        hand_in(filled, melati, wati)


def test_returned_with_a_reason_mended_and_approved(
    filled: Form, melati: Unit, wati: User, sri: User
) -> None:
    submission = hand_in(filled, melati, wati)
    with pytest.raises(ReasonMissingError):
        return_for_mending(submission=submission, by=sri, reason="")
    submission = return_for_mending(submission=submission, by=sri, reason="beds?")
    assert submission.state == State.RETURNED
    saved(type_in(filled, "beds", "21", unit=melati, by=wati, seen="20.0"))
    submission = approve(submission=hand_in(filled, melati, wati), by=sri)
    assert submission.state == State.APPROVED


def test_nobody_approves_what_they_submitted(filled: Form, melati: Unit, sri: User) -> None:
    submission = hand_in(filled, melati, sri)
    with pytest.raises(PermissionDenied):
        approve(submission=submission, by=sri)


def test_a_clerk_a_viewer_and_a_stranger_cannot_approve(
    filled: Form, melati: Unit, wati: User, sri: User, rina: User, tono: User
) -> None:
    submission = hand_in(filled, melati, sri)
    for user in (wati, rina, tono):
        with pytest.raises(PermissionDenied):
            approve(submission=submission, by=user)
        with pytest.raises(PermissionDenied):
            return_for_mending(submission=submission, by=user, reason="no")


def test_two_steps_need_two_people_the_second_from_above(
    filled: Form, melati: Unit, inap: Unit, wati: User, sri: User, ani: User
) -> None:
    Form.objects.filter(pk=filled.pk).update(approval_steps=2)
    other_head = person("yuli", "Yuli", melati, Role.APPROVER)
    submission = approve(submission=hand_in(filled, melati, wati), by=sri)
    assert (submission.state, submission.approvals) == (State.SUBMITTED, 1)
    for user in (sri, other_head):
        with pytest.raises(PermissionDenied):
            approve(submission=submission, by=user)
    assert approve(submission=submission, by=ani).state == State.APPROVED


def test_the_second_step_can_return_as_well(
    filled: Form, melati: Unit, wati: User, sri: User, ani: User
) -> None:
    Form.objects.filter(pk=filled.pk).update(approval_steps=2)
    submission = approve(submission=hand_in(filled, melati, wati), by=sri)
    submission = return_for_mending(submission=submission, by=ani, reason="deaths?")
    assert (submission.state, submission.approvals) == (State.RETURNED, 0)


def test_a_clerk_takes_back_what_nobody_has_approved(filled: Form, melati: Unit, wati: User) -> None:
    submission = withdraw(submission=hand_in(filled, melati, wati), by=wati)
    assert submission.state == State.DRAFT


def test_reopening_needs_the_right_role_and_a_reason(
    filled: Form, melati: Unit, wati: User, sri: User, ani: User
) -> None:
    submission = approve(submission=hand_in(filled, melati, wati), by=sri)
    for user in (wati, sri):
        with pytest.raises(PermissionDenied):
            reopen(submission=submission, by=user, reason="wrong")
    with pytest.raises(ReasonMissingError):
        reopen(submission=submission, by=ani, reason="")
    submission = reopen(submission=submission, by=ani, reason="late death certificate")
    assert submission.state == State.RETURNED
    saved(type_in(filled, "beds", "21", unit=melati, by=wati, seen="20.0"))


def test_a_draft_cannot_be_approved_and_an_approved_form_not_submitted_again(
    filled: Form, melati: Unit, wati: User, sri: User
) -> None:
    with pytest.raises(PermissionDenied):
        approve(submission=submission_of(filled, melati), by=sri)
    submission_of(filled, melati, State.APPROVED)
    with pytest.raises(PermissionDenied):
        hand_in(filled, melati, wati)


def test_a_head_of_one_ward_does_not_approve_another(
    filled: Form, melati: Unit, mawar: Unit, wati: User
) -> None:
    other = person("lilis", "Lilis", mawar, Role.APPROVER)
    give_role(user=other, unit=mawar, role=Role.DATA_ENTRY)
    with pytest.raises(PermissionDenied):
        approve(submission=hand_in(filled, melati, wati), by=other)


def test_the_database_wants_a_reason_for_returning(filled: Form, melati: Unit, sri: User) -> None:
    submission = submission_of(filled, melati)
    SubmissionEvent.objects.create(submission=submission, event=Event.RETURNED, by=sri, reason="why")
    with pytest.raises(IntegrityError), transaction.atomic():
        SubmissionEvent.objects.create(submission=submission, event=Event.RETURNED, by=sri)
