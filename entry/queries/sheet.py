"""One form of one unit and month, as the page and the checks want it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils.translation import gettext as _

from entry.checks import PARTS, Figures, Names, Problem, find_problems
from entry.contradictions import confirmed_totals, contradictory_results
from entry.models import (
    CellNote,
    Confirmation,
    DraftValue,
    Form,
    FormSection,
    State,
    Submission,
)
from entry.queries.cell import Cell
from entry.queries.figures import figures_of, totals_elsewhere, typed_of_a_year, with_parts, with_totals
from entry.queries.keeping import Keeping, keeping_of
from entry.queries.workbook import Key, elements_of
from entry.typed_numbers import write
from hospitals.models import Unit
from indicators.answers import EMPTY, Answer
from indicators.first_months import FAR_BEFORE, far_before_in_words, known_far_after
from indicators.models import DataElement
from indicators.periods import Period


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
    #: Totals that another form has and that were typed there, with codes of the parts that the unit keeps.
    elsewhere: Mapping[DataElement, Sequence[str]] = field(default_factory=dict)
    #: Where the month lies far before anything else that is known: the first day of that.
    known_from: dt.date | None = None

    @property
    def state(self) -> State:
        return State(self.submission.state) if self.submission else State.DRAFT

    @property
    def is_locked(self) -> bool:
        return self.submission is not None and self.submission.is_locked

    @cached_property
    def cells(self) -> list[Cell]:
        return [cell for _section, cells in self.sections for cell in cells]

    @property
    def held_sections(self) -> list[tuple[FormSection, list[Cell]]]:
        """Only the cells that hold something, and the sections that have any: all there is to read where
        nothing is asked for."""
        held = [(section, [c for c in cells if c.holds_something]) for section, cells in self.sections]
        return [(section, cells) for section, cells in held if cells]

    @cached_property
    def names(self) -> Names:
        elements = [*(cell.element for cell in self.cells), *self.elsewhere]
        return Names({element.code: element.name for element in elements}, partial(write))

    @cached_property
    def problems(self) -> list[Problem]:
        """All problems, confirmed ones included; those that refuse submission first."""
        names = self.names
        found = find_problems(
            figures=self.figures,
            checks=self.form.checks,
            required=self._wanting(),
            totals={c.element.code: c.parts for c in self.cells if c.parts}
            | {total.code: parts for total, parts in self.elsewhere.items()},
            codes=[cell.element.code for cell in self.cells],
            names=names,
        )
        return [*self._refused(), *found, *self._contradictory, *self._far_before()]

    @cached_property
    def _contradictory(self) -> list[Problem]:
        return list(contradictory_results(self))

    @property
    def far_before(self) -> Problem | None:
        """The question about a slip of the year, while nobody has answered it."""
        return next((problem for problem in self.open_problems if problem.check == FAR_BEFORE), None)

    def _far_before(self) -> Iterable[Problem]:
        answered = next((cell for cell in self.cells if cell.is_answered), None)
        if self.known_from is not None and answered is not None:
            yield Problem(
                FAR_BEFORE,
                "soft",
                (answered.element.code,),
                far_before_in_words([self.period], self.unit.hospital, self.known_from),
                _("Look at the year. If the month is right, say why."),
                f"{self.period}|{self.known_from}",
            )

    def _wanting(self) -> list[str]:
        """Codes of the cells that have to be filled in. A total that is wanting is owed by its parts, once
        somebody has begun to give them."""
        cells = {cell.element.code: cell for cell in self.cells}
        found: dict[str, None] = {}
        for code, cell in cells.items():
            if not cell.is_required or cell.draft:
                continue
            parts = [cells[part] for part in cell.parts if part in cells]
            waiting = [part for part in parts if part.draft or not part.is_answered]
            begun = any(part.draft or part.is_answered for part in parts)
            if waiting and begun and cell.typed == EMPTY:
                found |= dict.fromkeys(part.element.code for part in waiting if not part.draft)
            else:
                found[code] = None
        return list(found)

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
        problems = self.problems
        # What is asked on every way in has one answer for all of them: what was said here once may have
        # been taken back, or answered anew, elsewhere.
        everywhere = {PARTS, *(problem.check for problem in self._contradictory)}
        here = {
            (said.check_key, said.numbers): said
            for said in self.confirmations
            if said.check_key.partition(":")[0] not in everywhere
        }
        return confirmed_totals(self, problems) | here

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

    def cells_of(self, problem: Problem) -> list[str]:
        """Codes of the cells of this form that a problem is about: those of its elements that it has."""
        here = {cell.element.code for cell in self.cells}
        return [code for code in problem.elements if code in here]

    @property
    def answered(self) -> int:
        """How many of the required cells have an answer."""
        return sum(cell.is_answered for cell in self.cells if cell.is_required)

    @property
    def required(self) -> int:
        return sum(cell.is_required for cell in self.cells)


def read_sheet(*, form: Form, unit: Unit, period: Period) -> Sheet:
    return read_sheets(form=form, units=[unit], period=period)[0]


def read_sheets(
    *, form: Form, units: Sequence[Unit], period: Period, instead: Mapping[Key, Answer] | None = None
) -> list[Sheet]:
    """The form of each of `units` of one hospital, in their order. Ten queries, whatever the form and
    their number; some more where parts of its totals are asked for by none.

    `instead` are answers that are looked at in place of what is stored, or was refused, for their cells.
    """
    form_elements = elements_of(form)
    by_code = {e.element.code: e.element for e in form_elements}
    others = totals_elsewhere(by_code, units[0].hospital) if units else {}
    elements = with_parts(by_code | others, units[0].hospital) if units else dict(by_code)
    typed = typed_of_a_year(units, elements, period, instead or {})
    totals = [element for element in by_code.values() if element.parts]
    # Of a total elsewhere the form only asks whether its parts contradict what was typed for it.
    others = {
        code: e for code, e in others.items() if any(code in typed[u.pk].get(period, ()) for u in units)
    }
    keeping = keeping_of(units=units, period=period, codes=elements, totals=[*totals, *others.values()])
    here = {"unit__in": units, "period": period, "element__in": by_code.values()}
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
    known_from = known_far_after(units[0], period) if units else None
    required = {e.element.code for e in form_elements if e.required and not e.element.is_retired_in(period)}
    sheets = []
    for unit in units:
        of_unit, kept = typed[unit.pk], keeping[unit.pk]
        shown = {month: with_totals(answers, by_code, kept) for month, answers in of_unit.items()}
        now, before, year_before = (shown.get(period.shifted(-n), {}) for n in (0, 1, 12))
        refused = {code for code, e in by_code.items() if (unit.pk, e.pk) in drafts}
        owed = {part for code in required for part in kept.parts_of(by_code[code], now)}
        stored = of_unit.get(period, {})
        sections: dict[FormSection, list[Cell]] = {}
        for e in form_elements:
            code = e.element.code
            draft = drafts.get((unit.pk, e.element_id))
            is_hidden = kept.hides(code) or e.element.is_retired_in(period)
            if is_hidden and code not in stored and draft is None:
                continue
            cell = Cell(
                form_element=e,
                typed=stored.get(code, EMPTY),
                answer=now.get(code, EMPTY),
                parts=kept.parts_of(e.element, now),
                is_required=code in required,
                is_optional=code not in required and (code not in owed or e.element.is_retired_in(period)),
                draft=draft,
                note=notes.get((unit.pk, e.element_id)),
                last_month=before.get(code, EMPTY),
                last_year=year_before.get(code, EMPTY),
            )
            sections.setdefault(e.section, []).append(cell)
        submission = by_submission.get(unit.pk)
        judged = {code: answer for code, answer in stored.items() if code not in refused}
        shown[period] = with_totals(judged, by_code, kept)
        sheets.append(
            Sheet(
                form=form,
                unit=unit,
                period=period,
                submission=submission,
                sections=list(sections.items()),
                figures=figures_of(period, shown, refused),
                elsewhere=_elsewhere(others, kept, now, sections),
                confirmations=confirmations.get(submission.pk, []) if submission else [],
                known_from=known_from,
            )
        )
    return sheets


def _elsewhere(
    totals: Mapping[str, DataElement],
    kept: Keeping,
    now: Mapping[str, Answer],
    sections: Mapping[FormSection, Sequence[Cell]],
) -> dict[DataElement, Sequence[str]]:
    """Of the totals of other forms those that were typed of the unit, with their parts, where one of these
    is a cell here."""
    here = {cell.element.code for cells in sections.values() for cell in cells}
    parts = {total: kept.parts_of(total, now) for code, total in totals.items() if code in now}
    return {total: codes for total, codes in parts.items() if not here.isdisjoint(codes)}
