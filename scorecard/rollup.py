"""Weighted roll-up: indicator → objective → perspective → overall. Arrays only, no database.

Each level is the weighted mean of what is known one level below; what is unknown has no weight, and
the coverage says how much that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.engine.rounding import as_shown

#: Scores are shown, and graded, with one decimal.
SCORE_DECIMALS = 1
POOR, FAIR, GOOD, NO_VERDICT = 1, 2, 3, -1


@dataclass(frozen=True)
class ObjectiveRule:
    key: int
    weight: float
    indicators: Mapping[str, float]


@dataclass(frozen=True)
class PerspectiveRule:
    key: int
    weight: float
    objectives: Sequence[ObjectiveRule]


@dataclass(frozen=True)
class TemplateRule:
    key: int
    good_from: float
    fair_from: float
    perspectives: Sequence[PerspectiveRule]

    @property
    def codes(self) -> set[str]:
        return {code for p in self.perspectives for o in p.objectives for code in o.indicators}


@dataclass(eq=False)
class NodeScores:
    """Scores of one node, arrays [unit, year, 19]: NaN where nothing below is known."""

    level: int
    key: int
    score: np.ndarray
    known: np.ndarray
    total: np.ndarray


def roll_up(
    template: TemplateRule,
    scores: Mapping[str, np.ndarray],
    applies: Mapping[str, np.ndarray],
    shape: tuple[int, ...],
) -> list[NodeScores]:
    """Scores of every objective and perspective of `template`, and the overall one last.

    `scores[code]` is NaN where an indicator has no score; `applies[code]` says where it counts
    towards the coverage. An indicator without any array is unknown everywhere.
    """
    found: list[NodeScores] = []
    perspectives = []
    for perspective in template.perspectives:
        objectives = []
        for objective in perspective.objectives:
            node = _objective(objective, scores, applies, shape)
            objectives.append((objective.weight, node))
            found.append(node)
        node = _mean(1, perspective.key, objectives, shape)
        perspectives.append((perspective.weight, node))
        found.append(node)
    found.append(_mean(0, template.key, perspectives, shape))
    return found


def _objective(rule: ObjectiveRule, scores, applies, shape) -> NodeScores:
    weighted = {code: weight for code, weight in rule.indicators.items() if weight > 0}
    parts = []
    for code, weight in weighted.items():
        score = scores.get(code)
        score = np.full(shape, np.nan) if score is None else score
        counts = applies.get(code)
        counts = np.zeros(shape, int) if counts is None else counts.astype(int)
        known = (~np.isnan(score)).astype(int)
        parts.append((weight, NodeScores(3, 0, score, known, np.maximum(counts, known))))
    return _mean(2, rule.key, parts, shape)


def _mean(level: int, key: int, parts: Sequence[tuple[float, NodeScores]], shape) -> NodeScores:
    total_weight, weighted_sum = np.zeros(shape), np.zeros(shape)
    known, total = np.zeros(shape, int), np.zeros(shape, int)
    for weight, part in parts:
        has = ~np.isnan(part.score)
        total_weight += np.where(has, weight, 0.0)
        weighted_sum += np.where(has, weight * np.where(has, part.score, 0.0), 0.0)
        if weight > 0:
            known += part.known
            total += part.total
    score = np.where(total_weight > 0, weighted_sum / np.where(total_weight > 0, total_weight, 1.0), np.nan)
    return NodeScores(level, key, score, known, total)


def verdicts_of(score: np.ndarray, *, good_from: float, fair_from: float) -> np.ndarray:
    """1 poor, 2 fair, 3 good, -1 without a score; graded as shown, a boundary is the better side."""
    shown = as_shown(score, SCORE_DECIMALS)
    return np.select(
        [np.isnan(shown), shown >= good_from, shown >= fair_from], [NO_VERDICT, GOOD, FAIR], POOR
    )
