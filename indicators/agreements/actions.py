"""Taking results as reported that contradict each other: only with somebody's reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from hospitals.models import Unit, User
from indicators.actions import NewValue, Saved, save_values
from indicators.agreements.questions import Question, UnansweredError, questions_about
from indicators.models import ConfirmedResults
from indicators.periods import Period


@transaction.atomic
def save_values_and_answers(
    values: Iterable[NewValue], *, answers: Mapping[str, str], by: User | None, why: str = ""
) -> Saved:
    """`save_values`, for programs and files: raises UnansweredError while a question has no answer.

    `answers`: reason by code of the question, or of all of its kind.
    """
    values = list(values)
    questions = questions_about(values)
    if unanswered := [question for question in questions if not question.answer_in(answers)]:
        raise UnansweredError(unanswered)
    saved = save_values(values, by=by, why=why)
    for question in questions:
        confirm(question, by=by, why=question.answer_in(answers))
    return saved


def confirm(question: Question, *, by: User | None, why: str) -> ConfirmedResults:
    return confirm_results(
        unit=question.unit,
        period=question.period,
        agreement=question.agreement,
        values=question.values,
        by=by,
        why=why,
    )


@transaction.atomic
def confirm_results(
    *, unit: Unit, period: Period, agreement: str, values: Mapping[str, float], by: User | None, why: str
) -> ConfirmedResults:
    """Say that results are right though they contradict each other; their scores follow.

    Raises ValueError without a reason.
    """
    if not why.strip():
        raise ValueError("a confirmation has a reason")
    place = {"unit": unit, "period": period, "agreement": agreement}
    row = ConfirmedResults.objects.filter(**place).first() or ConfirmedResults(**place)
    row.values, row.why, row.by = dict(values), why.strip()[:500], by
    row._history_user = by
    row.save()
    return row


@transaction.atomic
def take_back_confirmation(*, confirmed: ConfirmedResults, by: User | None) -> None:
    """The results contradict each other again; what was said stays in the history."""
    confirmed._history_user = by
    confirmed.delete()
