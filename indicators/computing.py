"""From stored data values to indicator values: what to compute, and computing it.

Called by the scorecard's recomputation; nothing here decides when, or writes anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from hospitals.models import Hospital
from hospitals.tree import UnitTree
from indicators.agreements.marking import mark_contradictions, with_agreeing
from indicators.begins import first_day
from indicators.bulk import in_list
from indicators.catalogue import Catalogue
from indicators.engine.compute import IndicatorRule, Reason, Result, compute_indicator
from indicators.engine.grid import Grid, days_between, last_days
from indicators.engine.in_force import by_decimals
from indicators.engine.scoring import Judged, RangeSources, judge
from indicators.engine.slots import CONTAINS, codes_of_slots
from indicators.marks import Change
from indicators.models import JudgedUnder
from indicators.periods import SLOTS, Period, PeriodKind
from indicators.reading import Given, read_given


@dataclass(frozen=True, eq=False)
class Scope:
    """What to recompute: indicator codes, unit positions, and slots as bool [year, 19] of `years`."""

    years: range
    indicators: Sequence[str]
    units: np.ndarray
    slots: np.ndarray
    whole: bool

    @property
    def period_codes(self) -> np.ndarray:
        return codes_of_slots(self.years)[self.slots]


def scope_of_everything(years: range, catalogue: Catalogue) -> Scope:
    return Scope(
        years=years,
        indicators=list(catalogue.indicator_rules),
        units=np.arange(len(catalogue.tree.units)),
        slots=np.ones((len(years), SLOTS), bool),
        whole=True,
    )


def scope_of_changes(changes: Iterable[Change], years: range, catalogue: Catalogue) -> Scope:
    """What depends on `changes`, and nothing else: the indicators using the elements, the units and
    their parents, the periods that contain those that changed, and the same a year later for growth.

    A change of a whole year may begin or end that the unit keeps the element: that concerns all of the
    year, and the year after those that look back to it.

    `years` are the years the hospital has values for; every change must lie inside.
    """
    changes = list(changes)
    codes = {element.pk: code for code, element in catalogue.elements.items()}
    tree = catalogue.tree
    position = tree.index_of()
    slots = np.zeros((len(years), SLOTS), bool)
    units: set[int] = set()
    elements: set[str] = set()
    for change in changes:
        if change.element_id is not None and change.element_id in codes:
            elements.add(codes[change.element_id])
        if change.unit_id is None:
            units.update(range(len(tree.units)))
        elif change.unit_id in position:
            units.update(tree.path(position[change.unit_id]))
    whole = any(change.element_id is None for change in changes)
    touched = list(catalogue.indicator_rules) if whole else catalogue.indicators_using(elements)
    indicators = with_agreeing(touched, catalogue)
    reach = max((catalogue.indicator_rules[code].years_back for code in indicators), default=0)
    for change in changes:
        if change.period is None:
            slots[:] = True
            continue
        of_year = change.period.kind is PeriodKind.YEAR
        for later in range(reach + 1 + of_year):
            year = change.period.year - years.start + later
            if year < len(years):
                slots[year] |= True if of_year else CONTAINS[:, change.period.slot]
    return Scope(years, indicators, np.array(sorted(units), int), slots, whole=False)


@dataclass(eq=False)
class Computed:
    """Results by indicator code, arrays [unit, year, 19] over all units and the years of the scope.

    `approved`: the same from approved numbers alone, for those years and indicators that others
    enter into as well; None when all numbers are approved.
    """

    scope: Scope
    catalogue: Catalogue
    judged_on: np.ndarray
    results: dict[str, Result]
    judged: dict[str, Judged]
    approved: Computed | None = None

    @property
    def tree(self) -> UnitTree:
        return self.catalogue.tree

    @cached_property
    def cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For every cell [unit, year, 19]: whether the scope asks for it, its unit id, its period."""
        unit_ids = np.array([unit.pk for unit in self.tree.units], np.int64)
        asked = np.zeros((len(unit_ids), *self.scope.slots.shape), bool)
        asked[self.scope.units] = self.scope.slots
        units = np.broadcast_to(unit_ids[:, None, None], asked.shape)
        return asked, units, np.broadcast_to(codes_of_slots(self.scope.years), asked.shape)

    def stored_where(self) -> str:
        """SQL for the stored rows that the scope replaces: all of the hospital's when it is whole."""
        units = range(len(self.tree.units)) if self.scope.whole else self.scope.units.tolist()
        where = in_list("unit_id", [self.tree.units[unit].pk for unit in units])
        if self.scope.whole:
            return where
        return f"{where} AND {in_list('period', self.scope.period_codes.tolist())}"


def judged_on(hospital: Hospital, years: range) -> np.ndarray:
    """The day whose definitions judge each period: datetime64 [year, 19].

    It is the last day of the period, unless somebody ordered the year to be judged under another's.
    """
    days = last_days(years)
    for order in JudgedUnder.objects.filter(hospital=hospital).order_by("ordered_at", "pk"):
        if order.year in years:
            days[years.index(order.year)] = np.datetime64(order.definitions_of)
    return days


