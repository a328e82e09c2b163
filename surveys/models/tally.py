from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Unit
from indicators.models.fields import PeriodField
from surveys.models.campaign import Campaign
from surveys.models.questionnaire import Item
from surveys.models.response import LONGEST_SCALE


class TallySheet(models.Model):
    """The counts of a survey whose single answers are lost or stayed on paper, of a unit and period."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tally_sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = PeriodField(_("period"))
    segment = models.CharField(_("segment"), max_length=32, blank=True)
    respondents = models.PositiveIntegerField(_("respondents"))

    class Meta:
        verbose_name = _("tally sheet")
        verbose_name_plural = _("tally sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "period", "segment"], name="one_tally_per_unit_period_segment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.period}: {self.respondents}"


class TallyCount(models.Model):
    """How many people gave an answer to an item."""

    sheet = models.ForeignKey(TallySheet, on_delete=models.CASCADE, related_name="counts", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    answer = models.PositiveSmallIntegerField(_("answer"))
    expectation_count = models.PositiveIntegerField(_("expectation"), null=True, blank=True)
    reality_count = models.PositiveIntegerField(_("reality"))

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item", "answer"], name="one_count_per_item_and_answer"),
            models.CheckConstraint(
                condition=Q(answer__gte=1, answer__lte=LONGEST_SCALE), name="tallied_answer_is_on_a_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.item_id} {self.answer}: {self.reality_count}"
