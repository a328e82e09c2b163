"""Facts that follow from others at one unit, before anything is added up: totals of their parts, and
elements derived from others, such as bed-days from beds.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.engine.facts import ElementRule, Facts
from indicators.engine.grid import CONTAINS_SHORTER, LEVELS, MONTH_IN_SLOT, MONTHS, Grid, any_in
from indicators.engine.keeping import Keepers
from indicators.engine.slots import CONTAINS
from indicators.engine.standing import LAST, PER_DAY, SUM, Manner, Standing
from indicators.formula import Input, plain_formulas_of
from indicators.formula.evaluate import evaluate
from indicators.periods import SLOTS


def follow(codes: list[str], facts: dict[str, Facts], keepers: Keepers) -> None:
    """Put into `facts` what follows for the elements `codes`: totals first, then what is derived."""
    rules, grid = keepers.rules, keepers.grid
    for code in sorted(codes, key=lambda c: _depth(c, rules)):
        rule = rules[code]
        if rule.parts:
            facts[code] = total(rule, facts, keepers)
        elif rule.derived is not None:
            facts[code] = derive(rule, rules, facts, grid)


def _depth(code: str, rules: Mapping[str, ElementRule]) -> tuple[int, str]:
    """What follows from others comes after them."""
    rule = rules[code]
    below = rule.parts or (rule.derived.codes if rule.derived is not None else ())
    return max((_depth(c, rules)[0] + 1 for c in below), default=0), code


def total(rule: ElementRule, facts: Mapping[str, Facts], keepers: Keepers) -> Facts:
    """The sum of the parts that a unit keeps, once all of them are known; a total that was typed stands.

    Some parts above are no total of what units below keep too: there it is unknown, and nothing below stands
    for it, since nobody knows what the one holds of the other. A longer period follows where one of the parts
    was given for exactly that period. Of a year in which the unit typed the total itself nothing follows for
    periods in which no form of it asks for the parts.
    """
    rules, grid, owes = keepers.rules, keepers.grid, keepers.owed
    entered = facts.get(rule.code) or Facts.empty(grid)
    complete = np.ones(grid.shape, bool)
    given_here, number, refused, refused_inside, untold = (np.zeros(grid.shape, bool) for _each in range(5))
    whole: dict[str, np.ndarray] = {}
    value, by_form = np.zeros(grid.shape), np.zeros(grid.open_days.shape, bool)
    for code in rule.parts:
        part = facts.get(code) or Facts.empty(grid)
        if part.asked is not None:
            by_form |= part.asked.kept
        if not part.gave.any() and not owes(code).any():
            continue
        manner, due = rules[code].manner, owes(code) & grid.open_months
        given_here |= part.answered
        # What the unit is not asked for and says not to be collected does not hold up the total.
        not_collected = part.not_collected & any_in(due, MONTH_IN_SLOT.T)
        inside = any_in(not_collected, CONTAINS)
        refused |= not_collected
        refused_inside |= inside
        complete &= ~inside
        if manner is SUM and part.has_longer.any():
            # A longer figure of one part cannot be cut: there is no total of what lies inside it.
            complete &= ~any_in(part.used, CONTAINS_SHORTER.T)
        # Where nothing is longer than a month the months say the same to every period.
        levels = (slice(0, SLOTS),) if part.is_monthly else LEVELS
        for level, slots in enumerate(levels):
            stands, months = part.standing(manner, level, grid), MONTH_IN_SLOT[:, slots]
            silent = due & ~stands.answered
            complete[..., slots] &= ~any_in(silent, months.T)
            whole.setdefault(code, np.zeros(grid.shape, bool))[..., slots] = ~any_in(
                grid.open_months & ~stands.answered, months.T
            )
            untold[..., slots] |= any_in(silent & ~part.refused(level, manner), months.T)
            number[..., slots] |= any_in(stands.number, months.T)
            value[..., slots] += _over_months(stands, manner, months)
    # Parts that nobody asks for may be some of many: they make no second total beside the unit's own.
    is_own = entered.gave[..., None] & any_in(grid.open_months & ~by_form, CONTAINS[:, MONTHS])
    is_free = given_here & ~is_own
    below, short = _shared_below(rule, whole, entered, keepers, is_free & number)
    partly = is_free & number & below & (short | ~complete)
    follows = complete & is_free & ~partly
    refused |= refused_inside & given_here
    refused &= ~follows & ~untold & ~is_own
    result = _beside(
        entered,
        value=value,
        has=follows & number,
        not_applicable=follows & ~number,
        not_collected=refused | partly,
    )
    result.partly = result.not_collected & partly & ~refused & ~entered.not_collected
    return result


def _shared_below(
    rule: ElementRule,
    whole: Mapping[str, np.ndarray],
    entered: Facts,
    keepers: Keepers,
    where: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Each bool [unit, year, 19]: units below keep the total or a part of it too; and the unit gives less
    than they keep, of a total of theirs all parts. `whole` says by part where the unit told all of a period.
    A form that asks the unit for the total says which parts make it."""
    grid = keepers.grid
    below, short = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    if not any(where[unit].any() for unit, _children in grid.inner):
        return below, short
    of_total = any_in(keepers.owed_below(rule.code, itself=True), MONTH_IN_SLOT.T)
    below |= of_total
    for code in rule.parts:
        of_part = any_in(keepers.owed_below(code), MONTH_IN_SLOT.T)
        below |= of_part
        short |= (of_total | of_part) & ~whole.get(code, np.zeros(grid.shape, bool))
    if entered.asked is not None:
        short &= any_in(grid.open_months & ~entered.asked.kept, MONTH_IN_SLOT.T)
    return below, short


