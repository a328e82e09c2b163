"""What shows only when the units of a hospital are looked at together. Pure, as `entry.checks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from entry.checks import ROUNDING, Figures, Names, Problem


def equal_over_units(units: Sequence[Figures], check: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """What left one ward arrived in another: equal over all units, once all of them have answered."""
    here, there = ([figures.total(check[side]) for figures in units] for side in ("these", "others"))
    known_here, known_there = ([n for n in side if n is not None] for side in (here, there))
    if len(units) < 2 or len(known_here) < len(units) or len(known_there) < len(units):
        return
    left, right = sum(known_here), sum(known_there)
    if abs(left - right) <= ROUNDING:
        return
    yield Problem(
        "equal_over_units",
        "soft",
        (*check["these"], *check["others"]),
        _("%(these)s: %(left)s in all units, but %(others)s: %(right)s.")
        % {
            "these": names.sum_of(check["these"]),
            "others": names.sum_of(check["others"]),
            "left": names.number(left),
            "right": names.number(right),
        },
        _("Both count the same patients; compare the units with each other."),
        f"{left:g}|{right:g}",
    )


def problems_over_units(
    units: Sequence[Figures], checks: Iterable[Mapping[str, Any]], names: Names
) -> list[Problem]:
    """Problems that show only when the units of a hospital are looked at together."""
    return [
        problem
        for check in checks
        if check["kind"] == "equal_over_units"
        for problem in equal_over_units(units, check, names)
    ]
