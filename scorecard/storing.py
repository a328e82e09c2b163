"""From computed indicators to what is to be changed in the stored indicator values and scores, of all
numbers and of approved ones. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indicators.bulk import Difference, difference, in_list, read_columns
from indicators.computing import Computed, part_of_years
from indicators.engine.scoring import hospital_has_range
from indicators.models import ApprovedIndicatorValue, IndicatorValue
from indicators.periods import Period
from indicators.storing import approved_values_to_store, differs, left_out_to_store, values_to_store
from scorecard.models import ApprovedScore, Score, Template
from scorecard.rollup import (
    NO_VERDICT,
    NodeScores,
    TemplateRule,
    roll_up,
    verdicts_of_indicator,
    verdicts_of_node,
)
from scorecard.templates_in_force import in_force, rule_of

_KEY = ("unit", "period", "level", "node")
#: By indicator code, arrays [unit, year, 19].
ByCode = dict[str, np.ndarray]


class ToStore(NamedTuple):
    """What is to be written for a recomputation."""

    indicator_values: Sequence[Difference] = ()
    scores: Sequence[Difference] = ()


NOTHING = ToStore()


def changes_to_store(templates: Sequence[Template], computed: Computed) -> ToStore:
    """What differs from what is stored: of what was computed, and of the scores that follow by the
    `templates` of the hospital.

    Indicators that were not computed now enter into the scores as they are stored.
    """
    which = in_force(templates, computed.judged_on)
    others = _others(computed, {code for t in templates for code in rule_of(t).codes})
    scores, applies = _scores_of(computed, others)
    approved = _approved_scores(computed, others, scores)
    rows: dict[str, list[np.ndarray]] = {}
    approved_rows: dict[str, list[np.ndarray]] = {}
    shape = (len(computed.tree.units), *which.shape)
    for position in np.unique(which):
        here = np.broadcast_to(which == position, shape)
        rule = rule_of(templates[position])
        nodes = roll_up(rule, scores, applies, shape)
        for node in nodes:
            _add_rows(rows, node, here & ~np.isnan(node.score), rule, computed)
        if approved is not None:
            for node, other in zip(roll_up(rule, approved, applies, shape), nodes, strict=True):
                _add_rows(approved_rows, node, here & _node_differs(node, other), rule, computed)
    where = computed.stored_where()
    verdicts = _verdicts(computed, templates, which)
    judged = {}
    if (only := computed.approved) is not None:
        judged = _verdicts(only, templates, which[part_of_years(computed, only)])
    return ToStore(
        indicator_values=[
            values_to_store(computed, verdicts),
            approved_values_to_store(computed, verdicts, judged),
            left_out_to_store(computed, verdicts, judged),
        ],
        scores=[
            difference(Score, _KEY, _joined(rows), where),
            difference(ApprovedScore, _KEY, _joined(approved_rows), where),
        ],
    )


def _node_differs(node: NodeScores, other: NodeScores) -> np.ndarray:
    pairs = [(getattr(node, name), getattr(other, name)) for name in ("score", "known", "known_weight")]
    different: np.ndarray = np.logical_or.reduce([differs(these, those) for these, those in pairs])
    return different


def _verdicts(computed: Computed, templates: Sequence[Template], which: np.ndarray) -> ByCode:
    """Of every computed indicator, graded by the bands of the template in force."""
    verdicts = {code: np.full(judged.score.shape, NO_VERDICT) for code, judged in computed.judged.items()}
    for position in np.unique(which):
        rule = rule_of(templates[position])
        for code, judged in computed.judged.items():
            graded = verdicts_of_indicator(judged.score, judged.outside, rule)
            verdicts[code] = np.where(which == position, graded, verdicts[code])
    return verdicts


def _others(computed: Computed, codes: Collection[str]) -> dict[int, str]:
    """Weighted indicators that were not computed now: code by id."""
    known = computed.catalogue.indicators
    return {known[code].pk: code for code in codes if code not in computed.judged and code in known}


def _scores_of(computed: Computed, others: Mapping[int, str]) -> tuple[ByCode, ByCode]:
    """Scores of all weighted indicators: those just computed, and the stored ones of the others.

    The second dictionary says where an indicator counts, known or not: where it has a range, for the whole
    hospital while it is in force, for a unit below only where it reports something of it.
    """
    scores = {code: judged.score for code, judged in computed.judged.items()}
    applies = {}
    for code, judged in computed.judged.items():
        applies[code] = judged.has_range & computed.results[code].worth_storing
        applies[code][0] = judged.has_range[0]
    shape = (len(computed.tree.units), *computed.scope.slots.shape)
    for code in others.values():
        scores[code], applies[code] = np.full(shape, np.nan), np.zeros(shape, bool)
    for code, cell, score, range_key in _stored(IndicatorValue, computed, others):
        scores[code][cell] = score
        applies[code][cell] = range_key >= 0
    for code in others.values():
        applies[code][0] = hospital_has_range(computed.catalogue.ranges[code], computed.judged_on)
    for code, array in applies.items():
        array[0] &= computed.catalogue.in_force(code, computed.judged_on)
    return scores, applies


def _approved_scores(computed: Computed, others: Mapping[int, str], scores: ByCode) -> ByCode | None:
    """The same from approved numbers alone; None where they are the same everywhere."""
    stored = _stored(ApprovedIndicatorValue, computed, others)
    if computed.approved is None and not stored:
        return None
    found = dict(scores)
    if (only := computed.approved) is not None:
        for code, judged in only.judged.items():
            found[code] = scores[code].copy()
            found[code][:, part_of_years(computed, only)] = judged.score
    for code in {code for code, *_rest in stored}:
        found[code] = scores[code].copy()
    for code, cell, score, _range_key in stored:
        found[code][cell] = score
    return found


def _stored(
    model: type[IndicatorValue] | type[ApprovedIndicatorValue], computed: Computed, others: Mapping[int, str]
) -> list[tuple[str, tuple[int, int, int], float, int]]:
    """Stored scores of `others` in the scope: code, place in the arrays, score, range (-1: none)."""
    if not others:
        return []
    scope, tree = computed.scope, computed.tree
    where = " AND ".join(
        (
            in_list("unit_id", [tree.units[u].pk for u in scope.units]),
            in_list("indicator_id", list(others)),
            in_list("period", scope.period_codes.tolist()),
        )
    )
    rows = read_columns(model, ("unit", "indicator", "period", "score", "reference_range"), where)
    position = tree.index_of()
    found = []
    for unit, indicator, code, score, range_key in zip(*(rows[name].tolist() for name in rows), strict=True):
        period = Period.from_code(code)
        cell = position[unit], period.year - scope.years.start, period.slot
        found.append((others[indicator], cell, score, range_key))
    return found


def _add_rows(
    rows: dict[str, list[np.ndarray]],
    node: NodeScores,
    worth: np.ndarray,
    rule: TemplateRule,
    computed: Computed,
) -> None:
    """Add the rows of a node, in those cells of the scope that are `worth` it, to `rows` by column."""
    asked, units, periods = computed.cells
    chosen = asked & worth
    count = int(chosen.sum())
    row = {
        "unit": units[chosen],
        "period": periods[chosen],
        "level": np.full(count, node.level),
        "node": np.full(count, node.key),
        "score": node.score[chosen],
        "verdict": verdicts_of_node(node, rule)[chosen],
        "known": node.known[chosen],
        "total": node.total[chosen],
        "known_weight": node.known_weight[chosen],
    }
    for name, array in row.items():
        rows.setdefault(name, []).append(array)


def _joined(rows: Mapping[str, list[np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate(arrays) for name, arrays in rows.items()}
