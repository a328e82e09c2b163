from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models.unit import Unit


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    DIRECTOR = "director", _("director")
    MANAGER = "manager", _("manager")
    APPROVER = "approver", _("approver")
    DATA_ENTRY = "data_entry", _("data entry")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    """A role of a person at a unit and everything below it. A root unit stands for the hospital."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="membership_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"
