"""Scorecards in the shape that REST clients and the command `scores` get."""

from __future__ import annotations

from indicators.explanations import place_in_range
from indicators.left_out import as_json as left_out_as_json
from scorecard.lines import IndicatorLine
from scorecard.queries import Node, Scorecard


def scorecard_as_json(scorecard: Scorecard) -> dict:
    """The shape that `manage.py scores --json` prints and `/api/v1/scores/` answers with.

    Values and scores are unrounded; completeness and coverage are shares from 0 to 1; what is
    unknown is null.
    """
    fresh, running = scorecard.freshness, scorecard.running_through
    return {
        "hospital": scorecard.unit.hospital.code,
        "unit": scorecard.unit.code,
        "period": str(scorecard.period),
        "approved_only": scorecard.approved_only,
        "unapproved": scorecard.unapproved,
        "running_through": str(running) if running else None,
        "compared_with": str(scorecard.period.year_before()),
        "compared_through": str(running.year_before()) if running else None,
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
        "decimals": line.decimals,
        "completeness": row.completeness if row else None,
        "present": row.present if row else 0,
        "expected": row.expected if row else 0,
        "range": {"low": row.range_low if row else None, "high": row.range_high if row else None},
        "place": place_in_range(line.distance),
        "distance": line.distance,
        "score": row.score if row else None,
        "verdict": line.verdict.code if line.verdict else None,
        "than_last_year": line.compared.value if line.compared else None,
        "reason": line.gap or None,
        "missing": list(line.missing),
        "left_out": left_out_as_json(line.left_out),
        "basis": list(line.basis),
        "as_reported": bool(row and row.is_as_reported),
        "contradicts": line.mark.as_json() if line.mark and not line.mark.confirmed else None,
        "unapproved": line.unapproved,
        "weight": line.weight,
    }


def _node_as_json(node: Node) -> dict:
    change = node.change
    return {
        "code": node.code,
        "name": node.name,
        "score": node.score,
        "verdict": node.verdict.code if node.verdict else None,
        "coverage": node.coverage,
        "known": node.known,
        "total": node.total,
        "known_weight": node.known_weight,
        "change": change.points if change else None,
        "change_of": change.common if change else None,
        "became_known": list(change.became_known) if change else [],
        "became_unknown": list(change.became_unknown) if change else [],
    }
