"""From a file of numbers to what it would change: the plan that the preview shows. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from entry.assignments import Duty
from entry.models import Form, FormElement, Submission
from entry.models.submission import LOCKED
from entry.queries.duties import duties_in, duties_of_person
from entry.queries.not_kept import NotKept
from entry.queries.workbook import answers_of, elements_of
from entry.value_files import Names, read_value_file
from entry.workbooks.content import Fault, Reading, Wanted
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.actions import ValueRefusedError, refuse_impossible, refuse_retired
from indicators.answers import EMPTY, Answer
from indicators.begins import hospital_begins, refuse_before_begin
from indicators.models import DataElement, Status
from indicators.periods import Period, PeriodKind, month_of


@dataclass(frozen=True)
class Change:
    """One cell: what stands there, what would."""

    unit: Unit
    element: DataElement
    period: Period
    before: Answer
    after: Answer
    place: str

    def stored(self) -> dict[str, Any]:
        return {
            "unit": self.unit.code,
            "element": self.element.code,
            "period": str(self.period),
            "seen": self.before.canonical,
            "value": self.after.canonical,
        }


@dataclass
class Plan:
    """With faults nothing may be saved. `unchanged` counts cells that say what is stored already;
    `places` are sheet and cell of a unit, element and month (codes), filled in or not."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unchanged: int = 0
    places: dict[tuple[str, str, Period], tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Told:
    """One number of the file, with where it stands there: of a CSV file `sheet` is the line."""

    unit: Unit
    element: DataElement
    period: Period
    answer: Answer
    sheet: str
    cell: str


def plan_upload(*, content: bytes, is_csv: bool, form: Form, hospital: Hospital, by: User) -> Plan:
    """Read a workbook or CSV file of `form` as far as `by` may enter numbers. An empty cell changes
    nothing: somebody else may have filled it in meanwhile."""
    elements = elements_of(form)
    duties = duties_of_person(by, form=form, hospital=hospital)
    units = {duty.unit.code: duty.unit for duty in duties}
    plan = Plan()
    told = (
        _read_csv(content, elements, hospital, units, plan.faults)
        if is_csv
        else _read_book(content, elements, form, hospital, units, plan)
    )
    if not plan.faults:
        _plan(plan, told, elements, form, duties)
        _refuse_unasked(plan, hospital)
    if not plan.faults and not told:
        plan.faults.append(Fault("", "", _("The file holds no numbers.")))
    return plan


def _read_book(
    content: bytes,
    elements: Sequence[FormElement],
    form: Form,
    hospital: Hospital,
    units: Mapping[str, Unit],
    plan: Plan,
) -> list[_Told]:
    from entry.workbooks.read import read_workbook  # here, because few processes ever need openpyxl

    decimals = {e.element.code: e.element.decimals for e in elements}
    parts = {e.element.code: e.element.parts for e in elements if e.element.parts}
    wanted = Wanted(hospital.code, form.code, set(units), decimals, parts)
    reading: Reading = read_workbook(content, wanted)
    plan.faults.extend(reading.faults)
    plan.places = reading.places
    by_code = {e.element.code: e.element for e in elements}
    told = []
    begins = hospital_begins(hospital, hospital.root)
    for entered in reading.entered:
        answer = _answer(entered.value)
        element = by_code[entered.element_code]
        unit = units[entered.unit_code]
        try:
            refuse_before_begin(unit=unit, period=entered.period, hospital_begins=begins)
            refuse_impossible(element=element, value=answer.value, status=answer.status)
        except ValueRefusedError as refused:
            plan.faults.append(Fault(entered.sheet, entered.cell, str(refused)))
            continue
        told.append(_Told(unit, element, entered.period, answer, entered.sheet, entered.cell))
    return told


def _read_csv(
    content: bytes,
    elements: Sequence[FormElement],
    hospital: Hospital,
    units: Mapping[str, Unit],
    faults: list[Fault],
) -> list[_Told]:
    others = frozenset(hospital.units.values_list("code", flat=True)) - units.keys()
    begins = hospital_begins(hospital, hospital.root)
    names = Names(hospital.root, units, {e.element.code: e.element for e in elements}, others, begins)
    read = read_value_file(content, names)
    faults.extend(Fault("", "", str(bad)) for bad in read.bad)
    told = []
    for v in read.values:
        line = _("line %s") % read.lines[v.unit.pk, v.element.pk, v.period]
        told.append(_Told(v.unit, v.element, v.period, Answer(v.value, v.status), line, ""))
    return told


def _answer(value: float | str) -> Answer:
    if isinstance(value, str):
        return Answer(None, Status.NOT_APPLICABLE if value == "NA" else Status.NOT_COLLECTED)
    return Answer(value, Status.REPORTED)


def _plan(
    plan: Plan, told: Sequence[_Told], elements: Sequence[FormElement], form: Form, duties: Sequence[Duty]
) -> None:
    units = {t.unit.pk: t.unit for t in told}
    months = {t.period for t in told}
    this_month = month_of(timezone.localdate())
    stored = answers_of(units=units.values(), elements=[e.element_id for e in elements], months=months)
    submissions = Submission.objects.filter(form=form, unit__in=units, period__in=months, state__in=LOCKED)
    locked = {(s.unit_id, s.period): s for s in submissions}
    for t in told:
        key = (t.unit.pk, t.element.pk, t.period)
        before = stored.get(key, EMPTY)
        if before == t.answer:
            plan.unchanged += 1
            continue
        where = {"unit": t.unit.name, "month": t.period}
        if (t.unit.pk, t.period) in locked:
            state = locked[t.unit.pk, t.period].get_state_display()
            reason = _("the form of %(unit)s for %(month)s is %(state)s and cannot be changed")
            plan.faults.append(Fault(t.sheet, t.cell, reason % {**where, "state": state}))
        elif t.period.kind is not PeriodKind.MONTH:
            reason = _("%(month)s is no month; this form is filled in month by month") % where
            plan.faults.append(Fault(t.sheet, t.cell, reason))
        elif t.period > this_month:
            reason = _("%(month)s has not begun yet") % where
            plan.faults.append(Fault(t.sheet, t.cell, reason))
        elif not any(d.unit == t.unit and d.holds_in(t.period) for d in duties):
            plan.faults.append(Fault(t.sheet, t.cell, _not_asked(t, duties)))
        else:
            place = f"{t.sheet}!{t.cell}" if t.cell else t.sheet
            plan.changes.append(Change(t.unit, t.element, t.period, before, t.answer, place))


def _refuse_unasked(plan: Plan, hospital: Hospital) -> None:
    """A fault of each change of what is retired, or what the unit is said not to keep. What stays as it is
    may stay."""
    not_kept = NotKept.of(duties_in(UnitTree.of(hospital)))
    for change in plan.changes:
        try:
            refuse_retired(element=change.element, period=change.period)
            not_kept.refuse(unit=change.unit, element=change.element, period=change.period)
        except ValueRefusedError as refused:
            sheet, _mark, cell = change.place.rpartition("!")
            plan.faults.append(Fault(sheet or cell, cell if sheet else "", str(refused)))


def _not_asked(told: _Told, duties: Sequence[Duty]) -> str:
    """That the person does not fill in the form of a unit for a month; before they begin to, from when on
    they do."""
    words = {"unit": told.unit.name, "month": told.period}
    first = min((duty.first_month for duty in duties if duty.unit == told.unit), default=None)
    if first is None or first < told.period:
        return _("you do not fill in this form of %(unit)s for %(month)s") % words
    words["first"] = first
    return _("%(unit)s fills in this form from %(first)s on, not for %(month)s") % words
