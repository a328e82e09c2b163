"""How many people to ask, how many answered, and how sure a conformity is."""

from __future__ import annotations

from math import ceil

import numpy as np

from surveys.analysis.counts import Answers, Floats

#: Defaults of the calculator, as in the published surveys: 99 % confidence, precision 5 points.
Z, PROPORTION, PRECISION, ALLOWANCE_PERCENT = 2.58, 0.96, 0.05, 10
RESAMPLES = 2000


def sample_size(
    population: int, *, precision: float = PRECISION, z: float = Z, proportion: float = PROPORTION
) -> int:
    """People needed from a finite population, rounded up: N = 1200 gives 95.

    Solves d = z·√(pq/n)·√((N − n)/(N − 1)) for n: n = N·z²pq / (d²·(N − 1) + z²pq).
    Source: Lemeshow et al. 1990. Raises ValueError for what cannot be.
    """
    if population < 1 or not 0 < precision < 1 or z <= 0 or not 0 < proportion < 1:
        raise ValueError("population, precision, z and proportion must make sense")
    spread = z * z * proportion * (1 - proportion)
    needed = population * spread / (precision**2 * (population - 1) + spread)
    # What exceeds a whole number by rounding noise only must not cost another person.
    return min(population, ceil(round(needed, 9)))


def with_allowance(sample: int, allowance_percent: int = ALLOWANCE_PERCENT) -> int:
    """The sample with room for drop-outs, rounded up: 95 with 10 % gives 105. In whole numbers."""
    return -(-sample * (100 + allowance_percent) // 100)


def response_rate_percent(answered: int, asked: int | None) -> float | None:
    """Of those asked, how many answered; None where it is not known how many were asked."""
    return 100 * answered / asked if asked else None


def conformity_interval(
    answers: Answers, *, level: float = 0.95, seed: int = 0
) -> tuple[float, float] | None:
    """Bootstrap interval of the overall conformity in percent, resampling whole respondents.

    Percentile method; a respondent's items stay together, because they depend on each other. None with
    single answers or fewer than five people. Source: Efron and Tibshirani 1993. The seed is fixed so
    that a page does not change from one look to the next.
    """
    if answers.expectation is None:
        return None
    from scipy import stats  # here, because loading it takes longer than starting Django

    reality = np.nansum(answers.reality, axis=1)
    expectation = np.nansum(answers.expectation, axis=1)
    answered = expectation > 0
    if answered.sum() < 5:
        return None
    result = stats.bootstrap(
        (reality[answered], expectation[answered]),
        _conformity,
        n_resamples=RESAMPLES,
        batch=200,
        paired=True,
        confidence_level=level,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    interval = result.confidence_interval
    return float(interval.low), float(interval.high)


def _conformity(reality: Floats, expectation: Floats, axis: int = -1) -> Floats:
    return 100 * reality.sum(axis=axis) / expectation.sum(axis=axis)
