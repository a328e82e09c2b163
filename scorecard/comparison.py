"""A scorecard beside that of a year before, like with like. Arithmetic only, no database."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scorecard.rollup import TemplateRule, roll_up

#: By indicator code; an indicator without a score is absent.
Scores = Mapping[str, float]


@dataclass(frozen=True)
class Change:
    """A score against that of a year before, both over the `common` indicators, known in both.

    `before` and `now` are None where there is no such indicator. What has a score in one of the two
    only is named, and moves neither.
    """

    before: float | None
    now: float | None
    common: int
    became_known: tuple[str, ...]
    became_unknown: tuple[str, ...]

    @property
    def points(self) -> float | None:
        return None if self.now is None or self.before is None else self.now - self.before


def changes_of(rule: TemplateRule, before: Scores, now: Scores) -> dict[tuple[int, int], Change]:
    """By level and key of the node: how its score has changed, with the weights of `rule` in both years."""
    common = before.keys() & now.keys()
    scores = {code: np.array([before[code], now[code]]) for code in common}
    found = {}
    codes = {(level, key): codes for level, key, codes in _weighed(rule)}
    for node in roll_up(rule, scores, {}, (2,)):
        below = codes[node.level, node.key]
        then, today = (None if math.isnan(score) else score for score in node.score.tolist())
        found[node.level, node.key] = Change(
            before=then,
            now=today,
            common=sum(code in common for code in below),
            became_known=tuple(c for c in below if c in now and c not in before),
            became_unknown=tuple(c for c in below if c in before and c not in now),
        )
    return found


def _weighed(rule: TemplateRule) -> Iterator[tuple[int, int, list[str]]]:
    """Level, key and the codes that weigh in it, each once, of every node."""
    overall: dict[str, None] = {}
    for perspective in rule.perspectives:
        of_perspective: dict[str, None] = {}
        for objective in perspective.objectives:
            own = {code: None for code, weight in objective.indicators.items() if weight > 0}
            yield 2, objective.key, list(own)
            of_perspective |= own if objective.weight > 0 else {}
        yield 1, perspective.key, list(of_perspective)
        overall |= of_perspective if perspective.weight > 0 else {}
    yield 0, rule.key, list(overall)
