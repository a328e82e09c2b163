from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from entry.models.form import Form
from hospitals.models import Unit
from indicators.models.fields import PeriodField


class Occasion(models.TextChoices):
    BEFORE = "before", _("before the due day")
    AFTER = "after", _("after the due day")
    APPROVAL = "approval", _("waits for approval")


class Reminder(models.Model):
    """A person was reminded of a form: once before and once after its due day, once to approve it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    period = PeriodField(_("month"))
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form", "unit", "period", "occasion"], name="reminded_once_per_occasion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.form_id} {self.unit_id} {self.period} {self.occasion}"
