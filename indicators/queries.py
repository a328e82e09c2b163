"""Reading indicator values: conditions on periods, and rows in the shape that a client gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, QuerySet, Value

from indicators.explanations import basis_of, explain_gap, missing_codes
from indicators.models import ApprovedIndicatorValue, DataElement, IndicatorValue, Verdict
from indicators.periods import SLOTS, Period, PeriodKind

#: What the last two digits of a stored period lie between, both included.
_LAST_DIGITS = {
    PeriodKind.MONTH: (1, 12),
    PeriodKind.QUARTER: (21, 24),
    PeriodKind.SEMESTER: (31, 32),
    PeriodKind.YEAR: (0, 0),
}


def begins_with_or_after(period: Period) -> Q:
    """Periods of any length that begin no earlier than `period` does."""
    same_year = [p for p in _periods_of(period.year) if p.start >= period.start]
    return Q(period__gte=(period.year + 1) * 100) | Q(period__in=same_year)


def ends_with_or_before(period: Period) -> Q:
    """Periods of any length that end no later than `period` does."""
    same_year = [p for p in _periods_of(period.year) if p.end <= period.end]
    return Q(period__lt=period.year * 100) | Q(period__in=same_year)


def of_kinds(rows: QuerySet[Any], kinds: Sequence[PeriodKind]) -> QuerySet[Any]:
    """Only months, quarters, semesters or years."""
    last_digits = ExpressionWrapper(F("period") % 100, IntegerField())
    wanted = Q()
    for kind in kinds:
        wanted |= Q(last_digits__range=_LAST_DIGITS[kind])
    return rows.alias(last_digits=last_digits).filter(wanted)


def _periods_of(year: int) -> list[Period]:
    return [Period.from_slot(year, slot) for slot in range(SLOTS)]


def stored_values(*, approved_only: bool) -> list[QuerySet[Any]]:
    """All indicator values, as one or two querysets that have no key in common.

    `approved_only`: those from approved numbers alone, where they differ, and the others. Each row
    says in `unapproved` whether some of its numbers are not approved.
    """
    same = {name: OuterRef(name) for name in ("unit_id", "indicator_id", "period")}
    differs = Exists(ApprovedIndicatorValue.objects.filter(**same))
    if approved_only:
        found = [
            IndicatorValue.objects.filter(~differs).annotate(unapproved=Value(False)),
            ApprovedIndicatorValue.objects.annotate(unapproved=Value(True)),
        ]
    else:
        found = [IndicatorValue.objects.annotate(unapproved=differs)]
    return [rows.prefetch_related("unit__hospital", "indicator", "formula") for rows in found]


def values_as_json(rows: Sequence[Any]) -> list[dict]:
    """Rows of `stored_values` as the API answers with them; one query more, however many they are.

    Values and scores are unrounded,
    completeness is a share from 0 to 1, what is unknown is null.
    """
    elements = _elements_of({row.unit.hospital_id for row in rows})
    return [_as_json(row, elements[row.unit.hospital_id]) for row in rows]


def _elements_of(hospital_ids: set[int]) -> dict[int, dict[str, DataElement]]:
    """Data elements by code for each hospital: the shipped ones and its own."""
    found = DataElement.objects.filter(Q(hospital=None) | Q(hospital__in=hospital_ids)).only(
        "code", "name_en", "name_id", "hospital_id"
    )
    elements = list(found) if hospital_ids else []
    return {
        hospital_id: {e.code: e for e in elements if e.hospital_id in (None, hospital_id)}
        for hospital_id in hospital_ids
    }


def _as_json(row: Any, elements: dict[str, DataElement]) -> dict:
    expression = row.formula.expression
    missing = missing_codes(row, expression)
    return {
        "hospital": row.unit.hospital.code,
        "unit": row.unit.code,
        "indicator": row.indicator.code,
        "period": str(row.period),
        "value": row.value,
        "unit_of_measure": row.indicator.unit_of_measure,
        "reason": explain_gap(row.reason, missing, elements) or None,
        "completeness": row.completeness,
        "present": row.present,
        "expected": row.expected,
        "range": {"low": row.range_low, "high": row.range_high},
        "score": row.score,
        "verdict": Verdict(row.verdict).code if row.verdict else None,
        "as_reported": row.is_as_reported,
        "unapproved": row.unapproved,
        "basis": basis_of(row, expression),
        "missing": missing,
    }
