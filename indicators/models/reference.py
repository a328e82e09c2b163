from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Unit
from hospitals.models.hospital import code_validator
from indicators.models.bilingual import in_active_language
from indicators.models.definition import ALWAYS, Indicator


class Standard(models.Model):
    """A named set of reference ranges, for example Depkes 2004. Where it is silent, `extends` speaks."""

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[code_validator])
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    extends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("extends")
    )
    source = models.TextField(_("source"), blank=True)
    secondary = models.BooleanField(_("secondary"), default=False)

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class StandardChoice(models.Model):
    """From which day a hospital compares itself with which standard."""

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, related_name="standard_choices", verbose_name=_("hospital")
    )
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, verbose_name=_("standard"))
    valid_from = models.DateField(_("valid from"), default=ALWAYS)

    class Meta:
        verbose_name = _("choice of standard")
        verbose_name_plural = _("choices of standard")
        constraints = [
            models.UniqueConstraint(fields=["hospital", "valid_from"], name="one_standard_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.hospital}: {self.standard}"


class StepsClosed(models.TextChoices):
    """The engine's `StepsClosed`, in words."""

    BETTER = "", _("the one with more points")
    BELOW = "below", _("the upper one (from ≤ value < to)")
    ABOVE = "above", _("the lower one (from < value ≤ to)")


class ReferenceRange(models.Model):
    """The ideal band of an indicator: of a standard, or of a unit and everything below it.

    One that is no longer shipped holds until the day on which that was found. `shipped_day`: as of
    `IndicatorFormula`.

    Four points, any of which may be missing on an open side; or `steps`, a list of
    `{"from": 0, "to": 50, "points": 20}`, for official tables that are not a band. `steps_closed` says
    to which of two steps that meet at a value it belongs.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="ranges", verbose_name=_("indicator")
    )
    standard = models.ForeignKey(
        Standard,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ranges",
        verbose_name=_("standard"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="ranges", verbose_name=_("unit")
    )
    ideal_low = models.FloatField(_("ideal from"), null=True, blank=True)
    ideal_high = models.FloatField(_("ideal to"), null=True, blank=True)
    worst_low = models.FloatField(_("worst below"), null=True, blank=True)
    worst_high = models.FloatField(_("worst above"), null=True, blank=True)
    steps = models.JSONField(_("scoring table"), default=list, blank=True)
    steps_closed = models.CharField(
        _("a value between two steps belongs to"),
        max_length=5,
        choices=StepsClosed.choices,
        default=StepsClosed.BETTER,
        blank=True,
    )
    per_year = models.BooleanField(
        _("per year"), default=False, help_text=_("The band is of a year and shrinks with the period.")
    )
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    valid_until = models.DateField(
        _("valid until"), null=True, editable=False, help_text=_("From this day on it holds no longer.")
    )
    shipped_day = models.DateField(_("shipped with the day"), null=True, editable=False)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("reference range")
        verbose_name_plural = _("reference ranges")
        constraints = [
            models.CheckConstraint(
                condition=Q(standard__isnull=True, unit__isnull=False)
                | Q(standard__isnull=False, unit__isnull=True),
                name="range_of_a_standard_or_of_a_unit",
            ),
            models.UniqueConstraint(
                fields=["indicator", "standard", "valid_from"],
                condition=Q(standard__isnull=False),
                name="one_range_of_a_standard_per_day",
            ),
            models.UniqueConstraint(
                fields=["indicator", "unit", "valid_from"],
                condition=Q(unit__isnull=False),
                name="one_range_of_a_unit_per_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.standard or self.unit}"
