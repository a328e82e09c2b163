"""One cell of a form: the number, or what was typed instead, or a remark on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from entry import rights
from entry.assignments import Duty
from entry.models import CellNote, DraftValue, Form, FormElement, Submission
from entry.queries.duties import duties_in, duty_of
from entry.queries.keeping import keeping_of
from entry.queries.not_kept import NotKept
from entry.refusals import TypingRefusedError, read_for
from entry.typed_numbers import LONGEST
from hospitals.access import can
from hospitals.models import Unit, User
from hospitals.tree import UnitTree
from indicators.actions import NewValue, ValueRefusedError, save_values
from indicators.answers import EMPTY, Answer, answer_of
from indicators.models import DataElement, DataValue
from indicators.periods import Period


class CellLockedError(Exception):
    """The form is submitted or approved: its numbers cannot be changed."""


class Total(NamedTuple):
    """What a total shows, and what was typed for itself: EMPTY where it follows from its parts."""

    shown: Answer
    typed: Answer


@dataclass(frozen=True)
class SavedCell:
    """The cell holds `answer`; `totals` are those of the form that hang on it, itself included."""

    answer: Answer
    totals: Mapping[DataElement, Total] = field(default_factory=dict)


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

    One transaction: the number with its history, or the draft with the reason. Sending the same again
    changes nothing. Raises PermissionDenied, CellLockedError, and ValueRefusedError for what is retired or
    the unit is said not to keep.
    """
    duty = duty_of(form=form_element.form, unit=unit, period=period)
    if duty is None or not can(by, "enter", duty.filled_by):
        raise PermissionDenied
    typed = _Typed(form_element, duty, unit, period, text[:LONGEST], seen, by, language)
    try:
        return typed.save()
    except IntegrityError:
        # Somebody who does not hold the form (a file, the API) stored the first value of the cell
        # at the same moment: now there is one to compare with.
        return typed.save()


@dataclass(frozen=True)
class _Typed:
    form_element: FormElement
    duty: Duty
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
        except (TypingRefusedError, ValueRefusedError) as refused:
            return self._keep(str(refused))
        theirs = answer_of(DataValue.objects.filter(**self._cell()).first())
        if theirs.canonical not in (self.seen, answer.canonical):
            return Conflict(answer, theirs, self._last_writer())
        if self.element.code in self.duty.not_kept and answer not in (EMPTY, theirs):
            not_kept = NotKept.of(duties_in(UnitTree.down_to(self.unit)))
            not_kept.refuse(unit=self.unit, element=self.element, period=self.period)
        save_values(
            [NewValue(self.unit, self.element, self.period, *answer)], by=self.by, why=f"form {form.code}"
        )
        DraftValue.objects.filter(**self._cell()).delete()
        return SavedCell(answer, self._totals())

    def _cell(self) -> dict:
        return {"unit": self.unit, "element": self.element, "period": self.period}

    def _keep(self, reason: str) -> Kept:
        DraftValue.objects.update_or_create(
            **self._cell(), defaults={"text": self.text, "reason": reason[:500], "by": self.by}
        )
        return Kept(self.text, reason)

    def _totals(self) -> dict[DataElement, Total]:
        """The totals of the form that hang on the cell, as they are now."""
        form, code = self.form_element.form, self.element.code
        found = form.form_elements.exclude(element__parts=[]).select_related("element")
        elements = [e.element for e in found if code == e.element.code or code in e.element.parts]
        if not elements:
            return {}
        codes = {code for element in elements for code in (element.code, *element.parts)}
        here = DataValue.objects.filter(unit=self.unit, period=self.period, element__code__in=codes)
        typed = {row.element.code: answer_of(row) for row in here.select_related("element")}
        # Only of these something can follow: what units keep unasked is not read for the others.
        following = [e for e in elements if e.code not in typed and not typed.keys().isdisjoint(e.parts)]
        keeping = keeping_of(units=[self.unit], period=self.period, codes=codes, totals=following)[
            self.unit.pk
        ]
        return {
            element: Total(keeping.total_of(element, typed), typed.get(element.code, EMPTY))
            for element in elements
        }

    def _last_writer(self) -> str:
        history = DataValue.history.filter(
            unit=self.unit, element=self.element, period=self.period
        ).select_related("history_user")
        last = history.order_by("-history_date", "-history_id").first()
        return str(last.history_user) if last is not None and last.history_user else ""


@transaction.atomic
def save_note(
    *, form_element: FormElement, unit: Unit, period: Period, text: str, follow_up: bool, by: User
) -> CellNote | None:
    """Write, change or take away the remark on a cell. Those who enter and those who approve may."""
    if not rights.may_note(by, Submission(form=form_element.form, unit=unit, period=period)):
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
