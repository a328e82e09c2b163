"""What rooms above tell this one: functions of theirs, by dotted name.

They are loaded when they are first asked, and not when a room adds them: that every start does, and few
starts compute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.module_loading import import_string

from hospitals.tree import UnitTree
from indicators.periods import Period

if TYPE_CHECKING:
    import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])


class Hook(Generic[Function]):
    """Functions of one kind; iterating gives them. A wrong name raises ImportError there."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str) -> None:
        """Adding a name again changes nothing."""
        self._names[name] = None

    def __iter__(self) -> Iterator[Function]:
        return map(import_string, self._names)


#: First and last month in which something is expected; None: without end.
Span = tuple[Period, Period | None]
#: Who has to report what: hospital → element code → unit id → from when until when. An element that a
#: function names is expected of those units in those months; of none, if it names no unit. Until then, and
#: of all other elements, whoever has reported them is expected to go on.
Expectations = Callable[[UnitTree], Mapping[str, Mapping[int, Sequence[Span]]]]
expectations: Hook[Expectations] = Hook()
#: The same of all that a unit is asked for, required or not: it keeps it.
keepings: Hook[Expectations] = Hook()

#: Columns of stored data values by name: unit and element ids, period numbers, one entry per row.
Rows = Mapping[str, "np.ndarray"]
#: Who approves what: bool [row], true where nobody has approved the value yet. What no room speaks of
#: needs no approval.
Waiting = Callable[[Rows], "np.ndarray"]
#: Reads who approves what in a tree, which changes with definitions; what it gives is asked again and again.
Unapproved = Callable[[UnitTree], Waiting]
unapproved: Hook[Unapproved] = Hook()
