"""What belongs to one cell of a form beside its number."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hospitals.models import Unit
from indicators.models import DataElement
from indicators.models.fields import PeriodField


class Cell(models.Model):
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    element = models.ForeignKey(
        DataElement, on_delete=models.PROTECT, related_name="+", verbose_name=_("data element")
    )
    period = PeriodField(_("month"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.element_id} {self.unit_id} {self.period}"


class DraftValue(Cell):
    """What somebody typed and the form could not take: kept as typed until it is mended or cleared."""

    text = models.CharField(_("as typed"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("refused value")
        verbose_name_plural = _("refused values")
        constraints = [
            models.UniqueConstraint(fields=["unit", "element", "period"], name="one_refused_value_per_cell"),
        ]


class CellNote(Cell):
    """A remark on a number, and whether somebody should look at it again."""

    text = models.CharField(_("comment"), max_length=1000, blank=True)
    follow_up = models.BooleanField(_("to follow up"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("note on a value")
        verbose_name_plural = _("notes on values")
        constraints = [
            models.UniqueConstraint(fields=["unit", "element", "period"], name="one_note_per_cell"),
        ]
