"""Saving numbers of which something is to be asked first: one kind of question on every way in.

On a page a question stands beside the cell; REST answers 409 with the questions and takes the same again
with answers; files and commands are refused unless the answer comes with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.db import transaction

from hospitals.models import Unit, User
from indicators.actions import NewValue, Saved, save_values
from indicators.agreements.actions import confirm
from indicators.agreements.questions import Question as ResultsQuestion
from indicators.agreements.questions import questions_about as questions_about_results
from indicators.first_months import questions_about as questions_about_months
from indicators.periods import Period
from indicators.total_questions import TotalQuestion
from indicators.total_questions import questions_about as questions_about_totals


class Question(Protocol):
    """Asked before anything is saved; sent again with a reason under its `code`, it is answered."""

    @property
    def code(self) -> str: ...

    @property
    def text(self) -> str: ...

    def is_about(self, value: NewValue) -> bool: ...

    def answer_in(self, answers: Mapping[str, str]) -> str: ...


class UnansweredError(ValueError):
    """Nothing was saved: somebody has to say first why these numbers are right."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(" ".join(question.text for question in self.questions))


@transaction.atomic
def save_values_and_answers(
    values: Iterable[NewValue], *, answers: Mapping[str, str], by: User | None, why: str = ""
) -> Saved:
    """`save_values`, for programs and files: raises UnansweredError while a question has no answer.

    `answers`: reason by code of the question, or of all of its kind.
    """
    values = list(values)
    reported: dict[int, set[Period]] = {}
    hospitals: dict[int, Unit] = {}
    for value in values:
        if value.status is not None:
            reported.setdefault(value.unit.hospital_id, set()).add(value.period)
            hospitals.setdefault(value.unit.hospital_id, value.unit)
    kept: list[ResultsQuestion | TotalQuestion] = [
        *questions_about_results(values),
        *questions_about_totals(values),
    ]
    questions: list[Question] = [*kept]
    for key, periods in reported.items():
        questions += questions_about_months(hospitals[key].hospital, periods)
    if unanswered := [question for question in questions if not question.answer_in(answers)]:
        raise UnansweredError(unanswered)
    saved = save_values(values, by=by, why=why)
    for question in kept:
        confirm(question, by=by, why=question.answer_in(answers))
    return saved
