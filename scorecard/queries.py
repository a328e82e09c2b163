"""Reading scorecards: what is stored, in the shape that pages, API and commands show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hospitals.models import Hospital, Unit
from indicators.computing import judged_on
from indicators.explanations import basis_of, explain_gap, inputs_of, missing_codes
from indicators.freshness import Freshness, freshness_of
from indicators.models import (
    ApprovedIndicatorValue,
    DataElement,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    Verdict,
)
from indicators.models.definition import SHIPPED_FIRST
from indicators.models.indicator_value import StoredIndicator
from indicators.periods import Period
from scorecard.models import ApprovedScore, Level, Score, Template
from scorecard.models.score import StoredScore
from scorecard.templates_in_force import template_on, templates_of


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator of a scorecard. `row` is None when nothing was ever reported for it.

    `expression` is the formula in force, empty where there is none. `unapproved`: some of its
    numbers are not approved yet; they are in it, or left out where approved ones were asked for.
    """

    indicator: Indicator
    row: StoredIndicator | None
    gap: str
    missing: tuple[str, ...]
    basis: tuple[str, ...]
    weight: float | None
    expression: str = ""
    unapproved: bool = False

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.row.verdict) if self.row is not None and self.row.verdict else None


@dataclass(frozen=True)
class Node:
    """A scored node of the scorecard: overall, a perspective or an objective. `score` may be None."""

    code: str
    name: str
    score: float | None
    verdict: Verdict | None
    known: int
    total: int
    before: float | None
    children: tuple[Node, ...] = ()
    lines: tuple[IndicatorLine, ...] = ()

    @property
    def coverage(self) -> float | None:
        return self.known / self.total if self.total else None

    @property
    def change(self) -> float | None:
        """Points more than the same period a year before."""
        return None if self.score is None or self.before is None else self.score - self.before


@dataclass(frozen=True)
class Scorecard:
    """Overall → perspectives → objectives → indicators of one unit and period.

    `others` are indicators that have a value but no weight in the template. `approved_only`: made of
    approved numbers alone; `score_otherwise` is the overall score when it is not, and the other way round.
    """

    unit: Unit
    period: Period
    approved_only: bool
    score_otherwise: float | None
    template: Template
    freshness: Freshness
    overall: Node
    others: tuple[IndicatorLine, ...]
    elements: dict[str, DataElement]

    @property
    def unapproved(self) -> int:
        """How many indicators have numbers that are not approved yet."""
        return sum(line.unapproved for line in self.lines)

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
    """The stored scorecard of a unit and period, with the scores of a year before beside it.

    `approved_only` leaves out numbers that nobody has approved yet. The number of queries does not
    grow with what is stored.
    """
    hospital = unit.hospital
    freshness = freshness_of(hospital)
    templates = templates_of(hospital)
    years = range(period.year - 1, period.year + 1)
    days = judged_on(hospital, years)
    template, earlier = (template_on(templates, days[y, period.slot].item()) for y in (1, 0))
    scores, otherwise, earlier_scores = _scores(unit, period, approved_only)
    lines = _Lines(unit, period, approved_only)
    overall = _overall(template, scores, _before(earlier, earlier_scores), lines)
    other = otherwise.get((Level.OVERALL, template.pk))
    return Scorecard(
        unit=unit,
        period=period,
        approved_only=approved_only,
        score_otherwise=other.score if other else None,
        template=template,
        freshness=freshness,
        overall=overall,
        others=tuple(lines.left_over()),
        elements=lines.elements,
    )


#: By level and node.
_Scores = dict[tuple[int, int], StoredScore]


def _scores(unit: Unit, period: Period, approved_only: bool) -> tuple[_Scores, _Scores, _Scores]:
    """Scores as asked for, those of the other choice of numbers, and as asked for of a year before."""
    before = period.year_before()
    found: dict[Period, tuple[_Scores, _Scores]] = {period: ({}, {}), before: ({}, {})}
    for row in Score.objects.filter(unit=unit, period__in=[period, before]):
        for scores in found[row.period]:
            scores[row.level, row.node] = row
    for approved in ApprovedScore.objects.filter(unit=unit, period__in=[period, before]):
        found[approved.period][1][approved.level, approved.node] = approved
    asked, other = (1, 0) if approved_only else (0, 1)
    return found[period][asked], found[period][other], found[before][asked]


