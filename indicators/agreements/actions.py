"""Saying that what contradicts is right all the same: results as reported, a total and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.db import transaction

from hospitals.models import Unit, User
from indicators.models import ConfirmedResults
from indicators.periods import Period


class Kept(Protocol):
    """A question whose answer is kept with the numbers that it is about."""

    @property
    def unit(self) -> Unit: ...

    @property
    def period(self) -> Period: ...

    @property
    def agreement(self) -> str: ...

    @property
    def values(self) -> Mapping[str, float]: ...


def confirm(question: Kept, *, by: User | None, why: str) -> ConfirmedResults:
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
    """Say that numbers are right though they contradict each other; the scores of results follow.

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
