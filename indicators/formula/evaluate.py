"""Evaluation of a plain formula on whole arrays. No database, no `eval`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indicators.formula.nodes import Days, Element, Input, Mean, Node, Number, Operation

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
    with np.errstate(all="ignore"):
        value, divided_by_nothing = _evaluated(tree, figures, days)
    value = np.broadcast_to(np.asarray(value, float), shape)
    value = np.where(np.isfinite(value), value, np.nan)
    return Outcome(value, np.broadcast_to(divided_by_nothing, shape) & np.isnan(value))


def _evaluated(
    tree: Node, figures: Mapping[Input, Array], days: Mapping[int, Array]
) -> tuple[Array | float, Array | bool]:
    """The value, and where something was divided by nothing on the way to it."""
    divided_by_nothing: Array | bool = False

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
            case Mean(parts):
                mean, empty = _mean([_evaluated(part, figures, days) for part in parts])
                divided_by_nothing = divided_by_nothing | empty
                return mean
        raise TypeError(f"not part of a plain formula: {node!r}")

    return walk(tree), divided_by_nothing


def _mean(parts: Sequence[tuple[Array | float, Array | bool]]) -> tuple[Array, Array]:
    """The mean of the parts that were not divided by nothing, and where all of them were.

    An unknown part leaves the whole unknown.
    """
    total: Array = np.zeros(())
    number: Array = np.zeros(())
    for value, divided_by_nothing in parts:
        empty = np.isnan(value) & divided_by_nothing
        total = total + np.where(empty, 0.0, value)
        number = number + ~empty
    none = number == 0
    return total / np.where(none, np.nan, number), none
