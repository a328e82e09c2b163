"""The answers of a form with the totals that follow from them, for its cells and its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q

from entry.checks import Figures
from entry.queries.keeping import Keeping
from entry.queries.workbook import Key, answers_of
from hospitals.models import Hospital, Unit
from indicators.answers import EMPTY, Answer
from indicators.models import DataElement, Status
from indicators.models.definition import SHIPPED_FIRST
from indicators.periods import Period
from indicators.total_questions import totals_of

MONTHS_BACK = 12


def with_parts(elements: Mapping[str, DataElement], hospital: Hospital) -> dict[str, DataElement]:
    """The elements of a form of a hospital and the parts of its totals that stand elsewhere, by code."""
    missing = {code for element in elements.values() for code in element.parts} - elements.keys()
    theirs = Q(hospital=None) | Q(hospital=hospital)
    others = DataElement.objects.filter(theirs, code__in=missing).order_by(SHIPPED_FIRST) if missing else ()
    return {element.code: element for element in others} | dict(elements)


def totals_elsewhere(elements: Mapping[str, DataElement], hospital: Hospital) -> dict[str, DataElement]:
    """The totals that a form with these elements does not have, but parts of them, by code. One query."""
    found = totals_of({hospital.pk})[hospital.pk]
    return {
        code: total
        for code, total in found.items()
        if code not in elements and not elements.keys().isdisjoint(total.parts)
    }


def typed_of_a_year(
    units: Sequence[Unit], elements: Mapping[str, DataElement], period: Period, instead: Mapping[Key, Answer]
) -> dict[int, dict[Period, dict[str, Answer]]]:
    """What is stored of a month and the year before it, by unit id, month and code; where there is one,
    the answer of `instead` in its place."""
    codes = {element.pk: code for code, element in elements.items()}
    months = [period.shifted(-n) for n in range(MONTHS_BACK + 1)]
    stored = answers_of(units=units, elements=codes, months=months)
    found: dict[int, dict[Period, dict[str, Answer]]] = {unit.pk: {} for unit in units}
    for (unit_id, element_id, month), answer in (stored | dict(instead)).items():
        if unit_id in found and element_id in codes and answer != EMPTY:
            found[unit_id].setdefault(month, {})[codes[element_id]] = answer
    return found


def with_totals(
    typed: Mapping[str, Answer], elements: Mapping[str, DataElement], keeping: Keeping
) -> dict[str, Answer]:
    """What was typed, and the totals that follow from it."""
    totals = {code: keeping.total_of(e, typed) for code, e in elements.items() if e.parts}
    return dict(typed) | {code: answer for code, answer in totals.items() if answer != EMPTY}


def figures_of(period: Period, shown: Mapping[Period, Mapping[str, Answer]], refused: set[str]) -> Figures:
    """What the checks judge. A cell whose last typing was refused is judged by nothing else."""
    now = {code: answer for code, answer in shown.get(period, {}).items() if code not in refused}
    past: dict[str, list[float]] = {}
    for n in range(MONTHS_BACK, 0, -1):
        for code, value in _numbers(shown.get(period.shifted(-n), {})).items():
            past.setdefault(code, []).append(value)
    return Figures(
        values=_numbers(now),
        days=period.days,
        not_applicable=frozenset(c for c, a in now.items() if a.status == Status.NOT_APPLICABLE),
        not_collected=frozenset(c for c, a in now.items() if a.status == Status.NOT_COLLECTED),
        month_before=_numbers(shown.get(period.shifted(-1), {})),
        past=past,
    )


def _numbers(answers: Mapping[str, Answer]) -> dict[str, float]:
    return {code: answer.value for code, answer in answers.items() if answer.value is not None}
