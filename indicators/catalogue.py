"""The definitions that hold for one hospital, as the engine wants them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.db.models import Q

from hospitals.models import Hospital
from hospitals.tree import UnitTree
from indicators.agreements.definitions import DatedAgreement, dated_agreements
from indicators.engine.compute import FormulaVersion, IndicatorRule
from indicators.engine.facts import ElementRule
from indicators.engine.in_force import in_force
from indicators.engine.scoring import RangeRule, RangeSources, Step
from indicators.expected import AskedMonths
from indicators.formula import parse
from indicators.hooks import Waiting, unapproved
from indicators.models import (
    DataElement,
    FormerDecimals,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.models.definition import ALWAYS, SHIPPED_FIRST
from indicators.range_days import silent, within

#: The standard a hospital is compared with until it chooses another.
DEFAULT_STANDARD = "depkes_2004"


@dataclass(frozen=True)
class Catalogue:
    """Elements, indicators and ranges of one hospital, shipped ones and its own. `tree`: of which units."""

    tree: UnitTree = field(repr=False)
    elements: dict[str, DataElement]
    rules: dict[str, ElementRule]
    indicators: dict[str, Indicator]
    indicator_rules: dict[str, IndicatorRule]
    formulas: dict[str, tuple[IndicatorFormula, ...]]
    ranges: dict[str, RangeSources] = field(repr=False)
    #: (day, decimals before it), by day, of indicators that were shown otherwise once.
    former_decimals: dict[str, list[tuple[dt.date, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, hospital: Hospital, tree: UnitTree) -> Catalogue:
        theirs = Q(hospital=None) | Q(hospital=hospital)
        elements = {e.code: e for e in DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST)}
        offered = Indicator.objects.filter(theirs).select_related("as_reported")
        indicators = {i.code: i for i in offered.order_by(SHIPPED_FIRST, "position", "code")}
        formulas: dict[str, list[IndicatorFormula]] = {code: [] for code in indicators}
        by_id = {i.pk: i.code for i in indicators.values()}
        for formula in IndicatorFormula.objects.filter(indicator__in=by_id).order_by("valid_from"):
            formulas[by_id[formula.indicator_id]].append(formula)
        return cls(
            tree=tree,
            elements=elements,
            rules={code: _element_rule(e) for code, e in elements.items()},
            indicators={code: i for code, i in indicators.items() if formulas[code]},
            indicator_rules={
                code: IndicatorRule(
                    code=code,
                    versions=tuple(FormulaVersion(parse(f.expression), f.valid_from) for f in formulas[code]),
                    as_reported=i.as_reported.code,
                )
                for code, i in indicators.items()
                if formulas[code]
            },
            formulas={code: tuple(found) for code, found in formulas.items()},
            ranges=_range_sources(hospital, tree, by_id),
            former_decimals=_former_decimals(by_id),
        )

    @cached_property
    def agreements(self) -> tuple[DatedAgreement, ...]:
        """Which indicators hang together; one query, when somebody asks."""
        return dated_agreements()

    @cached_property
    def asked(self) -> AskedMonths:
        """What is asked of which units; asked of the rooms above when somebody computes."""
        return AskedMonths(self.tree)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """What the rooms above know of who approves what."""
        return tuple(of_room(self.tree) for of_room in unapproved)

    def in_force(self, code: str, days: np.ndarray) -> np.ndarray:
        """Whether an indicator is computed on each of `days`: bool of the same shape."""
        first_days = [formula.valid_from for formula in self.formulas[code]]
        return in_force(first_days, self.indicators[code].retired_from, days)

    def with_sources(self, codes: Iterable[str]) -> set[str]:
        """The elements themselves and whatever they follow from: what derived ones are derived from, and the
        parts of totals."""
        found: set[str] = set()
        waiting = list(codes)
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                rule = self.rules[code]
                waiting += rule.parts
                waiting += rule.derived.codes if rule.derived is not None else ()
        return found

    @cached_property
    def _sources(self) -> dict[str, frozenset[str]]:
        """Of every indicator the elements that it depends on, in whatever way."""
        rules = self.indicator_rules.items()
        return {code: frozenset(self.with_sources(rule.codes)) for code, rule in rules}

    def indicators_using(self, element_codes: set[str]) -> list[str]:
        """Indicators that depend on any of the elements, directly, through a derived one or a total."""
        return [code for code, sources in self._sources.items() if not element_codes.isdisjoint(sources)]


def _element_rule(element: DataElement) -> ElementRule:
    return ElementRule(
        code=element.code,
        over_time=element.over_time,  # type: ignore[arg-type]  # the choices are the literals
        over_units=element.over_units,  # type: ignore[arg-type]
        derived=parse(element.derived) if element.derived else None,
        parts=tuple(element.parts),
    )


def _range_rule(row: ReferenceRange) -> RangeRule:
    return RangeRule(
        key=row.pk,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ideal_low=row.ideal_low,
        ideal_high=row.ideal_high,
        worst_low=row.worst_low,
        worst_high=row.worst_high,
        per_year=row.per_year,
        steps=tuple(Step(step.get("from"), step.get("to"), step["points"]) for step in row.steps),
        steps_closed=row.steps_closed,  # type: ignore[arg-type]  # the choices are the literals
    )


def _range_sources(hospital: Hospital, tree: UnitTree, codes: dict[int, str]) -> dict[str, RangeSources]:
    standards = {standard.pk: standard for standard in Standard.objects.all()}
    position = tree.index_of()
    rows = list(
        ReferenceRange.objects.filter(
            Q(standard__isnull=False) | Q(unit__hospital=hospital), indicator__in=codes
        )
    )
    of_standard: dict[tuple[int, int], list[RangeRule]] = {}
    of_unit: dict[int, dict[int, list[RangeRule]]] = {}
    for row in rows:
        rule = _range_rule(row)
        if row.standard_id is not None:
            of_standard.setdefault((row.standard_id, row.indicator_id), []).append(rule)
        elif row.unit_id in position:
            of_unit.setdefault(row.indicator_id, {}).setdefault(position[row.unit_id], []).append(rule)
    choices = choices_of(hospital)
    return {
        code: RangeSources(
            of_units=of_unit.get(indicator_id, {}),
            of_standards={
                standard.code: _inherited(standard, indicator_id, standards, of_standard)
                for standard in standards.values()
            },
            choices=choices,
        )
        for indicator_id, code in codes.items()
    }


def choices_of(hospital: Hospital) -> list[tuple[dt.date, str]]:
    """(day, standard code) by day; the default standard holds before the first choice."""
    chosen = StandardChoice.objects.filter(hospital=hospital).order_by("valid_from")
    found = [(choice.valid_from, choice.standard.code) for choice in chosen.select_related("standard")]
    return found if found and found[0][0] <= ALWAYS else [(ALWAYS, DEFAULT_STANDARD), *found]


def indicators_with_range(hospital: Hospital, day: dt.date) -> set[int]:
    """Ids of the indicators for which some range is in force on `day` for the whole hospital."""
    standards = {standard.pk: standard for standard in Standard.objects.all()}
    chosen = [code for begun, code in choices_of(hospital) if begun <= day][-1:]
    standard = next((s for s in standards.values() if s.code in chosen), None)
    found = set()
    while standard is not None:
        found.add(standard.pk)
        standard = standards[standard.extends_id] if standard.extends_id else None
    theirs = Q(standard__in=found) | Q(unit__hospital=hospital, unit__parent=None)
    holds = Q(valid_until=None) | Q(valid_until__gt=day)
    rows = ReferenceRange.objects.filter(theirs, holds, valid_from__lte=day)
    return set(rows.values_list("indicator", flat=True))


def _inherited(
    standard: Standard,
    indicator_id: int,
    standards: dict[int, Standard],
    of_standard: dict[tuple[int, int], list[RangeRule]],
) -> list[RangeRule]:
    """Ranges of a standard for one indicator; on days on which it has none, those of the one it extends."""
    own = of_standard.get((standard.pk, indicator_id), [])
    if not standard.extends_id:
        return own
    below = _inherited(standards[standard.extends_id], indicator_id, standards, of_standard)
    return [*(part for first, last in silent(own) for part in within(below, first, last)), *own]


def _former_decimals(codes: dict[int, str]) -> dict[str, list[tuple[dt.date, int]]]:
    found: dict[str, list[tuple[dt.date, int]]] = {}
    for row in FormerDecimals.objects.filter(indicator__in=codes).order_by("until"):
        found.setdefault(codes[row.indicator_id], []).append((row.until, row.decimals))
    return found
