from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from hospitals.models import Unit, User
from indicators.models.fields import PeriodField


class ConfirmedResults(models.Model):
    """Somebody has said why numbers that contradict each other are right all the same: results as reported,
    or a total and its parts (`agreement` is then `parts:` and its code).

    It holds for these `values`, by code, and for no others: who changes one of them, or reports
    one more, is asked again.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="confirmed_results")
    period = PeriodField(_("period"))
    agreement = models.CharField(_("what hangs together"), max_length=80)
    values = models.JSONField(_("values"))
    why = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: a command, which has no person."),
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    history = HistoricalRecords()
    # What simple_history writes beside the change when it is set before saving or deleting.
    _history_user: User | None

    class Meta:
        verbose_name = _("confirmation of results as reported")
        verbose_name_plural = _("confirmations of results as reported")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "agreement"], name="results_confirmed_once_per_unit_and_period"
            ),
            models.CheckConstraint(condition=~models.Q(why=""), name="results_are_confirmed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.unit_id} {self.period}: {self.why}"

    def holds_for(self, values: Mapping[str, float]) -> bool:
        return all(self.values.get(code) == value for code, value in values.items())
