"""Conformity, gap, quadrants and satisfaction index of answers given twice: reality against expectation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from surveys.analysis.counts import Counts, Integers, means, percent, weights


@dataclass(frozen=True)
class Paired:
    """The weights of an item, a dimension or all items, and what follows from them.

    `conformity_percent` = 100 · Σ reality / Σ expectation, never cut off: above 100 reality surpasses
    what was expected. Of a dimension the weights are summed; percentages are not averaged.
    Source: Soedjai 2010, table 6.5 ("tingkat kesesuaian").
    """

    code: str
    dimension: str
    reality_weight: int
    expectation_weight: int
    reality_answers: int
    expectation_answers: int

    @property
    def conformity_percent(self) -> float | None:
        """None where nothing was expected: no answers."""
        return percent(self.reality_weight, self.expectation_weight)

    @property
    def gap(self) -> float | None:
        """Mean reality − mean expectation, in points. Source: Parasuraman, Zeithaml and Berry 1988."""
        exact = self.exact_means
        return None if exact is None else float(exact[0] - exact[1])

    @property
    def exact_means(self) -> tuple[Fraction, Fraction] | None:
        """Mean reality and mean expectation, exact, so that a point on a cut is found there."""
        if not self.reality_answers or not self.expectation_answers:
            return None
        return (
            Fraction(self.reality_weight, self.reality_answers),
            Fraction(self.expectation_weight, self.expectation_answers),
        )


def paired_items(counts: Counts) -> list[Paired]:
    """One line per item. Raises ValueError for single answers."""
    expectation = _expectation(counts)
    rows = zip(
        counts.codes,
        counts.dimensions,
        weights(counts.reality),
        weights(expectation),
        counts.reality.sum(axis=1),
        expectation.sum(axis=1),
        strict=True,
    )
    return [
        Paired(code, dimension, *(int(number) for number in numbers)) for code, dimension, *numbers in rows
    ]


def pooled(items: list[Paired], code: str) -> Paired:
    """Several items as one: their weights and answers are summed."""
    return Paired(
        code,
        code,
        sum(item.reality_weight for item in items),
        sum(item.expectation_weight for item in items),
        sum(item.reality_answers for item in items),
        sum(item.expectation_answers for item in items),
    )


def paired_dimensions(items: list[Paired]) -> list[Paired]:
    codes = dict.fromkeys(item.dimension for item in items)
    return [pooled([item for item in items if item.dimension == code], code) for code in codes]


@dataclass(frozen=True)
class Quadrants:
    """Importance–performance analysis: x = mean reality, y = mean expectation, cut at their means.

    `letters` has A (priority: expected much, found little), B (keep up), C (low priority), D (more
    than is expected) per item, None where nobody answered. A point on a cut counts as the better
    side, which is the higher one. Source: Martilla and James 1977; local names as in Soedjai 2010.
    """

    reality_cut: float | None
    expectation_cut: float | None
    letters: dict[str, str | None]


def quadrants(items: list[Paired]) -> Quadrants:
    known = {item.code: item.exact_means for item in items}
    points = [mean for mean in known.values() if mean is not None]
    if not points:
        return Quadrants(None, None, dict.fromkeys(known))
    x_cut = sum((x for x, _y in points), Fraction()) / len(points)
    y_cut = sum((y for _x, y in points), Fraction()) / len(points)

    def letter(point: tuple[Fraction, Fraction] | None) -> str | None:
        if point is None:
            return None
        x, y = point
        if y >= y_cut:
            return "B" if x >= x_cut else "A"
        return "D" if x >= x_cut else "C"

    return Quadrants(float(x_cut), float(y_cut), {code: letter(mean) for code, mean in known.items()})


def csi_percent(counts: Counts) -> float | None:
    """Customer satisfaction index: 100 · Σ(weight factor × mean reality) / best answer.

    The weight factor of an item is its mean expectation over the sum of all mean expectations. A
    weighted mean of answers cannot pass the best one, so that it is 100 % at most.
    Source: Aritonang 2005, as used in Indonesian service surveys.
    """
    pairs = [
        (reality, expectation)
        for reality, expectation in zip(means(counts.reality), means(_expectation(counts)), strict=True)
        if reality is not None and expectation is not None
    ]
    if not pairs:
        return None
    reality, expectation = np.array(pairs).T
    return min(100.0, float(100 * (reality @ expectation) / expectation.sum() / counts.points))


def _expectation(counts: Counts) -> Integers:
    if counts.expectation is None:
        raise ValueError("these answers have no expectation side")
    return counts.expectation
