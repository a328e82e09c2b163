"""What is asked before a typed total that contradicts its parts is taken, whichever of them comes in.

Forms ask the same of what they hold (`entry.checks`); an answer given on one way in holds on all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from hospitals.models import Unit
from hospitals.tree import UnitTree
from indicators.actions import NewValue
from indicators.answers import EMPTY, Answer, answer_of
from indicators.asked import read_asked
from indicators.hooks import Span
from indicators.measures import number
from indicators.models import ConfirmedResults, DataElement, DataValue, Status
from indicators.models.definition import SHIPPED_FIRST
from indicators.period_names import period_name
from indicators.periods import Period
from indicators.totals import Disagreement, disagreement
from indicators.unasked_parts import UnaskedParts

#: Under it all questions of this kind are answered at once.
PARTS = "parts"
_Place = tuple[int, Period]


@dataclass(frozen=True)
class TotalQuestion:
    """A total of a unit and period that was typed and is not what its parts add up to."""

    total: DataElement
    unit: Unit
    period: Period
    found: Disagreement

    @property
    def agreement(self) -> str:
        return agreement_of(self.total.code)

    @property
    def values(self) -> Mapping[str, float]:
        return self.found.values

    @property
    def seen(self) -> str:
        return self.found.seen

    @property
    def code(self) -> str:
        """Names it in REST and in commands: `parts:patient_days:melati:2026-03`."""
        return f"{self.agreement}:{self.unit.code}:{self.period}"

    @property
    def text(self) -> str:
        where = {"unit": self.unit.name, "period": period_name(self.period)}
        said = self.found.in_words(self.total.name, lambda value: number(value, self.total.decimals))
        return _("%(unit)s, %(period)s:") % where + f" {said}"

    def is_about(self, value: NewValue) -> bool:
        here = (value.unit.pk, value.period) == (self.unit.pk, self.period)
        return here and value.element.code in self.values

    def answer_in(self, answers: Mapping[str, str]) -> str:
        """The reason given under its own code, that of its total, or that of its kind; empty: none."""
        given = (answers.get(code) for code in (self.code, self.agreement, PARTS))
        return next((why for each in given if each and (why := each.strip())), "")


def agreement_of(total: str) -> str:
    """Under which the answer about a total, by its code, is kept."""
    return f"{PARTS}:{total}"


def questions_about(values: Iterable[NewValue]) -> list[TotalQuestion]:
    """The questions that are open once `values` are stored. One query where no total or part is among
    them."""
    values = list(values)
    units = {value.unit.pk: value.unit for value in values}
    totals = totals_of({unit.hospital_id for unit in units.values()})
    touched: dict[_Place, set[str]] = defaultdict(set)
    for value in values:
        for total in totals[value.unit.hospital_id].values():
            if value.element.code == total.code or value.element.code in total.parts:
                touched[value.unit.pk, value.period].add(total.code)
    if not touched:
        return []
    answers = _stored(touched, {code for each in totals.values() for code in _codes(each.values())})
    for value in values:
        place = value.unit.pk, value.period
        if place in touched:
            given = EMPTY if value.status is None else Answer(value.value, value.status)
            answers[place][value.element.code] = given
    return _open(list(_contradicting(touched, totals, answers, units)))


def question_at(*, unit: Unit, period: Period, total: str) -> TotalQuestion | None:
    """What contradicts in what is stored, whether or not somebody has said why."""
    totals = totals_of({unit.hospital_id})
    if total not in totals[unit.hospital_id]:
        return None
    touched = {(unit.pk, period): {total}}
    answers = _stored(touched, set(_codes([totals[unit.hospital_id][total]])))
    return next(iter(_contradicting(touched, totals, answers, {unit.pk: unit})), None)


def said_of(*, unit: Unit, period: Period, totals: Iterable[str]) -> dict[str, ConfirmedResults]:
    """What was said of the totals of a unit and period, by their codes, of whatever numbers it was."""
    codes = {agreement_of(total): total for total in totals}
    rows = ConfirmedResults.objects.filter(unit=unit, period=period, agreement__in=codes)
    return {codes[row.agreement]: row for row in rows.select_related("by")}


def _open(found: Sequence[TotalQuestion]) -> list[TotalQuestion]:
    """Those that nobody has answered for just these numbers."""
    if not found:
        return []
    rows = ConfirmedResults.objects.filter(
        unit__in={question.unit.pk for question in found},
        agreement__in={question.agreement for question in found},
    )
    said = {(row.unit_id, row.period, row.agreement): row.values for row in rows}
    return [q for q in found if said.get((q.unit.pk, q.period, q.agreement)) != q.values]


def totals_of(hospitals: Collection[int]) -> dict[int, dict[str, DataElement]]:
    """By hospital: its totals by code, its own in the place of the shipped ones."""
    theirs = Q(hospital=None) | Q(hospital__in=hospitals)
    rows = list(DataElement.objects.filter(theirs).exclude(parts=[]).order_by(SHIPPED_FIRST))
    return {pk: {row.code: row for row in rows if row.hospital_id in (None, pk)} for pk in hospitals}


def _codes(totals: Iterable[DataElement]) -> Iterable[str]:
    for total in totals:
        yield from (total.code, *total.parts)


def _stored(places: Collection[_Place], codes: Collection[str]) -> dict[_Place, dict[str, Answer]]:
    """What is there already, by unit id and period, by code."""
    found: dict[_Place, dict[str, Answer]] = {place: {} for place in places}
    periods = [period for _unit_id, period in places]
    rows = DataValue.objects.filter(
        unit__in={unit_id for unit_id, _period in places},
        period__gte=min(period.code for period in periods),
        period__lte=max(period.code for period in periods),
        element__code__in=codes,
    )
    for row in rows.select_related("element"):
        if (place := (row.unit_id, row.period)) in found:
            found[place][row.element.code] = answer_of(row)
    return found


def _contradicting(
    touched: Mapping[_Place, Collection[str]],
    totals: Mapping[int, Mapping[str, DataElement]],
    answers: Mapping[_Place, Mapping[str, Answer]],
    units: Mapping[int, Unit],
) -> Iterable[TotalQuestion]:
    keeping: dict[int, _Keeping] = {}
    for unit_id, period in sorted(touched):
        unit, here = units[unit_id], answers[unit_id, period]
        for code in sorted(touched[unit_id, period]):
            total = totals[unit.hospital_id][code]
            given = {part for part in total.parts if _is_given(here.get(part, EMPTY))}
            if not given or not _is_given(here.get(code, EMPTY)):
                continue
            if unit.hospital_id not in keeping:
                keeping[unit.hospital_id] = _Keeping(unit)
            kept = keeping[unit.hospital_id].parts_of(total, unit, period, given)
            if (found := disagreement(code, here.get(code, EMPTY), here, kept)) is not None:
                yield TotalQuestion(total, unit, period, found)


def _is_given(answer: Answer) -> bool:
    return answer.status not in (None, Status.NOT_COLLECTED)


class _Keeping:
    """Which parts the units of a hospital keep: by their forms, and by what they gave unasked."""

    def __init__(self, unit: Unit) -> None:
        self.asked = read_asked(UnitTree.of(unit.hospital))

    def parts_of(
        self, total: DataElement, unit: Unit, period: Period, given: Collection[str]
    ) -> tuple[str, ...]:
        """Codes of the parts that the unit keeps. What was given without being asked for belongs to the
        total as well."""
        others = [code for code in total.parts if code not in given]
        unasked = UnaskedParts(self.asked, [unit], others, [period]).of(unit, period)
        return tuple(
            code
            for code in total.parts
            if code in given
            or code in unasked
            or _holds(self.asked.kept.get(code, {}).get(unit.pk, ()), period)
        )


def _holds(spans: Iterable[Span], period: Period) -> bool:
    return any(
        first.start <= period.end and (last is None or (first <= last and period.start <= last.end))
        for first, last in spans
    )
