"""Reminding by e-mail, one letter a day at most.

Of each form those who fill it are reminded once before and once after its due day, and those who
approve it once when it waits for them about that day.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from entry.models import FormAssignment, Occasion, Reminder
from entry.queries.recipients import Recipients
from entry.queries.work import Item, work_of
from entry.reminders import reminders_of
from hospitals.models import Hospital, Role, User

#: Of forty wards a letter names so many; all of them stand in the list it leads to.
MOST_NAMED = 20


def people_to_remind() -> list[User]:
    """Active people with an address who fill in or approve in a hospital that uses forms."""
    hospitals = Hospital.objects.filter(units__form_assignments__in=FormAssignment.objects.all())
    found = User.objects.filter(
        is_active=True,
        memberships__role__in=[Role.DATA_ENTRY, Role.APPROVER, Role.MANAGER],
        memberships__unit__hospital__in=hospitals,
    ).exclude(email="")
    return list(found.distinct().order_by("pk"))


@transaction.atomic
def remind(*, user: User, today: dt.date) -> int:
    """Send one letter about everything that waits for `user` and was not reminded of; returns how many.

    What was sent is stored in the same transaction: when the letter cannot be sent, it is tried again
    the next time, and two workers at once send one letter.
    """
    User.objects.select_for_update().get(pk=user.pk)
    items = [item for group in work_of(user, today=today).values() for item in group]
    wanted = _concerning(user, reminders_of(items, today))
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


def _concerning(user: User, wanted: list[tuple[Item, Occasion]]) -> list[tuple[Item, Occasion]]:
    """Those that `user` is written to about: who may do something is not always who has to."""
    hospitals = {item.unit.hospital for item, _occasion in wanted}
    recipients = {hospital: Recipients.of(hospital) for hospital in hospitals}
    return [(i, o) for i, o in wanted if user.pk in recipients[i.unit.hospital].of_item(i, o)]


def _send(user: User, new: list[tuple[Item, Occasion]]) -> None:
    with override(user.language):
        headings = {
            Occasion.AFTER: _("These forms are late:"),
            Occasion.BEFORE: _("These forms are due soon:"),
            Occasion.APPROVAL: _("These forms wait for your approval:"),
        }
        items = {occasion: [item for item, its in new if its == occasion] for occasion in headings}
        subject = ngettext(
            "Imbang: %(count)s form waits for you", "Imbang: %(count)s forms wait for you", len(new)
        )
        context = {
            "user": user,
            "sections": [
                (heading, items[occasion][:MOST_NAMED], len(items[occasion][MOST_NAMED:]))
                for occasion, heading in headings.items()
                if items[occasion]
            ],
            "site": settings.SITE_URL,
            "forms": settings.SITE_URL + reverse("entry:my_forms"),
        }
        text = render_to_string("entry/reminder.txt", context)
        send_mail(subject % {"count": len(new)}, text, settings.DEFAULT_FROM_EMAIL, [user.email])
