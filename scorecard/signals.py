"""Changes of weights that scores have to follow."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from hospitals.models import Hospital
from indicators.marks import mark_everything
from scorecard.models import Objective, ObjectiveIndicator, Template, TemplatePerspective


def connect() -> None:
    for model in (Template, TemplatePerspective, Objective, ObjectiveIndicator):
        for signal in (post_save, post_delete):
            signal.connect(_template_changed, sender=model, dispatch_uid=f"scores after {model.__name__}")


def _template_changed(instance: Any, **signal: Any) -> None:
    if isinstance(signal.get("origin"), Hospital):
        return
    hospitals = Hospital.objects.filter(computation__isnull=False)
    template = _template_of(instance)
    if template.hospital_id is not None:
        hospitals = hospitals.filter(pk=template.hospital_id)
    mark_everything(hospitals)


def _template_of(instance: Any) -> Template:
    match instance:
        case ObjectiveIndicator():
            return instance.objective.perspective.template
        case Objective():
            return instance.perspective.template
        case TemplatePerspective():
            return instance.template
    return instance
