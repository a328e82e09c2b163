from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Unit
from surveys.models.campaign import Campaign
from surveys.models.questionnaire import Item

#: No scale is longer: the schema of questionnaires refuses it.
LONGEST_SCALE = 9


class Source(models.TextChoices):
    PHONE = "phone", _("answered on a phone")
    PAPER = "paper", _("typed in from paper")


class Response(models.Model):
    """What one person answered. It counts once it is submitted.

    `key_hash` is the hash of the secret with which a browser continues it. Nothing says who it is:
    no name, no address, no time of day.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.PHONE)
    # Empty is null here: the unique constraint is for those that have one.
    key_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    segment = models.CharField(_("segment"), max_length=32, blank=True)
    characteristics = models.JSONField(_("characteristics"), default=dict, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=1000)
    submitted = models.BooleanField(_("submitted"), default=False)
    answered_on = models.DateField(_("answered on"))

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index(fields=["campaign", "submitted", "answered_on"], name="responses_of_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.answered_on}"


class Answer(models.Model):
    """One item of one response; `expectation` only where both are asked. Skipped halves are empty."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    expectation = models.PositiveSmallIntegerField(_("expectation"), null=True, blank=True)
    reality = models.PositiveSmallIntegerField(_("reality"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "item"], name="one_answer_per_response_and_item"),
            models.CheckConstraint(
                condition=Q(expectation__isnull=True) | Q(expectation__gte=1, expectation__lte=LONGEST_SCALE),
                name="expectation_is_on_a_scale",
            ),
            models.CheckConstraint(
                condition=Q(reality__isnull=True) | Q(reality__gte=1, reality__lte=LONGEST_SCALE),
                name="reality_is_on_a_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.item_id}: {self.expectation} {self.reality}"
