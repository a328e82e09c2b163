"""Small hospitals written down by hand: facts by text, answers by text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indicators.engine.compute import Flag, FormulaVersion, IndicatorRule, Reason, Result, compute_indicator
from indicators.engine.derived import follow
from indicators.engine.facts import ElementRule, Facts
from indicators.engine.grid import Grid, days_between, last_days
from indicators.engine.keeping import Keepers
from indicators.formula import parse
from indicators.periods import Period

RULES = {
    "patient_days": ElementRule("patient_days"),
    "discharges": ElementRule("discharges"),
    "deaths": ElementRule("deaths"),
    "revenue": ElementRule("revenue"),
    "revenue_realised": ElementRule("revenue_realised"),
    "clinic_days": ElementRule("clinic_days", over_units="none"),
    "visits": ElementRule("visits"),
    "beds": ElementRule("beds", over_time="last"),
    "assets": ElementRule("assets", over_time="last"),
    "debts": ElementRule("debts", over_time="last"),
    "nurses": ElementRule("nurses", over_time="mean"),
    "bed_days": ElementRule("bed_days", derived=parse("beds * days")),
    "result": ElementRule("result", over_time="last", over_units="none"),
}
BOR = "100 * patient_days / bed_days"

#: By unit: by element: by period, a number, "NA" or "NC". "2009-01..12" stands for every month.
Report = Mapping[str, Mapping[str, Mapping[str, float | str]]]


@dataclass(frozen=True)
class Found:
    """The answer for one unit and period."""

    value: float | None
    reason: Reason
    missing: tuple[str, ...]
    present: int
    expected: int
    flags: Flag
    alternative: int
    days: float
    left_out: set[tuple[str, int, int, str]]


class Computed:
    """An indicator of a small hospital; `computed["ward", "2009-01"]` is its answer there."""

    def __init__(self, result: Result, units: list[str], years: range, codes: tuple[str, ...]) -> None:
        self.result, self.units, self.years, self.codes = result, units, years, codes

    def __getitem__(self, where: tuple[str, str]) -> Found:
        unit, text = where
        period = Period.parse(text)
        cell = self.units.index(unit), self.years.index(period.year), period.slot
        value = float(self.result.value[cell])
        missing = int(self.result.missing[cell])
        return Found(
            value=None if np.isnan(value) else value,
            reason=Reason(int(self.result.reason[cell])),
            missing=tuple(code for bit, code in enumerate(self.codes) if missing >> bit & 1),
            present=int(self.result.present[cell]),
            expected=int(self.result.expected[cell]),
            flags=Flag(int(self.result.flags[cell])),
            alternative=int(self.result.alternative[cell]),
            days=float(self.result.days[cell]),
            left_out=self._left_out(cell),
        )

    def _left_out(self, cell: tuple[int, int, int]) -> set[tuple[str, int, int, str]]:
        """Unit, first and last month, and the element that lacks."""
        return {
            (self.units[part], first + 1, last + 1, code)
            for unit, year, slot, part, first, last, bits in zip(*self.result.left_out, strict=True)
            if (unit, year, slot) == cell
            for bit, code in enumerate(self.codes)
            if bits >> bit & 1
        }


def compute(
    formula: str,
    report: Report,
    *,
    tree: Mapping[str, str] | None = None,
    opened: Mapping[str, str] | None = None,
    closed: Mapping[str, str] | None = None,
    today: dt.date = dt.date(2010, 6, 15),
    years: range = range(2007, 2010),
) -> Computed:
    """Compute `formula`; `tree` gives the parent of each unit below the root "hospital".

    `opened` and `closed` give the first and last month in which a unit works.
    """
    units = ["hospital", *(tree or {})]
    parents = (-1, *(units.index(parent) for parent in (tree or {}).values()))
    days = {unit: days_between(_first_day(opened, unit), _last_day(closed, unit), years) for unit in units}
    grid = Grid(years, parents, np.stack(list(days.values())), today.replace(day=1), last_days(years))
    facts, keepers = _facts(report, units, grid)
    parsed = parse(formula)
    rule = IndicatorRule("indicator", (FormulaVersion(parsed),), as_reported="result")
    return Computed(compute_indicator(rule, facts, keepers), units, years, parsed.codes)


def _first_day(opened: Mapping[str, str] | None, unit: str) -> dt.date | None:
    return _day(opened[unit], first=True) if opened and unit in opened else None


def _last_day(closed: Mapping[str, str] | None, unit: str) -> dt.date | None:
    return _day(closed[unit], first=False) if closed and unit in closed else None


def _day(text: str, *, first: bool) -> dt.date:
    """A day, or the first or last of a month."""
    if text.count("-") == 2:
        return dt.date.fromisoformat(text)
    return Period.parse(text).start if first else Period.parse(text).end


def _facts(report: Report, units: list[str], grid: Grid) -> tuple[dict[str, Facts], Keepers]:
    facts = {code: Facts.empty(grid) for code in RULES}
    for unit, elements in report.items():
        for code, figures in elements.items():
            found = facts[code]
            for text, figure in figures.items():
                for period in _periods(text):
                    cell = units.index(unit), grid.years.index(period.year), period.slot
                    if figure == "NA":
                        found.not_applicable[cell] = True
                    elif figure == "NC":
                        found.not_collected[cell] = True
                    else:
                        found.has[cell], found.value[cell] = True, figure
    for found in facts.values():
        found.while_open(grid)
    keepers = Keepers(RULES, facts, grid)
    following = [code for code, rule in RULES.items() if rule.follows]
    follow(following, facts, keepers)
    return facts, keepers


def _periods(text: str) -> list[Period]:
    if ".." not in text:
        return [Period.parse(text)]
    first, last = text.split("..")
    start = Period.parse(first)
    return [Period.month(start.year, month) for month in range(start.first_month, int(last) + 1)]
