"""What stored rows say of results that contradict each other: with whom, what is implied, who confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from hospitals.models import Unit
from indicators.agreements.contradictions import Agreement, Contradiction, contradictions_of
from indicators.agreements.definitions import AgreementsInForce
from indicators.agreements.questions import question_code
from indicators.agreements.wording import contradiction_in_words
from indicators.models import ApprovedIndicatorValue, ConfirmedResults, Indicator, IndicatorValue
from indicators.models.indicator_value import StoredIndicator
from indicators.periods import Period


@dataclass(frozen=True)
class Mark:
    """A result that contradicts others; `confirmed` once somebody has said why it is right all the same."""

    agreement: str
    unit: Unit
    period: Period
    contradiction: Contradiction
    in_words: str
    confirmed: ConfirmedResults | None = None

    @property
    def question(self) -> str:
        return question_code(self.agreement, self.unit, self.period)

    @property
    def address(self) -> str:
        """The page on which somebody says that the results are right."""
        asked = {"agreement": self.agreement, "unit": self.unit.code, "period": str(self.period)}
        return f"{reverse('confirm_results', kwargs={'code': self.unit.hospital.code})}?{urlencode(asked)}"

    def as_json(self) -> dict[str, Any]:
        return {
            "indicators": list(self.contradiction.standing),
            "implied": self.contradiction.implied,
            "question": self.question,
        }


#: Unit, period, and whether of approved numbers alone.
_Place = tuple[int, Period, bool]


class Marks:
    """The marks of `rows`. Four queries where one of them is flagged, else none."""

    def __init__(self, rows: Iterable[StoredIndicator]) -> None:
        self.found: dict[tuple[_Place, int], Mark] = {}
        flagged = [row for row in rows if row.contradicts_others]
        in_force = AgreementsInForce({row.unit.hospital_id for row in flagged})
        for place, results in _results_beside(flagged, in_force).items() if flagged else ():
            for mark, indicator in _marks_of(results, in_force):
                self.found[place, indicator.pk] = mark

    def of(self, row: StoredIndicator) -> Mark | None:
        return self.found.get((_place(row), row.indicator_id)) if row.contradicts_others else None


def confirmed_marks(rows: Iterable[StoredIndicator]) -> dict[int, Mark]:
    """Of all `rows` of one unit and period: by indicator id, what was confirmed. One query where something
    was, or could have been; `rows` bring their indicators."""
    results = {row.indicator.code: row for row in rows if row.is_as_reported}
    found = {}
    in_force = AgreementsInForce({row.unit.hospital_id for row in results.values()})
    for mark, indicator in _marks_of(results, in_force):
        row = results[indicator.code]
        place = {"unit": row.unit_id, "period": row.period, "agreement": mark.agreement}
        if not row.contradicts_others and (said := ConfirmedResults.objects.filter(**place).first()):
            found[indicator.pk] = replace(mark, confirmed=said)
    return found


def _place(row: StoredIndicator) -> _Place:
    return row.unit_id, row.period, isinstance(row, ApprovedIndicatorValue)


def _results_beside(
    flagged: Iterable[StoredIndicator], in_force: AgreementsInForce
) -> dict[_Place, dict[str, StoredIndicator]]:
    """By place: the results as reported that stand beside the flagged ones, by indicator code."""
    places = {_place(row) for row in flagged}
    where = {
        "unit__in": {unit_id for unit_id, _period, _approved in places},
        "period__in": {period for _unit_id, period, _approved in places},
        "indicator__code__in": [code for dated in in_force.dated for code in dated.agreement.indicators],
    }
    found: dict[_Place, dict[str, StoredIndicator]] = defaultdict(dict)
    models: tuple[type[Any], ...] = (IndicatorValue, ApprovedIndicatorValue)
    for model in models:
        for row in model.objects.filter(**where).select_related("indicator", "unit__hospital"):
            # What differs for approved numbers takes the place of the other.
            for approved in (False, True) if model is IndicatorValue else (True,):
                if (place := (row.unit_id, row.period, approved)) in places:
                    found[place][row.indicator.code] = row
    return found


def _marks_of(
    results: dict[str, StoredIndicator], in_force: AgreementsInForce
) -> Iterable[tuple[Mark, Indicator]]:
    """No query where fewer than three were reported."""
    reported = {c: row for c, row in results.items() if row.is_as_reported and row.value is not None}
    if len(reported) < 3:
        return
    one = next(iter(reported.values()))
    for agreement in in_force.of(one.unit.hospital_id, one.period):
        rows = {code: row for code, row in reported.items() if code in agreement.indicators}
        if len(rows) < 3:
            continue
        named = {code: row.indicator for code, row in rows.items()}
        for contradiction in _contradictions(agreement, rows):
            row = rows[contradiction.indicator]
            yield (
                Mark(
                    agreement.code,
                    row.unit,
                    row.period,
                    contradiction,
                    contradiction_in_words(contradiction, named),
                ),
                row.indicator,
            )


def _contradictions(agreement: Agreement, rows: dict[str, StoredIndicator]) -> tuple[Contradiction, ...]:
    (period,) = {row.period for row in rows.values()}
    values = {code: row.value for code, row in rows.items() if row.value is not None}
    return contradictions_of(agreement, values, period.days)
