"""Who is to be reminded of which forms today. Pure: works on what it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from entry.models import Occasion
from entry.queries.work import Group, Item

#: So many days before the due day a form that is not submitted, or not approved, is called to mind.
DAYS_BEFORE = 3
#: A form that is late for longer was reminded of, or nobody reads the mail: it stands in the list.
DAYS_AFTER = 30
OPEN = (Group.DUE, Group.LATE, Group.RETURNED)


def occasion_of(item: Item, today: dt.date) -> Occasion | None:
    """Whether a form calls for a reminder today, and which."""
    days_left = (item.due_on - today).days
    if item.group == Group.FOR_ME:
        return Occasion.APPROVAL if -DAYS_AFTER <= days_left <= DAYS_BEFORE else None
    if item.group not in OPEN:
        return None
    if 0 <= days_left <= DAYS_BEFORE:
        return Occasion.BEFORE
    if -DAYS_AFTER <= days_left < 0:
        return Occasion.AFTER
    return None


def reminders_of(items: Iterable[Item], today: dt.date) -> list[tuple[Item, Occasion]]:
    return [(item, occasion) for item in items if (occasion := occasion_of(item, today)) is not None]
