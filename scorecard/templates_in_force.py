"""Which scorecard template holds for a hospital on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from django.db.models import Prefetch, Q

from hospitals.models import Hospital
from scorecard.models import Objective, ObjectiveIndicator, Template, TemplatePerspective
from scorecard.rollup import ObjectiveRule, PerspectiveRule, TemplateRule


class NoTemplateError(LookupError):
    """There is no scorecard template at all: the definitions were not synced."""


def templates_of(hospital: Hospital) -> list[Template]:
    """Shipped templates by day, then the hospital's own by day, with everything below prefetched."""
    below = Prefetch(
        "perspectives",
        TemplatePerspective.objects.prefetch_related(
            Prefetch(
                "objectives",
                Objective.objects.prefetch_related(
                    Prefetch("weighted_indicators", ObjectiveIndicator.objects.select_related("indicator"))
                ),
            )
        ),
    )
    found = Template.objects.filter(Q(hospital=None) | Q(hospital=hospital)).prefetch_related(below)
    return sorted(found, key=lambda t: (t.hospital_id is not None, t.valid_from))


def template_on(templates: list[Template], day: dt.date) -> Template:
    """The template that holds on `day`: the last one begun, the hospital's own before the shipped."""
    begun = [template for template in templates if template.valid_from <= day]
    if not begun:
        raise NoTemplateError("no scorecard template; run manage.py sync_definitions")
    return begun[-1]


def in_force(templates: Sequence[Template], judged_on: np.ndarray) -> np.ndarray:
    """Position in `templates` of the one that holds for each period: int [year, 19]."""
    positions = np.full(judged_on.shape, -1)
    for position, template in enumerate(templates):
        positions[judged_on >= np.datetime64(template.valid_from)] = position
    if (positions < 0).any():
        raise NoTemplateError("no scorecard template; run manage.py sync_definitions")
    return positions


def rule_of(template: Template) -> TemplateRule:
    return TemplateRule(
        key=template.pk,
        good_from=template.good_from,
        fair_from=template.fair_from,
        known_at_least=template.known_at_least,
        perspectives=[
            PerspectiveRule(
                key=perspective.pk,
                weight=perspective.weight,
                objectives=[
                    ObjectiveRule(
                        key=objective.pk,
                        weight=objective.weight,
                        indicators={
                            weighted.indicator.code: weighted.weight
                            for weighted in objective.weighted_indicators.all()
                        },
                    )
                    for objective in perspective.objectives.all()
                ],
            )
            for perspective in template.perspectives.all()
        ],
    )
