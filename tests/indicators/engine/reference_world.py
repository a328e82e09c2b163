"""A hospital as the reference sees it: units, elements and facts in dicts, one cell at a time.

Slow and obvious, and written from the rules of the arithmetic alone, so that it can check the engine. Months
are numbers 1 to 12 inside a year; a span is (first month, last month), both included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

#: What may stand in the place of a number: it does not apply here, it was not collected.
NA, NC = "NA", "NC"

Span = tuple[int, int]
Value = float | str


@dataclass(frozen=True)
class Element:
    """How a data element adds up; `derived` is a formula of other elements of the same unit and month."""

    code: str
    over_time: str = "sum"
    over_units: str = "sum"
    derived: str | None = None
    parts: tuple[str, ...] = ()


@dataclass
class World:
    """One hospital. `duties` is None, or by form: code → unit → [(first (year, month), last or None)]."""

    parents: dict[str, str | None]
    elements: dict[str, Element]
    facts: dict[tuple[str, str, int, Span], Value]
    opened_on: dict[str, dt.date] = field(default_factory=dict)
    closed_on: dict[str, dt.date] = field(default_factory=dict)
    duties: dict[str, dict[str, list]] | None = None
    today: dt.date = dt.date(2030, 1, 1)
    memory: dict = field(default_factory=dict, repr=False, compare=False)

    def above(self, unit: str) -> list[str]:
        """The units above it, the nearest first."""
        parent = self.parents[unit]
        return [] if parent is None else [parent, *self.above(parent)]

    def within(self, unit: str) -> list[str]:
        """The unit and those below it, upper ones first."""
        key = ("within", unit)
        if key not in self.memory:
            found = [unit]
            for each in found:
                found.extend(child for child, parent in self.parents.items() if parent == each)
            self.memory[key] = found
        return self.memory[key]

    def open_days(self, unit: str, year: int, month: int) -> frozenset[dt.date]:
        """The days of the month on which the unit was open; `closed_on` is its last day."""
        first, last = self.opened_on.get(unit), self.closed_on.get(unit)
        return frozenset(
            day
            for day in days_of(year, month)
            if (first is None or first <= day) and (last is None or day <= last)
        )

    def is_open(self, unit: str, year: int, month: int) -> bool:
        key = ("open", unit, year, month)
        if key not in self.memory:
            self.memory[key] = bool(self.open_days(unit, year, month))
        return self.memory[key]

    def is_past(self, year: int, month: int) -> bool:
        """Rule 4: something is expected up to the month before today."""
        return (year, month) < (self.today.year, self.today.month)

    def gave(self, unit: str, code: str, years: Iterable[int], before: tuple[int, int] = (9999, 1)) -> bool:
        """Whether it gave anything for it, a number or the reason there is none, while it was open, for a
        time that begins before the month `before`."""
        return any(
            self.is_open(unit, year, month)
            for year, facts in self.facts_of(unit, code).items()
            if year in years
            for span in facts
            if (year, span[0]) < before
            for month in months_of(span)
        )

    def facts_of(self, unit: str, code: str) -> dict[int, dict[Span, Value]]:
        """Its facts of one element by year and span."""
        if "facts" not in self.memory:
            index = self.memory["facts"] = {}
            for (who, what, year, span), value in self.facts.items():
                index.setdefault((who, what), {}).setdefault(year, {})[span] = value
        return self.memory["facts"].get((unit, code), {})


@lru_cache(maxsize=2000)
def days_of(year: int, month: int) -> tuple[dt.date, ...]:
    day, found = dt.date(year, month, 1), []
    while day.month == month:
        found.append(day)
        day += dt.timedelta(days=1)
    return tuple(found)


def months_of(span: Span) -> range:
    return range(span[0], span[1] + 1)


def holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


@dataclass(frozen=True)
class Piece:
    """What a unit says of an element: it cannot be cut, and speaks in periods that hold all of `told_for`.

    A flow has one piece a fact. A level has one for each open month of its fact, because it may be cut
    (rule 10). A stock has one, in the last month of its fact.
    """

    unit: str
    span: Span
    value: Value
    told_for: Span
    #: Of what is not collected: whether somebody said so.
    is_said: bool = True

    @property
    def months(self) -> range:
        return months_of(self.span)


def pieces_of_fact(
    world: World, unit: str, year: int, span: Span, value: Value, over_time: str
) -> list[Piece]:
    """The pieces of one fact, in the months in which the unit is open."""
    is_open = [month for month in months_of(span) if world.is_open(unit, year, month)]
    if over_time == "mean":
        return [Piece(unit, (month, month), value, span) for month in is_open]
    if over_time == "last":
        return [Piece(unit, (span[1], span[1]), value, span)] if span[1] in is_open else []
    return [Piece(unit, span, value, span)] if is_open else []


def months_win(pieces: list[Piece], over_time: str) -> list[Piece]:
    """Rule 1, at one unit: what is told for a longer span is used while nothing is told inside it.

    "Not applicable" answers for its own months only and leaves the longer figure alone.
    """

    def inside(shorter: Piece, longer: Piece) -> bool:
        return holds(longer.told_for, shorter.told_for) and longer.told_for != shorter.told_for

    kept = [one for one in pieces if not any(each.value != NA and inside(each, one) for each in pieces)]
    if over_time == "sum":
        return kept
    # A level may be cut: the month that does not apply is cut out of it. A longer stock is its last month's.
    return [one for one in kept if not any(inside(each, one) and each.span == one.span for each in kept)]
