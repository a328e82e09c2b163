"""One cell of a form: the number, or what was typed instead, or a remark on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from entry.models import CellNote, DraftValue, Form, FormElement, Submission
from entry.queries.duties import duty_of
from entry.refusals import TypingRefusedError, read_for
from entry.typed_numbers import LONGEST
from hospitals.access import can
from hospitals.models import Unit, User
from indicators.actions import NewValue, save_values
from indicators.answers import EMPTY, Answer, answer_of
from indicators.models import DataElement, DataValue, Status
from indicators.periods import Period


class CellLockedError(Exception):
    """The form is submitted or approved: its numbers cannot be changed."""


@dataclass(frozen=True)
class SavedCell:
    """The cell holds `answer`; `totals` are those of the form that followed."""

    answer: Answer
    totals: Mapping[DataElement, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """The number was refused; what was typed is kept as a draft, with the reason."""

    text: str
    reason: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else has changed the cell since it was seen. Nothing was saved."""

    mine: Answer
    theirs: Answer
    by: str


def submission_for_writing(*, form: Form, unit: Unit, period: Period) -> Submission:
    """The submission, made when there is none, locked until the transaction ends."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("form", "unit__parent")
    found = rows.filter(form=form, unit=unit, period=period).first()
    if found is not None:
        return found
    Submission.objects.get_or_create(form=form, unit=unit, period=period)
    return rows.get(form=form, unit=unit, period=period)


def save_cell(
    *,
    form_element: FormElement,
    unit: Unit,
    period: Period,
    text: str,
    seen: str,
    by: User,
    language: str,
) -> SavedCell | Kept | Conflict:
    """Store what `by` typed into a cell. `seen` is the canonical answer that stood there before.

    One transaction: the number with its history and the totals that follow from it, or the draft
    with the reason. Sending the same again changes nothing. Raises PermissionDenied and
    CellLockedError.
    """
    if not can(by, "enter", unit):
        raise PermissionDenied
    typed = _Typed(form_element, unit, period, text[:LONGEST], seen, by, language)
    try:
        return typed.save()
    except IntegrityError:
        # Somebody who does not hold the form (a file, the API) stored the first value of the cell
        # at the same moment: now there is one to compare with.
        return typed.save()


@dataclass(frozen=True)
class _Typed:
    form_element: FormElement
    unit: Unit
    period: Period
    text: str
    seen: str
    by: User
    language: str

    @property
    def element(self) -> DataElement:
        return self.form_element.element

    @transaction.atomic
    def save(self) -> SavedCell | Kept | Conflict:
        form = self.form_element.form
        submission = submission_for_writing(form=form, unit=self.unit, period=self.period)
        if submission.is_locked:
            raise CellLockedError(
                _("The form is %(state)s and cannot be changed.") % {"state": submission.get_state_display()}
            )
        try:
            answer = read_for(self.element, self.text, language=self.language)
        except TypingRefusedError as refused:
            return self._keep(str(refused))
        totals = _totals_of(form, self.element)
        stored = self._stored(totals)
        if answer == EMPTY and self.form_element.total_of:
            answer = _sum(stored, self.form_element.total_of)
        theirs = answer_of(stored.get(self.element.code))
        if theirs.canonical not in (self.seen, answer.canonical):
            return Conflict(answer, theirs, self._last_writer())
        followed = _following(totals, stored, self.element.code, answer)
        wanted = {self.element: answer, **{total.element: sum_ for total, sum_ in followed.items()}}
        save_values(
            (NewValue(self.unit, element, self.period, *given) for element, given in wanted.items()),
            by=self.by,
            why=f"form {form.code}",
        )
        DraftValue.objects.filter(**self._cell()).delete()
        return SavedCell(answer, {total.element: sum_ for total, sum_ in followed.items()})

    def _cell(self) -> dict:
        return {"unit": self.unit, "element": self.element, "period": self.period}

    def _keep(self, reason: str) -> Kept:
        DraftValue.objects.update_or_create(
            **self._cell(), defaults={"text": self.text, "reason": reason[:500], "by": self.by}
        )
        return Kept(self.text, reason)

    def _stored(self, totals: list[FormElement]) -> dict[str, DataValue]:
        """The values of the cell, of its parts, and of the totals it belongs to with their parts."""
        codes = {self.element.code, *self.form_element.total_of}
        for total in totals:
            codes |= {total.element.code, *total.total_of}
        if codes == {self.element.code}:
            row = DataValue.objects.filter(**self._cell()).first()
            return {self.element.code: row} if row else {}
        elements = FormElement.objects.filter(form=self.form_element.form, element__code__in=codes)
        rows = DataValue.objects.filter(
            unit=self.unit, period=self.period, element__in=elements.values("element")
        )
        return {row.element.code: row for row in rows.select_related("element")}

    def _last_writer(self) -> str:
        history = DataValue.history.filter(
            unit=self.unit, element=self.element, period=self.period
        ).select_related("history_user")
        last = history.order_by("-history_date", "-history_id").first()
        return str(last.history_user) if last is not None and last.history_user else ""


def _totals_of(form: Form, element: DataElement) -> list[FormElement]:
    """The totals of the form that `element` is a part of."""
    totals = form.form_elements.exclude(total_of=[]).select_related("element")
    return [total for total in totals if element.code in total.total_of]


def _sum(stored: Mapping[str, DataValue], parts: list[str]) -> Answer:
    known = [row.value for code in parts if (row := stored.get(code)) and row.value is not None]
    return Answer(sum(known), Status.REPORTED) if known else EMPTY


def _following(
    totals: list[FormElement], stored: Mapping[str, DataValue], changed: str, answer: Answer
) -> dict[FormElement, Answer]:
    """Totals that follow their parts: those that are empty or were the sum of them until now.

    A total that somebody typed is left alone; the check of the parts speaks up instead.
    """
    followed = {}
    for total in totals:
        before = _sum(stored, total.total_of)
        if answer_of(stored.get(total.element.code)) != before:
            continue
        known = {
            code: row.value
            for code in total.total_of
            if (row := stored.get(code)) is not None and row.value is not None
        }
        known.pop(changed, None)
        if answer.value is not None:
            known[changed] = answer.value
        after = Answer(sum(known.values()), Status.REPORTED) if known else EMPTY
        if after != before:
            followed[total] = after
    return followed


@transaction.atomic
def save_note(
    *, form_element: FormElement, unit: Unit, period: Period, text: str, follow_up: bool, by: User
) -> CellNote | None:
    """Write, change or take away the remark on a cell. Those who enter and those who approve may."""
    if not can(by, "enter", unit) or duty_of(form=form_element.form, unit=unit, period=period) is None:
        raise PermissionDenied
    element = form_element.element
    if not text.strip() and not follow_up:
        for note in CellNote.objects.filter(unit=unit, element=element, period=period):
            note.delete()
        return None
    note, _created = CellNote.objects.update_or_create(
        unit=unit,
        element=element,
        period=period,
        defaults={"text": text.strip()[:1000], "follow_up": follow_up, "by": by},
    )
    return note
