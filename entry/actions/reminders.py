"""Reminding by e-mail, one letter a day at most, of each form once before and once after its due day."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from entry.models import FormAssignment, Occasion, Reminder
from entry.queries.work import Item, work_of
from entry.reminders import reminders_of
from hospitals.models import Hospital, Role, User


def people_to_remind() -> list[User]:
    """Active people with an address who enter numbers in a hospital that uses forms: clerks first of
    all, and the heads of units, who answer for them."""
    hospitals = Hospital.objects.filter(units__form_assignments__in=FormAssignment.objects.all())
    found = User.objects.filter(
        is_active=True,
        memberships__role__in=[Role.DATA_ENTRY, Role.APPROVER],
        memberships__unit__hospital__in=hospitals,
    ).exclude(email="")
    return list(found.distinct().order_by("pk"))


@transaction.atomic
def remind(*, user: User, today: dt.date) -> int:
    """Send one letter about everything that is due or late and was not reminded of; returns how many.

    What was sent is stored in the same transaction: when the letter cannot be sent, it is tried again
    the next time, and two workers at once send one letter.
    """
    User.objects.select_for_update().get(pk=user.pk)
    items = [item for group in work_of(user, today=today).values() for item in group]
    wanted = reminders_of(items, today)
    sent = {
        (r.form_id, r.unit_id, r.period, r.occasion)
        for r in Reminder.objects.filter(user=user, form__in=[item.form for item, _occasion in wanted])
    }
    new = [(i, o) for i, o in wanted if (i.form.pk, i.unit.pk, i.period, o) not in sent]
    if not new:
        return 0
    Reminder.objects.bulk_create(
        Reminder(user=user, form=i.form, unit=i.unit, period=i.period, occasion=o) for i, o in new
    )
    _send(user, new)
    return len(new)


def _send(user: User, new: list[tuple[Item, Occasion]]) -> None:
    with override(user.language):
        late = [item for item, occasion in new if occasion == Occasion.AFTER]
        due = [item for item, occasion in new if occasion == Occasion.BEFORE]
        subject = ngettext(
            "Imbang: %(count)s form waits for you", "Imbang: %(count)s forms wait for you", len(new)
        )
        text = render_to_string("entry/reminder.txt", {"user": user, "late": late, "due": due})
        send_mail(subject % {"count": len(new)}, text, settings.DEFAULT_FROM_EMAIL, [user.email])
