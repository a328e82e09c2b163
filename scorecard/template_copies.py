"""A hospital's own scorecard begins as a copy of one there is."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hospitals.models import Hospital
from scorecard.models import Objective, ObjectiveIndicator, Template, TemplatePerspective


@transaction.atomic
def copy_template(
    *, template: Template, hospital: Hospital, valid_from: dt.date, name_en: str, name_id: str
) -> Template:
    """Copy perspectives, objectives, indicators and weights of `template` for `hospital`.

    The copy takes over on `valid_from`; until then its weights can still be changed.
    """
    made = Template.objects.create(
        hospital=hospital,
        code=template.code,
        name_en=name_en,
        name_id=name_id,
        source=template.source,
        valid_from=valid_from,
        good_from=template.good_from,
        fair_from=template.fair_from,
        known_at_least=template.known_at_least,
    )
    for perspective in template.perspectives.all():
        its_copy = TemplatePerspective.objects.create(
            template=made, **_fields(perspective, "code", "name_en", "name_id", "weight", "position")
        )
        for objective in perspective.objectives.all():
            below = Objective.objects.create(
                perspective=its_copy, **_fields(objective, "code", "name_en", "name_id", "weight", "position")
            )
            ObjectiveIndicator.objects.bulk_create(
                ObjectiveIndicator(objective=below, **_fields(weighted, "indicator_id", "weight", "position"))
                for weighted in objective.weighted_indicators.all()
            )
    return made


def _fields(row: object, *names: str) -> dict:
    return {name: getattr(row, name) for name in names}
