"""How many of the required cells of forms are answered, for many units and months at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from entry.assignments import Duty
from entry.models import FormElement
from indicators.models import DataElement, DataValue
from indicators.periods import Period

#: Unit id and month.
Place = tuple[int, Period]


@dataclass(frozen=True)
class _FormProgress:
    """`plain`: ids of required elements; `totals`: of a required total its id and, by code, its parts;
    `counted` answers of the plain ones by place, `given`: ids of totals and parts that have one."""

    plain: Mapping[int, str]
    totals: Mapping[int, Mapping[str, int]]
    counted: Mapping[Place, int]
    given: Mapping[Place, Collection[int]]

    def of(self, duty: Duty, month: Period) -> tuple[int, int]:
        here = duty.unit.pk, month
        given = self.given.get(here, ())
        answered = self.counted.get(here, 0)
        for total, parts in self.totals.items():
            kept = [pk for code, pk in parts.items() if code not in duty.not_kept or pk in given]
            answered += total in given or (bool(kept) and all(pk in given for pk in kept))
        hidden = sum(code in duty.not_kept for code in self.plain.values())
        return answered, len(self.plain) - hidden + len(self.totals)


class Progress(dict[int, _FormProgress]):
    """By form."""

    def of(self, duty: Duty, month: Period) -> tuple[int, int]:
        """Answered and required cells of a form for one unit and month."""
        return self[duty.form.pk].of(duty, month)


def progress_of(duties: Sequence[Duty], months: Sequence[Period]) -> Progress:
    """One query and at most three more for each form. A total counts as one cell: it is answered when it
    was typed, or when all its parts are there."""
    units: dict[int, set[int]] = {}
    for duty in duties:
        units.setdefault(duty.form.pk, set()).add(duty.unit.pk)
    elements: dict[int, dict[str, tuple[DataElement, bool]]] = {form_id: {} for form_id in units}
    for row in FormElement.objects.filter(form__in=units).select_related("element"):
        elements[row.form_id][row.element.code] = row.element, row.required
    progress = Progress()
    for form_id, of_form in elements.items():
        required = [element for element, needed in of_form.values() if needed]
        plain = {element.pk: element.code for element in required if not element.parts}
        totals = {
            element.pk: {code: of_form[code][0].pk for code in element.parts if code in of_form}
            for element in required
            if element.parts
        }
        counted: dict[Place, int] = {}
        given: dict[Place, set[int]] = {}
        if months:
            within = {"unit__in": units[form_id], "period__gte": min(months), "period__lte": max(months)}
            rows = DataValue.objects.filter(**within, element__in=plain).order_by()
            for unit_id, period, answers in rows.values_list("unit_id", "period").annotate(n=Count("pk")):
                counted[unit_id, period] = answers
        if months and totals:
            wanted = {*totals, *(pk for parts in totals.values() for pk in parts.values())}
            rows = DataValue.objects.filter(**within, element__in=wanted).order_by()
            for unit_id, period, element_id in rows.values_list("unit_id", "period", "element_id"):
                given.setdefault((unit_id, period), set()).add(element_id)
        progress[form_id] = _FormProgress(plain, totals, counted, given)
    return progress
