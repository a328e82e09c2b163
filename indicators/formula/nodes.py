"""The tree a formula is parsed to. Nodes are values: two that are written alike are equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Input(NamedTuple):
    """What a formula needs of a data element: its figure of the period `years_ago` years earlier."""

    code: str
    years_ago: int = 0


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Element:
    code: str
    years_ago: int = 0


@dataclass(frozen=True)
class Days:
    """Days in the period."""

    years_ago: int = 0


@dataclass(frozen=True)
class Operation:
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class First:
    options: tuple[Node, ...]


@dataclass(frozen=True)
class Mean:
    """The mean of those parts that have cases: one whose denominator is zero is left out."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class YearAgo:
    of: Node


@dataclass(frozen=True)
class Choice:
    """In a plain formula: a `first` of things that add up, of the year `years_ago` years earlier."""

    of: First
    years_ago: int


Node = Number | Element | Days | Operation | First | Mean | YearAgo | Choice


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Operation(_, left, right):
            return (left, right)
        case First(options):
            return options
        case Mean(parts):
            return parts
        case YearAgo(of):
            return (of,)
    return ()
