from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from indicators.models import Indicator, Perspective
from indicators.models.bilingual import in_active_language
from indicators.models.definition import ALWAYS


class Template(models.Model):
    """A scorecard: perspectives, objectives, indicators, weights and verdict bands, from a day on.

    Without a hospital it is the shipped one. A hospital's own goes before it. Scores point at the
    template they were made with, so weights are never changed in place once scores stand on them:
    a new template with a later day takes over.
    """

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("hospital")
    )
    code = models.CharField(_("code"), max_length=64)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    source = models.TextField(_("source"), blank=True)
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    #: The day that a definition file gives, where years closed before it was read keep what they had.
    shipped_day = models.DateField(_("shipped with the day"), null=True, editable=False)
    good_from = models.FloatField(_("good from"), default=80)
    fair_from = models.FloatField(_("fairly good from"), default=60)
    known_at_least = models.FloatField(
        _("known at least"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_(
            "Share of the weight, 0 to 1: with less than this known there is a score and no verdict."
        ),
    )

    class Meta:
        verbose_name = _("scorecard template")
        verbose_name_plural = _("scorecard templates")
        ordering = ["hospital", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(hospital__isnull=True),
                name="one_shipped_template_per_day",
            ),
            models.UniqueConstraint(fields=["hospital", "valid_from"], name="one_template_per_day"),
            models.CheckConstraint(
                condition=Q(fair_from__gte=0, good_from__lte=100, good_from__gt=F("fair_from")),
                name="bands_in_order",
            ),
            models.CheckConstraint(
                condition=Q(known_at_least__gte=0, known_at_least__lte=1), name="known_at_least_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from})"

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class TemplatePerspective(models.Model):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="perspectives")
    code = models.CharField(_("perspective"), max_length=20, choices=Perspective.choices)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("perspective")
        verbose_name_plural = _("perspectives")
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="perspective_once_per_template"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="perspective_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class Objective(models.Model):
    perspective = models.ForeignKey(TemplatePerspective, on_delete=models.CASCADE, related_name="objectives")
    code = models.CharField(_("code"), max_length=64)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["perspective", "position"]
        constraints = [
            models.UniqueConstraint(fields=["perspective", "code"], name="objective_once_per_perspective"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="objective_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class ObjectiveIndicator(models.Model):
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="weighted_indicators")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("weighted indicator")
        verbose_name_plural = _("weighted indicators")
        ordering = ["objective", "position"]
        constraints = [
            models.UniqueConstraint(fields=["objective", "indicator"], name="indicator_once_per_objective"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="indicator_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.weight:g}"
