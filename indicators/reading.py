"""From stored data values to the engine's arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Max, Min

from hospitals.tree import UnitTree
from indicators.bulk import in_list, read_columns
from indicators.catalogue import Catalogue
from indicators.engine.derived import follow
from indicators.engine.facts import Asked, Facts
from indicators.engine.grid import LAST_MONTH, Grid
from indicators.engine.keeping import Keepers
from indicators.hooks import Rows
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


@dataclass(frozen=True, eq=False)
class Given:
    """Stored values of the years of `whole`. `waiting` bool [row]: not yet approved; `codes` by element
    id; `asked` by code: what forms ask for."""

    catalogue: Catalogue
    whole: Grid
    rows: Rows
    waiting: np.ndarray
    codes: Mapping[int, str]
    asked: Mapping[str, Asked]

    def facts(
        self, grid: Grid, wanted: Collection[str], *, approved: bool = False
    ) -> tuple[dict[str, Facts], Keepers]:
        """Facts of the elements `wanted`, and of what they follow from, for the years of `grid`; and who
        keeps them.

        `approved` leaves out what is not approved yet; who keeps what stays the same.
        """
        chosen = (self.rows["year"] >= grid.years.start) & (self.rows["year"] < grid.years.stop)
        rows = self._rows(chosen)
        facts = _fill(rows, self.catalogue.tree, grid, self.codes)
        begin = grid.years.start - self.whole.years.start
        years = slice(begin, begin + len(grid.years))
        for code, found in facts.items():
            found.while_open(grid, self.asked[code].of_years(years) if code in self.asked else None)
        keepers = Keepers(self.catalogue.rules, facts, grid)
        if approved and self.waiting.any():
            everything = facts
            facts = _fill(self._rows(chosen & ~self.waiting), self.catalogue.tree, grid, self.codes)
            for code, found in facts.items():
                found.while_open(grid)
                whole = everything[code]
                found.gave, found.gave_unasked, found.asked = whole.gave, whole.gave_unasked, whole.asked
        follow(
            [c for c in self.catalogue.with_sources(wanted) if self.catalogue.rules[c].follows],
            facts,
            keepers,
        )
        return facts, keepers

    def _rows(self, chosen: np.ndarray) -> Rows:
        return self.rows if chosen.all() else {name: array[chosen] for name, array in self.rows.items()}

    @property
    def waiting_codes(self) -> set[str]:
        """Elements of which a value is not approved yet."""
        return {self.codes[int(pk)] for pk in np.unique(self.rows["element"][self.waiting])}

    @property
    def waiting_years(self) -> tuple[int, int] | None:
        """First and last year with a value that is not approved yet; None when all are."""
        years = self.rows["year"][self.waiting]
        return (int(years.min()), int(years.max())) if len(years) else None


def read_given(
    catalogue: Catalogue,
    grid: Grid,
    codes: Collection[str],
    *,
    all_years: bool,
    through: Period | None = None,
) -> Given:
    """The stored values of the elements `codes` and of what they follow from, for the years of `grid`.

    `all_years` says that the grid spans everything there is: then no years are asked for. Of what ends
    after the month `through` nothing is read.
    """
    tree = catalogue.tree
    raw = catalogue.with_sources(codes)
    ids = {catalogue.elements[code].pk: code for code in raw}
    unit_ids = [unit.pk for unit in tree.units]
    where = f"{in_list('unit_id', unit_ids)} AND {in_list('element_id', list(ids))}"
    if not all_years:
        where += f" AND period BETWEEN {grid.years.start * 100} AND {grid.years.stop * 100 - 1}"
    rows = read_columns(DataValue, ("unit", "element", "period", "value", "status"), where)
    rows["year"], rests = np.divmod(rows["period"], 100)
    rows["slot"] = _SLOT_OF_REST[rests]
    if through is not None:
        ended = rows["year"] * 12 + LAST_MONTH[rows["slot"]] < through.year * 12 + through.last_month
        rows = {name: array[ended] for name, array in rows.items()}
    waiting = np.zeros(len(rows["unit"]), bool)
    for of_room in catalogue.waiting:
        waiting |= of_room(rows)
    asked = catalogue.asked.of(grid.years, raw)
    return Given(catalogue, grid, rows, waiting, ids, asked)


def _fill(rows: Rows, tree: UnitTree, grid: Grid, ids: Mapping[int, str]) -> dict[str, Facts]:
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
