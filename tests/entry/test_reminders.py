"""Reminders: before and after the due day, once each, in the language of the person."""

import copy
import datetime as dt
import functools
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from pytest_django import Settings

from entry.actions import approve, assign_form, submit, withdraw
from entry.actions.reminders import people_to_remind, remind
from entry.models import Event, Form, Reminder, Scope, State
from entry.tasks import remind_everybody, remind_person
from hospitals.actions import add_unit
from hospitals.models import Unit, UnitKind, User
from scorecard.celery import app
from tests.entry.conftest import MARCH, submission_of

pytestmark = pytest.mark.django_db
#: The form of March is due on 5 April.
BEFORE, AFTER = dt.date(2026, 4, 2), dt.date(2026, 4, 6)


def with_address(user: User) -> User:
    user.email = f"{user.username}@example.org"
    user.save()
    return user


@pytest.fixture
def reachable(ward_form: Form, wati: User) -> User:
    ward_form.assignments.update(first_month=MARCH)
    return with_address(wati)


@pytest.fixture
def only_melati(ward_form: Form, mawar: Unit) -> None:
    """Mawar, which has neither clerk nor head, fills in no form."""
    assign_form(form=ward_form, unit=mawar, first_month=MARCH, scope=Scope.NOBODY)


@pytest.fixture
def head(reachable: User, sri: User) -> User:
    return with_address(sri)


def test_a_clerk_is_reminded_once_before_and_once_after(reachable: User) -> None:
    assert remind(user=reachable, today=dt.date(2026, 4, 1)) == 0
    assert remind(user=reachable, today=BEFORE) == 1
    assert remind(user=reachable, today=BEFORE + dt.timedelta(1)) == 0
    assert remind(user=reachable, today=AFTER) == 1
    assert remind(user=reachable, today=AFTER + dt.timedelta(1)) == 0
    assert [letter.to for letter in mail.outbox] == [["wati@example.org"]] * 2
    assert "Melati" in mail.outbox[0].body


def test_one_letter_names_all_forms(reachable: User, mawar: Unit) -> None:
    reachable.memberships.update(unit=mawar.parent)
    assert remind(user=reachable, today=AFTER) == 2
    assert len(mail.outbox) == 1
    assert "Mawar" in mail.outbox[0].body


def test_a_letter_about_many_wards_stays_short(reachable: User, inap: Unit) -> None:
    reachable.memberships.update(unit=inap)
    for number in range(28):
        add_unit(parent=inap, code=f"w{number}", name=f"Bangsal {number}", kind=UnitKind.WARD)
    assert remind(user=reachable, today=AFTER) == 30
    assert mail.outbox[0].body.count("\n- Bangsal") == 20
    assert "dan 10 lainnya" in mail.outbox[0].body


def test_what_is_submitted_is_not_reminded_of(filled: Form, reachable: User, melati: Unit) -> None:
    submit(form=filled, unit=melati, period=MARCH, by=reachable)
    assert remind(user=reachable, today=AFTER) == 0
    assert not mail.outbox


