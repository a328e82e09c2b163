"""Evaluation of a plain formula on whole arrays. No database, no `eval`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from indicators.formula.nodes import Choice, Days, Element, Input, Node, Number, Operation

Array = np.ndarray
_NEVER: Mapping[Element | Choice, Array] = {}


class Outcome(NamedTuple):
    """`value`: NaN where there is none. `divided_by_nothing`: a denominator was zero there."""

    value: Array
    divided_by_nothing: Array


def evaluate(
    tree: Node,
    figures: Mapping[Input, Array] | Mapping[Element | Choice, Array],
    days: Mapping[int, Array],
    shape: tuple[int, ...],
    nothing: Mapping[Element | Choice, Array] = _NEVER,
) -> Outcome:
    """Evaluate `tree` for all units and periods at once.

    `figures` gives every leaf (or, of elements alone, every input) as a float array that broadcasts to
    `shape`, NaN = not known; `days[k]` gives the days of the period k years earlier. A zero denominator
    gives no value. `nothing` marks where a leaf is known to be nothing at all: it adds nothing to a sum,
    and whatever it alone would multiply or divide has no value.
    """
    divided_by_nothing = np.zeros(shape, bool)

    def figure(node: Element | Choice) -> Array:
        if isinstance(node, Element) and node not in figures:
            return figures[Input(node.code, node.years_ago)]  # type: ignore[index]
        return figures[node]  # type: ignore[index]

    def walk(node: Node) -> tuple[Array | float, Array | bool]:
        nonlocal divided_by_nothing
        match node:
            case Number(value):
                return value, False
            case Element() | Choice():
                return figure(node), nothing.get(node, False)
            case Days(years_ago):
                return days[years_ago], False
            case Operation(sign, left, right):
                a, a_nothing = walk(left)
                b, b_nothing = walk(right)
                match sign:
                    case "+":
                        return a + b, _both(a_nothing, b_nothing, left, right)
                    case "-":
                        return a - b, _both(a_nothing, b_nothing, left, right)
                    case "*":
                        return a * b, _either(a_nothing, b_nothing)
                    case "/":
                        empty = _either(a_nothing, b_nothing)
                        denominator = np.asarray(b, float)
                        zero = denominator == 0
                        divided_by_nothing = divided_by_nothing | (zero & ~np.isnan(a) & ~np.asarray(empty))
                        quotient = a / np.where(zero, np.nan, denominator)
                        return (quotient if empty is False else np.where(empty, np.nan, quotient)), False
        raise TypeError(f"not part of a plain formula: {node!r}")

    with np.errstate(all="ignore"):
        value, is_nothing = walk(tree)
    value = np.broadcast_to(np.asarray(value, float), shape)
    value = np.where(np.isfinite(value) & ~np.asarray(is_nothing), value, np.nan)
    return Outcome(value, divided_by_nothing & np.isnan(value))


def divides_nothing(tree: Node, nothing: Mapping[Element | Choice, Array], shape: tuple[int, ...]) -> Array:
    """Where a whole side of a division is `nothing`: bool of `shape`."""
    found = np.zeros(shape, bool)

    def walk(node: Node) -> Array | bool:
        nonlocal found
        match node:
            case Element() | Choice():
                return nothing.get(node, False)
            case Operation(sign, left, right):
                a, b = walk(left), walk(right)
                if sign in "+-":
                    return _both(a, b, left, right)
                if sign == "/":
                    found = found | _either(a, b)
                    return False
                return _either(a, b)
        return False

    walk(tree)
    return found


def _both(a: Array | bool, b: Array | bool, left: Node, right: Node) -> Array | bool:
    """A number written in a formula, as in `growth - 1`, is neither something nor nothing."""
    if isinstance(left, Number):
        return b
    if isinstance(right, Number):
        return a
    return False if a is False or b is False else a & b


def _either(a: Array | bool, b: Array | bool) -> Array | bool:
    if a is False:
        return b
    return a if b is False else a | b
