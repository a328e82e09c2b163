"""A formula with `first(…)` stands for several plain formulas, one per choice.

`first(x, y)` written twice alike is one choice, so that both sides of a ratio, or both years of a
growth, stand on the same basis: a growth is never taken from last year's budget to this year's books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from indicators.formula.nodes import (
    Choice,
    Days,
    Element,
    First,
    Input,
    Mean,
    Node,
    Number,
    Operation,
    YearAgo,
    children,
)
from indicators.formula.parse import Formula

MOST = 32


@dataclass(frozen=True)
class Alternative:
    """One plain formula: `tree` holds numbers, elements, days, operations and means only."""

    tree: Node
    inputs: tuple[Input, ...]
    #: Of which years, counted back, it asks the days.
    days_years_ago: tuple[int, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for code, _years_ago in self.inputs))


@lru_cache(maxsize=2048)
def alternatives_of(formula: Formula) -> tuple[Alternative, ...]:
    """The plain formulas behind `formula`, the preferred one first."""
    choices = choices_of(formula.tree)
    picks = product(*(range(len(choice.options)) for choice in choices))
    found: dict[Node, None] = {}
    for pick in picks:
        found.setdefault(resolve(formula.tree, dict(zip(choices, pick, strict=True)), 0))
        if len(found) >= MOST:
            break
    return tuple(Alternative(tree, *_leaves(tree)) for tree in found)


def choices_of(tree: Node) -> tuple[First, ...]:
    """Every different `first` in a tree, in the order of its first mention."""
    found: dict[First, None] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, First):
            found.setdefault(node)
        waiting.extend(reversed(children(node)))
    return tuple(found)


def resolve(node: Node, pick: Mapping[First, int], years_ago: int) -> Node:
    """The tree with the picked options in place of their choices; a choice without a pick stays one."""
    match node:
        case Element(code, _):
            return Element(code, years_ago)
        case Days():
            return Days(years_ago)
        case Operation(sign, left, right):
            return Operation(sign, resolve(left, pick, years_ago), resolve(right, pick, years_ago))
        case First(options):
            if node not in pick:
                return Choice(node, years_ago)
            return resolve(options[pick[node]], pick, years_ago)
        case Mean(parts):
            return Mean(tuple(resolve(part, pick, years_ago) for part in parts))
        case YearAgo(of):
            return resolve(of, pick, years_ago + 1)
        case Number():
            return node
    raise TypeError(node)


def _leaves(tree: Node) -> tuple[tuple[Input, ...], tuple[int, ...]]:
    """What a plain formula asks for: inputs, in the order of their first mention, and days."""
    inputs: dict[Input, None] = {}
    days: dict[int, None] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case Element(code, years_ago):
                inputs.setdefault(Input(code, years_ago))
            case Days(years_ago):
                days.setdefault(years_ago)
        waiting.extend(reversed(children(node)))
    return tuple(inputs), tuple(days)
