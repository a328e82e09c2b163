"""The homes of a formula: the smallest units that keep all its inputs (rule 10)."""

from __future__ import annotations

from tests.indicators.engine.reference_formula import Choice, Source, Tree, leaves, sources
from tests.indicators.engine.reference_units import Units


def homes_of(units: Units, tree: Tree) -> list[str]:
    """The smallest units that keep all inputs, themselves or below them; options of a choice are one input.

    What is not added up over units is an input like others, but a unit's own: where the formula has any, each
    unit that keeps it, and the rest at or below it, is a home of its own.
    """
    world = units.world
    needed = sources(tree)

    def is_kept(source: Source, unit: str) -> bool:
        if isinstance(source, Choice):
            return any(all(is_kept(leaf, unit) for leaf in leaves(o)) for o in source.options)
        reach = [unit] if counted_once(units, source) else world.within(unit)
        return any(units.keeps(each, source) for each in reach)

    all_kept = [unit for unit in world.parents if all(is_kept(source, unit) for source in needed)]
    if any(counted_once(units, source) for source in needed):
        return all_kept
    return [unit for unit in all_kept if not any(unit in world.above(other) for other in all_kept)]


def counted_once(units: Units, source: Source) -> bool:
    """Whether it is looked up at the asked unit only."""
    return all(units.world.elements[leaf.code].over_units == "none" for leaf in leaves(source))


def over_time(units: Units, source: Source) -> str:
    kinds = {units.world.elements[leaf.code].over_time for leaf in leaves(source)}
    return kinds.pop() if len(kinds) == 1 else "sum"
