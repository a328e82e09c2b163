from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Unit
from hospitals.models.hospital import code_validator
from indicators.models import DataElement
from indicators.models.bilingual import in_active_language
from indicators.models.fields import PeriodField
from indicators.periods import Period


class Form(models.Model):
    """What a unit reports every month. Without a hospital it is shipped with Imbang.

    `unit_kinds` are the kinds of unit that fill it where it is assigned; `checks` are the tables
    described in `entry.form_definitions`; `due_day` is the day of the following month.
    """

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("hospital")
    )
    code = models.CharField(_("code"), max_length=64, validators=[code_validator])
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    help_en = models.TextField(_("help in English"), blank=True)
    help_id = models.TextField(_("help in Indonesian"), blank=True)
    unit_kinds = models.JSONField(_("kinds of unit"), default=list)
    due_day = models.PositiveSmallIntegerField(
        _("due day"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Day of the following month."),
    )
    approval_steps = models.PositiveSmallIntegerField(
        _("steps of approval"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    checks = models.JSONField(_("checks"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Kept for its history, no longer offered.")
    )

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(hospital__isnull=True), name="shipped_form_code_once"
            ),
            models.UniqueConstraint(fields=["hospital", "code"], name="form_code_once_per_hospital"),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28), name="form_due_day_exists_in_every_month"
            ),
            models.CheckConstraint(
                condition=Q(approval_steps__in=[1, 2]), name="form_has_one_or_two_steps_of_approval"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)

    @property
    def help(self) -> str:
        return in_active_language(indonesian=self.help_id, english=self.help_en)

    def due_on(self, period: Period) -> dt.date:
        """The day on which the form of a month is to be submitted at the latest."""
        return period.shifted(1).start.replace(day=self.due_day)


class FormSection(models.Model):
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="sections", verbose_name=_("form"))
    code = models.CharField(_("code"), max_length=64, validators=[code_validator])
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    help_en = models.TextField(_("help in English"), blank=True)
    help_id = models.TextField(_("help in Indonesian"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section of a form")
        verbose_name_plural = _("sections of forms")
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="section_code_once_per_form"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)

    @property
    def help(self) -> str:
        return in_active_language(indonesian=self.help_id, english=self.help_en)


class FormElement(models.Model):
    """A data element of a section."""

    form = models.ForeignKey(
        Form, on_delete=models.CASCADE, related_name="form_elements", verbose_name=_("form")
    )
    section = models.ForeignKey(
        FormSection, on_delete=models.CASCADE, related_name="form_elements", verbose_name=_("section")
    )
    element = models.ForeignKey(
        DataElement, on_delete=models.PROTECT, related_name="form_elements", verbose_name=_("data element")
    )
    required = models.BooleanField(_("required"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("data element of a form")
        verbose_name_plural = _("data elements of forms")
        ordering = ["form", "section__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "element"], name="element_once_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.element_id}"


class Scope(models.TextChoices):
    BELOW = "below", _("this unit and those below, of the form's kinds")
    THIS_UNIT = "this_unit", _("this unit only, whatever its kind")
    NOBODY = "nobody", _("not this unit and none below")


ASSIGNED_ALREADY = _("This form is assigned to this unit already; open that assignment and change it.")


class FormAssignment(models.Model):
    """Who fills in a form, of whom, and from which month on.

    `speaks_of` is the unit whose numbers they are; empty: each unit's own, and of these assignments the
    one nearest to a unit decides. Units may speak of another by turns: each turn is an assignment, and who
    filled in which months stays to be read. `not_kept` are codes of parts
    of totals that the units do not keep. A hospital that has been given no form owes none: its numbers
    come from files and the API.
    """

    form = models.ForeignKey(
        Form, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("form")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="form_assignments", verbose_name=_("filled in by")
    )
    speaks_of = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        related_name="told_by_assignments",
        null=True,
        blank=True,
        verbose_name=_("speaks of"),
        help_text=_("The unit whose numbers they are; empty: of the unit that fills it in."),
    )
    scope = models.CharField(_("holds for"), max_length=16, choices=Scope.choices, default=Scope.BELOW)
    first_month = PeriodField(_("first month"))
    last_month = PeriodField(_("last month"), null=True, blank=True)
    not_kept = models.JSONField(
        _("parts that are not kept"),
        default=list,
        blank=True,
        help_text=_(
            "They are not asked for, and the total does not wait for them: a ward without class III."
        ),
    )

    class Meta:
        verbose_name = _("assignment of a form")
        verbose_name_plural = _("assignments of forms")
        ordering = ["form", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "unit"],
                condition=Q(speaks_of__isnull=True),
                name="form_assigned_once_per_unit",
                violation_error_message=ASSIGNED_ALREADY,
            ),
            models.UniqueConstraint(
                # With the month: what was handed over may come back.
                fields=["form", "unit", "speaks_of", "first_month"],
                condition=Q(speaks_of__isnull=False),
                name="form_begins_once_per_unit_and_unit_spoken_of",
                violation_error_message=ASSIGNED_ALREADY,
            ),
            models.CheckConstraint(
                condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month")),
                name="assignment_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(speaks_of__isnull=True) | Q(scope="this_unit"),
                name="one_unit_speaks_of_another",
                violation_error_message=_("Only one unit can speak of another: choose “this unit only”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form}, {self.unit}, {self.first_month}"
