"""One form of one unit and month, as the page and the checks want it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils.translation import gettext as _

from entry.checks import Figures, Names, Problem, find_problems
from entry.models import (
    CellNote,
    Confirmation,
    DraftValue,
    Form,
    FormElement,
    FormSection,
    State,
    Submission,
    SubmissionEvent,
)
from entry.queries.workbook import Key
from entry.refusals import reason_of
from entry.typed_numbers import short_word, write
from hospitals.models import Unit
from indicators.answers import Answer, answer_of
from indicators.models import DataElement, DataValue, Status
from indicators.periods import Period

MONTHS_BACK = 12


@dataclass(frozen=True)
class Cell:
    """One element of the form with everything known about it. `text` is what the cell shows."""

    form_element: FormElement
    answer: Answer
    draft: DraftValue | None
    note: CellNote | None
    last_month: Answer
    last_year: Answer

    @property
    def element(self) -> DataElement:
        return self.form_element.element

    @property
    def is_answered(self) -> bool:
        return self.answer.status is not None

    @property
    def text(self) -> str:
        return self.draft.text if self.draft else shown(self.answer, self.element)

    @property
    def refused_because(self) -> str:
        """Why what was typed last was not stored; empty where it was."""
        return reason_of(self.draft, self.element) if self.draft else ""

    @property
    def last_month_text(self) -> str:
        return shown(self.last_month, self.element)

    @property
    def last_year_text(self) -> str:
        return shown(self.last_year, self.element)


def shown(answer: Answer, element: DataElement) -> str:
    """An answer as a person reads it in a cell."""
    match answer.status:
        case None:
            return ""
        case Status.REPORTED:
            return write(answer.value, decimals=element.decimals)
    return short_word(Status(answer.status))


@dataclass(frozen=True)
class Sheet:
    """`submission` is None while nobody has touched the form."""

    form: Form
    unit: Unit
    period: Period
    submission: Submission | None
    sections: Sequence[tuple[FormSection, Sequence[Cell]]]
    figures: Figures
    confirmations: Sequence[Confirmation] = field(default=())

    @property
    def state(self) -> State:
        return State(self.submission.state) if self.submission else State.DRAFT

    @property
    def is_locked(self) -> bool:
        return self.submission is not None and self.submission.is_locked

    @cached_property
    def cells(self) -> list[Cell]:
        return [cell for _section, cells in self.sections for cell in cells]

    @cached_property
    def names(self) -> Names:
        return Names({cell.element.code: cell.element.name for cell in self.cells}, partial(write))

    @cached_property
    def problems(self) -> list[Problem]:
        """All problems, confirmed ones included; those that refuse submission first."""
        names = self.names
        found = find_problems(
            figures=self.figures,
            checks=self.form.checks,
            required=[c.element.code for c in self.cells if c.form_element.required and not c.draft],
            totals={c.element.code: c.form_element.total_of for c in self.cells if c.form_element.total_of},
            codes=[cell.element.code for cell in self.cells],
            names=names,
        )
        return [*self._refused(), *found]

    def _refused(self) -> Iterable[Problem]:
        for cell in self.cells:
            if cell.draft:
                yield Problem(
                    "refused",
                    "hard",
                    (cell.element.code,),
                    _("%(name)s: %(reason)s.") % {"name": cell.element.name, "reason": cell.refused_because},
                    _("Correct it, or clear the cell. What was typed is kept."),
                )

    @cached_property
    def confirmed(self) -> dict[tuple[str, str], Confirmation]:
        return {(c.check_key, c.numbers): c for c in self.confirmations}

    @property
    def open_problems(self) -> list[Problem]:
        """What stands in the way of submitting: hard problems, and soft ones nobody has confirmed."""
        return [p for p in self.problems if p.severity == "hard" or self.confirmation_of(p) is None]

    @property
    def is_begun(self) -> bool:
        return any(cell.is_answered or cell.draft for cell in self.cells)

    @property
    def wrong(self) -> int:
        """How many of these are about numbers that are there."""
        return sum(problem.check != "missing" for problem in self.open_problems)

    def confirmation_of(self, problem: Problem) -> Confirmation | None:
        return self.confirmed.get((problem.key, problem.numbers)) if problem.severity == "soft" else None

    @property
    def answered(self) -> int:
        """How many of the required cells have an answer."""
        return sum(cell.is_answered for cell in self.cells if cell.form_element.required)

    @property
    def required(self) -> int:
        return sum(cell.form_element.required for cell in self.cells)


def read_sheet(*, form: Form, unit: Unit, period: Period) -> Sheet:
    return read_sheets(form=form, units=[unit], period=period)[0]


def read_sheets(
    *, form: Form, units: Sequence[Unit], period: Period, instead: Mapping[Key, Answer] | None = None
) -> list[Sheet]:
    """The form of each of `units`, in their order. Six queries, whatever the form and their number.

    `instead` are answers that are looked at in place of what is stored, or was refused, for their cells.
    """
    form_elements = list(
        FormElement.objects.filter(form=form)
        .select_related("element", "section")
        .order_by("section__position", "position")
    )
    elements = [e.element_id for e in form_elements]
    by_unit: dict[int, dict[Period, dict[int, DataValue]]] = {unit.pk: {} for unit in units}
    values = DataValue.objects.filter(
        unit__in=units, element__in=elements, period__in=[period.shifted(-n) for n in range(MONTHS_BACK + 1)]
    )
    for row in values:
        by_unit[row.unit_id].setdefault(row.period, {})[row.element_id] = row
    for (unit_id, element_id, month), answer in (instead or {}).items():
        cells = by_unit.get(unit_id, {}).setdefault(month, {})
        cells.pop(element_id, None)
        if answer.status is not None:
            key = {"unit_id": unit_id, "element_id": element_id, "period": month}
            cells[element_id] = DataValue(**key, value=answer.value, status=answer.status)
    here = {"unit__in": units, "period": period, "element__in": elements}
    drafts = {
        (d.unit_id, d.element_id): d
        for d in DraftValue.objects.filter(**here)
        if (d.unit_id, d.element_id, period) not in (instead or {})
    }
    notes = {(n.unit_id, n.element_id): n for n in CellNote.objects.filter(**here)}
    submissions = Submission.objects.filter(form=form, unit__in=units, period=period).select_related(
        "form", "unit__parent"
    )
    by_submission = {submission.unit_id: submission for submission in submissions}
    confirmations: dict[int, list[Confirmation]] = {}
    for confirmation in Confirmation.objects.filter(submission__in=by_submission.values()).select_related(
        "by"
    ):
        confirmations.setdefault(confirmation.submission_id, []).append(confirmation)
    codes = {e.element_id: e.element.code for e in form_elements}
    sheets = []
    for unit in units:
        of_unit = by_unit[unit.pk]
        now, before, year_before = (of_unit.get(period.shifted(-n), {}) for n in (0, 1, 12))
        sections: dict[FormSection, list[Cell]] = {}
        for e in form_elements:
            cell = Cell(
                form_element=e,
                answer=answer_of(now.get(e.element_id)),
                draft=drafts.get((unit.pk, e.element_id)),
                note=notes.get((unit.pk, e.element_id)),
                last_month=answer_of(before.get(e.element_id)),
                last_year=answer_of(year_before.get(e.element_id)),
            )
            sections.setdefault(e.section, []).append(cell)
        submission = by_submission.get(unit.pk)
        refused = {element_id for unit_id, element_id in drafts if unit_id == unit.pk}
        sheets.append(
            Sheet(
                form=form,
                unit=unit,
                period=period,
                submission=submission,
                sections=list(sections.items()),
                figures=_figures(period, of_unit, codes, refused),
                confirmations=confirmations.get(submission.pk, []) if submission else [],
            )
        )
    return sheets


def _figures(
    period: Period, by_period: dict[Period, dict[int, DataValue]], codes: dict[int, str], refused: set[int]
) -> Figures:
    """What the checks judge. A cell whose last typing was refused is judged by nothing else."""
    now = {codes[i]: row for i, row in by_period.get(period, {}).items() if i not in refused}
    past: dict[str, list[float]] = {}
    for n in range(MONTHS_BACK, 0, -1):
        for element_id, row in by_period.get(period.shifted(-n), {}).items():
            if row.value is not None:
                past.setdefault(codes[element_id], []).append(row.value)
    before = by_period.get(period.shifted(-1), {})
    return Figures(
        values={code: row.value for code, row in now.items() if row.value is not None},
        days=period.days,
        not_applicable=frozenset(c for c, row in now.items() if row.status == Status.NOT_APPLICABLE),
        not_collected=frozenset(c for c, row in now.items() if row.status == Status.NOT_COLLECTED),
        month_before={codes[i]: row.value for i, row in before.items() if row.value is not None},
        past=past,
    )


def events_of(submission: Submission | None) -> list[SubmissionEvent]:
    """What happened to the form, latest first."""
    if submission is None:
        return []
    return list(submission.events.select_related("by").order_by("-at", "-pk"))
