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


class Score(models.Model):
    """The score of a unit and period: overall, of a perspective, or of an objective.

    `node` is the id of the template, its perspective or its objective, by `level`: so every score
    names the version of the weights it was made with. Rows are derived and rewritten in bulk.
    `known` of `total` weighted indicators had a score.
    """

    pk = models.CompositePrimaryKey("unit_id", "period", "level", "node")
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="scores"
    )
    period = PeriodField(_("period"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    node = models.BigIntegerField(_("node"))
    score = models.FloatField(_("score"))
    verdict = models.PositiveSmallIntegerField(_("verdict"), choices=Verdict.choices)
    known = models.IntegerField(_("known indicators"))
    total = models.IntegerField(_("weighted indicators"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} {self.get_level_display()}: {self.score:.1f}"

    @property
    def coverage(self) -> float | None:
        """Share of the weighted indicators that are known, 0 to 1."""
        return self.known / self.total if self.total else None
