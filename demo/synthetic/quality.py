"""Quality of care, complaints and what patients answer when asked."""

from __future__ import annotations

import numpy as np

from demo.synthetic.timeline import Timeline
from surveys.item_elements import MOST_ITEMS

#: Numerator and denominator of each national quality indicator; cases a month; share at the start
#: and what a year adds to it.
_NATIONAL = (
    ("hand_hygiene_done", "hand_hygiene_opportunities", 420, 0.80, 0.035),
    ("ppe_compliant", "ppe_observed", 210, 0.95, 0.015),
    ("identification_correct", "identification_observed", 240, 0.975, 0.008),
    ("emergency_caesareans_within_30min", "emergency_caesareans", 14, 0.74, 0.04),
    ("outpatients_seen_within_60min", "outpatients_wait_measured", 300, 0.72, 0.03),
    ("elective_surgeries_delayed", "elective_surgeries", 130, 0.07, -0.012),
    ("ward_rounds_in_time", "ward_rounds_observed", 260, 0.83, 0.01),
    ("critical_results_within_30min", "critical_results", 45, 0.94, 0.02),
    ("formulary_items", "prescription_items", 5200, 0.86, 0.01),
    ("pathway_followed", "pathway_cases", 60, 0.78, 0.025),
    ("fall_prevention_complete", "fall_risk_patients", 150, 0.96, 0.01),
)
_COMPLAINTS = {"medical": 2.9, "nursing": 4.2, "administration": 5.4, "other": 2.5}
#: How far the mean of each of the nine items lies from that of all; they come in pairs, so that nothing is
#: left when they are rounded.
_SKM = (0.1, -0.1, -0.3, -0.2, 0.1, 0.2, 0.3, -0.1, 0.0)
_SURVEYS = {"servqual": (25, 3.19, 2.96), "exit_survey": (5, 3.16, 2.88)}


def quality_counts(timeline: Timeline, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """National quality indicators, operations and complaints, by data element: [month] each."""
    count = len(timeline.months)
    years = np.arange(count) / 12
    counts: dict[str, np.ndarray] = {}
    for done, seen, cases, share, yearly in _NATIONAL:
        counts[seen] = rng.poisson(cases, count)
        counts[done] = rng.binomial(counts[seen], np.clip(share + yearly * years, 0, 0.998))
    operations = rng.poisson(235, count)
    counts["operations"] = operations
    counts["postoperative_deaths"] = rng.binomial(operations, 0.006)
    counts["postoperative_infections"] = rng.binomial(operations, 0.009)
    counts["anaesthetics"] = operations + rng.poisson(12, count)
    counts["anaesthesia_deaths"] = rng.binomial(counts["anaesthetics"], 0.00005)
    counts["tissues_examined"] = rng.binomial(operations, 0.3)
    counts["normal_tissues_removed"] = rng.binomial(counts["tissues_examined"], 0.07)
    for kind, mean in _COMPLAINTS.items():
        counts[f"complaints_{kind}"] = rng.poisson(mean, count)
    received = np.sum([counts[f"complaints_{kind}"] for kind in _COMPLAINTS], axis=0)
    counts["complaints"] = received
    counts["complaints_answered_in_time"] = rng.binomial(received, np.clip(0.72 + 0.06 * years, 0, 1))
    return counts


def birth_counts(
    obstetric_discharges: np.ndarray,
    obstetric_deaths: np.ndarray,
    newborn_ward_deaths: np.ndarray,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """For the obstetric and for the newborn ward, in agreement with their inpatient counts: [month]."""
    return (
        {
            "obstetric_discharges": obstetric_discharges,
            "maternal_deaths": obstetric_deaths,
            "live_births": rng.binomial(obstetric_discharges, 0.78),
        },
        {"newborn_deaths": rng.binomial(newborn_ward_deaths, 0.7)},
    )  # fmt: skip


def patient_survey(years_passed: float, rng: np.random.Generator) -> dict[str, int]:
    """One round of the three patient surveys, by data element.

    Weights are sums of answers from 1 to 4, drawn as 1 + binomial(3, p) so that their mean is wanted.
    """
    result: dict[str, int] = {}
    for name, (items, expectation, reality) in _SURVEYS.items():
        respondents = int(rng.integers(190, 260))
        result[f"{name}_respondents"] = respondents
        result[f"{name}_expectation_weight"] = _weight(respondents * items, expectation, rng)
        result[f"{name}_reality_weight"] = _weight(respondents * items, reality + 0.03 * years_passed, rng)
    respondents = int(rng.integers(280, 360))
    result["skm_respondents"] = respondents
    weight = _weight(respondents * len(_SKM), 3.10 + 0.05 * years_passed, rng)
    for number in range(1, MOST_ITEMS + 1):
        asked = number <= len(_SKM)
        result[f"skm_answers_q{number}"] = respondents if asked else 0
        result[f"skm_weight_q{number}"] = _of_item(number - 1, weight, respondents) if asked else 0
    return result


def _of_item(item: int, weight: int, respondents: int) -> int:
    """What an item has of the weight of all nine."""
    each, left = divmod(weight, len(_SKM))
    return each + (item < left) + int(_SKM[item] * respondents)


def _weight(answers: int, mean: float, rng: np.random.Generator) -> int:
    return answers + int(rng.binomial(3 * answers, (mean - 1) / 3))
