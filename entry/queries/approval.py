"""Which stored values nobody has approved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from entry.assignments import Duty
from entry.models import FormElement, State, Submission
from entry.queries.duties import duties_in
from hospitals.tree import UnitTree
from indicators.periods import month_of

#: Later than every month there is: a duty without end.
_NEVER = 9_999_99
#: Unit ids and stored months in one number.
_PERIODS = 1_000_000


def waiting_for_approval(tree: UnitTree, rows: Mapping[str, np.ndarray]) -> np.ndarray:
    """bool [row]: the value lies in a form that its unit fills for that month and that is not approved.

    A value that no form holds needs no approval, one that two forms hold needs one. `rows` are
    stored values by column: unit and element ids, period numbers. At most three queries.
    """
    waiting = np.zeros(len(rows["unit"]), bool)
    duties = duties_in(tree) if len(waiting) else []
    if not duties:
        return waiting
    spans = _spans_of(duties)
    elements = _elements_of(spans)
    approved = _approved(spans, rows["period"])
    settled = waiting.copy()
    cells = rows["unit"].astype(np.int64) * _PERIODS + rows["period"]
    is_month = (rows["period"] % 100 >= 1) & (rows["period"] % 100 <= 12)
    for form_id, (units, first, last) in spans.items():
        place = np.minimum(np.searchsorted(units, rows["unit"]), len(units) - 1)
        held = is_month & np.isin(rows["element"], elements.get(form_id, []))
        held &= units[place] == rows["unit"]
        held &= (first[place] <= rows["period"]) & (rows["period"] <= last[place])
        done = held & np.isin(cells, approved.get(form_id, []))
        settled |= done
        waiting |= held & ~done
    return waiting & ~settled


def _spans_of(duties: Iterable[Duty]) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """By form: ids of the units that fill it, ascending, with the first and the last month of each."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for duty in duties:
        first, last = duty.first_month, duty.last_month
        if duty.unit.opened_on is not None:
            first = max(first, month_of(duty.unit.opened_on))
        if duty.unit.closed_on is not None:
            closing = month_of(duty.unit.closed_on)
            last = closing if last is None else min(last, closing)
        months = first.code, _NEVER if last is None else last.code
        found.setdefault(duty.form.pk, []).append((duty.unit.pk, *months))
    columns = {form: np.array(sorted(rows), np.int64).T for form, rows in found.items()}
    return {form: (units, first, last) for form, (units, first, last) in columns.items()}


def _elements_of(forms: Iterable[int]) -> dict[int, list[int]]:
    """Ids of the data elements of each form."""
    found: dict[int, list[int]] = {}
    rows = FormElement.objects.filter(form__in=list(forms)).order_by()
    for form_id, element_id in rows.values_list("form_id", "element_id"):
        found.setdefault(form_id, []).append(element_id)
    return found


def _approved(forms: Iterable[int], periods: np.ndarray) -> dict[int, list[int]]:
    """Units and months of which each form is approved, as one number each."""
    rows = Submission.objects.filter(
        form__in=list(forms),
        state=State.APPROVED,
        period__range=(int(periods.min()), int(periods.max())),
    )
    found: dict[int, list[int]] = {}
    for form_id, unit_id, period in rows.order_by().values_list("form_id", "unit_id", "period"):
        found.setdefault(form_id, []).append(unit_id * _PERIODS + period.code)
    return found
