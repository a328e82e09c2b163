"""Whether a questionnaire measures: Cronbach's alpha and item–total correlations."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from surveys.analysis.counts import Floats

#: Least alpha: by international custom, and by that of Indonesian theses (Ghozali).
RELIABLE, RELIABLE_LOCALLY = 0.7, 0.6

Verdict = Literal["reliable", "reliable_locally", "not_reliable"]


@dataclass(frozen=True)
class ItemTotal:
    """Correlation of an item with the sum of the others; valid when it reaches the critical value."""

    code: str
    correlation: float | None
    critical: float

    @property
    def is_valid(self) -> bool | None:
        """None where the item or the rest never varies."""
        return None if self.correlation is None else self.correlation >= self.critical


@dataclass(frozen=True)
class Reliability:
    """`respondents` are those who answered every item; only they are used."""

    respondents: int
    alpha: float | None
    items: tuple[ItemTotal, ...]

    @property
    def verdict(self) -> Verdict | None:
        if self.alpha is None:
            return None
        if self.alpha >= RELIABLE:
            return "reliable"
        return "reliable_locally" if self.alpha >= RELIABLE_LOCALLY else "not_reliable"


def reliability(codes: tuple[str, ...], answers: Floats) -> Reliability | None:
    """Of answers [respondent, item]; None with fewer than three complete respondents or two items."""
    complete = answers[~np.isnan(answers).any(axis=1)]
    number = len(complete)
    if number < 3 or complete.shape[1] < 2:
        return None
    critical = critical_correlation(number)
    totals = complete.sum(axis=1)
    items = tuple(
        ItemTotal(code, _correlation(column, totals - column), critical)
        for code, column in zip(codes, complete.T, strict=True)
    )
    return Reliability(number, cronbach_alpha(complete), items)


def cronbach_alpha(answers: Floats) -> float | None:
    """k/(k − 1) · (1 − Σ variance of items / variance of sums); None when the sums never vary.

    `answers` [respondent, item] without gaps. Source: Cronbach 1951.
    """
    items = answers.shape[1]
    of_sums = answers.sum(axis=1).var(ddof=1)
    if items < 2 or np.isclose(of_sums, 0):
        return None
    return float(items / (items - 1) * (1 - answers.var(axis=0, ddof=1).sum() / of_sums))


def critical_correlation(respondents: int, level: float = 0.05) -> float:
    """The least r that differs from 0 (two-sided, df = n − 2): n = 30 gives 0.361.

    r = t / √(df + t²), from Student's distribution of r·√(df/(1 − r²)).
    """
    from scipy.special import stdtrit  # here, because only this page needs SciPy

    df = respondents - 2
    t = float(stdtrit(df, 1 - level / 2))
    return t / sqrt(df + t * t)


def _correlation(column: Floats, rest: Floats) -> float | None:
    if np.isclose(column.std(), 0) or np.isclose(rest.std(), 0):
        return None
    return float(np.corrcoef(column, rest)[0, 1])
