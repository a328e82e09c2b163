"""Indicators of one unit and month while its form is being filled in: the engine itself, on what is
saved so far. The scores of the hospital follow by themselves; these figures are not stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from hospitals.models import Unit
from hospitals.tree import UnitTree
from indicators.catalogue import Catalogue
from indicators.computing import Scope, compute
from indicators.engine.compute import IndicatorRule
from indicators.formula import alternatives_of
from indicators.models import Indicator
from indicators.periods import SLOTS, Period


@dataclass(frozen=True)
class LiveIndicator:
    """`low` and `high` bound the ideal range; `is_ideal` None where nothing is judged."""

    indicator: Indicator
    value: float | None
    low: float | None
    high: float | None
    is_ideal: bool | None


def live_indicators(
    *, unit: Unit, period: Period, codes: Collection[str], today: dt.date
) -> list[LiveIndicator]:
    """The indicators that a form with the elements `codes` is enough for."""
    tree, index = _branch(unit)
    catalogue = Catalogue.of(unit.hospital, tree)
    wanted = [code for code, rule in catalogue.indicator_rules.items() if _enough(rule, codes, catalogue)]
    if not wanted:
        return []
    slots = np.zeros((1, SLOTS), bool)
    slots[0, period.slot] = True
    scope = Scope(range(period.year, period.year + 1), wanted, np.array([index]), slots, whole=False)
    computed = compute(unit.hospital, scope, catalogue, today)
    found = []
    for code in wanted:
        cell = (index, 0, period.slot)
        judged = computed.judged[code]
        score = _known(judged.score[cell])
        found.append(
            LiveIndicator(
                indicator=catalogue.indicators[code],
                value=_known(computed.results[code].value[cell]),
                low=_known(judged.range_low[cell]),
                high=_known(judged.range_high[cell]),
                is_ideal=None if score is None else score >= 100,
            )
        )
    return found


def _branch(unit: Unit) -> tuple[UnitTree, int]:
    """The unit with its parents, whose ranges it inherits, and what is below it; and its position."""
    whole = UnitTree.of(unit.hospital)
    index = whole.index_of()[unit.pk]
    kept = sorted({*whole.path(index), *whole.below(index)})
    position = {old: new for new, old in enumerate(kept)}
    tree = UnitTree(
        tuple(whole.units[i] for i in kept),
        tuple(position.get(whole.parents[i], -1) for i in kept),
        tuple(whole.depths[i] for i in kept),
    )
    return tree, position[index]


def _enough(rule: IndicatorRule, codes: Collection[str], catalogue: Catalogue) -> bool:
    """Whether one way of computing the indicator needs nothing but `codes`."""
    for version in rule.versions:
        for alternative in alternatives_of(version.formula):
            raw = {code for code in alternative.codes if catalogue.rules[code].derived is None}
            for code in set(alternative.codes) - raw:
                raw |= catalogue.with_sources([code]) - {code}
            if raw <= set(codes):
                return True
    return False


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
