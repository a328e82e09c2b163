"""Weighted roll-up: indicator → objective → perspective → overall. Arrays only, no database.

Each level is the weighted mean of what is known one level below. What is unknown has no weight in it,
and what does not count (it has no range, or is not this unit's) none at all. How much is known is told
twice: by count ("9 of 12"), and by weight, which decides whether a verdict can be given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.engine.rounding import as_shown

#: Scores are shown, and graded, with one decimal.
SCORE_DECIMALS = 1
#: Known weights are sums of shares: they are compared where their rounding errors no longer show.
_KNOWN_DECIMALS = 9
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
    known_at_least: float
    perspectives: Sequence[PerspectiveRule]

    @property
    def codes(self) -> set[str]:
        return {code for p in self.perspectives for o in p.objectives for code in o.indicators}


@dataclass(eq=False)
class NodeScores:
    """Scores of one node, arrays of the shape asked for; `score` NaN where nothing below is known.

    `known` of `total` indicators that count have a score. `known_weight` is how much of the weight they
    have, 0 to 1: of an indicator 1 or 0, of a node the mean of its parts by their weights, over those
    parts in which anything counts. So a perspective of which nothing is known takes its whole weight
    from what is known of the hospital, however few its indicators are.
    """

    level: int
    key: int
    score: np.ndarray
    known: np.ndarray
    total: np.ndarray
    known_weight: np.ndarray


def roll_up(
    template: TemplateRule,
    scores: Mapping[str, np.ndarray],
    applies: Mapping[str, np.ndarray],
    shape: tuple[int, ...],
) -> list[NodeScores]:
    """Scores of every objective and perspective of `template`, and the overall one last.

    `scores[code]` is NaN where an indicator has no score; `applies[code]` says where it counts even
    then. An indicator without any array neither counts nor is known. Arrays are of `shape`.
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
        parts.append((weight, NodeScores(3, 0, score, known, np.maximum(counts, known), known.astype(float))))
    return _mean(2, rule.key, parts, shape)


def _mean(level: int, key: int, parts: Sequence[tuple[float, NodeScores]], shape) -> NodeScores:
    has_weight, weighted_sum = np.zeros(shape), np.zeros(shape)
    counts_weight, known_weight = np.zeros(shape), np.zeros(shape)
    known, total = np.zeros(shape, int), np.zeros(shape, int)
    for weight, part in parts:
        has = ~np.isnan(part.score)
        has_weight += np.where(has, weight, 0.0)
        weighted_sum += np.where(has, weight * np.where(has, part.score, 0.0), 0.0)
        counts_weight += np.where(part.total > 0, weight, 0.0)
        known_weight += weight * part.known_weight
        if weight > 0:
            known += part.known
            total += part.total
    score = np.where(has_weight > 0, weighted_sum / np.where(has_weight > 0, has_weight, 1.0), np.nan)
    share = known_weight / np.where(counts_weight > 0, counts_weight, 1.0)
    return NodeScores(level, key, score, known, total, share)


def verdicts_of(score: np.ndarray, *, good_from: float, fair_from: float) -> np.ndarray:
    """1 poor, 2 fair, 3 good, -1 without a score; graded as shown, a boundary is the better side."""
    shown = as_shown(score, SCORE_DECIMALS)
    good, fair = (as_shown(edge, SCORE_DECIMALS) for edge in (good_from, fair_from))
    return np.select([np.isnan(shown), shown >= good, shown >= fair], [NO_VERDICT, GOOD, FAIR], POOR)


def verdicts_of_node(node: NodeScores, rule: TemplateRule) -> np.ndarray:
    """The same of a node, and none where less of its weight is known than the scorecard asks for."""
    graded = verdicts_of(node.score, good_from=rule.good_from, fair_from=rule.fair_from)
    known = as_shown(node.known_weight, _KNOWN_DECIMALS)
    return np.where(known < as_shown(rule.known_at_least, _KNOWN_DECIMALS), NO_VERDICT, graded)


def verdicts_of_indicator(score: np.ndarray, outside: np.ndarray, rule: TemplateRule) -> np.ndarray:
    """Of an indicator: good only inside its range. Outside, where points may fall gently, at best fair."""
    graded = verdicts_of(score, good_from=rule.good_from, fair_from=rule.fair_from)
    return np.where(outside & (graded == GOOD), FAIR, graded)
