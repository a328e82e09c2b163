"""Changes of weights that scores have to follow."""

from __future__ import annotations

from indicators.following import follow, whoever_uses
from scorecard.models import Objective, ObjectiveIndicator, Template, TemplatePerspective


def connect() -> None:
    follow(Template, whoever_uses)
    follow(TemplatePerspective, lambda perspective: whoever_uses(perspective.template))
    follow(Objective, lambda objective: whoever_uses(objective.perspective.template))
    follow(ObjectiveIndicator, lambda weighted: whoever_uses(weighted.objective.perspective.template))