def derive(
    rule: ElementRule, rules: Mapping[str, ElementRule], facts: Mapping[str, Facts], grid: Grid
) -> Facts:
    """A derived element per unit and month, and per longer period where one of what it is derived from
    was given for exactly that period and the others are known in all of it: beds of the year × days of
    the year on which the unit was open. A figure entered for the element itself stands.
    """
    if rule.derived is None:
        raise ValueError(f"{rule.code} is not derived")
    (plain, *others) = plain_formulas_of(rule.derived, lambda code: rules[code].kind)
    if others or plain.choices:
        raise ValueError(f"{rule.code}: first(…) belongs in indicators")
    found = {code: facts.get(code) or Facts.empty(grid) for code in rule.derived.codes}
    figures = {code: _own(f, rules[code].manner, grid) for code, f in found.items()}
    everywhere = np.ones(grid.shape, bool)
    complete = np.logical_and.reduce([f.number for f in figures.values()] or [everywhere])
    given_here = np.logical_or.reduce([f.has for f in found.values()] or [everywhere])
    outcome = evaluate(
        plain.tree,
        {Input(code): np.where(f.number, f.value, np.nan) for code, f in figures.items()},
        {0: grid.days_open @ MONTH_IN_SLOT},
        grid.shape,
    )
    has = complete & given_here & ~np.isnan(outcome.value)
    absent = np.logical_or.reduce([f.not_applicable for f in found.values()] or [~everywhere])
    absent &= np.logical_and.reduce([f.answered for f in figures.values()] or [everywhere])
    refused = np.logical_or.reduce([f.not_collected for f in found.values()] or [~everywhere])
    # Missing, and not refused, where something that it is derived from was not told at all.
    told = np.logical_and.reduce(
        [f.answered | found[code].not_collected for code, f in figures.items()] or [~has]
    )
    return _beside(
        facts.get(rule.code) or Facts.empty(grid),
        value=np.where(has, outcome.value, 0.0),
        has=has,
        not_applicable=absent & ~has,
        not_collected=refused & told & ~has & ~absent,
    )


def _beside(
    entered: Facts,
    *,
    value: np.ndarray,
    has: np.ndarray,
    not_applicable: np.ndarray,
    not_collected: np.ndarray,
) -> Facts:
    """What was entered, and beside it what follows; of a longer period only what no shorter one says."""
    result = Facts(
        value=entered.value.copy(),
        has=entered.has.copy(),
        not_applicable=entered.not_applicable.copy(),
        not_collected=entered.not_collected.copy(),
        gave=entered.gave,
        gave_unasked=entered.gave_unasked,
        asked=entered.asked,
    )
    for level in LEVELS:
        shorter = any_in(result.has, CONTAINS_SHORTER)[..., level]
        free = ~shorter & ~(result.has | result.not_applicable | entered.not_collected)[..., level]
        use = free & has[..., level]
        result.value[..., level][use] = value[..., level][use]
        result.has[..., level] |= use
        result.not_applicable[..., level] |= free & not_applicable[..., level]
    result.not_collected |= not_collected & ~(result.has | result.not_applicable)
    return result


class _Own:
    """A unit's own figure of every period, each [unit, year, 19]: `answered` in all its open months,
    `number` where at least one of them has a number too."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.value = np.zeros(shape)
        self.answered = np.zeros(shape, bool)
        self.number = np.zeros(shape, bool)


def _own(facts: Facts, manner: Manner, grid: Grid) -> _Own:
    result = _Own(grid.shape)
    for level, slots in enumerate(LEVELS):
        stands = facts.standing(manner, level, grid)
        months = MONTH_IN_SLOT[:, slots]
        silent = grid.open_months & ~stands.answered
        closed = ~any_in(grid.open_months, months.T)
        if manner is LAST:
            # The last month of the period says it.
            last = [int(np.flatnonzero(column)[-1]) for column in months.T]
            result.answered[..., slots] = stands.answered[..., last]
            result.number[..., slots] = stands.number[..., last]
        else:
            result.answered[..., slots] = ~any_in(silent, months.T) & ~closed
            result.number[..., slots] = any_in(stands.number, months.T) & result.answered[..., slots]
        result.value[..., slots] = _over_months(stands, manner, months)
    return result


def _over_months(stands: Standing, manner: Manner, months: np.ndarray) -> np.ndarray:
    """Of each slot, whose `months` are bool [12, slot]: the sum, the mean, or the last month's."""
    if manner is LAST:
        last = [int(np.flatnonzero(column)[-1]) for column in months.T]
        found: np.ndarray = stands.value[..., last]
        return found
    total: np.ndarray = stands.value @ months
    if manner in (SUM, PER_DAY):
        return total
    mean: np.ndarray = total / np.maximum(stands.number @ months.astype(float), 1.0)
    return mean
