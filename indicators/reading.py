"""From stored data values to the engine's arrays."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from django.db.models import Max, Min

from hospitals.tree import UnitTree
from indicators.bulk import in_list, read_columns
from indicators.catalogue import Catalogue
from indicators.engine.facts import Facts, derive, leave_to_children
from indicators.engine.grid import Grid
from indicators.expected import expected_months
from indicators.models import DataValue, Status
from indicators.periods import SLOTS, Period


def _slot_of_rest() -> np.ndarray:
    """Stored period number modulo 100 → slot."""
    slots = np.full(100, -1)
    for slot in range(SLOTS):
        slots[Period.from_slot(2000, slot).code % 100] = slot
    return slots


_SLOT_OF_REST = _slot_of_rest()


def years_with_values(tree: UnitTree) -> tuple[int, int] | None:
    """First and last year of which any unit of the hospital has a value."""
    found = DataValue.objects.filter(unit__in=tree.units).aggregate(first=Min("period"), last=Max("period"))
    if found["first"] is None:
        return None
    return found["first"].year, found["last"].year


def read_facts(
    tree: UnitTree, grid: Grid, catalogue: Catalogue, codes: Collection[str], *, all_years: bool
) -> dict[str, Facts]:
    """Facts of the elements `codes` and of what is derived among them, for the years of `grid`.

    `all_years` says that the grid spans everything there is, so that who reports what can be read
    off the values themselves.
    """
    raw = catalogue.raw_codes(codes)
    ids = {catalogue.elements[code].pk: code for code in raw}
    unit_ids = [unit.pk for unit in tree.units]
    where = f"{in_list('unit_id', unit_ids)} AND {in_list('element_id', list(ids))}"
    if not all_years:
        where += f" AND period BETWEEN {grid.years.start * 100} AND {grid.years.stop * 100 - 1}"
    rows = read_columns(DataValue, ("unit", "element", "period", "value", "status"), where)
    rows["year"], rests = np.divmod(rows["period"], 100)
    rows["slot"] = _SLOT_OF_REST[rests]
    facts = _fill(rows, tree, grid, ids)
    for code, reporters in expected_months(rows if all_years else None, tree, grid, ids).items():
        adds_up = catalogue.rules[code].over_units == "sum"
        facts[code].reporters = leave_to_children(reporters, grid) if adds_up else reporters
    for code in codes:
        if catalogue.rules[code].derived is not None:
            facts[code] = derive(catalogue.rules[code], catalogue.rules, facts, grid)
    return facts


def _fill(rows: dict[str, np.ndarray], tree: UnitTree, grid: Grid, ids: dict[int, str]) -> dict[str, Facts]:
    position = tree.index_of()
    unit_position = np.full(max(position, default=0) + 1, -1)
    for unit_id, index in position.items():
        unit_position[unit_id] = index
    units = unit_position[rows["unit"]]
    years = rows["year"] - grid.years.start
    slots = rows["slot"]
    order = np.argsort(rows["element"], kind="stable")
    element_ids, starts = np.unique(rows["element"][order], return_index=True)
    facts: dict[str, Facts] = {}
    groups = np.split(order, starts[1:]) if len(element_ids) else []
    for element_id, chosen in zip(element_ids, groups, strict=True):
        found = Facts.empty(grid)
        cells = units[chosen], years[chosen], slots[chosen]
        status = rows["status"][chosen]
        reported = status == Status.REPORTED
        found.value[cells] = np.where(reported, rows["value"][chosen], 0.0)
        found.has[cells] = reported
        found.not_applicable[cells] = status == Status.NOT_APPLICABLE
        found.not_collected[cells] = status == Status.NOT_COLLECTED
        facts[ids[int(element_id)]] = found
    for code in ids.values():
        facts.setdefault(code, Facts.empty(grid))
    return facts
