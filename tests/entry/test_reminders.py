"""Reminders: before and after the due day, once each, in the language of the person."""

import datetime as dt

import pytest
from django.core import mail

from entry.actions import submit
from entry.actions.reminders import people_to_remind, remind
from entry.models import Form, Reminder
from entry.tasks import remind_everybody, remind_person
from hospitals.models import Unit, User
from tests.entry.conftest import MARCH

pytestmark = pytest.mark.django_db
#: The form of March is due on 5 April.
BEFORE, AFTER = dt.date(2026, 4, 2), dt.date(2026, 4, 6)


@pytest.fixture
def reachable(ward_form: Form, wati: User) -> User:
    ward_form.assignments.update(first_month=MARCH)
    wati.email = "wati@example.org"
    wati.save()
    return wati


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
        user.email = f"{user.username}@example.org"
        user.save()
    assert people_to_remind() == [reachable]


def test_the_round_of_beat_starts_one_task_for_each(reachable: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(remind_person, "delay", started.append)
    remind_everybody()
    assert started == [reachable.pk]
