"""What is asked of which units (see `indicators.asked`), laid out as the engine wants it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from hospitals.tree import UnitTree
from indicators.asked import AskedOfUnits, read_asked
from indicators.begins import first_day, hospital_begins
from indicators.engine.facts import Asked
from indicators.hooks import Span
from indicators.periods import Period, nearest_month


class AskedMonths:
    """What is asked for of the units of a tree, laid out over the months of some years.

    A worker asks after every cell that is saved, and mostly of the same years: those are remembered.
    """

    def __init__(self, tree: UnitTree) -> None:
        self._tree, self._asked = tree, read_asked(tree)
        # Years and what was found of them are one object: threads ask beside each other.
        self._last: tuple[range, dict[str, Asked]] = range(0), {}

    def of(self, years: range, codes: Collection[str]) -> dict[str, Asked]:
        """Of the elements `codes`, by code; those that no form has are not among the keys, unless they are
        retired. Nobody changes what is given back."""
        last_years, found = self._last
        if last_years != years:
            found = {}
            self._last = years, found
        kept, retired = self._asked.kept, self._asked.retired
        if new := [c for c in codes if (c in kept or c in retired) and c not in found]:
            found.update(_laid_out(self._asked, self._tree, years, new))
        return {code: found[code] for code in codes if code in found}


def _laid_out(asked: AskedOfUnits, tree: UnitTree, years: range, codes: Collection[str]) -> dict[str, Asked]:
    position = tree.index_of()
    months = np.array(years)[:, None] * 12 + np.arange(12)
    too_early = _before_begin(tree, months)
    found = {}
    for code in codes:
        is_told, of_units = code in asked.kept, asked.kept.get(code, {})
        spans = _marked(of_units, position, months)
        decided = np.full(spans.shape, is_told)
        begins = {unit: min(_number(first) for first, _last in s) for unit, s in of_units.items() if s}
        if begins:
            # Until the first form begins whoever gave it keeps it; of a unit until its own form does.
            decided = np.broadcast_to(months >= min(begins.values()), spans.shape).copy()
            for unit, begin in begins.items():
                if unit in position:
                    decided[position[unit]] = months >= begin
        owed = _marked(asked.required.get(code, {}), position, months)
        if is_told:
            # Before they began nothing is asked, whatever a room above says: that is decided.
            decided |= too_early
        if code in asked.retired:
            decided |= months >= _number(asked.retired[code])
        found[code] = Asked(
            kept=spans & ~too_early,
            required=owed & ~too_early,
            decided=decided,
            of_nobody=is_told and not of_units,
            without_form=not is_told,
        )
    return found


def _before_begin(tree: UnitTree, months: np.ndarray) -> np.ndarray:
    """bool [unit, year, 12]: the month ended before the hospital or the unit began."""
    begins = hospital_begins(tree.units[0].hospital, tree.units[0]) if tree.units else None
    first = [first_day(begins, unit.opened_on) for unit in tree.units]
    numbers = [-1 if day is None else _number(nearest_month(day)) for day in first]
    early: np.ndarray = months < np.array(numbers, int).reshape(-1, 1, 1)
    return early


def _marked(
    of_units: Mapping[int, Sequence[Span]], position: Mapping[int, int], months: np.ndarray
) -> np.ndarray:
    """bool [unit, year, 12]: the month lies in a span of the unit."""
    found = np.zeros((len(position), *months.shape), bool)
    # Most units share their months: they are marked together.
    together: dict[Span, list[int]] = {}
    for unit_id, spans in of_units.items():
        for span in spans if unit_id in position else ():
            together.setdefault(span, []).append(position[unit_id])
    for (first, last), places in together.items():
        until_last = last is None or months <= _number(last)
        found[places] |= (months >= _number(first)) & until_last
    return found


def _number(month: Period) -> int:
    return month.year * 12 + month.first_month - 1
