"""Where the engine and the reference tell a random hospital differently.

The suite asks forty hospitals. `python -m tests.indicators.engine.agreement 40 400` asks those of the seeds
40 to 399 (a third of a second each) and prints what differs.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from indicators.engine.compute import Result
from indicators.formula import parse
from tests.indicators.engine.arrays import Arrays, reason_of
from tests.indicators.engine.reference import Answer, answer
from tests.indicators.engine.reference_completeness import LeftOut
from tests.indicators.engine.worlds import SPANS, YEARS, random_hospital

#: Unit, year and slot, by position.
Cell = tuple[int, int, int]


class Told(NamedTuple):
    """What one of them tells of a value: `left_out` as unit, (year, month) and code."""

    value: float | None
    days: float | None
    completeness: tuple[int, int]
    reason: str
    left_out: LeftOut


def differences(seed: int) -> Iterator[tuple[str, Told, Told]]:
    """Of every formula, unit and period: where it is, what the engine says and what the reference says."""
    hospital = random_hospital(seed)
    arrays = Arrays(hospital.world, range(YEARS[0] - 2, YEARS[-1] + 1))
    for formula in hospital.formulas:
        result = arrays.answers(formula)
        left_out = left_out_of(result, arrays, parse(formula).codes)
        for unit in hospital.world.parents:
            for span in SPANS:
                wanted = answer(hospital.world, formula, unit, YEARS[-1], span)
                cell = arrays.at(unit, YEARS[-1], span)
                one, other = _of_engine(result, cell, left_out[cell]), _of_reference(wanted)
                if not wanted.comes_together:
                    # The inputs are kept apart: there is no value, and the row is not stored.
                    one, other = one._replace(**_UNTOLD), other._replace(**_UNTOLD)
                if not _alike(one, other):
                    yield f"{formula} at {unit}, {span}", one, other


_UNTOLD = {"completeness": (0, 0), "reason": "", "left_out": frozenset()}


def _alike(one: Told, other: Told) -> bool:
    if one.value is None or other.value is None:
        return one == other
    is_close = math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9)
    return is_close and one[1:] == other[1:]


def _of_engine(result: Result, cell: Cell, left_out: set[tuple[str, tuple[int, int], str]]) -> Told:
    value = float(result.value[cell])
    has = not math.isnan(value)
    completeness = int(result.present[cell]), int(result.expected[cell])
    return Told(
        value if has else None,
        float(result.days[cell]) if has else None,
        completeness,
        reason_of(result, cell),
        frozenset(left_out),
    )


def _of_reference(found: Answer) -> Told:
    days = None if found.value is None else float(found.days)
    return Told(found.value, days, (found.present, found.expected), found.reason, found.left_out)


def left_out_of(
    result: Result, arrays: Arrays, codes: tuple[str, ...]
) -> dict[Cell, set[tuple[str, tuple[int, int], str]]]:
    found: dict[Cell, set[tuple[str, tuple[int, int], str]]] = defaultdict(set)
    for row in zip(*(array.tolist() for array in result.left_out), strict=True):
        unit, year, slot, part, first, last, missing = row
        for month in range(first, last + 1):
            lacking = {code for number, code in enumerate(codes) if missing >> number & 1}
            when = arrays.years[year], month + 1
            found[unit, year, slot] |= {(arrays.units[part], when, code) for code in lacking}
    return found


if __name__ == "__main__":
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        for where, one, other in differences(seed):
            print(f"{seed}: {where}\n  engine    {one}\n  reference {other}")  # noqa: T201
