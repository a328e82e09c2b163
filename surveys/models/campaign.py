from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hospitals.models import Unit
from indicators.models.fields import PeriodField
from surveys.models.questionnaire import Questionnaire

#: Bytes of chance in every link: nobody can guess one.
LINK_BYTES = 24


def new_link_token() -> str:
    return secrets.token_urlsafe(LINK_BYTES)


class Access(models.TextChoices):
    OPEN_LINK = "open_link", _("one link for everybody")
    INVITATIONS = "invitations", _("single-use links")


class Campaign(models.Model):
    """One questionnaire, asked of somebody, in some units, from one day to another.

    `unit` is the unit the campaign is of; `units` are those a respondent chooses between (none: the
    campaign's own). `segment` says who is asked when it is the same for all; left empty, the
    respondent is asked. A campaign is open when it was opened, was not closed and today lies inside.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("questionnaire")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("of the unit")
    )
    units = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("units to choose between")
    )
    name = models.CharField(_("name"), max_length=200)
    segment = models.CharField(_("segment"), max_length=32, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    access = models.CharField(_("links"), max_length=16, choices=Access.choices, default=Access.OPEN_LINK)
    link_token = models.CharField(max_length=64, unique=True, default=new_link_token, editable=False)
    target_sample = models.PositiveIntegerField(
        _("target sample"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    most_per_address_per_hour = models.PositiveIntegerField(
        _("most respondents per network address and hour"),
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("A hospital's whole wireless network often has one address."),
    )
    past_because = models.CharField(
        _("why it lies so far back"),
        max_length=500,
        blank=True,
        help_text=_("Asked where it lies more than a year before anything known of the hospital."),
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(target_sample__isnull=True) | Q(target_sample__gte=1), name="target_is_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status(timezone.localdate()) == "open"

    @property
    def segment_name(self) -> str:
        """The name of the segment in the questionnaire; its code where that has none."""
        for characteristic in self.questionnaire.characteristics.all():
            if characteristic.is_segment:
                return dict(characteristic.choices).get(self.segment, self.segment)
        return self.segment

    def status(self, today: dt.date) -> str:
        """`draft`, `waiting` for its first day, `open`, or `closed`."""
        if self.closed_at is not None or (self.opened_at is not None and today > self.ends_on):
            return "closed"
        if self.opened_at is None:
            return "draft"
        return "waiting" if today < self.starts_on else "open"


class Invitation(models.Model):
    """A link that one person can use once. Only a hash of it is kept, and never who received it.

    What was answered through it is not connected to it any more once it has been sent in.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {'used' if self.used else 'not used'}"


class AddressCount(models.Model):
    """How many respondents came from one network address in an hour; the address itself is not kept."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    respondents = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_hash", "hour"], name="one_count_per_address_and_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.hour}: {self.respondents}"


class PublishMark(models.Model):
    """Answers of a campaign that the data values do not hold yet.

    Added in the transaction that stores the answers, removed by id in the one that publishes them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="publish_marks")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    period = PeriodField(_("period"))
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.created_at}"
