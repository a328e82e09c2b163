"""Evaluation of a plain formula on whole arrays. No database, no `eval`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indicators.formula.nodes import Choice, Days, Element, Input, Mean, Node, Number, Operation

Array = np.ndarray
Leaf = Element | Choice
_NEVER: Mapping[Leaf, Array] = {}


class Outcome(NamedTuple):
    """`value`: NaN where there is none. `divided_by_nothing`: a denominator was zero there; `emptied`: a
    whole side of a division was nothing at all."""

    value: Array
    divided_by_nothing: Array
    emptied: Array


def evaluate(
    tree: Node,
    figures: Mapping[Input, Array] | Mapping[Leaf, Array],
    days: Mapping[int, Array],
    shape: tuple[int, ...],
    nothing: Mapping[Leaf, Array] = _NEVER,
) -> Outcome:
    """Evaluate `tree` for all units and periods at once.

    `figures` gives every leaf (or, of elements alone, every input) as a float array that broadcasts to
    `shape`, NaN = not known; `days[k]` gives the days of the period k years earlier. A zero denominator
    gives no value. `nothing` marks where a leaf is known to be nothing at all: it adds nothing to a sum,
    and whatever it alone would multiply or divide has no value.
    """
    with np.errstate(all="ignore"):
        found = _Walk(figures, days, nothing).of(tree)
    value = np.broadcast_to(np.asarray(found.value, float), shape)
    value = np.where(np.isfinite(value) & ~np.asarray(found.nothing), value, np.nan)
    gap = np.isnan(value)
    divided = np.broadcast_to(found.divided_by_nothing, shape) & gap
    return Outcome(value, divided, np.broadcast_to(found.emptied, shape) & gap)


class _Found(NamedTuple):
    """Of a part of the tree: its value, where it is nothing, and where something was divided by zero, or a
    side of a division was nothing, on the way to it."""

    value: Array | float
    nothing: Array | bool = False
    divided_by_nothing: Array | bool = False
    emptied: Array | bool = False


@dataclass(frozen=True)
class _Walk:
    figures: Mapping[Input, Array] | Mapping[Leaf, Array]
    days: Mapping[int, Array]
    nothing: Mapping[Leaf, Array]

    def of(self, node: Node) -> _Found:
        match node:
            case Number(value):
                return _Found(value)
            case Element() | Choice():
                return _Found(self._figure(node), self.nothing.get(node, False))
            case Days(years_ago):
                return _Found(self.days[years_ago])
            case Operation():
                return self._operation(node)
            case Mean(parts):
                return _mean([self.of(part) for part in parts])
        raise TypeError(f"not part of a plain formula: {node!r}")

    def _figure(self, leaf: Leaf) -> Array:
        if isinstance(leaf, Element) and leaf not in self.figures:
            return self.figures[Input(leaf.code, leaf.years_ago)]  # type: ignore[index]
        return self.figures[leaf]  # type: ignore[index]

    def _operation(self, node: Operation) -> _Found:
        a, b = self.of(node.left), self.of(node.right)
        divided = _either(a.divided_by_nothing, b.divided_by_nothing)
        emptied = _either(a.emptied, b.emptied)
        match node.sign:
            case "+":
                return _Found(a.value + b.value, _both(a.nothing, b.nothing, node), divided, emptied)
            case "-":
                return _Found(a.value - b.value, _both(a.nothing, b.nothing, node), divided, emptied)
            case "*":
                return _Found(a.value * b.value, _either(a.nothing, b.nothing), divided, emptied)
        empty = _either(a.nothing, b.nothing)
        denominator = np.asarray(b.value, float)
        zero = denominator == 0
        divided = _either(divided, zero & ~np.isnan(a.value) & ~np.asarray(empty))
        quotient = a.value / np.where(zero, np.nan, denominator)
        quotient = quotient if empty is False else np.where(empty, np.nan, quotient)
        return _Found(quotient, False, divided, _either(emptied, empty))


def _mean(parts: list[_Found]) -> _Found:
    """The mean of the parts that have a value, without those that lack one because there were no cases or
    a side is nothing at all, as what is not applicable; an unknown part leaves the whole unknown."""
    total: Array = np.zeros(())
    number: Array = np.zeros(())
    for part in parts:
        empty = (np.isnan(part.value) & _either(part.divided_by_nothing, part.emptied)) | part.nothing
        total = total + np.where(empty, 0.0, part.value)
        number = number + ~np.asarray(empty)
    none = number == 0
    emptied: Array | bool = True
    for part in parts:
        emptied = emptied & np.asarray(part.emptied)
    return _Found(total / np.where(none, np.nan, number), False, none, emptied)


def divides_absent(
    tree: Node, absent: Mapping[Leaf, Array], empty: Mapping[Leaf, Array], shape: tuple[int, ...]
) -> Array:
    """Where a whole side of a division is not applicable: bool of `shape`.

    `absent` marks where all that there is of a leaf is "not applicable", `empty` where it has no number at
    all: a sum is not applicable where none of its sides has a number, and one is absent.
    """
    found = np.zeros(shape, bool)

    def walk(node: Node) -> tuple[Array | bool, Array | bool]:
        nonlocal found
        match node:
            case Element() | Choice():
                return absent.get(node, False), empty.get(node, False)
            case Mean(parts):
                # A part that does not apply is out of the mean; where none applies, so is the whole.
                before, every = found, np.ones(shape, bool)
                for part in parts:
                    found = np.zeros(shape, bool)
                    of_part, _empty = walk(part)
                    every &= found | of_part
                found = before | every
            case Operation(sign, left, right):
                (a, no_a), (b, no_b) = walk(left), walk(right)
                if sign in "+-":
                    nothing = _both(no_a, no_b, node)
                    return _either(a, b) & nothing, nothing
                if sign == "/":
                    found = found | _either(a, b)
                    return False, False
                return _either(a, b), _either(no_a, no_b)
        return False, False

    walk(tree)
    return found


def _both(a: Array | bool, b: Array | bool, node: Operation) -> Array | bool:
    """A number written in a formula, as in `growth - 1`, is neither something nor nothing."""
    if isinstance(node.left, Number):
        return b
    if isinstance(node.right, Number):
        return a
    return False if a is False or b is False else a & b


def _either(a: Array | bool, b: Array | bool) -> Array | bool:
    if a is False:
        return b
    return a if b is False else a | b
