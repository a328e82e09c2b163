from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Unit
from indicators.models.definition import DataElement
from indicators.models.fields import PeriodField


class RecomputeMark(models.Model):
    """What has changed and is not in the scores yet. An empty field means: all of them.

    Marks are only ever added, in the transaction of the change, and removed by id in the
    transaction that stores the results: they are the truth, the Celery message is only a hint.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="recompute_marks")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, db_index=False)
    element = models.ForeignKey(DataElement, on_delete=models.CASCADE, null=True, db_index=False)
    period = PeriodField(_("period"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("recompute mark")
        verbose_name_plural = _("recompute marks")

    def __str__(self) -> str:
        return f"{self.hospital_id} {self.unit_id} {self.element_id} {self.period}"


class DefinitionStamp(models.Model):
    """One row; its number is another after every change of definitions, trees and forms: see `following`."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("stamp of the definitions")
        verbose_name_plural = _("stamps of the definitions")

    def __str__(self) -> str:
        return str(self.number)


class Computation(models.Model):
    """When the scores of a hospital were last computed, and up to which month inputs were expected.

    Its row is also the lock that lets one worker at a time recompute a hospital.
    """

    hospital = models.OneToOneField(
        Hospital, on_delete=models.CASCADE, primary_key=True, related_name="computation"
    )
    computed_at = models.DateTimeField(_("computed at"), null=True)
    #: When a computation last looked at a year before that of `expected_through`.
    earlier_years_at = models.DateTimeField(_("earlier years computed at"), null=True)
    expected_through = PeriodField(_("inputs expected through"), null=True)
    first_year = models.PositiveSmallIntegerField(_("first year"), null=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True)

    class Meta:
        verbose_name = _("computation")
        verbose_name_plural = _("computations")

    def __str__(self) -> str:
        return f"{self.hospital_id}: {self.computed_at}"

    @property
    def years(self) -> range:
        """The years that are computed; empty before the first value."""
        if self.first_year is None or self.last_year is None:
            return range(0)
        return range(self.first_year, self.last_year + 1)


class JudgedUnder(models.Model):
    """An order to judge years under the formulas, ranges and weights of another day than their own."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="judged_under")
    year = models.PositiveSmallIntegerField(_("year"))
    definitions_of = models.DateField(_("definitions of"))
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    ordered_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("year judged under other definitions")
        verbose_name_plural = _("years judged under other definitions")
        ordering = ["hospital", "year", "ordered_at"]

    def __str__(self) -> str:
        return f"{self.hospital_id} {self.year}: {self.definitions_of}"
