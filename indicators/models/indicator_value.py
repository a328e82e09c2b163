from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models import Unit
from indicators.engine.reasons import Flag, Reason
from indicators.models.definition import Indicator, IndicatorFormula
from indicators.models.fields import PeriodField
from indicators.models.reference import ReferenceRange


class Verdict(models.IntegerChoices):
    """Stored as a number, spoken of as `good`, `fair`, `poor`."""

    POOR = 1, _("Poor")
    FAIR = 2, _("Fairly good")
    GOOD = 3, _("Good")

    @property
    def code(self) -> str:
        return self.name.lower()


class StoredIndicator(models.Model):
    """What the engine stores for an indicator, a unit and a period; a page only reads it.

    Rows are derived, rewritten in bulk and never pointed at: they have no id of their own, and the
    database does not check their keys one by one (Django removes them with what they belong to).
    Kept unrounded. `missing` has bit k set when element k of the formula is not known.
    """

    pk = models.CompositePrimaryKey("unit_id", "indicator_id", "period")
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="%(class)ss"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="%(class)ss"
    )
    period = PeriodField(_("period"))
    value = models.FloatField(_("value"), null=True)
    reason = models.PositiveSmallIntegerField(_("reason"), choices=[(r.value, r.name) for r in Reason])
    missing = models.IntegerField(_("missing inputs"))
    present = models.IntegerField(_("present inputs"))
    expected = models.IntegerField(_("expected inputs"))
    flags = models.PositiveSmallIntegerField(_("flags"))
    alternative = models.PositiveSmallIntegerField(_("alternative of the formula"))
    formula = models.ForeignKey(
        IndicatorFormula, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    reference_range = models.ForeignKey(
        ReferenceRange,
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    range_low = models.FloatField(_("ideal from"), null=True)
    range_high = models.FloatField(_("ideal to"), null=True)
    score = models.FloatField(_("score"), null=True)
    verdict = models.PositiveSmallIntegerField(_("verdict"), choices=Verdict.choices, null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id} {self.period}: {self.value}"

    @property
    def completeness(self) -> float | None:
        """Share of the expected inputs that are there, 0 to 1; None when nothing is expected."""
        return self.present / self.expected if self.expected else None

    @property
    def is_as_reported(self) -> bool:
        return bool(self.flags & Flag.AS_REPORTED)

    @property
    def has_year_beside_months(self) -> bool:
        return bool(self.flags & Flag.YEAR_AND_MONTHS)

    @property
    def stands_for_parts(self) -> bool:
        return bool(self.flags & Flag.STANDS_FOR_PARTS)

    @property
    def contradicts_others(self) -> bool:
        return bool(self.flags & Flag.CONTRADICTS)


class IndicatorValue(StoredIndicator):
    """An indicator from all numbers there are, approved or not."""

    class Meta:
        verbose_name = _("indicator value")
        verbose_name_plural = _("indicator values")


class ApprovedIndicatorValue(StoredIndicator):
    """The same from approved numbers alone. Only rows that differ are stored: where there is none,
    the `IndicatorValue` holds for both."""

    class Meta:
        verbose_name = _("indicator value from approved numbers")
        verbose_name_plural = _("indicator values from approved numbers")


class LeftOut(models.Model):
    """What an indicator value of `unit` and `period` leaves out: months of a `part` of the unit (or of the
    unit itself) in which an input was not known, so that none of its inputs count.

    `missing` has bit k set when element k of the formula's codes is what is lacking. Derived and rewritten
    with the indicator values; `approved`: 1 for what the value of approved numbers alone leaves out.
    """

    pk = models.CompositePrimaryKey("unit_id", "indicator_id", "period", "approved", "part_id", "first_month")
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="left_outs"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="left_outs"
    )
    period = PeriodField(_("period"))
    approved = models.PositiveSmallIntegerField(_("of approved numbers alone"))
    part = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    first_month = PeriodField(_("first month"))
    last_month = PeriodField(_("last month"))
    missing = models.IntegerField(_("missing inputs"))

    class Meta:
        verbose_name = _("part left out")
        verbose_name_plural = _("parts left out")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id} {self.period}: {self.part_id} {self.first_month}"
