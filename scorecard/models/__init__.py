from scorecard.models.score import ApprovedScore, Level, Score
from scorecard.models.template import Objective, ObjectiveIndicator, Template, TemplatePerspective

__all__ = [
    "ApprovedScore",
    "Level",
    "Objective",
    "ObjectiveIndicator",
    "Score",
    "Template",
    "TemplatePerspective",
]
