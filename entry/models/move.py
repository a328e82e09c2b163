from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from entry.models.form import Form
from hospitals.models import Unit


class HistoryMove(models.Model):
    """What a unit reported with a form was given to another: one act, with its reason. Never changed, never
    removed. `elements` are the codes that were moved, `values` how many numbers."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+", verbose_name=_("form"))
    from_unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("from unit")
    )
    to_unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("to unit"))
    reason = models.CharField(_("reason"), max_length=1000)
    elements = models.JSONField(_("data elements"), default=list)
    values = models.PositiveIntegerField(_("numbers moved"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("move of history")
        verbose_name_plural = _("moves of history")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")),
                name="history_moves_to_another_unit",
                violation_error_message=_("Choose another unit to move to."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_move_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.form}, {self.from_unit} → {self.to_unit}"
