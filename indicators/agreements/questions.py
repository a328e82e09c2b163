"""What is asked before results as reported that contradict each other are taken, on every way in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hospitals.models import Unit
from indicators.actions import NewValue
from indicators.agreements.contradictions import Agreement, Contradiction, contradictions_of
from indicators.agreements.definitions import AgreementsInForce
from indicators.agreements.wording import Named, question_in_words
from indicators.models import ConfirmedResults, DataValue, Indicator
from indicators.period_names import period_name
from indicators.periods import Period


@dataclass(frozen=True)
class Question:
    """Results of a unit and period that contradict each other; `values` by indicator code are all of them."""

    agreement: str
    unit: Unit
    period: Period
    values: Mapping[str, float]
    contradictions: tuple[Contradiction, ...]
    named: Named

    @property
    def code(self) -> str:
        """Names it in REST and in commands: `bed_use:general:2009`."""
        return question_code(self.agreement, self.unit, self.period)

    @property
    def seen(self) -> str:
        """The values it is about, told apart from any others."""
        return ";".join(f"{code}={value!r}" for code, value in sorted(self.values.items()))

    @property
    def text(self) -> str:
        where = {"unit": self.unit.name, "period": period_name(self.period)}
        said = " ".join(question_in_words(each, self.named) for each in self.contradictions)
        return _("%(unit)s, %(period)s:") % where + f" {said}"

    def is_about(self, value: NewValue) -> bool:
        reported = {indicator.as_reported_id for indicator in self.named.values()}
        here = (value.unit.pk, value.period) == (self.unit.pk, self.period)
        return here and value.element.pk in reported

    def answer_in(self, answers: Mapping[str, str]) -> str:
        """The reason given, under its own code or under that of all questions of its kind; empty: none."""
        return (answers.get(self.code) or answers.get(self.agreement) or "").strip()


def question_code(agreement: str, unit: Unit, period: Period) -> str:
    return f"{agreement}:{unit.code}:{period}"


def questions_about(values: Iterable[NewValue]) -> list[Question]:
    """The questions that are open once `values` are stored. No query where no result as reported is among
    them."""
    reported = [value for value in values if value.element.is_as_reported]
    if not reported:
        return []
    in_force = AgreementsInForce({value.unit.hospital_id for value in reported})
    judged: dict[Agreement, list[NewValue]] = {}
    for value in reported:
        for agreement in in_force.of(value.unit.hospital_id, value.period):
            judged.setdefault(agreement, []).append(value)
    found = []
    for agreement, theirs in judged.items():
        indicators = _indicators(agreement)
        code_of = {i.as_reported_id: code for code, i in indicators.items()}
        touched = [value for value in theirs if value.element.pk in code_of]
        if not touched:
            continue
        results = _stored({(value.unit.pk, value.period) for value in touched}, code_of)
        units = {value.unit.pk: value.unit for value in touched}
        for value in touched:
            place, code = (value.unit.pk, value.period), code_of[value.element.pk]
            results[place].pop(code, None)
            if value.value is not None:
                results[place][code] = value.value
        found += _open(agreement, indicators, results, units)
    return found


def question_at(*, agreement: str, unit: Unit, period: Period) -> Question | None:
    """What contradicts in the results that are stored, whether or not somebody has confirmed them."""
    in_force = AgreementsInForce({unit.hospital_id}).of(unit.hospital_id, period)
    found = next((each for each in in_force if each.code == agreement), None)
    if found is None:
        return None
    indicators = _indicators(found)
    results = _stored({(unit.pk, period)}, {i.as_reported_id: code for code, i in indicators.items()})
    questions = _contradicting(found, indicators, results, {unit.pk: unit})
    return questions[0] if questions else None


def _open(
    agreement: Agreement,
    indicators: Mapping[str, Indicator],
    results: Mapping[tuple[int, Period], dict[str, float]],
    units: Mapping[int, Unit],
) -> list[Question]:
    found = _contradicting(agreement, indicators, results, units)
    rows = ConfirmedResults.objects.filter(agreement=agreement.code, unit__in={q.unit for q in found})
    confirmed = {(row.unit_id, row.period): row for row in rows} if found else {}
    return [
        question
        for question in found
        if (row := confirmed.get((question.unit.pk, question.period))) is None
        or not row.holds_for(question.values)
    ]


def _contradicting(
    agreement: Agreement,
    indicators: Mapping[str, Indicator],
    results: Mapping[tuple[int, Period], dict[str, float]],
    units: Mapping[int, Unit],
) -> list[Question]:
    found = []
    for (unit_id, period), values in sorted(results.items()):
        if contradictions := contradictions_of(agreement, values, period.days):
            question = Question(
                agreement.code, units[unit_id], period, dict(values), contradictions, indicators
            )
            found.append(question)
    return found


def _indicators(agreement: Agreement) -> dict[str, Indicator]:
    """In the order of the agreement."""
    rows = Indicator.objects.filter(hospital=None, code__in=agreement.indicators)
    found = {row.code: row for row in rows}
    return {code: found[code] for code in agreement.indicators if code in found}


def _stored(
    places: Collection[tuple[int, Period]], code_of: Mapping[int, str]
) -> dict[tuple[int, Period], dict[str, float]]:
    """By unit id and period: the results as reported that are there already, by indicator code."""
    results: dict[tuple[int, Period], dict[str, float]] = {place: {} for place in places}
    rows = DataValue.objects.filter(
        unit__in={unit_id for unit_id, _period in places},
        period__in={period for _unit_id, period in places},
        element__in=list(code_of),
        value__isnull=False,
    )
    for row in rows:
        if (row.unit_id, row.period) in places and row.value is not None:
            results[row.unit_id, row.period][code_of[row.element_id]] = row.value
    return results
