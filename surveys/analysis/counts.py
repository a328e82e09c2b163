"""Answers and their counts: what every statistic of a survey starts from.

An answer is a whole number from 1 (worst) to the points of the scale (best). NaN is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counts:
    """How many people gave each answer.

    `codes` and `dimensions` have one entry per item; `reality` and `expectation` are whole numbers
    [item, point], column 0 counting answer 1. `expectation` is None for single answers.
    """

    codes: tuple[str, ...]
    dimensions: tuple[str, ...]
    respondents: int
    reality: Integers
    expectation: Integers | None = None

    @property
    def points(self) -> int:
        return int(self.reality.shape[1])

    @property
    def dimension_codes(self) -> list[str]:
        """Every dimension once, in the order of the items."""
        return list(dict.fromkeys(self.dimensions))

    def items_of(self, dimension: str) -> NDArray[np.bool_]:
        """Which items belong to a dimension: bool [item]."""
        return np.array([each == dimension for each in self.dimensions], dtype=bool)

    def __add__(self, other: Counts) -> Counts:
        """Pool two surveys with the same items."""
        if (self.codes, self.points) != (other.codes, other.points):
            raise ValueError("only counts of the same items on the same scale can be pooled")
        both = self.expectation is not None and other.expectation is not None
        return Counts(
            self.codes,
            self.dimensions,
            self.respondents + other.respondents,
            self.reality + other.reality,
            self.expectation + other.expectation if both else None,  # type: ignore[operator]
        )


@dataclass(frozen=True, eq=False)
class Answers:
    """What single people answered: floats [respondent, item], NaN where nothing was ticked.

    Where both sides are asked, an item with only one of them counts as not answered.
    """

    codes: tuple[str, ...]
    dimensions: tuple[str, ...]
    points: int
    reality: Floats
    expectation: Floats | None = None

    def __post_init__(self) -> None:
        if self.expectation is not None:
            half = np.isnan(self.reality) | np.isnan(self.expectation)
            object.__setattr__(self, "reality", np.where(half, np.nan, self.reality))
            object.__setattr__(self, "expectation", np.where(half, np.nan, self.expectation))

    @property
    def respondents(self) -> int:
        return int(self.reality.shape[0])

    def of(self, people: NDArray[np.bool_]) -> Answers:
        """Only some people: bool [respondent]."""
        return Answers(
            self.codes,
            self.dimensions,
            self.points,
            self.reality[people],
            None if self.expectation is None else self.expectation[people],
        )

    def counts(self) -> Counts:
        return Counts(
            self.codes,
            self.dimensions,
            self.respondents,
            _count(self.reality, self.points),
            None if self.expectation is None else _count(self.expectation, self.points),
        )


def _count(answers: Floats, points: int) -> Integers:
    return np.stack([(answers == point).sum(axis=0) for point in range(1, points + 1)], axis=1)


def weights(counts: Integers) -> Integers:
    """Weight of each item: Σ answer value × count; whole numbers [item] from counts [item, point].

    Source: Soedjai 2010, tables 6.5 and 6.16 ("bobot").
    """
    return counts @ np.arange(1, counts.shape[1] + 1)


def means(counts: Integers) -> list[float | None]:
    """Mean answer of each item; None where nobody answered."""
    return [ratio(weight, number) for weight, number in zip(weights(counts), counts.sum(axis=1), strict=True)]


def ratio(numerator: float, denominator: float) -> float | None:
    """The quotient, or None where there is nothing to divide by: nothing is not zero."""
    return float(numerator) / float(denominator) if denominator else None


def percent(numerator: float, denominator: float) -> float | None:
    return ratio(100 * float(numerator), denominator)


def shares_percent(counts: Integers) -> list[list[float | None]]:
    """Percentage of each answer, [item][point]."""
    return [[percent(cell, row.sum()) for cell in row] for row in counts]


def stacked(parts: Sequence[Answers]) -> Answers:
    """The people of several campaigns with the same items, one below the other."""
    first = parts[0]
    paired = all(part.expectation is not None for part in parts)
    return Answers(
        first.codes,
        first.dimensions,
        first.points,
        np.concatenate([part.reality for part in parts]),
        np.concatenate([part.expectation for part in parts if part.expectation is not None])
        if paired
        else None,
    )
