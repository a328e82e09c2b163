from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.dates import day_in_words
from hospitals.models.hospital import Hospital, code_validator, refuse_slips


class UnitKind(models.TextChoices):
    HOSPITAL = "hospital", _("hospital")
    DEPARTMENT = "department", _("department")
    WARD = "ward", _("ward")
    CLINIC = "clinic", _("clinic")
    SERVICE = "service", _("service")


class Unit(models.Model):
    """A node of a hospital's tree: the hospital itself, a department, a ward, a clinic, a service.

    `opened_on` and `closed_on` are the first and the last day of work; empty means unknown, and
    counts as open. Numbers are expected only of the months in which a unit was open.
    """

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, related_name="units", verbose_name=_("hospital")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    code = models.CharField(_("code"), max_length=32, validators=[code_validator])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind.choices)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["hospital", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="unit_code_once_per_hospital"),
            models.UniqueConstraint(
                fields=["hospital"], condition=Q(parent__isnull=True), name="one_root_unit_per_hospital"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, kind="hospital")
                | (Q(parent__isnull=False) & ~Q(kind="hospital")),
                name="only_the_root_unit_is_a_hospital",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_root(self) -> bool:
        return self.parent_id is None

    def clean(self) -> None:
        """Refuse a slip of the year, an end before the beginning, a parent in another hospital, a tree that
        bites its tail."""
        refuse_slips(opened_on=self.opened_on, closed_on=self.closed_on)
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            words = {"closed": day_in_words(self.closed_on), "opened": day_in_words(self.opened_on)}
            raise ValidationError(
                {"closed_on": _("The unit closes on %(closed)s, before it opens on %(opened)s.") % words}
            )
        seen = {self.pk} if self.pk else set()
        node = self.parent
        while node is not None:
            if node.hospital_id != self.hospital_id:
                raise ValidationError(
                    {"parent": _("“%(unit)s” belongs to another hospital.") % {"unit": node.name}}
                )
            if node.pk in seen:
                raise ValidationError({"parent": _("A unit cannot be part of itself.")})
            seen.add(node.pk)
            node = node.parent

    def is_open_in(self, start: dt.date, end: dt.date) -> bool:
        """Whether the unit worked on any day from `start` to `end`, both included."""
        return (self.opened_on is None or self.opened_on <= end) and (
            self.closed_on is None or self.closed_on >= start
        )
