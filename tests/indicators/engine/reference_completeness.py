"""Completeness, and what was left out and why (rules 4 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.indicators.engine import reference_stocks as stocks
from tests.indicators.engine.reference_choices import Cell, Tile
from tests.indicators.engine.reference_formula import Choice, Source, Tree, leaves
from tests.indicators.engine.reference_homes import counted_once, over_time
from tests.indicators.engine.reference_tiles import Tiling
from tests.indicators.engine.reference_world import NC

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
            if (
                any(tiling.owes(each, unit, month) for each in flows)
                or any(tiling.owes_some(each, unit, month) for each in tiling.flows)
                # What was given without being owed, and does not count, is missing like what is owed.
                or (cell not in counted and _gives(tiling, flows, unit, month))
            ):
                expected += 1
                present += cell in counted
                seen.add(cell)
                if cell not in counted and units.world.is_past(year, month):
                    left_out |= {
                        (unit, (year, month), code) for code in _lacking(tiling, tiling.flows, unit, month)
                    }
    for tile in (*counting, *out):
        if not tile & seen:
            # What counts though nobody owes it is one of one, for each home and month.
            lonely = [cell for cell in tile if cell[0] in tiling.homes and tiling.exists(cell)]
            present, expected = present + len(lonely), expected + len(lonely)
    nodes = {node for tile in (*counting, *out) for node, _month in tile}
    shown = [each for each in groups if each.nodes & nodes] if tiling.flows else groups
    # Where nobody who keeps a flow was open in the period, nothing is expected of the stocks either.
    empty = {node for each in groups if tiling.flows and not _exists(tiling, each) for node in each.nodes}
    held = [each for each in asked if over_time(units, each) == "last"]
    owing = stocks.owed(tiling, held)
    owing += [
        each
        for each in stocks.due(tiling, held)
        if each not in owing
        and _gives(tiling, held, each.unit, each.month)
        and not stocks.stands(shown, tiling, each.unit, each.month)
    ]
    owing = [each for each in owing if tiling.node(each.unit) not in empty]
    for group in [each for each in shown if each.month is not None]:
        if not {tiling.node(each.unit) for each in owing} & group.nodes:
            lonely = len(group.nodes & set(tiling.homes))
            present, expected = present + lonely, expected + lonely
    for each in owing:
        is_there = stocks.stands(shown, tiling, each.unit, each.month)
        expected, present = expected + 1, present + is_there
        if not is_there:
            codes = _lacking(tiling, tiling.stocks, each.unit, each.month)
            left_out |= {(each.unit, (year, each.month), code) for code in codes}
    return Completeness(present, expected, frozenset(left_out))


def _gives(tiling: Tiling, sources: list[Source], unit: str, month: int) -> bool:
    """Whether it says something itself of one of them in a month in which it was open."""
    return any(
        piece.unit == unit and month in piece.months and piece.value != NC
        for source in sources
        if tiling.units.is_open(unit, source.years_ago, month)
        for piece in tiling.used_anyhow(source)
    )


def _exists(tiling: Tiling, group: stocks.Group) -> bool:
    return any(tiling.exists((node, month)) for node in group.nodes for month in tiling.months)


def _lacking(tiling: Tiling, sources: list[Source], unit: str, month: int) -> set[str]:
    """What the unit's month lacked: what it was to give itself, and what nobody in its home was."""
    node = tiling.node(unit)
    near, found = tiling.units_of((node, month)), set()
    for source in sources:
        if _is_known(tiling, source, node, month):
            continue
        asked = [tiling.unit] if counted_once(tiling.units, source) else near
        lacking = {
            each: _own(tiling, source, each, month) for each in asked if _lacks(tiling, source, each, month)
        }
        if unit in lacking:
            found |= lacking[unit]
        elif _nobody_has(tiling, source, asked, month) and not tiling.is_above_homes(unit):
            found |= {leaf.code for leaf in leaves(_options(source)[0])}
    return found


def _is_known(tiling: Tiling, source: Source, node: str, month: int) -> bool:
    if node not in tiling.homes:
        return not tiling.units.is_open(node, source.years_ago, month) or not _is_silent(
            tiling, source, node, month
        )
    if source in tiling.stocks:
        return stocks.in_month(tiling, source, [node], month).known
    near = tiling.units_of((node, month))
    if isinstance(source, Choice) and tiling.choices.is_whole(source, tiling.tile_of[node, month]):
        return any(
            all(tiling.in_month(leaf, tiling.used(leaf), near, month).known for leaf in leaves(option))
            for option in source.options
        )
    return tiling.in_month(source, tiling.used(source), near, month).known


def _is_silent(tiling: Tiling, source: Source, unit: str, month: int) -> bool:
    """Whether neither the unit nor one above has given it, and no unit below is to answer for it."""
    if _is_covered(tiling, source, unit, month):
        return False
    units = tiling.units
    if tiling.owes(source, unit, month) or tiling.owes_some(source, unit, month):
        return True
    return not any(
        units.is_open(each, source.years_ago, month) and units.owes(each, source, month)
        for each in units.world.within(unit)[1:]
    )


def _lacks(tiling: Tiling, source: Source, unit: str, month: int) -> bool:
    """Whether the unit was to give it, and neither it nor a unit above has."""
    return _owes(tiling, source, unit, month) and not _is_covered(tiling, source, unit, month)


def _nobody_has(tiling: Tiling, source: Source, units: list[str], month: int) -> bool:
    """Whether none of the units is to give it, and none has it from itself or from a unit above."""
    return not any(
        _owes(tiling, source, unit, month) or _is_covered(tiling, source, unit, month) for unit in units
    )


def _is_covered(tiling: Tiling, source: Source, unit: str, month: int) -> bool:
    """Whether it has it from itself or from a unit above; of a choice one option, in all years alike."""
    if isinstance(source, Choice):
        is_open = tiling.units.is_open(unit, source.years_ago, month)
        return is_open and tiling.choices.place_of(source, unit, month) is not None
    return tiling.is_covered(source, tiling.used(source), unit, month)


def _owes(tiling: Tiling, source: Source, unit: str, month: int) -> bool:
    return tiling.owes(source, unit, month) or tiling.owes_some(source, unit, month)


def _own(tiling: Tiling, source: Source, unit: str, month: int) -> set[str]:
    """What is not there of the first option that the unit owes; of who owes something of one only, of the
    first."""
    options = _options(source)
    owed = [o for o in options if all(tiling.units.owes(unit, leaf, month) for leaf in leaves(o))]
    used = {leaf: tiling.used(leaf) for leaf in leaves((owed or options)[0])}
    return {leaf.code for leaf in used if not tiling.covering(used[leaf], unit, month)}


def _options(source: Source) -> tuple[Tree, ...]:
    return source.options if isinstance(source, Choice) else (source,)
