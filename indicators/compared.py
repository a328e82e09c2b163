"""An indicator against the same period a year before: better, the same or worse."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.engine.rounding import as_shown
from indicators.engine.scoring import distance_outside
from indicators.models import Direction, Indicator


class Compared(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


#: Of two values that are not the same none is better where, for example, both lie inside the range.
WORDS = {Compared.BETTER: _("better"), Compared.SAME: _("as good"), Compared.WORSE: _("worse")}


class Judged(Protocol):
    """A value and the range in force for it."""

    @property
    def value(self) -> float | None: ...
    @property
    def range_low(self) -> float | None: ...
    @property
    def range_high(self) -> float | None: ...


def compared(indicator: Indicator, now: Judged | None, before: float | None) -> Compared | None:
    """None where one of the two is unknown, or nothing says which way is better.

    Closer to the ideal range in force now is better; of two as close (both inside, for example) the one
    in the direction of the indicator, if it has one. All as shown, with the decimals of `indicator`: see
    `Indicator.as_shown_on`.
    """
    if now is None or now.value is None or before is None:
        return None
    low, high = now.range_low, now.range_high
    decimals = indicator.decimals
    rise = as_shown(now.value, decimals) - as_shown(before, decimals)
    if rise == 0:
        return Compared.SAME
    here, there = (distance_outside(value, low, high, decimals) for value in (now.value, before))
    if here is not None and there is not None and abs(here) != abs(there):
        return Compared.BETTER if abs(here) < abs(there) else Compared.WORSE
    match indicator.direction:
        case Direction.HIGHER:
            return Compared.BETTER if rise > 0 else Compared.WORSE
        case Direction.LOWER:
            return Compared.BETTER if rise < 0 else Compared.WORSE
    return Compared.SAME if here is not None else None


def compared_word(indicator: Indicator, now: Judged | None, before: float | None) -> str:
    """The word for it, in the language of the person; empty where nothing is said."""
    word = compared(indicator, now, before)
    if word is None or now is None or now.value is None or before is None:
        return ""
    if as_shown(now.value, indicator.decimals) == as_shown(before, indicator.decimals):
        return gettext("the same")
    return str(WORDS[word])
