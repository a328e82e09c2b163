"""On which days the ranges of one standard speak, and on which the one that it extends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indicators.engine.scoring import RangeRule

#: From a day on until before another; None: for good.
Days = tuple[dt.date, dt.date | None]


def silent(ranges: Sequence[RangeRule]) -> list[Days]:
    """The days on which none of `ranges` holds."""
    found: list[Days] = []
    spoken = dt.date.min
    for rule in sorted(ranges, key=lambda r: r.valid_from):
        if spoken < rule.valid_from:
            found.append((spoken, rule.valid_from))
        if rule.valid_until is None:
            return found
        spoken = max(spoken, rule.valid_until)
    return [*found, (spoken, None)]


def within(ranges: Iterable[RangeRule], first: dt.date, last: dt.date | None) -> list[RangeRule]:
    """`ranges` as far as they hold from `first` until before `last`."""
    found = []
    for rule in ranges:
        begins = max(rule.valid_from, first)
        ends = min((day for day in (rule.valid_until, last) if day is not None), default=None)
        if ends is None or begins < ends:
            found.append(replace(rule, valid_from=begins, valid_until=ends))
    return found
