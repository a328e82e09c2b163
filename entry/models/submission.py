from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entry.models.form import Form
from hospitals.models import Unit
from indicators.models.fields import PeriodField


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", pgettext_lazy("form", "submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")


#: States in which the numbers of a form cannot be changed: somebody is checking them, or has.
LOCKED = (State.SUBMITTED, State.APPROVED)


class Submission(models.Model):
    """One form of one unit and month on its way. `approvals` counts the steps of approval given.

    Its row is also the lock that lets one writer at a time change the form.
    """

    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("form")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="submissions", verbose_name=_("unit")
    )
    period = PeriodField(_("month"))
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    approvals = models.PositiveSmallIntegerField(_("approvals given"), default=0)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["form", "unit", "period"], name="one_submission_per_form_unit_month"
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(approvals=0), name="a_draft_has_no_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.unit_id} {self.period}: {self.state}"

    @property
    def is_locked(self) -> bool:
        return self.state in LOCKED


class Event(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("form", "submitted")
    WITHDRAWN = "withdrawn", _("taken back")
    RETURNED = "returned", _("returned")
    CHECKED = "checked", _("checked, waiting for the second approval")
    APPROVED = "approved", _("approved")
    REOPENED = "reopened", _("opened again")


class SubmissionEvent(models.Model):
    """What happened to a submission: who, when, why. Never changed, never removed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="events")
    event = models.CharField(_("event"), max_length=16, choices=Event.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("event of a submission")
        verbose_name_plural = _("events of submissions")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(event__in=["returned", "reopened"]) | ~Q(reason=""),
                name="returning_and_reopening_need_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.event}"


class Confirmation(models.Model):
    """Why somebody holds an unlikely number for right. `numbers` are those it was said about:
    when they change, the question is asked again.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="confirmations")
    check_key = models.CharField(_("check"), max_length=200)
    numbers = models.CharField(_("numbers"), max_length=400)
    reason = models.CharField(_("reason"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "check_key", "numbers"], name="one_confirmation_per_check_and_numbers"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_confirmation_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.check_key}"
