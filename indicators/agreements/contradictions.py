"""Which results as reported contradict each other, and what the others imply. No database, no request.

The use of beds is two quantities, length of stay and turn-over interval; occupancy and turn-over follow from
them (Barber and Johnson 1973). Any two of the four imply the other two, so three or four can contradict.

A printed figure is an interval: half of its last digit on either side, and what else a definition allows for.
Three figures agree when what two of them imply meets the third. In the plane of the two quantities each
interval is a convex region, so that all of them have a point in common when every three have (Helly).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from indicators.formula import Formula, Input, alternatives_of
from indicators.formula.evaluate import evaluate

#: By indicator code: floats [cell], NaN where nothing is reported.
Figures = Mapping[str, np.ndarray]
#: Floats that are equal on paper differ in their last bits.
_HAIR = 1e-9
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class Slack:
    """By how much the quantity meant may lie below and above the figure reported."""

    less: Formula
    more: Formula


@dataclass(frozen=True, eq=False)
class Agreement:
    """Indicators of which any two imply the others, by formulas over indicator codes and `days`.

    Where nothing else decides, the earlier of `indicators` stand. `implied`: by indicator, a formula for
    each pair of the others; each rises or falls with any of its figures.
    """

    code: str
    indicators: tuple[str, ...]
    implied: Mapping[str, tuple[Formula, ...]]
    slack: Mapping[str, Slack]

    def formula(self, of: str, by: Sequence[str]) -> Formula | None:
        """How `of` follows from some of `by`."""
        return next((f for f in self.implied.get(of, ()) if set(f.codes) <= set(by)), None)


@dataclass(frozen=True)
class Contradiction:
    """`indicator` was reported as `value`, but `standing` imply another one."""

    indicator: str
    value: float
    standing: tuple[str, ...]
    implied: float


@dataclass(frozen=True, eq=False)
class Found:
    """By indicator code, arrays [cell]: whether its figure contradicts the `standing` ones."""

    contradicts: dict[str, np.ndarray]
    standing: dict[str, np.ndarray]

    @property
    def anywhere(self) -> np.ndarray:
        anywhere: np.ndarray = np.logical_or.reduce(list(self.contradicts.values()))
        return anywhere


def find_contradictions(agreement: Agreement, figures: Figures, days: np.ndarray) -> Found:
    """Judge the figures of many units and periods, `days` [cell] long, at once.

    The largest set that agrees stands, of equals the one with the earliest indicators; two always agree.
    What does not belong to it contradicts.
    """
    codes = [code for code in agreement.indicators if code in figures]
    known = {code: ~np.isnan(figures[code]) for code in codes}
    limits = {code: _limits(agreement, code, figures[code], days) for code in codes}
    triples = {}
    for triple in combinations(codes, 3):
        together = np.logical_and.reduce([known[code] for code in triple])
        triples[triple] = together, _agree(agreement, triple, limits, days)
    at_odds = np.zeros(days.shape, bool)
    for together, agree in triples.values():
        at_odds |= together & ~agree
    # The first two known stand, unless three agree.
    rank = np.cumsum([known[code] for code in codes], axis=0)
    standing = {code: known[code] & (rank[n] <= 2) for n, code in enumerate(codes)}
    decided = np.zeros(days.shape, bool)
    for triple, (together, agree) in triples.items():
        new = together & agree & ~decided
        for code in codes:
            standing[code] = np.where(new, code in triple, standing[code])
        decided |= new
    contradicts = {code: at_odds & known[code] & ~standing[code] for code in codes}
    return Found(contradicts, standing)


def contradictions_of(
    agreement: Agreement, figures: Mapping[str, float], days: float
) -> tuple[Contradiction, ...]:
    """The contradictions of one unit and period of `days`; `figures` by indicator code."""
    given = {code: np.array([value]) for code, value in figures.items() if code in agreement.indicators}
    if len(given) < 3:
        return ()
    found = find_contradictions(agreement, given, np.array([days]))
    standing = tuple(code for code, stands in found.standing.items() if stands[0])
    contradictions = []
    for code, contradicts in found.contradicts.items():
        formula = agreement.formula(code, standing)
        if contradicts[0] and formula is not None:
            implied = float(_computed(formula, given, np.array([days]))[0])
            contradictions.append(Contradiction(code, float(given[code][0]), standing, implied))
    return tuple(contradictions)


def _agree(
    agreement: Agreement,
    triple: tuple[str, ...],
    limits: Mapping[str, tuple[np.ndarray, np.ndarray]],
    days: np.ndarray,
) -> np.ndarray:
    """Where what two of the three imply meets the third; also where nothing can be computed."""
    of, *by = reversed(triple)
    formula = agreement.formula(of, by)
    if formula is None:
        return np.ones(days.shape, bool)
    # A formula that rises or falls with each figure is least and greatest at their limits.
    ends = product(*(limits[code] for code in formula.codes))
    corners = np.array([_computed(formula, dict(zip(formula.codes, end, strict=True)), days) for end in ends])
    low, high = limits[of]
    least, most = corners.min(axis=0), corners.max(axis=0)
    hair = _HAIR * (1 + np.abs(high))
    agree: np.ndarray = np.isnan(least) | ((least <= high + hair) & (low <= most + hair))
    return agree


def _limits(
    agreement: Agreement, code: str, reported: np.ndarray, days: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Between what the quantity meant can lie. Nothing here is negative, but a turn-over interval can be."""
    half = half_of_last_digit(reported)
    low, high = reported - half, reported + half
    if slack := agreement.slack.get(code):
        low = low - _computed(slack.less, {code: reported}, days)
        high = high + _computed(slack.more, {code: reported}, days)
    return np.where(reported >= 0, np.maximum(low, 0.0), low), high


def half_of_last_digit(figures: np.ndarray) -> np.ndarray:
    """Half a unit of the last digit that was printed: 0.005 for 6.63, 0.05 for 6.9 (or 6.90), 0.5 for 43."""
    half = np.full(figures.shape, 0.5 * 10.0**-_MOST_DECIMALS)
    for decimals in reversed(range(_MOST_DECIMALS)):
        half[np.round(figures, decimals) == figures] = 0.5 * 10.0**-decimals
    return half


def _computed(formula: Formula, figures: Mapping[str, np.ndarray], days: np.ndarray) -> np.ndarray:
    (plain,) = alternatives_of(formula)
    given = {Input(code): figures[code] for code in formula.codes}
    return evaluate(plain.tree, given, {0: days}, days.shape).value
