from scorecard.models.score import Level, Score
from scorecard.models.template import Objective, ObjectiveIndicator, Template, TemplatePerspective

__all__ = ["Level", "Objective", "ObjectiveIndicator", "Score", "Template", "TemplatePerspective"]
