"""Questionnaires answered once: weights, shares satisfied, the index of public satisfaction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from surveys.analysis.counts import Counts, Integers, percent, ratio, weights


@dataclass(frozen=True)
class Single:
    """An item, a facet or all items. `counts` are the answers 1, 2, … of all its items together.

    `satisfied_percent` is the share of answers from `satisfied_from` up (3 and 4 of four; good and
    very good of five). The weight of a facet is the mean of its items' weights, as in the source.
    Source: Soedjai 2010, table 6.18.
    """

    code: str
    dimension: str
    weight: float
    counts: tuple[int, ...]
    satisfied_from: int

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def satisfied_answers(self) -> int:
        return sum(self.counts[self.satisfied_from - 1 :])

    @property
    def satisfied_percent(self) -> float | None:
        return percent(self.satisfied_answers, self.answers)

    @property
    def answers_percent(self) -> list[float | None]:
        """Percentage of each answer."""
        return [percent(count, self.answers) for count in self.counts]

    @property
    def mean(self) -> float | None:
        return ratio(sum(count * answer for answer, count in enumerate(self.counts, 1)), self.answers)


def single_items(counts: Counts, satisfied_from: int) -> list[Single]:
    return [
        Single(code, dimension, int(weight), tuple(int(count) for count in row), satisfied_from)
        for code, dimension, weight, row in zip(
            counts.codes, counts.dimensions, weights(counts.reality), counts.reality, strict=True
        )
    ]


def pooled(items: list[Single], code: str) -> Single:
    """Several items as one: counts are summed, the weight is the mean of theirs."""
    summed = np.sum([item.counts for item in items], axis=0)
    weight = sum(item.weight for item in items) / len(items)
    return Single(code, code, weight, tuple(int(n) for n in summed), items[0].satisfied_from)


def single_dimensions(items: list[Single]) -> list[Single]:
    codes = dict.fromkeys(item.dimension for item in items)
    return [pooled([item for item in items if item.dimension == code], code) for code in codes]


@dataclass(frozen=True)
class PublicSatisfaction:
    """The SKM index from 25 to 100, rounded to two decimals, and its grade A to D.

    `items` were answered by somebody, out of `asked`.
    """

    index: Decimal
    grade: str
    items: int
    asked: int


#: Lowest index of each grade. Source: PermenPANRB 14/2017 (secondary source).
GRADES = ((Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"))


def public_satisfaction(counts: Integers) -> PublicSatisfaction | None:
    """Index = 25 · mean of the items' means, each with the exact weight 1/items (1/9 for nine).

    Rounded half up to two decimals before grading, so that index and grade never contradict each
    other. An item that nobody answered has no mean and is left out; None without any answer. The
    indicator `skm_index` follows the same rule. Source: PermenPANRB 14/2017 (secondary source), which
    rounds the weight to 0.11; the exact ninth is used here.
    """
    numbers = counts.sum(axis=1)
    item_means = [Fraction(int(w), int(n)) for w, n in zip(weights(counts), numbers, strict=True) if n]
    if not item_means:
        return None
    exact = 25 * sum(item_means, Fraction()) / len(item_means)
    index = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    grade = next(grade for least, grade in GRADES if index >= least)
    return PublicSatisfaction(index, grade, len(item_means), len(numbers))
