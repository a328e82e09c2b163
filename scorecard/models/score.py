from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models import Unit
from indicators.models import Verdict
from indicators.models.fields import PeriodField


class Level(models.IntegerChoices):
    OVERALL = 0, _("overall")
    PERSPECTIVE = 1, _("perspective")
    OBJECTIVE = 2, _("objective")


class StoredScore(models.Model):
    """The score of a unit and period: overall, of a perspective, or of an objective.

    `node` is the id of the template, its perspective or its objective, by `level`: so every score
    names the version of the weights it was made with. Rows are derived and rewritten in bulk.
    `known` of `total` indicators that count had a score; `known_weight` is how much of the weight they
    have (see `scorecard.rollup`). Where that is less than the template asks for there is no verdict.
    """

    pk = models.CompositePrimaryKey("unit_id", "period", "level", "node")
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="%(class)ss"
    )
    period = PeriodField(_("period"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    node = models.BigIntegerField(_("node"))
    score: float | None
    verdict = models.PositiveSmallIntegerField(_("verdict"), choices=Verdict.choices, null=True)
    known = models.IntegerField(_("known indicators"))
    total = models.IntegerField(_("weighted indicators"))
    known_weight = models.FloatField(_("share of the weight that is known"))

    class Meta:
        abstract = True

    @property
    def coverage(self) -> float | None:
        """Share of the weighted indicators that are known, 0 to 1."""
        return self.known / self.total if self.total else None


class Score(StoredScore):
    """From all numbers there are, approved or not."""

    score = models.FloatField(_("score"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} {self.get_level_display()}: {self.score:.1f}"


class ApprovedScore(StoredScore):
    """From approved numbers alone. Only rows that differ are stored: where there is none, the `Score`
    holds for both. Without a score nothing below is known from approved numbers."""

    score = models.FloatField(_("score"), null=True)

    class Meta:
        verbose_name = _("score from approved numbers")
        verbose_name_plural = _("scores from approved numbers")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} {self.get_level_display()}: {self.score}"
