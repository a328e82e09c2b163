from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from entry.models.form import Form
from hospitals.models import Hospital


class Upload(models.Model):
    """A file of numbers between its preview and the word of the person: nothing of it is stored yet.

    `changes` holds one entry for each cell that would change: unit, element and period codes, what stood
    there when the file was read (`seen`) and what would stand there (`value`), both canonical.
    """

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("hospital")
    )
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("form"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=200)
    changes = models.JSONField(_("changes"), default=list)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at}"
