"""One cell of a form, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from entry.models import CellNote, DraftValue, FormElement
from entry.refusals import reason_of
from entry.typed_numbers import shown
from indicators.answers import Answer
from indicators.models import DataElement


@dataclass(frozen=True)
class Cell:
    """One element of the form with everything known about it. `text` is what the cell shows.

    `typed` is what is stored for it; a total that nobody typed shows what its `parts` add up to, codes of
    those that the unit keeps. `is_required`: the form asks for it, and it is not retired; `is_optional`: the
    form may be submitted without it.
    """

    form_element: FormElement
    typed: Answer
    answer: Answer
    parts: tuple[str, ...]
    is_required: bool
    is_optional: bool
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
    def holds_something(self) -> bool:
        """Whether anything was said in it, be it refused, or about it."""
        return self.is_answered or self.draft is not None or self.note is not None

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
