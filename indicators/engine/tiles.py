"""Tiles: the smallest sets of unit-months that no fact of a formula cuts through.

A tile counts whole or not at all. Where every home is a single unit, a tile is a month of it, or the
months that a longer fact joins (`Singles`): all of it is arithmetic on whole arrays. A home with units
below it has a tile a month for all of them, and a figure of a unit above homes joins what is below it
(`Together`). Arrays are [row, year, 12]; the rows are units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.engine.grid import FIRST_MONTH, LAST_MONTH


class Singles:
    """Every row a home of its own. `span` is the slot of the longest fact that stands for a month."""

    def __init__(
        self, homes: np.ndarray, spans: Sequence[np.ndarray], above_homes: np.ndarray | None = None
    ) -> None:
        #: bool [row, year, 12]: the row lies in a home.
        self.in_home = np.broadcast_to(homes[..., None], (*homes.shape, 12))
        #: bool [row, year, 1]: there are homes below it, and none at it.
        self.above_homes = np.zeros((1, 1, 1), bool) if above_homes is None else above_homes[..., None]
        #: bool [row, year, 1]: the row lies in no home.
        self.outside = ~homes[..., None]
        self.span = np.maximum.reduce(spans) if spans else None
        self.slots = _slots_in(self.span)

    def any_in_group(self, where: np.ndarray) -> np.ndarray:
        """Whether it is true of any row of the home in that month."""
        return where

    def any_in_tile(self, where: np.ndarray) -> np.ndarray:
        """Whether it is true anywhere in the tile."""
        if self.span is None:
            return where
        found = where.copy()
        for slot in self.slots:
            months = slice(FIRST_MONTH[slot], LAST_MONTH[slot] + 1)
            inside = self.span[..., months] == slot
            anywhere = (where[..., months] & inside).any(axis=-1, keepdims=True)
            found[..., months] = np.where(inside, anywhere, found[..., months])
        return found

    def any_in_units(self, where: np.ndarray) -> np.ndarray:
        """Whether it is true of any row whose stocks stand together: [row, year, n]."""
        return where

    def heads(self) -> np.ndarray:
        """bool [row, year]: the row by which a home is counted where nobody in it owes anything."""
        heads: np.ndarray = self.in_home[..., 0]
        return heads


@dataclass(frozen=True)
class Joint:
    """A figure that joins: of row `row` in year `year`, months `months`; of all rows `below` it."""

    row: int
    year: int
    months: slice
    below: np.ndarray


class Together:
    """Rows of one unit and all below it. `group` int [row, year] is the row of the home it lies in, -1
    outside all homes; `above_homes` bool [row, year]: it has homes below it; `joints` are the figures
    that join more than a home's month."""

    def __init__(
        self, group: np.ndarray, above_homes: np.ndarray, joints: Iterable[Joint], slots: np.ndarray
    ) -> None:
        rows, years = group.shape
        self.in_home = np.broadcast_to((group >= 0)[..., None], (rows, years, 12))
        #: bool [row, year, 1]: the row lies in no home, joined with one or not.
        self.outside = (group < 0)[..., None]
        self.above_homes = self.outside & above_homes[..., None]
        #: bool [row, year, 1]: nor is any home below it.
        self.apart = ((group < 0) & ~above_homes)[..., None]
        own = np.arange(rows)[:, None]
        self.group = np.where(group >= 0, group, own)
        self._heads = group == own
        months = np.arange(12)
        self._group_ids = ((self.group * years + np.arange(years))[..., None] * 12 + months).ravel()
        self._labels = self._join(list(joints))
        self._many = rows * years * 12
        #: Of stocks: a number for every row and year, the same for rows that stand together in a slot.
        alone = (self.group * years + np.arange(years))[..., None]
        self._ids_by_slot = np.broadcast_to(alone, (rows, years, len(slots)))
        self._ids_by_month = np.broadcast_to(alone, (rows, years, 12))
        if (self._labels != self._group_ids).any():
            # What is joined with a home counts with it, though it lies outside.
            self.in_home = self._any(self._labels, np.ascontiguousarray(self.in_home))
            self._stand_together(slots)

    def _join(self, joints: list[Joint]) -> np.ndarray:
        """A label for every unit-month, the same for all of one tile."""
        rows, years = self.group.shape
        labels = self._group_ids.reshape(rows, years, 12).copy()
        changed = bool(joints)
        while changed:
            changed = False
            for joint in joints:
                of_year = labels[:, joint.year]
                found = np.unique(of_year[joint.below, joint.months])
                if len(found) > 1:
                    of_year[np.isin(of_year, found)] = found[0]
                    changed = True
        joined: np.ndarray = labels.ravel()
        return joined

    def _stand_together(self, slots: np.ndarray) -> None:
        """Rows whose tiles hang together in some month of a slot have the same number in it."""
        rows, years = self.group.shape
        labels = self._labels.reshape(rows, years, 12)
        self._ids_by_slot, self._ids_by_month = self._ids_by_slot.copy(), self._ids_by_month.copy()
        for number, slot in enumerate(slots):
            months = range(FIRST_MONTH[slot], LAST_MONTH[slot] + 1)
            for year in range(years):
                together = self._ids_by_slot[:, year, number]
                for month in months:
                    _merge(together, labels[:, year, month])
                self._ids_by_month[:, year, months] = together[:, None]

    def _any(self, ids: np.ndarray, where: np.ndarray) -> np.ndarray:
        found = np.zeros(self._many, bool)
        found[ids[where.ravel()]] = True
        result: np.ndarray = found[ids].reshape(where.shape)
        return result

    def any_in_group(self, where: np.ndarray) -> np.ndarray:
        return self._any(self._group_ids, where)

    def any_in_tile(self, where: np.ndarray) -> np.ndarray:
        return self._any(self._labels, where)

    def any_in_units(self, where: np.ndarray) -> np.ndarray:
        """`where` is [row, year, 12] or [row, year, slot]."""
        # Were there as many slots as months, each would be a month, and the numbers the same.
        ids = self._ids_by_slot if where.shape[-1] == self._ids_by_slot.shape[-1] else self._ids_by_month
        count = where.shape[-1]
        flat = (ids * count + np.arange(count)).ravel()
        found = np.zeros(int(flat.max()) + 1, bool)
        found[flat[where.ravel()]] = True
        result: np.ndarray = found[flat].reshape(where.shape)
        return result

    def heads(self) -> np.ndarray:
        heads: np.ndarray = self._heads
        return heads


def _merge(numbers: np.ndarray, labels: np.ndarray) -> None:
    """Give all numbers that share a label the same number, in place."""
    for label in np.unique(labels):
        linked = np.unique(numbers[labels == label])
        if len(linked) > 1:
            numbers[np.isin(numbers, linked)] = linked[0]


def _slots_in(span: np.ndarray | None) -> list[int]:
    return [] if span is None else [int(slot) for slot in np.unique(span) if slot >= 0]