def test_a_letter_that_cannot_be_sent_is_tried_again(
    reachable: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("entry.actions.reminders.send_mail", refuse)
        broken.setattr("django.utils.timezone.localdate", lambda *_args: AFTER)
        remind_person(reachable.pk)
    assert not Reminder.objects.exists()
    assert remind(user=reachable, today=AFTER) == 1


def test_the_letter_is_in_the_language_of_the_person(reachable: User) -> None:
    reachable.language = "en"
    reachable.save()
    remind(user=reachable, today=AFTER)
    assert mail.outbox[0].subject == "Imbang: 1 form waits for you"
    assert "March 2026" in mail.outbox[0].body


def test_only_those_who_fill_in_forms_and_have_an_address_are_reminded(
    reachable: User, sri: User, rina: User, tono: User
) -> None:
    for user in (rina, tono):
        with_address(user)
    assert people_to_remind() == [reachable]


def test_a_reason_and_a_link_stand_beside_the_form(
    filled: Form, reachable: User, melati: Unit, settings: Settings
) -> None:
    submission = submission_of(filled, melati, State.RETURNED)
    submission.events.create(event=Event.RETURNED, by=reachable, reason="18 & bukan 20")
    remind(user=reachable, today=BEFORE)
    assert "http" not in mail.outbox[0].body
    assert "“18 & bukan 20”" in mail.outbox[0].body
    settings.SITE_URL = "https://imbang.example"
    remind(user=reachable, today=AFTER)
    lines = mail.outbox[1].body.splitlines()
    assert "  https://imbang.example/forms/RSA/inpatient_ward/melati/2026-03/" in lines
    assert "Semua formulir Anda: https://imbang.example/forms/" in lines


@pytest.mark.usefixtures("only_melati")
def test_a_head_is_written_to_about_filling_only_when_it_is_late(
    reachable: User, head: User, ani: User
) -> None:
    assert remind(user=head, today=BEFORE) == 0
    assert remind(user=head, today=AFTER) == 1
    assert remind(user=reachable, today=AFTER) == 1
    assert with_address(ani) in people_to_remind()
    assert remind(user=ani, today=AFTER) == 0


@pytest.mark.usefixtures("only_melati")
def test_where_no_clerk_can_be_reached_the_head_is_and_else_the_manager(
    reachable: User, head: User, ani: User
) -> None:
    User.objects.filter(pk=reachable.pk).update(is_active=False)
    assert remind(user=with_address(ani), today=BEFORE) == 0
    assert remind(user=head, today=BEFORE) == 1
    User.objects.filter(pk=head.pk).update(email="")
    assert remind(user=ani, today=BEFORE) == 1


@pytest.mark.usefixtures("only_melati")
def test_the_head_is_told_once_that_a_form_waits_for_approval(
    filled: Form, reachable: User, head: User, ani: User, melati: Unit
) -> None:
    submit(form=filled, unit=melati, period=MARCH, by=reachable)
    assert remind(user=head, today=dt.date(2026, 4, 1)) == 0
    assert remind(user=with_address(ani), today=AFTER) == 0
    assert remind(user=head, today=BEFORE) == 1
    assert remind(user=head, today=AFTER) == 0
    assert "menunggu persetujuan Anda" in mail.outbox[0].body


@pytest.mark.usefixtures("only_melati")
def test_the_second_approval_and_what_the_head_submitted_is_for_the_one_above(
    filled: Form, reachable: User, head: User, ani: User, melati: Unit
) -> None:
    with_address(ani)
    submission = submit(form=filled, unit=melati, period=MARCH, by=head)
    assert remind(user=head, today=AFTER) == 0
    assert remind(user=ani, today=AFTER) == 1
    withdraw(submission=submission, by=reachable)
    Form.objects.filter(pk=filled.pk).update(approval_steps=2)
    submission = submit(form=filled, unit=melati, period=MARCH, by=reachable)
    approve(submission=submission, by=head)
    Reminder.objects.all().delete()
    assert remind(user=head, today=AFTER) == 0
    assert remind(user=ani, today=AFTER) == 1


def test_the_round_of_a_day_that_was_missed_comes_with_the_next(reachable: User) -> None:
    assert remind(user=reachable, today=dt.date(2026, 4, 5)) == 1
    assert remind(user=reachable, today=dt.date(2026, 4, 30)) == 1
    assert "segera" in mail.outbox[0].body
    assert "terlambat" in mail.outbox[1].body


def test_a_beat_that_was_down_at_seven_starts_the_round_when_it_is_back() -> None:
    schedule = copy.copy(app.conf.beat_schedule["reminders"]["schedule"])
    at = functools.partial(dt.datetime, 2026, 4, tzinfo=ZoneInfo("Asia/Jakarta"))
    schedule.app, schedule.nowfun = app, lambda: at(2, 9, 30)
    assert schedule.is_due(at(1, 7, 0)).is_due
    assert not schedule.is_due(at(2, 9, 0)).is_due


def test_the_round_of_beat_starts_one_task_for_each(reachable: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_options: started.append((name, args)))
    remind_everybody()
    assert started == [(remind_person.name, (reachable.pk,))]
