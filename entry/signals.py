"""Changes of forms and assignments that scores have to follow: what is expected changes with them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from entry.models import Form, FormAssignment, FormElement
from hospitals.models import Hospital
from indicators.marks import mark_everything


def connect() -> None:
    receivers = (
        (Form, _form_changed),
        (FormAssignment, _assignment_changed),
        (FormElement, _element_changed),
    )
    for model, receiver in receivers:
        for signal in (post_save, post_delete):
            signal.connect(receiver, sender=model, dispatch_uid=f"expectations after {model.__name__}")


def _assignment_changed(instance: FormAssignment, **signal: Any) -> None:
    if not isinstance(signal.get("origin"), Hospital):
        mark_everything([instance.unit.hospital])


def _form_changed(instance: Form, **signal: Any) -> None:
    """Retired, or made for other kinds of unit: other numbers are expected, and need approval."""
    if not isinstance(signal.get("origin"), Hospital):
        _mark_hospitals_of(instance.pk)


def _element_changed(instance: FormElement, **signal: Any) -> None:
    if not isinstance(signal.get("origin"), Hospital):
        _mark_hospitals_of(instance.form_id)


def _mark_hospitals_of(form_id: int) -> None:
    mark_everything(Hospital.objects.filter(units__form_assignments__form=form_id).distinct())
