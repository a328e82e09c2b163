"""What an editor asks before closed years are judged anew. Every past calendar year is closed.

As with what is shipped (`definition_changes`), what is dated into a closed year holds from the first open day
on, unless somebody says by name that those years are to follow.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.dates import day_in_words
from hospitals.models import Hospital
from indicators.models import Computation
from indicators.models.definition import first_open_day

KEEP, ANEW = "keep", "anew"
FIELD = "closed_years"


class ClosedYearsField(forms.ChoiceField):
    """Hidden until `holds_from` has something to ask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=capfirst(gettext_lazy("closed years")),
            required=False,
            choices=[(KEEP, KEEP), (ANEW, ANEW)],
            widget=forms.HiddenInput,
        )


def closed_years_since(hospital: Hospital | None, day: dt.date) -> range:
    """The closed years of `hospital` that have figures on which something from `day` on would tell."""
    found = Computation.objects.filter(hospital=hospital).first() if hospital else None
    years = found.years if found else range(0)
    if not years:
        return years
    opens = first_open_day(timezone.localdate()).year
    return range(max(years.start, day.year), max(min(years.stop, opens), years.start, day.year))


def holds_from(form: Any, *, hospital: Hospital | None, day: dt.date) -> dt.date:
    """From when what the valid `form` says is to hold: from `day`, or from the first open day on.

    The form has a `ClosedYearsField` under the name of `FIELD`. Where closed years have figures and nothing
    is chosen, it gets an error there that names them.
    """
    years = closed_years_since(hospital, day)
    if not years:
        return day
    opens = first_open_day(timezone.localdate())
    words = {"years": in_words(years), "day": day_in_words(opens)}
    form.fields[FIELD].widget = forms.RadioSelect(
        # By this name the admin gives the choices the width of their sentences.
        attrs={"class": "radiolist"},
        choices=[
            (KEEP, _("Leave %(years)s as before: this holds from %(day)s on") % words),
            (ANEW, _("Judge %(years)s anew under this") % words),
        ],
    )
    chosen = form.cleaned_data.get(FIELD)
    if not chosen:
        form.add_error(
            FIELD, _("Closed years have figures: %(years)s. Say whether they are to follow.") % words
        )
    return day if chosen == ANEW else max(day, opens)


def in_words(years: range) -> str:
    """2024; 2024 and 2025; 2009–2025."""
    if len(years) == 2:
        return _("%(first)s and %(last)s") % {"first": years[0], "last": years[1]}
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
