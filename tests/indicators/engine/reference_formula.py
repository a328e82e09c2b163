"""Formulas of the reference: plain recursion over the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from indicators.formula import nodes


class NoCasesError(Exception):
    pass


class UnknownError(Exception):
    pass


class Key(NamedTuple):
    """`year` is the year of evaluation: the fact is the one `years_ago` years before it."""

    code: str
    years_ago: int


def calculate(tree: nodes.Node, figure: Callable, days: Callable) -> float:
    """A plain formula; `UnknownError` before `NoCasesError`, since only known numbers can be no cases."""
    match tree:
        case nodes.Number(value):
            return value
        case nodes.Element():
            found = figure(tree)
            if found is None:
                raise UnknownError
            return found
        case nodes.Days(years_ago):
            return days(years_ago)
        case nodes.Mean(parts):
            known = []
            for part in parts:
                try:
                    known.append(calculate(part, figure, days))
                except NoCasesError:
                    continue
            if not known:
                raise NoCasesError
            return sum(known) / len(known)
        case nodes.Operation(sign, left, right):
            sides: list[float | Exception] = []
            for side in (left, right):
                try:
                    sides.append(calculate(side, figure, days))
                except (UnknownError, NoCasesError) as error:
                    sides.append(error)
            for kind in (NoCasesError, UnknownError):
                if any(isinstance(side, kind) for side in sides):
                    raise kind
            x, y = sides
            if sign == "/" and y == 0:
                raise NoCasesError
            return {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}[sign]()
    raise TypeError(tree)


def plain_formulas(tree: nodes.Node) -> list[nodes.Node]:
    """The formulas behind `first(…)`, the preferred one first; the same choice is made alike everywhere."""
    choices: list[nodes.First] = []

    def collect(node: nodes.Node) -> None:
        if isinstance(node, nodes.First) and node not in choices:
            choices.append(node)
        for child in nodes.children(node):
            collect(child)

    def pick(node: nodes.Node, chosen: dict[nodes.First, int], ago: int) -> nodes.Node:
        match node:
            case nodes.First(options):
                return pick(options[chosen[node]], chosen, ago)
            case nodes.YearAgo(of):
                return pick(of, chosen, ago + 1)
            case nodes.Element(code, _):
                return nodes.Element(code, ago)
            case nodes.Days():
                return nodes.Days(ago)
            case nodes.Mean(parts):
                return nodes.Mean(tuple(pick(part, chosen, ago) for part in parts))
            case nodes.Operation(sign, left, right):
                return nodes.Operation(sign, pick(left, chosen, ago), pick(right, chosen, ago))
        return node

    def combinations(left: list[nodes.First]) -> Iterator[dict[nodes.First, int]]:
        if not left:
            yield {}
            return
        for number in range(len(left[0].options)):
            for rest in combinations(left[1:]):
                yield {left[0]: number, **rest}

    collect(tree)
    found: list[nodes.Node] = []
    for chosen in combinations(choices):
        plain = pick(tree, chosen, 0)
        if plain not in found:
            found.append(plain)
    return found


def keys_of(tree: nodes.Node) -> list[Key]:
    found: list[Key] = []

    def collect(node: nodes.Node) -> None:
        if isinstance(node, nodes.Element) and Key(node.code, node.years_ago) not in found:
            found.append(Key(node.code, node.years_ago))
        for child in nodes.children(node):
            collect(child)

    collect(tree)
    return found
