from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hospitals.models import Unit, User
from indicators.models.definition import DataElement
from indicators.models.fields import PeriodField

#: Larger numbers are typing errors: whole rupiah of any hospital stay far below, and exact in a float.
LARGEST = 1e15


class Status(models.IntegerChoices):
    REPORTED = 0, _("reported")
    NOT_APPLICABLE = 1, _("not applicable")
    NOT_COLLECTED = 2, _("not collected")


class DataValue(models.Model):
    """The number of a data element for a unit and period, or the reason there is none."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, verbose_name=_("unit"))
    element = models.ForeignKey(
        DataElement, on_delete=models.PROTECT, related_name="values", verbose_name=_("data element")
    )
    period = PeriodField(_("period"))
    value = models.FloatField(_("value"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), choices=Status.choices, default=Status.REPORTED)

    history = HistoricalRecords()
    # What simple_history writes beside the change when they are set before saving or deleting.
    _history_user: User | None
    _change_reason: str

    class Meta:
        verbose_name = _("data value")
        verbose_name_plural = _("data values")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "element", "period"], name="one_value_per_unit_element_period"
            ),
            models.CheckConstraint(
                condition=Q(status=0, value__isnull=False) | Q(status__in=[1, 2], value__isnull=True),
                name="a_number_or_the_reason_there_is_none",
            ),
            # Also keeps out what is not a number: PostgreSQL sorts NaN above every number.
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=-LARGEST, value__lte=LARGEST),
                name="value_is_a_sensible_number",
            ),
        ]

    def __str__(self) -> str:
        shown = self.get_status_display() if self.value is None else f"{self.value:g}"
        return f"{self.element_id} {self.unit_id} {self.period}: {shown}"
