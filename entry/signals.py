"""Changes of forms and assignments that scores have to follow: what is expected changes with them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from entry.models import FormAssignment, FormElement
from hospitals.models import Hospital
from indicators.marks import mark_everything


def connect() -> None:
    for model, receiver in ((FormAssignment, _assignment_changed), (FormElement, _element_changed)):
        for signal in (post_save, post_delete):
            signal.connect(receiver, sender=model, dispatch_uid=f"expectations after {model.__name__}")


def _assignment_changed(instance: FormAssignment, **signal: Any) -> None:
    if not isinstance(signal.get("origin"), Hospital):
        mark_everything([instance.unit.hospital])


def _element_changed(instance: FormElement, **signal: Any) -> None:
    if not isinstance(signal.get("origin"), Hospital):
        hospitals = Hospital.objects.filter(units__form_assignments__form=instance.form_id)
        mark_everything(hospitals.distinct())
