"""What the rooms above tell of who is asked for which data elements, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hospitals.tree import UnitTree
from indicators.hooks import Expectations, Span, expectations, keepings

#: Months in which an element is asked for, by its code and by unit id.
Told = dict[str, dict[int, list[Span]]]


class AskedOfUnits(NamedTuple):
    """What the rooms above tell of the elements that they ask for; of the others they say nothing."""

    kept: Told
    required: Told


def read_asked(tree: UnitTree) -> AskedOfUnits:
    required = _told(expectations, tree)
    return AskedOfUnits(kept=_merged(_told(keepings, tree), required), required=required)


def _told(hooks: Iterable[Expectations], tree: UnitTree) -> Told:
    told: Told = {}
    for hook in hooks:
        told = _merged(told, hook(tree))
    return told


def _merged(told: Told, more: Mapping[str, Mapping[int, Sequence[Span]]]) -> Told:
    found = {code: {unit: [*spans] for unit, spans in of_units.items()} for code, of_units in told.items()}
    for code, of_units in more.items():
        units = found.setdefault(code, {})
        for unit_id, spans in of_units.items():
            units.setdefault(unit_id, []).extend(spans)
    return found
