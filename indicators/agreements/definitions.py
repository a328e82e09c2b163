"""The identities of the definition files, as `contradictions` wants them: from which day which holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from indicators.agreements.contradictions import Agreement, Slack
from indicators.formula import parse
from indicators.models import Identity, JudgedUnder
from indicators.periods import Period


@dataclass(frozen=True)
class DatedAgreement:
    """An agreement on the days on which it holds: from the first, up to and without the last."""

    agreement: Agreement
    valid_from: dt.date
    valid_until: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def holds_on_days(self, days: np.ndarray) -> np.ndarray:
        """The same of datetime64 of any shape: bool of that shape."""
        holds: np.ndarray = days >= np.datetime64(self.valid_from)
        if self.valid_until is not None:
            holds &= days < np.datetime64(self.valid_until)
        return holds


def dated_agreements() -> tuple[DatedAgreement, ...]:
    """All there ever were. One query."""
    return tuple(
        DatedAgreement(
            agreement_of(row.code, row.indicators, row.implied, row.slack), row.valid_from, row.valid_until
        )
        for row in Identity.objects.all()
    )


class AgreementsInForce:
    """Those that judge the periods of `hospitals`, by id. Two queries when somebody asks, else none."""

    def __init__(self, hospitals: Iterable[int]) -> None:
        self.hospitals = set(hospitals)

    def of(self, hospital_id: int, period: Period) -> tuple[Agreement, ...]:
        day = self._ordered.get((hospital_id, period.year), period.end)
        return tuple(dated.agreement for dated in self.dated if dated.holds_on(day))

    @cached_property
    def dated(self) -> tuple[DatedAgreement, ...]:
        return dated_agreements()

    @cached_property
    def _ordered(self) -> dict[tuple[int, int], dt.date]:
        """By hospital and year: the day under whose definitions somebody ordered it to be judged."""
        orders = JudgedUnder.objects.filter(hospital__in=self.hospitals).order_by("ordered_at", "pk")
        return {(order.hospital_id, order.year): order.definitions_of for order in orders}


def agreeing_with(codes: Iterable[str], dated: Sequence[DatedAgreement]) -> set[str]:
    """The indicators that hang together with any of `codes`, or once did."""
    given = set(codes)
    together = (set(each.agreement.indicators) for each in dated)
    return {code for indicators in together if given & indicators for code in indicators}


def agreement_of(
    code: str,
    indicators: Sequence[str],
    implied: Mapping[str, Sequence[str]],
    slack: Mapping[str, Mapping[str, str]],
) -> Agreement:
    """As it stands in a definition file; the same object for the same text."""
    of_others = tuple((of, tuple(texts)) for of, texts in implied.items())
    around = tuple((of, said["less"], said["more"]) for of, said in slack.items())
    return _parsed(code, tuple(indicators), of_others, around)


@lru_cache(maxsize=64)
def _parsed(
    code: str,
    indicators: tuple[str, ...],
    implied: tuple[tuple[str, tuple[str, ...]], ...],
    slack: tuple[tuple[str, str, str], ...],
) -> Agreement:
    return Agreement(
        code=code,
        indicators=indicators,
        implied={of: tuple(map(parse, texts)) for of, texts in implied},
        slack={of: Slack(parse(less), parse(more)) for of, less, more in slack},
    )
