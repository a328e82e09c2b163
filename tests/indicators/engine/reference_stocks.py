"""Stocks in the tiles (rules 3 and 10): homes stand with the last month in which all stocks are known."""

from __future__ import annotations

from dataclasses import dataclass

from tests.indicators.engine.reference_choices import Known
from tests.indicators.engine.reference_formula import NOTHING, Choice, Element, Source, leaves, worth
from tests.indicators.engine.reference_tiles import Tiling
from tests.indicators.engine.reference_units import added
from tests.indicators.engine.reference_world import NC, Piece, Value, months_of


@dataclass
class Group:
    """Homes whose stocks stand together: the month they stand with (None: none), and what they are worth."""

    nodes: set[str]
    units: list[str]
    month: int | None
    is_gone: bool
    values: dict[Source, Value]


def groups_of(tiling: Tiling) -> list[Group]:
    """The homes, those together that a stock of a unit above them joins."""
    nodes = [{home} for home in tiling.homes]
    for source in tiling.stocks:
        for leaf in leaves(source):
            for piece in tiling.used(leaf):
                if piece.value != NC and tiling.is_above_homes(piece.unit):
                    joined = {node for node, _month in tiling.cells_of(piece.unit, piece.span[0])}
                    apart = [each for each in nodes if not each & joined]
                    nodes = [*apart, joined.union(*(each for each in nodes if each & joined))]
    # What a flow joins stands together: its stocks are those of all that it speaks of.
    for tile in tiling.tiles if tiling.flows else []:
        joined = {node for node, _month in tile}
        if joined & set(tiling.homes):
            apart = [each for each in nodes if not each & joined]
            nodes = [*apart, joined.union(*(each for each in nodes if each & joined))]
    return [_settled(tiling, each) for each in nodes]


def last_month(tiling: Tiling) -> int:
    """The last month of the period, or that of today if it comes before."""
    today, year = tiling.units.world.today, tiling.units.year
    is_running = today.year == year and tiling.span[0] <= today.month <= tiling.span[1]
    return today.month if is_running else tiling.span[1]


def _settled(tiling: Tiling, nodes: set[str]) -> Group:
    units = [unit for node in sorted(nodes) for unit in tiling.units_of((node, 0))]
    group = Group(nodes, units, None, False, {})
    for month in reversed(tiling.months):
        found = {source: in_month(tiling, source, sorted(nodes), month) for source in tiling.stocks}
        if all(each.known and each.value == NOTHING for each in found.values()):
            group.is_gone = group.is_gone or month == last_month(tiling)
            continue
        if all(each.known for each in found.values()):
            group.month, group.values = month, {source: each.value for source, each in found.items()}
            break
    group.is_gone = group.is_gone and group.month is None
    return group


def in_month(tiling: Tiling, source: Source, nodes: list[str], month: int) -> Known:
    """Whether a stock is known in a month, each home for itself, and what they have together."""
    units = [unit for node in nodes for unit in tiling.units_of((node, month))]
    if isinstance(source, Choice) and not any(tiling.units.keeps_several(unit, source) for unit in units):
        known = []
        for option in source.options:
            found = {leaf: _together(tiling, leaf, nodes, month) for leaf in leaves(option)}
            if all(each.known for each in found.values()):
                known.append(worth(option, lambda leaf, found=found: found[leaf].value))
        numbers = [value for value in known if not isinstance(value, str)]
        return Known(True, [*numbers, *known][0]) if known else Known(False)
    return _together(tiling, source, nodes, month)


def _together(tiling: Tiling, source: Source, nodes: list[str], month: int) -> Known:
    found = [_stock(tiling, source, tiling.units_of((node, month)), month) for node in nodes]
    if not all(each.known for each in found):
        return Known(False)
    units = {unit for node in nodes for unit in tiling.units_of((node, month))}
    stay = [p for p in _staying(tiling, source) if month in p.months and p.unit in units and p.value != NC]
    return Known(True, added([piece.value for piece in stay]) if stay else NOTHING)


def _staying(tiling: Tiling, source: Source) -> list[Piece]:
    """What stands of units that are open at the end of the period; the others take their own with them."""
    end = last_month(tiling)
    return [p for p in tiling.used(source) if tiling.units.is_open(p.unit, source.years_ago, end)]


def _stock(tiling: Tiling, source: Source, units: list[str], month: int) -> Known:
    end = last_month(tiling)
    keepers = [unit for unit in units if tiling.units.keeps_source(unit, source)]
    stay = [unit for unit in units if tiling.units.is_open(unit, source.years_ago, end)]
    if not stay or (keepers and not set(keepers) & set(stay)):
        return Known(True, NOTHING)
    return tiling.in_month(source, _staying(tiling, source), stay, month)


@dataclass(frozen=True)
class Owed:
    """A stock that a unit owes in a period: at its last due month."""

    unit: str
    month: int


def owed(tiling: Tiling, stocks: list[Source]) -> list[Owed]:
    """One for each unit at or below that owes a stock at the last month of the period in which it is due."""
    return [
        each
        for each in due(tiling, stocks)
        if any(tiling.owes_some(source, each.unit, each.month) for source in tiling.stocks)
        or any(tiling.owes(source, each.unit, each.month) for source in stocks)
    ]


def due(tiling: Tiling, stocks: list[Source]) -> list[Owed]:
    """Of each unit at or below the last month of the period in which a stock of it is due."""
    world, year = tiling.units.world, tiling.units.year
    past = [month for month in tiling.months if world.is_past(year, month)]
    found = []
    for unit in tiling.below if past and stocks else []:
        every = _cadence(tiling, [leaf for source in stocks for leaf in leaves(source)], unit)
        month = past[-1] - past[-1] % every
        if month >= tiling.span[0]:
            found.append(Owed(unit, month))
    return found


def _cadence(tiling: Tiling, stocks: list[Element], unit: str) -> int:
    """Every how many months a unit gives its stocks: by the shortest fact of the year or the one before."""
    world, year = tiling.units.world, tiling.units.year
    lengths = []
    for leaf in stocks:
        told = [
            (last - first + 1)
            for each in (year, year - 1)
            for (first, last), value in world.facts_of(unit, leaf.code).get(each, {}).items()
            if value != NC and any(world.is_open(unit, each, month) for month in months_of((first, last)))
        ]
        lengths.append(min(told, default=1))
    return min(lengths)


def stands(groups: list[Group], tiling: Tiling, unit: str, month: int) -> bool:
    """Whether the unit's stock of the month is in the value."""
    node = tiling.node(unit)
    return any(node in group.nodes and group.month is not None and group.month >= month for group in groups)
