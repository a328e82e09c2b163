"""What is being checked, or is approved, is locked on every path that acts for a person.

`save_values` asks here, whether the number comes from a form, a workbook or the API. A command has
no person and is not asked: an import of a whole year by the administrator has to work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from entry.models import FormElement, Submission
from hospitals.models import User
from indicators.actions import ValueRefusedError, about_to_save
from indicators.models import DataValue


def connect() -> None:
    about_to_save.connect(refuse_locked, sender=DataValue, dispatch_uid="locks of submissions")


def refuse_locked(rows: Sequence[DataValue], by: User | None, **signal: Any) -> None:
    """Raise ValueRefusedError if a form that is submitted or approved holds one of `rows`.

    The submissions stay locked until the values are written, so that none is approved in between.
    """
    if by is None or not rows:
        return
    found = Submission.objects.select_for_update(of=("self",)).filter(
        unit__in={row.unit_id for row in rows}, period__in={row.period for row in rows}
    )
    # Several forms may speak of a unit in a month: finance and personnel do of the hospital.
    locked = [submission for submission in found.order_by("pk") if submission.is_locked]
    if not locked:
        return
    held = FormElement.objects.filter(form__in={submission.form_id for submission in locked})
    by_form: dict[int, set[int]] = {}
    for form_id, element_id in held.values_list("form_id", "element_id"):
        by_form.setdefault(form_id, set()).add(element_id)
    for submission in locked:
        for row in rows:
            here = (row.unit_id, row.period) == (submission.unit_id, submission.period)
            if here and row.element_id in by_form.get(submission.form_id, ()):
                raise ValueRefusedError(
                    _("%(element)s of %(unit)s in %(period)s is locked: the form is %(state)s")
                    % {
                        "element": row.element.name,
                        "unit": submission.unit.name,
                        "period": submission.period,
                        "state": submission.get_state_display(),
                    }
                )
