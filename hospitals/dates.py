"""Days in the words of the person's language."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import pgettext


def day_in_words(day: dt.date) -> str:
    """31 Maret 2026, as templates write it."""
    return date_format(day, pgettext("date", "j F Y"))
