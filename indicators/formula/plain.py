"""A formula as the engine computes it: what adds up is a term, what divides is left to the tree.

`first(x, y)` of things that add up is one term, a choice made month by month of every unit. Of ratios
it stands for several plain formulas, and one is chosen for a unit and period. Written twice alike it
is one choice, so that both sides of a ratio, or both years of a growth, stand on the same basis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

from indicators.formula.alternatives import MOST, choices_of, resolve
from indicators.formula.nodes import (
    Choice,
    Days,
    Element,
    First,
    Node,
    Number,
    Operation,
    YearAgo,
    children,
)
from indicators.formula.parse import Formula

#: Codes with what each is multiplied by: `new + returning` is (new, 1), (returning, 1).
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Term:
    """One input of a plain formula: an element, or a choice between sums of elements, of one year."""

    leaf: Element | Choice
    years_ago: int
    options: tuple[Weights, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for option in self.options for code, _factor in option))


@dataclass(frozen=True)
class PlainFormula:
    """`tree` holds numbers, days, operations, elements and choices; `terms` are its leaves.

    `number_of` gives, for the option taken of each of `choices`, the place in `alternatives_of`.
    """

    tree: Node
    terms: tuple[Term, ...]
    days_years_ago: tuple[int, ...]
    choices: tuple[First, ...]
    number_of: Mapping[tuple[int, ...], int]

    @property
    def years_back(self) -> int:
        return max((term.years_ago for term in self.terms), default=0)


def plain_formulas_of(formula: Formula, kind_of: Callable[[str], object]) -> tuple[PlainFormula, ...]:
    """The plain formulas behind `formula`, the preferred one first.

    `kind_of` tells how an element adds up: only what adds up alike makes one term.
    """
    choices = choices_of(formula.tree)
    weights = {choice: _options_that_add_up(choice, kind_of) for choice in choices}
    terms = tuple(choice for choice in choices if weights[choice])
    numbers: dict[Node, int] = {}
    found: dict[Node, dict[tuple[int, ...], int]] = {}
    for pick in product(*(range(len(choice.options)) for choice in choices)):
        picked = dict(zip(choices, pick, strict=True))
        number = numbers.setdefault(resolve(formula.tree, picked, 0), len(numbers))
        tree = resolve(formula.tree, {c: i for c, i in picked.items() if not weights[c]}, 0)
        found.setdefault(tree, {})[tuple(picked[choice] for choice in terms)] = number
        if len(numbers) >= MOST:
            break
    return tuple(PlainFormula(tree, *_leaves(tree, weights), terms, of) for tree, of in found.items())


def _options_that_add_up(choice: First, kind_of: Callable[[str], object]) -> tuple[Weights, ...]:
    """The options as sums of elements; nothing if one is not such a sum."""
    options = []
    for option in choice.options:
        weights = _weights(option, 1.0)
        if weights is None:
            return ()
        merged: dict[str, float] = {}
        for code, factor in weights:
            merged[code] = merged.get(code, 0.0) + factor
        options.append(tuple(merged.items()))
    kinds = {kind_of(code) for option in options for code, _factor in option}
    return tuple(options) if len(kinds) == 1 else ()


def _weights(node: Node, factor: float) -> list[tuple[str, float]] | None:
    match node:
        case Element(code, 0):
            return [(code, factor)]
        case Operation("*", Number(value), of) | Operation("*", of, Number(value)):
            return _weights(of, factor * value)
        case Operation("+" | "-" as sign, left, right):
            first = _weights(left, factor)
            second = _weights(right, factor if sign == "+" else -factor)
            return None if first is None or second is None else first + second
    return None


def _leaves(
    tree: Node, weights: Mapping[First, tuple[Weights, ...]]
) -> tuple[tuple[Term, ...], tuple[int, ...]]:
    """The terms of a plain formula, in the order of their first mention, and of which years it asks the
    days."""
    terms: dict[Node, Term] = {}
    days: dict[int, None] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case Element(code, years_ago):
                terms.setdefault(node, Term(node, years_ago, (((code, 1.0),),)))
            case Choice(of, years_ago):
                terms.setdefault(node, Term(node, years_ago, weights[of]))
            case Days(years_ago):
                days.setdefault(years_ago)
            case First() | YearAgo():
                raise TypeError(f"not part of a plain formula: {node!r}")
        waiting.extend(reversed(children(node)))
    return tuple(terms.values()), tuple(days)