def _before(template: Template, scores: _Scores) -> dict[str, float | None]:
    """Scores of a year before by code: the nodes may be those of an older template."""
    found: dict[str, float | None] = {}
    if row := scores.get((Level.OVERALL, template.pk)):
        found["overall"] = row.score
    for perspective in template.perspectives.all():
        if row := scores.get((Level.PERSPECTIVE, perspective.pk)):
            found[perspective.code] = row.score
        for objective in perspective.objectives.all():
            if row := scores.get((Level.OBJECTIVE, objective.pk)):
                found[f"{perspective.code}.{objective.code}"] = row.score
    return found


def _overall(template: Template, scores: _Scores, before: dict[str, float | None], lines: _Lines) -> Node:
    perspectives = []
    for perspective in template.perspectives.all():
        objectives = []
        for objective in perspective.objectives.all():
            its_lines = tuple(
                lines.of(weighted.indicator, weighted.weight)
                for weighted in objective.weighted_indicators.all()
                if lines.has(weighted.indicator)
            )
            row = scores.get((Level.OBJECTIVE, objective.pk))
            code = f"{perspective.code}.{objective.code}"
            objectives.append(_node(objective.code, objective.name, row, before.get(code), lines=its_lines))
        row = scores.get((Level.PERSPECTIVE, perspective.pk))
        perspectives.append(
            _node(
                perspective.code,
                perspective.name,
                row,
                before.get(perspective.code),
                children=tuple(objectives),
            )
        )
    row = scores.get((Level.OVERALL, template.pk))
    return _node("overall", template.name, row, before.get("overall"), children=tuple(perspectives))


def _node(code: str, name: str, row: StoredScore | None, before: float | None, children=(), lines=()) -> Node:
    if row is None:
        total = sum(child.total for child in children) + sum(1 for line in lines if line.weight)
        return Node(code, name, None, None, 0, total, before, children, lines)
    verdict = Verdict(row.verdict) if row.verdict else None
    return Node(code, name, row.score, verdict, row.known, row.total, before, children, lines)


class _Lines:
    """The indicator lines of one unit and period, handed out to the objectives that weigh them."""

    def __init__(self, unit: Unit, period: Period, approved_only: bool) -> None:
        theirs = Q(hospital=None) | Q(hospital=unit.hospital_id)
        self.period = period
        self.elements = {e.code: e for e in DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST)}
        self.indicators = {i.pk: i for i in Indicator.objects.filter(theirs)}
        self.rows = self._stored(IndicatorValue, unit, period)
        otherwise = self._stored(ApprovedIndicatorValue, unit, period)
        self.unapproved = otherwise.keys()
        if approved_only:
            self.rows |= otherwise
        self.latest = {f.indicator_id: f for f in IndicatorFormula.objects.order_by("valid_from")}
        self.used: set[int] = set()

    @staticmethod
    def _stored(model: type[Any], unit: Unit, period: Period) -> dict[int, StoredIndicator]:
        rows = model.objects.filter(unit=unit, period=period)
        return {row.indicator_id: row for row in rows.select_related("formula", "reference_range__standard")}

    def has(self, indicator: Indicator) -> bool:
        """Whether there is anything to say of it: what is retired has nothing afterwards."""
        retired = indicator.retired_from
        return indicator.pk in self.rows or retired is None or self.period.end < retired

    def of(self, indicator: Indicator, weight: float | None) -> IndicatorLine:
        self.used.add(indicator.pk)
        row = self.rows.get(indicator.pk)
        if row is None:
            latest = self.latest.get(indicator.pk)
            expression = latest.expression if latest else ""
            needed = inputs_of(expression) if latest else []
            gap = explain_gap(1, needed, self.elements)
            return IndicatorLine(indicator, None, gap, tuple(needed), (), weight, expression)
        expression = row.formula.expression
        missing = missing_codes(row, expression)
        gap = explain_gap(row.reason, missing, self.elements)
        basis = basis_of(row, expression)
        unapproved = indicator.pk in self.unapproved
        return IndicatorLine(
            indicator, row, gap, tuple(missing), tuple(basis), weight, expression, unapproved
        )

    def left_over(self) -> list[IndicatorLine]:
        """Indicators with a row that no objective weighs."""
        return [
            self.of(i, None) for pk, i in self.indicators.items() if pk in self.rows and pk not in self.used
        ]


def periods_with_scores(hospital: Hospital) -> Sequence[Period]:
    """Every period of the hospital's root unit for which a score is stored."""
    rows = Score.objects.filter(unit=hospital.root, level=Level.OVERALL)
    return sorted(rows.values_list("period", flat=True))
