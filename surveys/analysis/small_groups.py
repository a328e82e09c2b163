"""Groups too small to be shown without showing what single people answered."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)

#: Fewer people than this are never shown alone.
SMALLEST_GROUP = 5


def withheld(people: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> set[str]:
    """Groups whose results stay hidden: those with fewer than `smallest` people, and as many of the
    next larger as it takes that the hidden people, together, are not that few themselves; otherwise
    they could be found by subtracting the shown groups from the whole. Groups of nobody hide nothing.
    """
    groups = sorted((number, code) for code, number in people.items() if number)
    hidden = {code for number, code in groups if number < smallest}
    together = sum(people[code] for code in hidden)
    for number, code in groups:
        if not hidden or together >= smallest:
            break
        if code not in hidden:
            hidden.add(code)
            together += number
    return hidden


def put_together(
    people: Mapping[Place, int], smallest: int = SMALLEST_GROUP
) -> dict[Place, tuple[Place, ...]]:
    """Neighbours in one group until it has `smallest` people; places come in the order of `people`.

    A group stands at the place that made it large enough. What is left over at the end joins the group
    before it, so that nobody is lost; when all of them together are too few there is no group. Places
    of nobody belong to none.
    """
    groups: dict[Place, tuple[Place, ...]] = {}
    waiting: tuple[Place, ...] = ()
    for place, number in people.items():
        if number:
            waiting = (*waiting, place)
        if sum(people[each] for each in waiting) >= smallest:
            groups[place], waiting = waiting, ()
    if groups and waiting:
        last = next(reversed(groups))
        groups[last] += waiting
    return groups
