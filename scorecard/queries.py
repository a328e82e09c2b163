"""Reading scorecards: what is stored, in the shape that pages, API and commands show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from hospitals.models import Hospital, Unit
from indicators.computing import judged_on
from indicators.explanations import basis_of, explain_gap, inputs_of, missing_codes
from indicators.freshness import Freshness, freshness_of
from indicators.models import DataElement, Indicator, IndicatorFormula, IndicatorValue, Verdict
from indicators.models.definition import SHIPPED_FIRST
from indicators.periods import Period
from scorecard.models import Level, Score, Template
from scorecard.templates_in_force import template_on, templates_of


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator of a scorecard. `row` is None when nothing was ever reported for it.

    `expression` is the formula in force, empty where there is none.
    """

    indicator: Indicator
    row: IndicatorValue | None
    gap: str
    missing: tuple[str, ...]
    basis: tuple[str, ...]
    weight: float | None
    expression: str = ""

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

    `others` are indicators that have a value but no weight in the template.
    """

    unit: Unit
    period: Period
    template: Template
    freshness: Freshness
    overall: Node
    others: tuple[IndicatorLine, ...]
    elements: dict[str, DataElement]

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


def scorecard_of(unit: Unit, period: Period) -> Scorecard:
    """The stored scorecard of a unit and period, with the scores of a year before beside it.

    The number of queries does not grow with what is stored.
    """
    hospital = unit.hospital
    freshness = freshness_of(hospital)
    templates = templates_of(hospital)
    years = range(period.year - 1, period.year + 1)
    days = judged_on(hospital, years)
    template, earlier = (template_on(templates, days[y, period.slot].item()) for y in (1, 0))
    scores = _scores(unit, period)
    before = _before(earlier, _scores(unit, period.year_before()))
    lines = _Lines(unit, period)
    overall = _overall(template, scores, before, lines)
    return Scorecard(
        unit=unit,
        period=period,
        template=template,
        freshness=freshness,
        overall=overall,
        others=tuple(lines.left_over()),
        elements=lines.elements,
    )


def _scores(unit: Unit, period: Period) -> dict[tuple[int, int], Score]:
    return {(row.level, row.node): row for row in Score.objects.filter(unit=unit, period=period)}


def _before(template: Template, scores: dict[tuple[int, int], Score]) -> dict[str, float]:
    """Scores of a year before by code: the nodes may be those of an older template."""
    found = {}
    if row := scores.get((Level.OVERALL, template.pk)):
        found["overall"] = row.score
    for perspective in template.perspectives.all():
        if row := scores.get((Level.PERSPECTIVE, perspective.pk)):
            found[perspective.code] = row.score
        for objective in perspective.objectives.all():
            if row := scores.get((Level.OBJECTIVE, objective.pk)):
                found[f"{perspective.code}.{objective.code}"] = row.score
    return found


def _overall(template: Template, scores: dict, before: dict[str, float], lines: _Lines) -> Node:
    perspectives = []
    for perspective in template.perspectives.all():
        objectives = []
        for objective in perspective.objectives.all():
            its_lines = tuple(
                lines.of(weighted.indicator, weighted.weight)
                for weighted in objective.weighted_indicators.all()
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


def _node(code: str, name: str, row: Score | None, before: float | None, children=(), lines=()) -> Node:
    if row is None:
        total = sum(child.total for child in children) + sum(1 for line in lines if line.weight)
        return Node(code, name, None, None, 0, total, before, children, lines)
    return Node(code, name, row.score, Verdict(row.verdict), row.known, row.total, before, children, lines)


class _Lines:
    """The indicator lines of one unit and period, handed out to the objectives that weigh them."""

    def __init__(self, unit: Unit, period: Period) -> None:
        theirs = Q(hospital=None) | Q(hospital=unit.hospital_id)
        self.elements = {e.code: e for e in DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST)}
        self.indicators = {i.pk: i for i in Indicator.objects.filter(theirs, retired=False)}
        self.rows = {
            row.indicator_id: row
            for row in IndicatorValue.objects.filter(unit=unit, period=period).select_related(
                "formula", "reference_range__standard"
            )
        }
        self.latest = {f.indicator_id: f for f in IndicatorFormula.objects.order_by("valid_from")}
        self.used: set[int] = set()

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
        return IndicatorLine(indicator, row, gap, tuple(missing), tuple(basis), weight, expression)

    def left_over(self) -> list[IndicatorLine]:
        """Indicators with a row that no objective weighs."""
        return [
            self.of(i, None) for pk, i in self.indicators.items() if pk in self.rows and pk not in self.used
        ]


def scorecard_as_json(scorecard: Scorecard) -> dict:
    """The shape that `manage.py scores --json` prints and `/api/v1/scores/` answers with.

    Values and scores are unrounded; completeness and coverage are shares from 0 to 1; what is
    unknown is null.
    """
    fresh = scorecard.freshness
    return {
        "hospital": scorecard.unit.hospital.code,
        "unit": scorecard.unit.code,
        "period": str(scorecard.period),
        "up_to_date": fresh.up_to_date,
        "computed_at": fresh.computed_at.isoformat() if fresh.computed_at else None,
        "waiting_since": fresh.waiting_since.isoformat() if fresh.waiting_since else None,
        "indicators": [_line_as_json(line) for line in scorecard.lines],
        "perspectives": [_node_as_json(node) for node in scorecard.perspectives],
        "overall": {k: v for k, v in _node_as_json(scorecard.overall).items() if k not in ("code", "name")},
    }


def _line_as_json(line: IndicatorLine) -> dict:
    row = line.row
    return {
        "code": line.indicator.code,
        "name": line.indicator.name,
        "perspective": line.indicator.perspective,
        "value": row.value if row else None,
        "unit_of_measure": line.indicator.unit_of_measure,
        "decimals": line.indicator.decimals,
        "completeness": row.completeness if row else None,
        "present": row.present if row else 0,
        "expected": row.expected if row else 0,
        "range": {"low": row.range_low if row else None, "high": row.range_high if row else None},
        "score": row.score if row else None,
        "verdict": line.verdict.code if line.verdict else None,
        "reason": line.gap or None,
        "missing": list(line.missing),
        "basis": list(line.basis),
        "as_reported": bool(row and row.is_as_reported),
        "weight": line.weight,
    }


def _node_as_json(node: Node) -> dict:
    return {
        "code": node.code,
        "name": node.name,
        "score": node.score,
        "verdict": node.verdict.code if node.verdict else None,
        "coverage": node.coverage,
        "known": node.known,
        "total": node.total,
        "change": node.change,
    }


def periods_with_scores(hospital: Hospital) -> Sequence[Period]:
    """Every period of the hospital's root unit for which a score is stored."""
    rows = Score.objects.filter(unit=hospital.root, level=Level.OVERALL)
    return sorted(rows.values_list("period", flat=True))
