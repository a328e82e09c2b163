"""Evaluation of a plain formula on whole arrays. No database, no `eval`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from indicators.formula.nodes import Days, Element, Input, Node, Number, Operation

Array = np.ndarray


class Outcome(NamedTuple):
    """`value`: NaN where there is none. `divided_by_nothing`: a denominator was zero there."""

    value: Array
    divided_by_nothing: Array


def evaluate(
    tree: Node, figures: Mapping[Input, Array], days: Mapping[int, Array], shape: tuple[int, ...]
) -> Outcome:
    """Evaluate `tree` for all units and periods at once.

    `figures` gives every input as a float array that broadcasts to `shape` (NaN = nothing known);
    `days[k]` gives the days of the period k years earlier. A zero denominator gives no value.
    """
    divided_by_nothing = np.zeros(shape, bool)

    def walk(node: Node) -> Array | float:
        nonlocal divided_by_nothing
        match node:
            case Number(value):
                return value
            case Element(code, years_ago):
                return figures[Input(code, years_ago)]
            case Days(years_ago):
                return days[years_ago]
            case Operation("+", left, right):
                return walk(left) + walk(right)
            case Operation("-", left, right):
                return walk(left) - walk(right)
            case Operation("*", left, right):
                return walk(left) * walk(right)
            case Operation("/", left, right):
                numerator, denominator = walk(left), np.asarray(walk(right), float)
                zero = denominator == 0
                divided_by_nothing = divided_by_nothing | (zero & ~np.isnan(numerator))
                return numerator / np.where(zero, np.nan, denominator)
        raise TypeError(f"not part of a plain formula: {node!r}")

    with np.errstate(all="ignore"):
        value = np.broadcast_to(np.asarray(walk(tree), float), shape)
    value = np.where(np.isfinite(value), value, np.nan)
    return Outcome(value, divided_by_nothing & np.isnan(value))
