"""How many of the required cells of forms are answered, for many units and months at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from entry.assignments import Duty
from entry.models import FormElement
from entry.queries.figures import with_parts
from entry.queries.keeping import keepings_of
from entry.queries.workbook import answers_of
from hospitals.models import Hospital, Unit
from indicators.answers import EMPTY, Answer
from indicators.models import DataElement, DataValue
from indicators.models.definition import first_month_retired
from indicators.periods import Period

#: Unit id and month.
Place = tuple[int, Period]


@dataclass(frozen=True)
class _FormProgress:
    """`plain`: ids of required elements; `totals`: of a required total its id and, by code, its parts;
    `counted` answers of the plain ones by place, `given`: ids of totals and parts that have one. Of the
    `scattered` required totals, of which the form does not ask everybody for all parts, `following` says how
    many have an answer. `retiring` are elements of the form that are, or will be, retired."""

    plain: Mapping[int, str]
    totals: Mapping[DataElement, Mapping[str, int]]
    counted: Mapping[Place, int]
    given: Mapping[Place, Collection[int]]
    scattered: Sequence[DataElement] = ()
    following: Mapping[Place, int] = field(default_factory=dict)
    retiring: Sequence[DataElement] = ()

    def of(self, duty: Duty, month: Period) -> tuple[int, int]:
        here = duty.unit.pk, month
        given = self.given.get(here, ())
        retired = {element.code for element in self.retiring if element.is_retired_in(month)}
        hidden = duty.not_kept | retired
        answered = self.counted.get(here, 0) + self.following.get(here, 0)
        for total, parts in self.totals.items():
            if total.code in retired:
                continue
            kept = [pk for code, pk in parts.items() if code not in hidden or pk in given]
            answered += total.pk in given or (bool(kept) and all(pk in given for pk in kept))
        asked = sum(code not in hidden for code in self.plain.values())
        asked += sum(total.code not in retired for total in (*self.totals, *self.scattered))
        return answered, asked


class Progress(dict[int, _FormProgress]):
    """By form."""

    def of(self, duty: Duty, month: Period) -> tuple[int, int]:
        """Answered and required cells of a form for one unit and month."""
        return self[duty.form.pk].of(duty, month)


def progress_of(duties: Sequence[Duty], months: Sequence[Period]) -> Progress:
    """One query and at most three more for each form, some more for one that has a total without its parts.
    A total counts as one cell: it is answered when it was typed, or when all its parts are there."""
    units: dict[int, set[int]] = {}
    by_form: dict[int, list[Duty]] = {}
    for duty in duties:
        units.setdefault(duty.form.pk, set()).add(duty.unit.pk)
        by_form.setdefault(duty.form.pk, []).append(duty)
    elements: dict[int, dict[str, tuple[DataElement, bool]]] = {form_id: {} for form_id in units}
    for row in FormElement.objects.filter(form__in=units).select_related("element"):
        elements[row.form_id][row.element.code] = row.element, row.required
    progress = Progress()
    for form_id, of_form in elements.items():
        required = [element for element, needed in of_form.values() if needed]
        retiring = [element for element, _needed in of_form.values() if element.retired_from is not None]
        retired = {e.code for e in retiring if months and e.is_retired_in(max(months))}
        plain = {element.pk: element.code for element in required if not element.parts}
        not_kept = [duty.not_kept | retired for duty in by_form[form_id]]
        scattered = [e for e in required if e.parts and _is_scattered(e, of_form, not_kept)]
        totals = {
            element: {code: of_form[code][0].pk for code in element.parts}
            for element in required
            if element.parts and element not in scattered
        }
        counted: dict[Place, int] = {}
        given: dict[Place, set[int]] = {}
        if months:
            within = {"unit__in": units[form_id], "period__gte": min(months), "period__lte": max(months)}
            rows = DataValue.objects.filter(**within, element__in=plain).order_by()
            rows = rows.exclude(_retired(retiring)) if retired else rows
            for unit_id, period, answers in rows.values_list("unit_id", "period").annotate(n=Count("pk")):
                counted[unit_id, period] = answers
        if months and totals:
            wanted = {total.pk for total in totals}.union(*(parts.values() for parts in totals.values()))
            rows = DataValue.objects.filter(**within, element__in=wanted).order_by()
            for unit_id, period, element_id in rows.values_list("unit_id", "period", "element_id"):
                given.setdefault((unit_id, period), set()).add(element_id)
        following = _following(scattered, by_form[form_id], months) if scattered and months else {}
        progress[form_id] = _FormProgress(plain, totals, counted, given, scattered, following, retiring)
    return progress


def _is_scattered(total: DataElement, codes: Collection[str], not_kept: Iterable[Collection[str]]) -> bool:
    """Whether a form with the elements `codes` has not all the parts, or asks a unit for none of them:
    `not_kept` is what each is not asked for."""
    parts = {*total.parts}
    return not parts <= {*codes} or any(parts <= {*each} for each in not_kept)


def _retired(elements: Iterable[DataElement]) -> Q:
    """Of stored values those of the months in which their element was retired."""
    found = Q()
    for element in elements:
        found |= Q(element=element, period__gte=first_month_retired(element.retired_from))
    return found


def _following(
    totals: Sequence[DataElement], duties: Sequence[Duty], months: Sequence[Period]
) -> dict[Place, int]:
    """How many of these totals of one form have an answer, typed or following, as the form itself has it."""
    found: dict[Place, int] = {}
    of_hospitals: dict[Hospital, dict[int, Unit]] = {}
    for duty in duties:
        of_hospitals.setdefault(duty.unit.hospital, {})[duty.unit.pk] = duty.unit
    for hospital, by_id in of_hospitals.items():
        units, elements = list(by_id.values()), with_parts({e.code: e for e in totals}, hospital)
        codes = {element.pk: code for code, element in elements.items()}
        typed: dict[Place, dict[str, Answer]] = {}
        stored = answers_of(units=units, elements=codes, months=months)
        for (unit_id, element_id, month), answer in stored.items():
            typed.setdefault((unit_id, month), {})[codes[element_id]] = answer
        keeping = keepings_of(units=units, periods=months, codes=elements, totals=totals)
        for (unit_id, month), answers in typed.items():
            asked = [total for total in totals if not total.is_retired_in(month)]
            shown = [keeping[month][unit_id].total_of(total, answers) for total in asked]
            found[unit_id, month] = sum(answer != EMPTY for answer in shown)
    return found
