"""From which units a data element is expected, month by month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from django.db.models import Q

from hospitals.tree import UnitTree
from indicators.engine.grid import Grid
from indicators.models import DataValue
from indicators.periods import SLOTS, Period

#: First and last month in which something is expected; None: without end.
Span = tuple[Period, Period | None]
#: Rooms above that know who has to report what add a function here: hospital → element code → unit
#: id → from when until when. An element it names is expected of those units in those months; of none,
#: if it names no unit. Until then, and of all other elements, whoever has reported them is expected to
#: go on.
Expectations = Callable[[UnitTree], Mapping[str, Mapping[int, Sequence[Span]]]]
expectations: list[Expectations] = []
#: The same of all that a unit is asked for, required or not: it keeps it.
keepings: list[Expectations] = []

_FIRST_MONTH_OF_SLOT = np.array([Period.from_slot(2000, slot).first_month for slot in range(SLOTS)])


def expected_months(
    reported: Mapping[str, np.ndarray] | None, tree: UnitTree, grid: Grid, ids: Mapping[int, str]
) -> dict[str, np.ndarray]:
    """bool [unit, year, 12] of the elements `ids` (code by id), by code.

    `reported` are unit, element, year and slot of all that was ever reported, where that is at hand.
    """
    codes = set(ids.values())
    told: dict[str, dict[int, Sequence[Span]]] = {}
    for expected in expectations:
        for code, of_units in expected(tree).items():
            if code in codes:
                told.setdefault(code, {}).update(of_units)
    position = tree.index_of()
    found = {code: np.zeros(grid.open_months.shape, bool) for code in codes}
    for unit_id, element_id in _pairs(reported, tree, [i for i, code in ids.items() if code not in told]):
        found[ids[element_id]][position[unit_id]] = True
    if not told:
        return found
    months = np.array(grid.years)[:, None] * 12 + np.arange(12)
    begins: dict[str, dict[int, Period]] = {}
    for code, units in told.items():
        # Most units share their months: they are marked together.
        together: dict[Span, list[int]] = {}
        own: dict[int, Period] = {}
        for unit_id, spans in units.items():
            own[unit_id] = min((first for first, _last in spans), key=_number)
            for span in spans:
                together.setdefault(span, []).append(position[unit_id])
        for (first, last), places in together.items():
            until_last = last is None or months <= _number(last)
            found[code][places] |= (months >= _number(first)) & until_last
        if own:
            # A unit that is not asked stops to be expected when the first that is begins.
            begins[code] = dict.fromkeys(position, min(own.values(), key=_number)) | own
    asked = [i for i, code in ids.items() if told.get(code)]
    for begin in {begin for of_code in begins.values() for begin in of_code.values()}:
        if _number(begin) <= months[0, 0]:
            continue
        for unit_id, element_id in _pairs(reported, tree, asked, before=begin):
            code = ids[element_id]
            if begins[code][unit_id] == begin:
                found[code][position[unit_id]] |= months < _number(begin)
    return found


@cache
def _number(month: Period) -> int:
    return month.year * 12 + month.first_month - 1


def _pairs(
    reported: Mapping[str, np.ndarray] | None,
    tree: UnitTree,
    elements: Collection[int],
    before: Period | None = None,
) -> Iterable[tuple[int, int]]:
    """Ids of the units that have reported one of `elements`, for a period that begins before `before`."""
    if not elements:
        return []
    if reported is not None:
        chosen = np.isin(reported["element"], list(elements))
        if before is not None:
            starts = reported["year"] * 12 + _FIRST_MONTH_OF_SLOT[reported["slot"]] - 1
            chosen &= starts < _number(before)
        pairs = np.stack([reported["unit"][chosen], reported["element"][chosen]])
        return [(unit, element) for unit, element in np.unique(pairs, axis=1).T.tolist()]
    rows = DataValue.objects.filter(unit__in=tree.units, element__in=elements)
    if before is not None:
        periods = (Period.from_slot(before.year, slot) for slot in range(SLOTS))
        that_year = [period for period in periods if period.start < before.start]
        rows = rows.filter(Q(period__lt=Period.of_year(before.year)) | Q(period__in=that_year))
    return rows.order_by().values_list("unit_id", "element_id").distinct()
