"""Reading indicator values: conditions on periods, and rows in the shape that a client gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, QuerySet, Value

from indicators.agreements.reading import Mark, Marks
from indicators.compared import compared
from indicators.engine.scoring import distance_outside
from indicators.explanations import basis_of, explain_gap, missing_codes, place_in_range
from indicators.freshness import NEVER, Freshness, of_computation
from indicators.left_out import LeftOutPart, LeftOuts, as_json, in_words
from indicators.models import ApprovedIndicatorValue, Computation, DataElement, IndicatorValue, Verdict
from indicators.periods import SLOTS, Period, PeriodKind
from indicators.same_months import compared_through, same_months_of

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
    below = ("unit__hospital", "indicator__former_decimals", "formula")
    return [rows.prefetch_related(*below) for rows in found]


def values_as_json(rows: Sequence[Any], *, approved_only: bool) -> list[dict]:
    """Rows of `stored_values` as the API answers with them; five queries more, however many they are.

    Values and scores are unrounded, completeness is a share from 0 to 1, what is unknown is null.
    """
    if not rows:
        return []
    elements = _elements_of({row.unit.hospital_id for row in rows})
    left_outs, marks = LeftOuts(rows), Marks(rows)
    computations = Computation.objects.filter(hospital__in={row.unit.hospital_id for row in rows})
    fresh = {c.hospital_id: of_computation(c) for c in computations}
    before = _values_before(rows, fresh, approved_only=approved_only)
    return [
        _as_json(
            row,
            elements[row.unit.hospital_id],
            left_outs.of(row),
            before.get(row.pk),
            marks.of(row),
            compared_through(row.period, fresh.get(row.unit.hospital_id, NEVER)),
        )
        for row in rows
    ]


def _values_before(
    rows: Sequence[Any], fresh: Mapping[int, Freshness], *, approved_only: bool
) -> dict[tuple, float | None]:
    """By key of the row: the value of a year before; of a period that still runs, of its months so far."""
    asked, running = {}, {}
    for row in rows:
        of_hospital = fresh.get(row.unit.hospital_id)
        before = row.period.year_before()
        if of_hospital is None or not of_hospital.is_running(row.period):
            asked[row.unit_id, row.indicator_id, before] = row.pk
            continue
        same_months = same_months_of(row.unit.hospital, of_hospital, approved_only=approved_only)
        at_unit = same_months.at(row.unit, before) if same_months is not None else {}
        if (then := at_unit.get(row.indicator.code)) is not None:
            running[row.pk] = then.value
    if not asked:
        return running
    units, indicators, periods = (set(column) for column in zip(*asked, strict=True))
    where = {"unit__in": units, "indicator__in": indicators, "period__in": periods}
    models: list[type[Any]] = [IndicatorValue, ApprovedIndicatorValue] if approved_only else [IndicatorValue]
    found: dict[tuple, float | None] = running
    for model in models:
        stored = model.objects.filter(**where).values_list("unit", "indicator", "period", "value")
        found |= {asked[key]: value for *key_, value in stored if (key := tuple(key_)) in asked}
    return found


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


def _as_json(
    row: Any,
    elements: dict[str, DataElement],
    left_out: Sequence[LeftOutPart],
    before: float | None,
    mark: Mark | None,
    through: Period | None,
) -> dict:
    expression, indicator = row.formula.expression, row.indicator.as_shown_on(row.period.end)
    missing = missing_codes(row, expression)
    distance = None
    if row.value is not None:
        distance = distance_outside(row.value, row.range_low, row.range_high, indicator.decimals)
    than_last_year = compared(indicator, row, before)
    said = [in_words(part, elements, of=row.unit_id) for part in left_out]
    return {
        "hospital": row.unit.hospital.code,
        "unit": row.unit.code,
        "indicator": indicator.code,
        "period": str(row.period),
        "value": row.value,
        "unit_of_measure": indicator.unit_of_measure,
        "compared_through": str(through) if through else None,
        "reason": explain_gap(row.reason, missing, elements, said) or None,
        "completeness": row.completeness,
        "present": row.present,
        "expected": row.expected,
        "range": {"low": row.range_low, "high": row.range_high},
        "place": place_in_range(distance),
        "distance": distance,
        "score": row.score,
        "verdict": Verdict(row.verdict).code if row.verdict else None,
        "than_last_year": than_last_year.value if than_last_year else None,
        "as_reported": row.is_as_reported,
        "contradicts": mark.as_json() if mark else None,
        "unapproved": row.unapproved,
        "basis": basis_of(row, expression),
        "missing": missing,
        "left_out": as_json(left_out),
    }
