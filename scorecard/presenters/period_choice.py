"""The choice of a period: its length, which one, and the one before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from indicators.period_names import KINDS, period_name
from indicators.periods import Period


class Choice(NamedTuple):
    """`value` as it stands in the address; None: there is nothing to choose."""

    text: str
    value: str | None
    chosen: bool = False


@dataclass(frozen=True)
class PeriodChoice:
    """`kinds`: lengths of period. `groups`: the periods of the chosen length by year, latest first."""

    kinds: tuple[Choice, ...]
    groups: tuple[tuple[int, tuple[Choice, ...]], ...]
    earlier: Choice | None
    later: Choice | None


def period_choice(period: Period, available: Sequence[Period]) -> PeriodChoice:
    """What can be chosen beside `period`; it is offered itself even if it is not `available`."""
    kinds = []
    for kind, name in KINDS.items():
        of_kind = [p for p in available if p.kind is kind]
        nearest = period if kind is period.kind else _nearest(period, of_kind)
        kinds.append(Choice(str(name), str(nearest) if nearest else None, kind is period.kind))
    same = sorted({p for p in available if p.kind is period.kind} | {period})
    position = same.index(period)
    groups = tuple(
        (year, tuple(_choice(p, p == period) for p in group))
        for year, group in groupby(reversed(same), key=lambda p: p.year)
    )
    return PeriodChoice(
        kinds=tuple(kinds),
        groups=groups,
        earlier=_choice(same[position - 1]) if position else None,
        later=_choice(same[position + 1]) if position + 1 < len(same) else None,
    )


def _choice(period: Period, chosen: bool = False) -> Choice:
    return Choice(period_name(period), str(period), chosen)


def _nearest(period: Period, candidates: Sequence[Period]) -> Period | None:
    """The one around `period`, else the last inside or before it, else the first of all."""
    around = [p for p in candidates if p.contains(period)]
    before = [p for p in sorted(candidates) if p.end <= period.end]
    return next(iter(around or before[-1:] or sorted(candidates)), None)
