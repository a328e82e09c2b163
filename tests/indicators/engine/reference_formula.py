"""Formulas for the reference: the parsed tree with its choices, and what it is worth.

`first` of things that add up stays in the tree as a Choice, decided where the facts are; `first` of ratios
is resolved beforehand, one plain tree a choice (rule 10, last point).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from indicators.formula.nodes import Days, Element, First, Mean, Node, Number, Operation, YearAgo, children
from tests.indicators.engine.reference_world import NA, Value

#: An input that is known to have nothing: whoever would give it is not open (rule 8).
NOTHING = "nothing"


class NoCasesError(Exception):
    """A denominator is zero."""


@dataclass(frozen=True)
class Choice:
    """`first(…)` of things that add up; `node` as it was written, so that both years are decided alike."""

    node: First
    options: tuple[Tree, ...]
    years_ago: int


Tree = Number | Element | Days | Operation | Choice | Mean
Source = Element | Choice


def look_back(node: Node) -> int:
    """How many years back it looks."""
    below = max((look_back(child) for child in children(node)), default=0)
    return below + 1 if isinstance(node, YearAgo) else below


def has_division(node: Node) -> bool:
    return (isinstance(node, Operation) and node.sign == "/") or any(map(has_division, children(node)))


def ratio_choices(node: Node) -> list[First]:
    """The `first(…)` of ratios in it, each once."""
    found = [node] if isinstance(node, First) and has_division(node) else []
    for child in children(node):
        found += [each for each in ratio_choices(child) if each not in found]
    return found


def alternatives(node: Node) -> dict[tuple[int, ...], Tree]:
    """Its plain trees by the option taken of each `first` of ratios, the preferred ones first."""
    choices = ratio_choices(node)
    picks = product(*(range(len(choice.options)) for choice in choices))
    return {pick: _resolved(node, dict(zip(choices, pick, strict=True)), 0) for pick in picks}


def _resolved(node: Node, pick: dict[First, int], years_ago: int) -> Tree:
    match node:
        case Element(code):
            return Element(code, years_ago)
        case Days():
            return Days(years_ago)
        case Operation(sign, left, right):
            return Operation(sign, _resolved(left, pick, years_ago), _resolved(right, pick, years_ago))
        case Mean(parts):
            return Mean(tuple(_resolved(part, pick, years_ago) for part in parts))
        case YearAgo(of):
            return _resolved(of, pick, years_ago + 1)
        case First(options) if node in pick:
            return _resolved(options[pick[node]], pick, years_ago)
        case First(options):
            plain = [each for option in options for each in _without_first(option)]
            return Choice(node, tuple(_resolved(each, {}, years_ago) for each in plain), years_ago)
    return node


def _without_first(node: Node) -> list[Node]:
    """A `first` inside an option is one more option."""
    match node:
        case First(options):
            return [each for option in options for each in _without_first(option)]
        case Operation(sign, left, right):
            sides = product(_without_first(left), _without_first(right))
            return [Operation(sign, one, other) for one, other in sides]
        case YearAgo(of):
            return [YearAgo(each) for each in _without_first(of)]
    return [node]


def sources(tree: Tree) -> list[Source]:
    """What it takes from the facts, each once."""
    match tree:
        case Element() | Choice():
            return [tree]
        case Operation(_, left, right):
            found = sources(left)
            return found + [each for each in sources(right) if each not in found]
        case Mean(parts):
            return list(dict.fromkeys(each for part in parts for each in sources(part)))
    return []


@lru_cache(maxsize=2000)
def leaves(tree: Tree) -> tuple[Element, ...]:
    """The elements it mentions, those of every option included."""
    found: list[Element] = []
    for source in sources(tree):
        options = [source] if isinstance(source, Element) else [e for o in source.options for e in leaves(o)]
        found += [each for each in options if each not in found]
    return tuple(found)


def worth(tree: Tree, of: Callable[[Source | Days], Value]) -> Value:
    """What it is worth: a number, NA or NOTHING. These two add nothing to a sum; a division needs numbers,
    which `sides` says beforehand."""
    match tree:
        case Number(value):
            return value
        case Operation(sign, left, right):
            return _combined(sign, worth(left, of), worth(right, of))
        case Mean(parts):
            return _mean(parts, of)
    return of(tree)


def _mean(parts: tuple[Tree, ...], of: Callable[[Source | Days], Value]) -> float:
    """Of the parts that have a number: those without cases, or of which a side has none, are out of it."""
    found = []
    for part in parts:
        if not sides(part, of) & {NA, NOTHING}:
            with suppress(NoCasesError):
                found.append(worth(part, of))
    found = [value for value in found if not isinstance(value, str)]
    if not found:
        raise NoCasesError
    return sum(found) / len(found)


def _combined(sign: str, left: Value, right: Value) -> Value:
    if sign == "/":
        if right == 0:
            raise NoCasesError
        return left / right
    if sign == "*":
        for missing in (NA, NOTHING):
            if missing in (left, right):
                return missing
        return left * right
    if isinstance(left, str) and isinstance(right, str):
        return NA if NA in (left, right) else NOTHING
    left, right = (0.0 if isinstance(side, str) else side for side in (left, right))
    return left + right if sign == "+" else left - right


def sides(tree: Tree, of: Callable[[Source], Value]) -> set[Value]:
    """What the sides of its divisions have: NA, NOTHING or 1 for a number; `of` gives these or a number."""
    found: set[Value] = set()

    def state(node: Tree) -> Value:
        match node:
            case Operation(sign, left, right):
                one, other = state(left), state(right)
                if sign == "/":
                    found.update((one, other))
                    return 1.0
                if sign == "*":
                    return next((each for each in (NA, NOTHING) if each in (one, other)), 1.0)
                if isinstance(one, str) and isinstance(other, str):
                    return NA if NA in (one, other) else NOTHING
                return 1.0
            case Element() | Choice():
                value = of(node)
                return value if isinstance(value, str) else 1.0
            case Mean(parts):
                # A part that has nothing is out of the mean; where all are, so is the whole.
                of_parts = [sides(part, of) for part in parts]
                if all(NA in each for each in of_parts):
                    found.add(NA)
                elif all(each & {NA, NOTHING} for each in of_parts):
                    found.add(NOTHING)
        return 1.0

    state(tree)
    return found


def takes_out(tree: Tree, of: Callable[[Source], Value]) -> bool:
    """Rule 10: whether a whole side of a division is not applicable."""
    return NA in sides(tree, of)


def shifted(tree: Tree, years: int) -> Tree:
    """The same tree, so many years earlier."""
    match tree:
        case Element(code, years_ago):
            return Element(code, years_ago + years)
        case Operation(sign, left, right):
            return Operation(sign, shifted(left, years), shifted(right, years))
    return tree
