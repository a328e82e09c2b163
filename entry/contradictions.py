"""Results as reported in a form that contradict each other: asked beside their cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from entry.checks import Problem
from hospitals.models import Unit, User
from indicators.actions import NewValue
from indicators.agreements.actions import confirm
from indicators.agreements.questions import question_at, questions_about
from indicators.periods import Period

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
    """What was said of a problem of `contradictory_results` holds for the scores, too."""
    question = question_at(agreement=check_key.split(":")[0], unit=unit, period=period)
    if question is not None and question.seen == numbers:
        confirm(question, by=by, why=why)
