"""What the units of a hospital keep and what they owe, by their forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from entry.assignments import Duty, duties_of
from entry.models import FormElement
from entry.queries.duties import assigned_in, duties_in
from entry.value_files import Asked
from hospitals.models import Hospital, Unit
from hospitals.tree import UnitTree
from indicators.answers import EMPTY, Answer
from indicators.asked import ended, read_asked
from indicators.hooks import Span
from indicators.models import DataElement, DataValue, Status
from indicators.models.definition import first_month_retired, is_retired_in
from indicators.periods import Period
from indicators.totals import total_of
from indicators.unasked_parts import UnaskedParts

#: Months by element code and unit id.
Spans = dict[str, dict[int, list[Span]]]


def units_expected(tree: UnitTree) -> Spans:
    """Ids of the units of which a form requires an element, with the months for which it does, by element
    code. A total is owed by its parts: they are required where it is.

    An element that no form of the hospital requires is not among the keys; of it, what was reported
    before is expected, and so it is for the months before a form began.
    """
    return _spans(duties_in(tree), only_required=True)


def units_keeping(tree: UnitTree) -> Spans:
    """As `units_expected`, of all elements that a form asks a unit for, required or not."""
    return _spans(duties_in(tree), only_required=False)


def _spans(duties: Iterable[Duty], *, only_required: bool) -> Spans:
    by_form: dict[int, list[Duty]] = {}
    for duty in duties:
        by_form.setdefault(duty.form.pk, []).append(duty)
    found: Spans = {}
    for form_id, codes in _asked_by(by_form, only_required=only_required).items():
        for code, day in codes.items():
            owed_until = first_month_retired(day)
            for duty in by_form[form_id]:
                units = found.setdefault(code, {})
                # What is said not to be kept is asked for in no month from the first on.
                last = duty.first_month.shifted(-1) if code in duty.not_kept else duty.last_month
                units.setdefault(duty.unit.pk, []).append(ended((duty.first_month, last), owed_until))
    return found


def _asked_by(forms: Iterable[int], *, only_required: bool) -> dict[int, dict[str, dt.date | None]]:
    """Codes of the elements that each form asks for, in their order; of what is required only as a part with
    the day from which all its totals are retired (None: never)."""
    rows = FormElement.objects.filter(form__in=list(forms)).order_by("form", "section__position", "position")
    asked: dict[int, dict[str, tuple[bool, list[str], dt.date | None]]] = {}
    for form_id, code, required, parts, day in rows.values_list(
        "form_id", "element__code", "required", "element__parts", "element__retired_from"
    ):
        asked.setdefault(form_id, {})[code] = required, parts, day
    found = {}
    for form_id, elements in asked.items():
        days: dict[str, list[dt.date | None]] = {code: [] for code in elements}
        for code, (required, parts, day) in elements.items():
            if required or not only_required:
                days[code].append(None)
            for part in days.keys() & parts if required and only_required else ():
                days[part].append(day)
        found[form_id] = {code: _latest(of_code) for code, of_code in days.items() if of_code}
    return found


def _latest(days: Sequence[dt.date | None]) -> dt.date | None:
    """None is later than every day."""
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


@dataclass(frozen=True)
class Keeping:
    """Of one unit and month: codes of the elements that it keeps, and of those on its forms that it was said
    not to keep, or that are retired.

    `own`: codes of totals that it typed in that year, and of which no form asks it for a part then. Nothing
    follows of them: what came in of their parts may be some of many.
    """

    kept: frozenset[str] = frozenset()
    not_kept: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def hides(self, code: str) -> bool:
        """Whether the unit is not asked for it, although the form has it."""
        return code in self.not_kept and code not in self.kept

    def parts_of(self, total: DataElement, typed: Mapping[str, Answer]) -> tuple[str, ...]:
        """Codes of the parts that the unit keeps. What was given without being asked for belongs to the
        total as well."""
        given = {code for code, answer in typed.items() if answer.status != Status.NOT_COLLECTED}
        return tuple(code for code in total.parts if code in self.kept or code in given)

    def total_of(self, total: DataElement, typed: Mapping[str, Answer]) -> Answer:
        """What a total shows, from what was typed by code: itself and its parts."""
        own = typed.get(total.code, EMPTY)
        return own if total.code in self.own else total_of(own, typed, self.parts_of(total, typed))


def keeping_of(
    *, units: Sequence[Unit], period: Period, codes: Iterable[str], totals: Sequence[DataElement]
) -> dict[int, Keeping]:
    """What `units` (of one hospital) keep of the elements `codes` in a month, by unit id: see
    `keepings_of`."""
    return keepings_of(units=units, periods=[period], codes=codes, totals=totals)[period]


def keepings_of(
    *,
    units: Sequence[Unit],
    periods: Sequence[Period],
    codes: Iterable[str],
    totals: Sequence[DataElement],
) -> dict[Period, dict[int, Keeping]]:
    """What `units` (of one hospital) keep of the elements `codes` in some months, whichever of their forms
    asks for it; of the parts of `totals` also what they keep unasked.

    Three queries, and some more only where no form decides about a part of `totals`: of months in which no
    form asks the unit, too, what it gave decides, as in the engine.
    """
    if not units:
        return {period: {} for period in periods}
    holding: dict[int, dict[str, dt.date | None]] = {}
    rows = FormElement.objects.filter(element__code__in=list(codes)).order_by()
    for form_id, code, day in rows.values_list("form_id", "element__code", "element__retired_from"):
        holding.setdefault(form_id, {})[code] = day
    tree = UnitTree.down_to(units[0]) if len(units) == 1 else UnitTree.of(units[0].hospital)
    duties = duties_of(tree, assigned_in(tree).filter(form__in=holding))
    by_forms = {period: _by_forms(units, period, holding, duties) for period in periods}
    return _with_unasked(by_forms, units, totals)


def _by_forms(
    units: Iterable[Unit],
    period: Period,
    holding: Mapping[int, Mapping[str, dt.date | None]],
    duties: Iterable[Duty],
) -> dict[int, Keeping]:
    """What forms ask the units for; `holding` are the codes that each form has, with the day from which they
    are retired: nobody keeps them then."""
    kept: dict[int, set[str]] = {unit.pk: set() for unit in units}
    not_kept: dict[int, set[str]] = {unit_id: set() for unit_id in kept}
    for duty in duties:
        if duty.unit.pk in kept and duty.holds_in(period):
            here = holding[duty.form.pk]
            retired = {code for code, day in here.items() if is_retired_in(day, period)}
            hidden = here.keys() & (duty.not_kept | retired)
            kept[duty.unit.pk] |= here.keys() - hidden
            not_kept[duty.unit.pk] |= hidden
    return {pk: Keeping(frozenset(kept[pk]), frozenset(not_kept[pk])) for pk in kept}


def _with_unasked(
    by_forms: dict[Period, dict[int, Keeping]], units: Sequence[Unit], totals: Iterable[DataElement]
) -> dict[Period, dict[int, Keeping]]:
    """And the parts that the units keep unasked, and the totals that are their own."""
    seen = [keeping for of_units in by_forms.values() for keeping in of_units.values()]
    # Nearly all forms have all the parts of their totals: of those nothing more is read.
    undecided: dict[str, None] = {}
    alone: dict[str, None] = {}
    for total in totals:
        for keeping in seen:
            undecided |= dict.fromkeys({*total.parts} - keeping.kept - keeping.not_kept)
            if keeping.kept.isdisjoint(total.parts):
                alone[total.code] = None
    if not undecided and not alone:
        return by_forms
    unasked = None
    if undecided:
        asked = read_asked(UnitTree.of(units[0].hospital))
        unasked = UnaskedParts(asked, units, list(undecided), list(by_forms))
    own = _typed_in_years(units, list(alone), list(by_forms)) if alone else set()
    parts = {total.code: total.parts for total in totals}
    found: dict[Period, dict[int, Keeping]] = {}
    for period, of_units in by_forms.items():
        found[period] = {}
        for unit in units:
            keeping = of_units[unit.pk]
            theirs = {
                code
                for code in alone
                if (unit.pk, code, period.year) in own and keeping.kept.isdisjoint(parts[code])
            }
            more = unasked.of(unit, period) - keeping.not_kept if unasked is not None else frozenset()
            found[period][unit.pk] = replace(keeping, kept=keeping.kept | more, own=frozenset(theirs))
    return found


def _typed_in_years(
    units: Collection[Unit], codes: Collection[str], periods: Collection[Period]
) -> set[tuple[int, str, int]]:
    """Unit ids, codes and years: something was stored for the total itself."""
    rows = DataValue.objects.filter(
        unit__in=units,
        element__code__in=codes,
        period__gte=Period.of_year(min(period.year for period in periods)),
        period__lt=Period.of_year(max(period.year for period in periods) + 1),
    )
    stored = rows.order_by().values_list("unit_id", "element__code", "period")
    return {(unit_id, code, period.year) for unit_id, code, period in stored}


def asked_of_others(hospital: Hospital, *, filled_by: Collection[int]) -> dict[int, list[Asked]]:
    """What forms that these units fill in ask of units that are not among them, by the id of the unit
    spoken of. At most three queries."""
    duties = [
        duty
        for duty in duties_in(UnitTree.of(hospital))
        if duty.filled_by.pk in filled_by and duty.unit.pk not in filled_by
    ]
    if not duties:
        return {}
    elements: dict[int, set[int]] = {}
    rows = FormElement.objects.filter(form__in={duty.form for duty in duties}).order_by()
    for form_id, element_id in rows.values_list("form_id", "element_id"):
        elements.setdefault(form_id, set()).add(element_id)
    found: dict[int, list[Asked]] = {}
    for duty in duties:
        asked = Asked(duty, frozenset(elements.get(duty.form.pk, ())))
        found.setdefault(duty.unit.pk, []).append(asked)
    return found
