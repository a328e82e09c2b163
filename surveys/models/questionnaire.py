from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from hospitals.models.hospital import code_validator
from indicators.models.bilingual import in_active_language


class Audience(models.TextChoices):
    PATIENTS = "patients", _("patients")
    EMPLOYEES = "employees", _("employees")
    PARTNERS = "partners", _("partner facilities")


class AnswerKind(models.TextChoices):
    PAIRED = "paired", _("expectation and reality")
    SINGLE = "single", _("one answer")


class FrozenError(ValidationError):
    """A questionnaire that people have answered cannot change; a new version is wanted."""

    def __init__(self) -> None:
        super().__init__(
            _("This version is in use and never changes. Make a new version of it and edit that.")
        )


class Questionnaire(models.Model):
    """One version of a questionnaire. Without a hospital it is shipped with Imbang.

    Once a campaign with it has been opened or answered it is frozen: neither it nor its items can
    be changed, so that an answer always means what was asked.
    """

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("hospital")
    )
    code = models.CharField(_("code"), max_length=64, validators=[code_validator])
    version = models.PositiveIntegerField(_("version"), default=1)
    based_on = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("copied from")
    )
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    introduction_en = models.TextField(_("introduction in English"), blank=True)
    introduction_id = models.TextField(_("introduction in Indonesian"), blank=True)
    audience = models.CharField(_("who answers"), max_length=16, choices=Audience.choices)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=AnswerKind.choices)
    scale = models.JSONField(_("scale"), help_text=_("Words for 1, 2, …, from worst to best."))
    satisfied_from = models.PositiveSmallIntegerField(
        _("satisfied from"), validators=[MinValueValidator(2), MaxValueValidator(9)]
    )
    index = models.CharField(_("index"), max_length=8, blank=True)
    comment = models.BooleanField(_("asks for a comment"), default=False)
    publishes = models.JSONField(_("published as"), default=dict, blank=True)
    source = models.TextField(_("source"), blank=True)
    secondary = models.BooleanField(_("secondary"), default=False)
    checked = models.DateField(_("last checked"), null=True, blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["code", "hospital", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=Q(hospital__isnull=True),
                name="shipped_questionnaire_version_once",
            ),
            models.UniqueConstraint(
                fields=["hospital", "code", "version"], name="questionnaire_version_once_per_hospital"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change a frozen version; taking it off the list of choices is no change."""
        if set(kwargs.get("update_fields") or ["everything"]) != {"retired"} and self.is_frozen:
            raise FrozenError
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)

    @property
    def introduction(self) -> str:
        return in_active_language(indonesian=self.introduction_id, english=self.introduction_en)

    @property
    def is_paired(self) -> bool:
        return self.kind == AnswerKind.PAIRED

    @property
    def points(self) -> int:
        """The best answer, as a number: 4 or 5."""
        return len(self.scale)

    @property
    def fixed_points(self) -> int | None:
        """How many answers its scale must have, where an index or a sum of weights is defined for so many.

        Conformity and shares compare answers with each other; the SKM index is 25 times a mean of 1 to 4.
        """
        return self.points if self.index or "weight" in self.publishes else None

    @property
    def scale_words(self) -> list[str]:
        return [in_active_language(indonesian=word["id"], english=word["en"]) for word in self.scale]

    @property
    def is_frozen(self) -> bool:
        """Whether somebody has answered this version or could be doing so."""
        if self.pk is None:
            return False
        used = Q(opened_at__isnull=False) | Q(responses__isnull=False) | Q(tally_sheets__isnull=False)
        return self.campaigns.filter(used).exists()


class Part(models.Model):
    """What belongs to one version of a questionnaire and is frozen with it."""

    class Meta:
        abstract = True

    questionnaire: Any

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.questionnaire.is_frozen:
            raise FrozenError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.questionnaire.is_frozen:
            raise FrozenError
        return super().delete(*args, **kwargs)


class Dimension(Part):
    """A group of items that is reported together: tangibles, pay …"""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="dimensions")
    code = models.CharField(_("code"), max_length=64)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="dimension_once_per_questionnaire")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)


class Item(Part):
    """A statement or question; its code q1, q2, … is its number through the whole questionnaire."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="items")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=8)
    text_en = models.CharField(_("text in English"), max_length=300)
    text_id = models.CharField(_("text in Indonesian"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="item_once_per_questionnaire")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def text(self) -> str:
        return in_active_language(indonesian=self.text_id, english=self.text_en)


class Characteristic(Part):
    """A question about the respondent; `options` are {code, en, id, counts}, in order."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="characteristics")
    code = models.CharField(_("code"), max_length=64)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_id = models.CharField(_("name in Indonesian"), max_length=200)
    options = models.JSONField(_("options"))
    is_segment = models.BooleanField(_("tells segments apart"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("characteristic of respondents")
        verbose_name_plural = _("characteristics of respondents")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"], name="characteristic_once_per_questionnaire"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(indonesian=self.name_id, english=self.name_en)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [
            (option["code"], in_active_language(indonesian=option["id"], english=option["en"]))
            for option in self.options
        ]
