"""What a workbook of a form is made of, and what is stored for the cells of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from entry.assignments import Duty
from entry.models import Form, FormElement
from entry.workbooks.content import ElementLine, FormLayout, FormSheet
from hospitals.models import Hospital, Unit
from indicators.answers import Answer, answer_of
from indicators.measures import unit_in_words
from indicators.models import DataValue
from indicators.periods import Period

Key = tuple[int, int, Period]


def layout_of(form: Form, hospital: Hospital, months: Sequence[Period]) -> FormLayout:
    """The form in the language of the person."""
    sections: dict[str, list[ElementLine]] = {}
    for e in elements_of(form):
        line = ElementLine(
            code=e.element.code,
            name=e.element.name,
            unit_of_measure=unit_in_words(e.element.unit_of_measure),
            decimals=e.element.decimals,
            minimum=e.element.minimum,
            maximum=e.element.maximum,
            parts=e.element.parts,
        )
        sections.setdefault(e.section.name, []).append(line)
    return FormLayout(hospital.code, form.code, form.name, list(sections.items()), form.checks, months)


def form_sheets(form: Form, duties: Sequence[Duty], months: Sequence[Period]) -> list[FormSheet]:
    """One sheet for each unit spoken of, with what is stored of the months in which one of `duties` holds; a
    part that it does not keep is left out, and so is what is retired in all the months."""
    elements = [e.element for e in elements_of(form)]
    codes = {element.pk: element.code for element in elements}
    retired = {(e.code, month) for e in elements for month in months if e.is_retired_in(month)}
    throughout = {e.code for e in elements if all((e.code, month) in retired for month in months)}
    units = {duty.unit.pk: duty.unit for duty in duties}
    stored = answers_of(units=units.values(), elements=codes, months=months)
    sheets = []
    held = {(duty.unit.pk, month) for duty in duties for month in months if duty.holds_in(month)}
    for unit in units.values():
        values: dict[tuple[str, Period], float | str] = {}
        for (unit_id, element_id, period), answer in stored.items():
            if unit_id == unit.pk and (unit_id, period) in held:
                value = answer.value if answer.value is not None else answer.canonical
                values[codes[element_id], period] = value
        not_kept = frozenset.intersection(*(duty.not_kept for duty in duties if duty.unit == unit))
        given = {code for code, _month in values}
        left_out = (not_kept | throughout) - given
        sheets.append(FormSheet(unit.code, unit.name, values, left_out, retired - values.keys()))
    return sheets


def answers_of(
    *, units: Collection[Unit], elements: Collection[int], months: Collection[Period]
) -> dict[Key, Answer]:
    """What is stored, by unit id, element id and month."""
    rows = DataValue.objects.filter(unit__in=units, element__in=elements, period__in=months)
    return {(row.unit_id, row.element_id, row.period): answer_of(row) for row in rows}


def elements_of(form: Form) -> list[FormElement]:
    found = FormElement.objects.filter(form=form).select_related("element", "section")
    return list(found.order_by("section__position", "position"))
