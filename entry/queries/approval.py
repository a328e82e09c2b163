"""Which stored values nobody has approved yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from entry.assignments import Duty
from entry.models import FormElement, State, Submission
from entry.queries.duties import duties_in
from hospitals.tree import UnitTree
from indicators.hooks import Rows, Waiting
from indicators.periods import nearest_month

#: Later than every month there is: a duty without end.
_NEVER = 9_999_99
#: Unit ids and stored months in one number.
_PERIODS = 1_000_000
#: By form and layer: ids of units, first months, last months.
_Spans = dict[tuple[int, int], tuple[np.ndarray, np.ndarray, np.ndarray]]


def approvals_in(tree: UnitTree) -> Waiting:
    """Reads which forms speak of the units of a tree, and gives the function that tells of stored values
    which wait: see `_waiting`. Two queries here, one where it is asked."""
    spans = _spans_of(duties_in(tree))
    return partial(_waiting, spans, _elements_of({form_id for form_id, _layer in spans}))


def _waiting(spans: _Spans, elements: Mapping[int, Sequence[int]], rows: Rows) -> np.ndarray:
    """bool [row]: the value lies in a form that speaks of its unit in that month and is not approved.

    A value that no form holds needs no approval, one that two forms hold needs one. `rows` are
    stored values by column: unit and element ids, period numbers.
    """
    waiting = np.zeros(len(rows["unit"]), bool)
    if not spans or not len(waiting):
        return waiting
    approved = _approved({form_id for form_id, _layer in spans}, rows["period"])
    settled = waiting.copy()
    cells = rows["unit"].astype(np.int64) * _PERIODS + rows["period"]
    is_month = (rows["period"] % 100 >= 1) & (rows["period"] % 100 <= 12)
    for (form_id, _layer), (units, first, last) in spans.items():
        place = np.minimum(np.searchsorted(units, rows["unit"]), len(units) - 1)
        held = is_month & np.isin(rows["element"], elements.get(form_id, []))
        held &= units[place] == rows["unit"]
        held &= (first[place] <= rows["period"]) & (rows["period"] <= last[place])
        done = held & np.isin(cells, approved.get(form_id, []))
        settled |= done
        waiting |= held & ~done
    return waiting & ~settled


def _spans_of(duties: Iterable[Duty]) -> _Spans:
    """By form: ids of the units that it speaks of, ascending, with the first and the last month of each.

    Where one unit after another speaks of the same, a form has several layers, numbered from 0.
    """
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    layers: Counter[tuple[int, int]] = Counter()
    for duty in duties:
        first, last = duty.first_month, duty.last_month
        for unit in {duty.unit, duty.filled_by}:
            if unit.opened_on is not None:
                first = max(first, nearest_month(unit.opened_on))
            if unit.closed_on is not None:
                closing = nearest_month(unit.closed_on)
                last = closing if last is None else min(last, closing)
        place = duty.form.pk, duty.unit.pk
        months = first.code, _NEVER if last is None else last.code
        found.setdefault((duty.form.pk, layers[place]), []).append((duty.unit.pk, *months))
        layers[place] += 1
    columns = {layer: np.array(sorted(rows), np.int64).T for layer, rows in found.items()}
    return {layer: (units, first, last) for layer, (units, first, last) in columns.items()}


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
