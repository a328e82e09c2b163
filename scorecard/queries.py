"""Reading scorecards: what is stored, in the shape that pages, API and commands show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hospitals.models import Hospital, Unit
from indicators.computing import judged_on
from indicators.engine.scoring import distance_outside
from indicators.freshness import Freshness, freshness_of
from indicators.models import DataElement, Verdict
from indicators.periods import Period
from indicators.same_months import same_months_of
from scorecard.comparison import Change, changes_of
from scorecard.lines import IndicatorLine, IndicatorLines
from scorecard.models import ApprovedScore, Level, Objective, Score, Template, TemplatePerspective
from scorecard.models.score import StoredScore
from scorecard.rollup import verdicts_of_indicator
from scorecard.templates_in_force import rule_of, template_on, templates_of


@dataclass(frozen=True)
class Node:
    """A scored node of the scorecard: overall, a perspective or an objective. `score` may be None.

    `known` of `total` indicators that count have a score, and `known_weight` (0 to 1) of the weight.
    `change`: against a year before; None where the two cannot be compared.
    """

    code: str
    name: str
    score: float | None
    verdict: Verdict | None
    known: int
    total: int
    known_weight: float
    change: Change | None = None
    children: tuple[Node, ...] = ()
    lines: tuple[IndicatorLine, ...] = ()

    @property
    def coverage(self) -> float | None:
        return self.known / self.total if self.total else None

    @property
    def thin(self) -> bool:
        """Whether too little is known for a verdict."""
        return self.score is not None and self.verdict is None


@dataclass(frozen=True)
class Scorecard:
    """Overall → perspectives → objectives → indicators of one unit and period.

    `others` are indicators that have a value but no weight in the template. `approved_only`: made of
    approved numbers alone; `score_otherwise` is the overall score when it is not, and the other way round.
    `running_through`: the last month that is in it, where the period is not over; it is compared with the
    same months of the year before, and `template_before` graded those.
    """

    unit: Unit
    period: Period
    approved_only: bool
    score_otherwise: float | None
    template: Template
    freshness: Freshness
    running_through: Period | None
    template_before: Template
    overall: Node
    others: tuple[IndicatorLine, ...]
    elements: dict[str, DataElement]

    @property
    def unapproved(self) -> int:
        """How many indicators have numbers that are not approved yet."""
        return sum(line.unapproved for line in self.lines)

    def verdict_before(self, line: IndicatorLine) -> Verdict | None:
        """The word of the same months of the year before, which are stored nowhere, by the grades of then."""
        before = line.same_months
        if before is None or before.score is None or before.value is None:
            return None
        outside = distance_outside(before.value, before.range_low, before.range_high, line.decimals) != 0
        rule = rule_of(self.template_before)
        return Verdict(verdicts_of_indicator(np.array(before.score), np.array(outside), rule).item())

    @property
    def perspectives(self) -> tuple[Node, ...]:
        return self.overall.children

    @property
    def lines(self) -> list[IndicatorLine]:
        """All indicators, each once, in the order of the template."""
        weighted = [
            line
            for perspective in self.perspectives
            for objective in perspective.children
            for line in objective.lines
        ]
        return list({line.indicator.code: line for line in [*weighted, *self.others]}.values())


def scorecard_of(unit: Unit, period: Period, *, approved_only: bool = False) -> Scorecard:
    """The stored scorecard of a unit and period, compared with that of a year before.

    `approved_only` leaves out numbers that nobody has approved yet. The number of queries does not
    grow with what is stored.
    """
    hospital = unit.hospital
    freshness = freshness_of(hospital)
    then, day = judged_on(hospital, range(period.year - 1, period.year + 1))[:, period.slot].tolist()
    templates = templates_of(hospital)
    template = template_on(templates, day)
    running = freshness.is_running(period)
    scores, otherwise = _scores(unit, period, approved_only)
    same_months = same_months_of(hospital, freshness, approved_only=approved_only) if running else None
    lines = IndicatorLines(unit, period, day=day, approved_only=approved_only, same_months=same_months)
    changes = changes_of(rule_of(template), lines.scores_before, lines.scores)
    other = otherwise.get((Level.OVERALL, template.pk))
    return Scorecard(
        unit=unit,
        period=period,
        approved_only=approved_only,
        score_otherwise=other.score if other else None,
        template=template,
        freshness=freshness,
        running_through=freshness.expected_through if running else None,
        template_before=template_on(templates, then) if running else template,
        overall=_Tree(scores, changes, lines).overall(template),
        others=tuple(lines.left_over()),
        elements=lines.elements,
    )


#: By level and node.
_Scores = dict[tuple[int, int], StoredScore]


def _scores(unit: Unit, period: Period, approved_only: bool) -> tuple[_Scores, _Scores]:
    """Scores as asked for, and those of the other choice of numbers."""
    of_all: _Scores = {(row.level, row.node): row for row in Score.objects.filter(unit=unit, period=period)}
    approved = ApprovedScore.objects.filter(unit=unit, period=period)
    of_approved = of_all | {(row.level, row.node): row for row in approved}
    return (of_approved, of_all) if approved_only else (of_all, of_approved)


class _Tree:
    """The nodes of a template with what is stored and what has changed of them."""

    def __init__(
        self, scores: _Scores, changes: Mapping[tuple[int, int], Change], lines: IndicatorLines
    ) -> None:
        self.scores, self.changes, self.lines = scores, changes, lines

    def overall(self, template: Template) -> Node:
        children = tuple(self._perspective(p) for p in template.perspectives.all())
        return self._node(Level.OVERALL, template.pk, "overall", template.name, children=children)

    def _perspective(self, perspective: TemplatePerspective) -> Node:
        children = tuple(self._objective(o) for o in perspective.objectives.all())
        code, name = perspective.code, perspective.name
        return self._node(Level.PERSPECTIVE, perspective.pk, code, name, children=children)

    def _objective(self, objective: Objective) -> Node:
        found = (self.lines.of(w.indicator, w.weight) for w in objective.weighted_indicators.all())
        lines = tuple(line for line in found if line is not None)
        return self._node(Level.OBJECTIVE, objective.pk, objective.code, objective.name, lines=lines)

    def _node(
        self,
        level: Level,
        key: int,
        code: str,
        name: str,
        children: tuple[Node, ...] = (),
        lines: tuple[IndicatorLine, ...] = (),
    ) -> Node:
        row, change = self.scores.get((level, key)), self.changes.get((level, key))
        if row is None:
            total = sum(child.total for child in children) + sum(line.counts for line in lines)
            return Node(code, name, None, None, 0, total, 0.0, change, children, lines)
        verdict = Verdict(row.verdict) if row.verdict else None
        return Node(
            code, name, row.score, verdict, row.known, row.total, row.known_weight, change, children, lines
        )


def periods_with_scores(hospital: Hospital) -> Sequence[Period]:
    """Every period of the hospital's root unit for which a score is stored."""
    rows = Score.objects.filter(unit=hospital.root, level=Level.OVERALL)
    return sorted(rows.values_list("period", flat=True))
