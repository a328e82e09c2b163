from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.definition import ALWAYS


class Identity(models.Model):
    """Indicators of which any two imply the others, as a definition file says it, and the days on which it
    holds: one that changes has a row for each of its wordings. See `indicators.agreements`."""

    code = models.CharField(_("code"), max_length=64)
    indicators = models.JSONField(_("indicators"), help_text=_("Codes; the earlier ones stand."))
    implied = models.JSONField(_("implied"), help_text=_("By indicator, a formula for each pair of others."))
    slack = models.JSONField(_("slack"), default=dict, help_text=_("By indicator, formulas: less and more."))
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    valid_until = models.DateField(
        _("valid until"), null=True, help_text=_("From this day on it holds no longer.")
    )

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_identity_per_code_and_day"),
        ]

    def __str__(self) -> str:
        return self.code
