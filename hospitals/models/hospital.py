from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.dates import day_in_words

if TYPE_CHECKING:
    from hospitals.models.unit import Unit

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
    _("A code is made of letters, digits, hyphens and underscores, and starts with a letter or digit."),
)


#: No hospital began before, and nobody knows what is later.
SENSIBLE_YEARS = range(1800, 3000)


def refuse_slips(**days: dt.date | None) -> None:
    """Raise ValidationError, by the names of the fields, for days of a year that nobody can have meant."""
    said = _("%(day)s cannot be meant: look at the year. Leave it empty where there is no such day.")
    wrong = {name: day for name, day in days.items() if day and day.year not in SENSIBLE_YEARS}
    if wrong:
        raise ValidationError({name: said % {"day": day_in_words(day)} for name, day in wrong.items()})


class Hospital(models.Model):
    """One hospital of the installation. Its unit tree hangs below one root unit of the same code."""

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=100, blank=True, help_text=_("For example: public, class B")
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="IDR")
    begins_on = models.DateField(
        _("figures from"),
        null=True,
        blank=True,
        help_text=_("The first day of which there are figures; earlier months are refused."),
    )
    is_synthetic = models.BooleanField(
        _("made up"), default=False, help_text=_("Its figures are invented, for demonstration and practice.")
    )

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a first day with a slip of the year."""
        refuse_slips(begins_on=self.begins_on)

    @cached_property
    def root(self) -> Unit:
        """The unit that stands for the whole hospital."""
        return self.units.get(parent__isnull=True)
