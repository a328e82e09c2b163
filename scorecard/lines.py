"""Reading the indicators of a scorecard: what is stored of one unit and period, and of a year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hospitals.models import Unit
from indicators.agreements.reading import Mark, Marks, confirmed_marks
from indicators.catalogue import indicators_with_range
from indicators.compared import Compared, compared, compared_word
from indicators.engine.reasons import Reason
from indicators.engine.scoring import distance_outside
from indicators.explanations import basis_of, explain_gap, inputs_of, missing_codes
from indicators.left_out import LeftOutPart, LeftOuts, in_words
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
from indicators.same_months import Before, SameMonths


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator of a scorecard. `row` is None when nothing was ever reported for it.

    `before` is that of a year before (of a period that is not over, of its months so far), None where
    there is none. `expression` is the
    formula in force, empty where there is none. `unapproved`: some of its numbers are not approved yet;
    they are in it, or left out where approved ones were asked for. `left_out_said`: `left_out` in words.
    `mark`: a result as reported that contradicts others, confirmed or not.
    """

    indicator: Indicator
    row: StoredIndicator | None
    gap: str
    missing: tuple[str, ...]
    basis: tuple[str, ...]
    weight: float | None
    has_range: bool
    expression: str = ""
    unapproved: bool = False
    before: Before | StoredIndicator | None = None
    left_out: tuple[LeftOutPart, ...] = ()
    left_out_said: tuple[str, ...] = ()
    mark: Mark | None = None

    @property
    def decimals(self) -> int:
        """How many decimals are shown, and judged by: those of the day."""
        return self.indicator.decimals

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.row.verdict) if self.row is not None and self.row.verdict else None

    @property
    def counts(self) -> bool:
        """Whether it is known or unknown in the score: what has no weight or no range is neither."""
        return bool(self.weight) and self.has_range

    @property
    def compared(self) -> Compared | None:
        """Better, the same or worse than a year before."""
        before = self.before.value if self.before else None
        return compared(self.indicator, self.row, before)

    @property
    def compared_word(self) -> str:
        before = self.before.value if self.before else None
        return compared_word(self.indicator, self.row, before)

    @property
    def same_months(self) -> Before | None:
        """`before` where it is of the same months, not of all the period."""
        return self.before if isinstance(self.before, Before) else None

    @property
    def distance(self) -> float | None:
        """How far outside its range: negative below, positive above, 0 inside, None where unknown."""
        if self.row is None or self.row.value is None:
            return None
        band = self.row.range_low, self.row.range_high
        return distance_outside(self.row.value, *band, self.decimals)


class IndicatorLines:
    """The indicator lines of one unit and period, handed out to the objectives that weigh them.

    `day`: whose ranges hold. `same_months`: what a period that is not over is compared with. The whole
    hospital is told of every indicator, a unit below it only of those that have a row there: what is kept
    elsewhere in the house is no gap of this unit.
    """

    def __init__(
        self,
        unit: Unit,
        period: Period,
        *,
        day: dt.date,
        approved_only: bool,
        same_months: SameMonths | None = None,
    ) -> None:
        theirs = Q(hospital=None) | Q(hospital=unit.hospital_id)
        self.unit, self.period, self.day = unit, period, day
        self.elements = {e.code: e for e in DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST)}
        offered = Indicator.objects.filter(theirs).prefetch_related("former_decimals")
        self.indicators = {i.pk: i for i in offered}
        before = period.year_before()
        periods = [period] if same_months is not None else [period, before]
        stored = self._stored(IndicatorValue, unit, periods)
        otherwise = self._stored(ApprovedIndicatorValue, unit, periods)
        self.unapproved = {pk for pk, at in otherwise if at == period}
        if approved_only:
            stored |= otherwise
        self.rows = {pk: row for (pk, at), row in stored.items() if at == period}
        self.before: Mapping[int, Before | StoredIndicator] = {
            pk: row for (pk, at), row in stored.items() if at == before
        }
        if same_months is not None:
            at_unit = same_months.at(unit, before)
            found = ((pk, at_unit.get(indicator.code)) for pk, indicator in self.indicators.items())
            self.before = {pk: row for pk, row in found if row is not None}
        self.left_outs = LeftOuts(self.rows.values())
        self.marks, self.confirmed = Marks(self.rows.values()), confirmed_marks(self.rows.values())
        self.with_range = indicators_with_range(unit.hospital, day) if unit.is_root else set()
        self.latest = {f.indicator_id: f for f in IndicatorFormula.objects.order_by("valid_from")}
        self.used: set[int] = set()

    @staticmethod
    def _stored(
        model: type[Any], unit: Unit, periods: list[Period]
    ) -> dict[tuple[int, Period], StoredIndicator]:
        rows = model.objects.filter(unit=unit, period__in=periods)
        rows = rows.select_related("indicator", "formula", "reference_range__standard", "unit__hospital")
        return {(row.indicator_id, row.period): row for row in rows}

    @property
    def scores(self) -> dict[str, float]:
        return dict(self._scores(self.rows))

    @property
    def scores_before(self) -> dict[str, float]:
        return dict(self._scores(self.before))

    def _scores(self, rows: Mapping[int, Before | StoredIndicator]) -> Iterator[tuple[str, float]]:
        for pk, row in rows.items():
            if row.score is not None:
                yield self.indicators[pk].code, row.score

    def of(self, indicator: Indicator, weight: float | None) -> IndicatorLine | None:
        """None for what is not this unit's."""
        self.used.add(indicator.pk)
        indicator = self.indicators[indicator.pk].as_shown_on(self.day)
        row = self.rows.get(indicator.pk)
        if row is None:
            retired = indicator.retired_from
            in_force = retired is None or self.period.end < retired
            return self._never_reported(indicator, weight) if self.unit.is_root and in_force else None
        expression = row.formula.expression
        missing = missing_codes(row, expression)
        left_out = self.left_outs.of(row)
        said = tuple(in_words(part, self.elements, of=self.unit.pk) for part in left_out)
        return IndicatorLine(
            indicator=indicator,
            row=row,
            gap=explain_gap(row.reason, missing, self.elements, said),
            missing=tuple(missing),
            basis=tuple(basis_of(row, expression)),
            weight=weight,
            has_range=row.reference_range_id is not None,
            expression=expression,
            unapproved=indicator.pk in self.unapproved,
            before=self.before.get(indicator.pk),
            left_out=left_out,
            left_out_said=said,
            mark=self.marks.of(row) or self.confirmed.get(indicator.pk),
        )

    def _never_reported(self, indicator: Indicator, weight: float | None) -> IndicatorLine:
        latest = self.latest.get(indicator.pk)
        needed = inputs_of(latest.expression) if latest else []
        return IndicatorLine(
            indicator=indicator,
            row=None,
            gap=explain_gap(Reason.MISSING, needed, self.elements),
            missing=tuple(needed),
            basis=(),
            weight=weight,
            has_range=indicator.pk in self.with_range,
            expression=latest.expression if latest else "",
        )

    def left_over(self) -> list[IndicatorLine]:
        """Indicators with a row that no objective weighs."""
        codes = [i for pk, i in self.indicators.items() if pk in self.rows and pk not in self.used]
        return [line for indicator in codes if (line := self.of(indicator, None)) is not None]
