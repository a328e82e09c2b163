"""The words of the engine, stored as numbers."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Reason(IntEnum):
    """Why an indicator has no value."""

    NONE = 0
    MISSING = 1  # an input was not reported
    NOT_COLLECTED = 2  # an input was marked as not collected
    NOT_APPLICABLE = 3  # an input was marked as not applicable
    NO_CASES = 4  # the denominator is zero
    NOT_TOGETHER = 5  # the inputs were never known together
    NOT_APPROVED = 6  # an input was reported, and nobody has approved it yet
    NOT_OPEN = 7  # the unit was not open in the period, or in the one compared with


class Flag(IntFlag):
    AS_REPORTED = 1  # entered as a result; the counts behind it are not known
    YEAR_AND_MONTHS = 2  # a fact of a longer period stands beside shorter ones and was not used
    STANDS_FOR_PARTS = 4  # a unit's own figure stands for those of its parts
    CONTRADICTS = 8  # as reported, and contradicts what is reported of other indicators
    MIXED = 16  # of a choice, some months stand on one option and some on another
