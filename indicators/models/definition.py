from __future__ import annotations

import datetime as dt
from copy import copy

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from hospitals.models.hospital import code_validator
from indicators.models.bilingual import in_active_language
from indicators.periods import Period, nearest_month

#: The day from which what has no other day holds: before every period there is.
ALWAYS = dt.date(1900, 1, 1)
#: Order in which a hospital's own definition comes after, and in a dictionary by code replaces, the
#: shipped one of the same code.
SHIPPED_FIRST = F("hospital").asc(nulls_first=True)


def offered_on(day: dt.date) -> Q:
    """Definitions that are not retired on `day`."""
    return Q(retired_from=None) | Q(retired_from__gt=day)


def first_month_retired(day: dt.date | None) -> Period | None:
    """The first month of which nothing is asked of what is retired from `day` on: that in which it lies."""
    return None if day is None else nearest_month(day)


def is_retired_in(day: dt.date | None, period: Period) -> bool:
    """Whether what is retired from `day` on (None: never) is so by the end of the period: nobody is asked
    for it, and no way in takes it."""
    return day is not None and period.end >= day


def first_open_day(today: dt.date) -> dt.date:
    """1 January: the years before are closed, and what changes today leaves them as they are."""
    return today.replace(month=1, day=1)


class OverTime(models.TextChoices):
    SUM = "sum", _("sum of the months")
    LAST = "last", _("last known")
    MEAN = "mean", _("mean of the months")


class OverUnits(models.TextChoices):
    SUM = "sum", _("sum of the units")
    NONE = "none", _("does not add up")


class Perspective(models.TextChoices):
    FINANCIAL = "financial", _("Finance")
    CUSTOMER = "customer", _("Customers")
    INTERNAL_PROCESS = "internal_process", _("Internal business processes")
    LEARNING_GROWTH = "learning_growth", _("Learning and growth")


class Direction(models.TextChoices):
    WITHIN = "within", _("inside the range is better")
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")


class Definition(models.Model):
    """What data elements and indicators have in common. Without a hospital it is shipped with Imbang."""

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("hospital")
    )
    code = models.CharField(_("code"), max_length=64, validators=[code_validator])
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=64)
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    source = models.TextField(_("source"), blank=True)
    secondary = models.BooleanField(
        _("secondary"), default=False, help_text=_("Seen only in a secondary source.")
    )
    checked = models.DateField(_("last checked"), null=True, blank=True)
    retired_from = models.DateField(
        _("retired from"),
        null=True,
        blank=True,
        help_text=_("From this day on it is no longer offered or computed; what was before stays."),
    )

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class DataElement(Definition):
    """One raw number, for example patient days, and how it adds up."""

    help_en = models.TextField(_("help in English"), blank=True)
    help_id = models.TextField(_("help in Indonesian"), blank=True)
    over_time = models.CharField(_("over time"), max_length=8, choices=OverTime.choices)
    over_units = models.CharField(_("over units"), max_length=8, choices=OverUnits.choices)
    minimum = models.FloatField(_("smallest possible number"), null=True, blank=True)
    maximum = models.FloatField(_("largest possible number"), null=True, blank=True)
    derived = models.CharField(
        _("derived as"),
        max_length=1000,
        blank=True,
        help_text=_("Computed per unit and month before anything is added up, for example beds * days."),
    )
    optional = models.BooleanField(
        _("optional"),
        default=False,
        help_text=_("An amount that many hospitals do not have: no sum may depend on it."),
    )
    parts = models.JSONField(
        _("total of"),
        default=list,
        blank=True,
        help_text=_("Codes of its parts: where they are known their sum is the total, unless it was typed."),
    )
    is_as_reported = models.BooleanField(
        _("result as reported"),
        default=False,
        help_text=_("A result entered directly because the counts behind it are lost."),
    )

    class Meta(Definition.Meta):
        verbose_name = _("data element")
        verbose_name_plural = _("data elements")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(hospital__isnull=True), name="shipped_element_code_once"
            ),
            models.UniqueConstraint(fields=["hospital", "code"], name="element_code_once_per_hospital"),
        ]

    def is_retired_in(self, period: Period) -> bool:
        """Whether nobody is asked for it in the period, and no way in takes it."""
        return is_retired_in(self.retired_from, period)

    @property
    def help(self) -> str:
        return in_active_language(indonesian=self.help_id, english=self.help_en)


class Indicator(Definition):
    """A formula over data elements, judged against a reference range."""

    perspective = models.CharField(_("perspective"), max_length=20, choices=Perspective.choices)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    why_en = models.TextField(_("why it matters, in English"), blank=True)
    why_id = models.TextField(_("why it matters, in Indonesian"), blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    as_reported = models.OneToOneField(
        DataElement,
        on_delete=models.PROTECT,
        related_name="reports_indicator",
        verbose_name=_("data element of the result as reported"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta(Definition.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(hospital__isnull=True), name="shipped_indicator_code_once"
            ),
            models.UniqueConstraint(fields=["hospital", "code"], name="indicator_code_once_per_hospital"),
        ]

    @property
    def why(self) -> str:
        return in_active_language(indonesian=self.why_id, english=self.why_en)

    @property
    def short_name(self) -> str:
        return self.abbreviation or self.name

    def decimals_on(self, day: dt.date) -> int:
        """The decimals with which values of `day` are shown and judged."""
        later = [former for former in self.former_decimals.all() if day < former.until]
        return min(later, key=lambda former: former.until).decimals if later else self.decimals

    def as_shown_on(self, day: dt.date) -> Indicator:
        """Itself, with the decimals of that day. No query where `former_decimals` were fetched with it."""
        decimals = self.decimals_on(day)
        if decimals == self.decimals:
            return self
        then = copy(self)
        then.decimals = decimals
        return then


class FormerDecimals(models.Model):
    """How many decimals an indicator was shown and judged with before a day; see `Indicator.decimals_on`."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="former_decimals", verbose_name=_("indicator")
    )
    decimals = models.PositiveSmallIntegerField(_("decimals shown"))
    until = models.DateField(_("before this day"))

    class Meta:
        verbose_name = _("former decimals")
        verbose_name_plural = _("former decimals")
        ordering = ["indicator", "until"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "until"], name="former_decimals_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.decimals}"


class IndicatorFormula(models.Model):
    """A formula of an indicator and the day from which it holds.

    `shipped_day` is the day that a definition file gives, where years closed before it was read keep
    what they had and it holds from a later one.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="formulas", verbose_name=_("indicator")
    )
    expression = models.CharField(_("formula"), max_length=1000)
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    shipped_day = models.DateField(_("shipped with the day"), null=True, editable=False)

    class Meta:
        verbose_name = _("formula")
        verbose_name_plural = _("formulas")
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "valid_from"], name="one_formula_per_day"),
        ]

    def __str__(self) -> str:
        return self.expression
