"""Changes of forms, assignments and approvals that scores have to follow: what is expected changes with
them, and what counts as approved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete

from entry.models import Form, FormAssignment, FormElement, FormSection, State, Submission
from hospitals.models import Hospital
from indicators.following import follow, followed, goes_with_hospital


def connect() -> None:
    # Retired, or made for other kinds of unit: other numbers are expected, and need approval.
    follow(Form, lambda form: _who_fills(form.pk))
    follow(FormSection, lambda section: _who_fills(section.form_id))
    follow(FormElement, lambda element: _who_fills(element.form_id))
    follow(FormAssignment, lambda assignment: [assignment.unit.hospital])
    followed.add(Submission)
    post_delete.connect(_submission_gone, sender=Submission, dispatch_uid="scores follow Submission")


def _who_fills(form_id: int) -> QuerySet[Hospital]:
    return Hospital.objects.filter(units__form_assignments__form=form_id).distinct()


def _submission_gone(instance: Submission, **signal: Any) -> None:
    """Its numbers are approved no longer; every other change of state is an action that marks them."""
    if instance.state == State.APPROVED and not goes_with_hospital(signal):
        from entry.actions.submissions import mark_cells

        mark_cells(instance)
