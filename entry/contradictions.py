"""What contradicts in a form and is asked on every way in, beside its cells here: results as reported, totals
and their parts. An answer given here or elsewhere holds for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from entry.checks import PARTS, Problem
from entry.models import Confirmation
from hospitals.models import Unit, User
from indicators.actions import NewValue
from indicators.agreements.actions import confirm
from indicators.agreements.questions import Question, question_at, questions_about
from indicators.periods import Period
from indicators.total_questions import TotalQuestion, said_of
from indicators.total_questions import question_at as total_question_at

if TYPE_CHECKING:
    from entry.queries.sheet import Sheet


def contradictory_results(sheet: Sheet) -> Iterable[Problem]:
    """The questions that are open. No query for a form without results as reported, which is nearly all."""
    results = [cell for cell in sheet.cells if cell.element.is_as_reported]
    values = [
        NewValue(sheet.unit, cell.element, sheet.period, cell.answer.value, cell.answer.status)
        for cell in results
    ]
    for question in questions_about(values):
        theirs = {indicator.as_reported_id for indicator in question.named.values()}
        yield Problem(
            question.agreement,
            "soft",
            tuple(cell.element.code for cell in results if cell.element.pk in theirs),
            question.text,
            _("Mend the one that is wrong, or say why they are right."),
            question.seen,
        )


def confirm_contradiction(
    *, unit: Unit, period: Period, check_key: str, numbers: str, by: User, why: str
) -> None:
    """What was said of such a problem holds for the scores and on the other ways in, too."""
    kind, _colon, codes = check_key.partition(":")
    question: Question | TotalQuestion | None
    if kind == PARTS:
        question = total_question_at(unit=unit, period=period, total=codes.split(",")[0])
    else:
        question = question_at(agreement=kind, unit=unit, period=period)
    if question is not None and question.seen == numbers:
        confirm(question, by=by, why=why)


def confirmed_totals(sheet: Sheet, problems: Iterable[Problem]) -> dict[tuple[str, str], Confirmation]:
    """What was said elsewhere of totals that contradict their parts, by key and numbers of the problem.
    No query where none does."""
    of_totals = {problem.elements[0]: problem for problem in problems if problem.check == PARTS}
    if not of_totals:
        return {}
    found = {}
    for code, row in said_of(unit=sheet.unit, period=sheet.period, totals=of_totals).items():
        problem = of_totals[code]
        if row.values == {element: sheet.figures.get(element) for element in problem.elements}:
            said = Confirmation(
                check_key=problem.key, numbers=problem.numbers, reason=row.why, by=row.by, at=row.at
            )
            found[problem.key, problem.numbers] = said
    return found
