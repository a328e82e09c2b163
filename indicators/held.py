"""Definitions held in memory for as long as nobody changes any: a worker computes after every cell that is
saved, and definitions, trees and forms change a few times a year.

The stamp says when they changed (`indicators.following`). It is never twice the same: what was read of one
that was taken back with its transaction is not taken for another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hospitals.models import Hospital
from indicators.following import NO_STAMP

Definitions = TypeVar("Definitions")


@dataclass(frozen=True)
class _OfStamp:
    stamp: int
    found: dict[tuple[str, int], Any] = field(default_factory=dict)


_held = _OfStamp(NO_STAMP)


def held(kind: str, hospital: Hospital, stamp: int, read: Callable[[], Definitions]) -> Definitions:
    """What `read` gives of a hospital, read once under a stamp. `stamp` was read before, so that what is
    held is never older than it says; nobody changes what is given back.
    """
    global _held
    if stamp == NO_STAMP:
        return read()
    of_stamp = _held
    if of_stamp.stamp != stamp:
        of_stamp = _held = _OfStamp(stamp)
    key = kind, hospital.pk
    if key not in of_stamp.found:
        of_stamp.found[key] = read()
    found: Definitions = of_stamp.found[key]
    return found
