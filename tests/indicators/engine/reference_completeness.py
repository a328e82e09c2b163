"""Completeness, and what was left out and why (rules 4 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.indicators.engine import reference_stocks as stocks
from tests.indicators.engine.reference_choices import Cell, Tile
from tests.indicators.engine.reference_formula import Choice, Source, leaves
from tests.indicators.engine.reference_homes import counted_once, over_time
from tests.indicators.engine.reference_tiles import Tiling

LeftOut = frozenset[tuple[str, tuple[int, int], str]]


@dataclass(frozen=True)
class Completeness:
    present: int
    expected: int
    left_out: LeftOut


def completeness_of(
    tiling: Tiling,
    asked: list[Source],
    counting: list[Tile],
    out: list[Tile],
    groups: list[stocks.Group],
    standing: list[stocks.Group],
) -> Completeness:
    """Of the unit-months in which something was due, how many stand in the value; and of the stocks.

    `asked`: all that the formula mentions, since whoever keeps another option of a `first` is expected too.
    Months from today's on count only where their tile does.
    """
    units, year = tiling.units, tiling.units.year
    flows = [
        each
        for each in asked
        if over_time(units, each) != "last" and (tiling.unit in tiling.homes or not counted_once(units, each))
    ]
    counted = {cell for tile in (*counting, *out) for cell in tile}
    present, expected, left_out = 0, 0, set()
    seen: set[Cell] = set()
    for month in tiling.months:
        for unit in tiling.below:
            cell = (tiling.node(unit), month)
            if cell not in counted and not units.world.is_past(year, month):
                continue
            if any(tiling.owes(each, unit, month) for each in flows):
                expected += 1
                present += cell in counted
                seen.add(cell)
                if cell not in counted:
                    left_out |= {(unit, (year, month), code) for code in _lacking(tiling, unit, month)}
    for tile in (*counting, *out):
        if not tile & seen:
            # What counts though nobody owes it is one of one, for each home and month.
            lonely = [cell for cell in tile if cell[0] in tiling.homes and tiling.exists(cell)]
            present, expected = present + len(lonely), expected + len(lonely)
    nodes = {node for tile in (*counting, *out) for node, _month in tile}
    shown = [each for each in groups if each.nodes & nodes] if tiling.flows else groups
    # Where nobody who keeps a flow was open in the period, nothing is expected of the stocks either.
    empty = {node for each in groups if tiling.flows and not _exists(tiling, each) for node in each.nodes}
    owing = stocks.owed(tiling, [each for each in asked if over_time(units, each) == "last"])
    owing = [each for each in owing if tiling.node(each.unit) not in empty]
    for group in [each for each in shown if each.month is not None]:
        if not {tiling.node(each.unit) for each in owing} & group.nodes:
            lonely = len(group.nodes & set(tiling.homes))
            present, expected = present + lonely, expected + lonely
    for each in owing:
        is_there = stocks.stands(shown, tiling, each.unit, each.month)
        expected, present = expected + 1, present + is_there
        if not is_there:
            codes = {*each.lacking, *_never_kept(tiling, each.unit, tiling.stocks)}
            left_out |= {(each.unit, (year, each.month), code) for code in codes}
    return Completeness(present, expected, frozenset(left_out))


def _exists(tiling: Tiling, group: stocks.Group) -> bool:
    return any(tiling.exists((node, month)) for node in group.nodes for month in tiling.months)


def _lacking(tiling: Tiling, unit: str, month: int) -> set[str]:
    """What the unit's month lacked: what it was to give, or what nobody near it keeps at all."""
    tile = tiling.tile_of[tiling.node(unit), month]
    near = [each for cell in tile if cell[1] == month for each in tiling.units_of(cell)]
    found = _never_kept(tiling, unit, tiling.stocks)
    for source in tiling.flows:
        if _is_known(tiling, source, tile, near, month):
            continue
        asked = [tiling.unit] if counted_once(tiling.units, source) else near
        owing = {each for leaf in leaves(source) for each in tiling.owing(leaf, asked, month)}
        if unit in owing:
            found |= {
                leaf.code
                for leaf in leaves(source)
                if tiling.owes(leaf, unit, month) and not tiling.covering(tiling.used(leaf), unit, month)
            }
        elif not owing or tiling.stands_without(source, tiling.used(source), unit, month):
            found |= {leaf.code for leaf in leaves(_first_option(source))}
    return found


def _is_known(tiling: Tiling, source: Source, tile: Tile, near: list[str], month: int) -> bool:
    options = source.options if isinstance(source, Choice) else (source,)
    if isinstance(source, Choice) and not tiling.choices.is_whole(source, tile):
        options = (source,)
    return any(
        all(tiling.in_month(part, tiling.used(part), near, month).known for part in _parts(option))
        for option in options
    )


def _parts(option: Source) -> list[Source]:
    return [option] if isinstance(option, Choice) else list(leaves(option))


def _first_option(source: Source) -> Source:
    return source.options[0] if isinstance(source, Choice) else source


def _never_kept(tiling: Tiling, unit: str, sources: list[Source]) -> set[str]:
    """Of a unit outside homes: what is kept nowhere in it, so that its figures have nothing to stand with."""
    if tiling.node(unit) in tiling.homes or tiling.is_above_homes(unit):
        return set()
    reach = tiling.units.world.within(unit)
    return {
        leaf.code
        for source in sources
        if not any(tiling.units.keeps(each, leaf) for each in reach for leaf in leaves(source))
        for leaf in leaves(_first_option(source))
    }