def compute(
    hospital: Hospital,
    scope: Scope,
    catalogue: Catalogue,
    today: dt.date,
    *,
    through: Period | None = None,
) -> Computed:
    """Compute the indicators of `scope` and judge them. Reads what they need, writes nothing.

    `through`: the last month whose numbers are read; None: all.
    """
    tree = catalogue.tree
    rules = {code: catalogue.indicator_rules[code] for code in scope.indicators}
    # One year more than the formulas look back: who gave a number in it still owes it.
    margin = max((rule.years_back for rule in rules.values()), default=0) + 1
    touched = np.flatnonzero(scope.slots.any(axis=1))
    first, last = (touched[0], touched[-1]) if len(touched) else (0, -1)
    years = range(scope.years.start + int(first) - margin, scope.years.start + int(last) + 1)
    slots = scope.slots[first : last + 1]
    grid = Grid(
        years=years,
        parents=tree.parents,
        open_days=_open_days(tree, years, hospital.begins_on),
        due_before=today.replace(day=1),
        judged_on=judged_on(hospital, years),
        worked_days=_open_days(tree, years) if hospital.begins_on else None,
        slots_asked=np.concatenate([np.zeros((margin, SLOTS), bool), slots]),
    )
    codes = {code for rule in rules.values() for code in rule.codes}
    given = read_given(catalogue, grid, codes, all_years=scope.whole, through=through)
    everything = _Pass(given, grid, slots, scope, rules, margin)
    computed = everything.run(approved=False)
    if (waiting := given.waiting_years) is not None:
        # A number that is not approved changes its own year and those that compare themselves with it.
        begin = max(0, waiting[0] - computed.scope.years.start)
        end = min(len(computed.scope.years), waiting[1] + margin + 1 - computed.scope.years.start)
        touched_by_them = with_agreeing(catalogue.indicators_using(given.waiting_codes), catalogue)
        fewer = {code: rules[code] for code in touched_by_them if code in rules}
        if begin < end and fewer:
            only = everything.narrowed(begin, end, fewer).run(approved=True)
            _name_what_waits(only, computed)
            computed.approved = only
    return computed


@dataclass(frozen=True, eq=False)
class _Pass:
    """One computation: of `rules` over `grid`, whose first `margin` years are only looked back at."""

    given: Given
    grid: Grid
    slots: np.ndarray
    scope: Scope
    rules: Mapping[str, IndicatorRule]
    margin: int

    def narrowed(self, begin: int, end: int, rules: Mapping[str, IndicatorRule]) -> _Pass:
        """Of fewer indicators and years: of those that count, numbers `begin` to `end`."""
        years = slice(begin, end + self.margin)
        grid = Grid(
            years=self.grid.years[years],
            parents=self.grid.parents,
            open_days=self.grid.open_days[:, years],
            due_before=self.grid.due_before,
            judged_on=self.grid.judged_on[years],
            worked_days=None if self.grid.worked_days is None else self.grid.worked_days[:, years],
            slots_asked=self.grid.asked_slots[years],
        )
        return _Pass(self.given, grid, self.slots[begin:end], self.scope, rules, self.margin)

    def run(self, *, approved: bool) -> Computed:
        catalogue, grid, wanted = self.given.catalogue, self.grid, slice(self.margin, None)
        codes = {code for rule in self.rules.values() for code in rule.codes}
        facts, keepers = self.given.facts(grid, codes, approved=approved)
        results, judged = {}, {}
        for code, rule in self.rules.items():
            result = compute_indicator(rule, facts, keepers)
            if not (in_force := catalogue.in_force(code, grid.judged_on)).all():
                result.leave_out(~in_force)
            verdict = by_decimals(
                catalogue.former_decimals.get(code, ()),
                catalogue.indicators[code].decimals,
                grid.judged_on,
                partial(_judged, result, catalogue.ranges[code], grid),
            )
            results[code] = result.of_years(wanted)
            judged[code] = Judged(*(array[:, wanted] for array in verdict))
        mark_contradictions(results, judged, self.given, grid.years[wanted], grid.judged_on[wanted])
        scope = Scope(grid.years[wanted], list(self.rules), self.scope.units, self.slots, self.scope.whole)
        return Computed(scope, catalogue, grid.judged_on[wanted], results, judged)


def _judged(result: Result, sources: RangeSources, grid: Grid, decimals: int) -> Judged:
    return judge(result.value, decimals, sources, grid, result.days)


def _name_what_waits(approved: Computed, everything: Computed) -> None:
    """Say of gaps that come from numbers that were reported, and only wait for approval, that they do."""
    years = part_of_years(everything, approved)
    for code, result in approved.results.items():
        also_missing = everything.results[code].missing[:, years]
        lacks = np.isin(result.reason, (Reason.MISSING, Reason.NOT_TOGETHER))
        waits = lacks & ((result.missing & ~also_missing) != 0)
        result.reason = np.where(waits, Reason.NOT_APPROVED, result.reason)


def part_of_years(whole: Computed, part: Computed) -> slice:
    """Where the years of `part` lie in those of `whole`."""
    begin = part.scope.years.start - whole.scope.years.start
    return slice(begin, begin + len(part.scope.years))


def _open_days(tree: UnitTree, years: range, figures_from: dt.date | None = None) -> np.ndarray:
    """Days on which each unit worked, and on which there are figures: int32 [unit, year, 12]. No unit
    works before its hospital does."""
    begins = first_day(figures_from, tree.units[0].opened_on) if tree.units else None
    found = [days_between(first_day(begins, unit.opened_on), unit.closed_on, years) for unit in tree.units]
    return np.stack(found) if found else np.zeros((0, len(years), 12), np.int32)
