"""Maternal referrals into the hospital, each with its four principles, and the partners they come from."""

from __future__ import annotations

import numpy as np

from demo.synthetic.timeline import Timeline

_FROM = {
    "polindes": 0.22, "pustu": 0.14, "puskesmas": 0.34, "private_clinic": 0.12, "midwife": 0.10,
    "hospital": 0.06, "other": 0.02,
}  # fmt: skip
#: Share of assessed referrals at the start, and what a year adds to it.
_PRINCIPLES = {
    "stabilised": (0.91, 0.015),
    "transport_available": (0.88, 0.025),
    "accompanied": (0.94, 0.01),
    "with_letter": (0.93, 0.015),
}
_CIRCUMSTANCES = {"conscious": 0.95, "reachable_within_60min": 0.88, "trained_escort": 0.86}


def referral_counts(timeline: Timeline, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By data element: [month] each. A referral is of good quality when all its principles hold."""
    count = len(timeline.months)
    years = np.arange(count) / 12
    received = rng.poisson(46 + 3 * years)
    assessed = rng.binomial(received, 0.93)
    counts = {"referrals_received": received, "referrals_assessed": assessed}
    origin = rng.multinomial(received, list(_FROM.values()))
    counts |= {f"referrals_from_{name}": origin[:, i] for i, name in enumerate(_FROM)}
    good = np.ones((count, assessed.max()), bool) & (np.arange(assessed.max()) < assessed[:, None])
    exists = good.copy()
    for name, (share, yearly) in _PRINCIPLES.items():
        holds = exists & (rng.random(good.shape) < np.clip(share + yearly * years, 0, 1)[:, None])
        counts[f"referrals_{name}"] = holds.sum(axis=1)
        good &= holds
    counts["referrals_good_quality"] = good.sum(axis=1)
    for name, share in _CIRCUMSTANCES.items():
        counts[f"referrals_{name}"] = rng.binomial(assessed, share)
    counts["referrals_refused"] = rng.poisson(np.clip(2.2 - 0.4 * years, 0.2, None))
    counts["referrals_sent_back"] = rng.binomial(received, np.clip(0.35 + 0.08 * years, 0, 1))
    counts["referrals_referred_on"] = rng.binomial(received, 0.04)
    facilities = 38 + (years // 1).astype(int) * 2
    counts["partner_facilities"] = facilities
    counts["partner_agreements"] = np.minimum(17 + np.cumsum(rng.binomial(1, 0.5, count)), facilities)
    for kind, mean in (("financial", 0.2), ("social", 0.9), ("business", 0.6), ("structural", 0.15)):
        counts[f"partner_activities_{kind}"] = rng.poisson(mean, count)
    return counts


def readiness_survey(years_passed: float, rng: np.random.Generator) -> dict[str, int]:
    """One round of the question whether partners and hospital are ready for referrals."""
    answers = int(rng.integers(34, 40)) * 25
    return {
        "referral_readiness_answers": answers,
        "referral_readiness_ready_answers": int(rng.binomial(answers, 0.62 + 0.06 * years_passed)),
    }
