"""Everything that is said about one group of respondents, and what weakens it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.analysis import conformity, satisfaction
from surveys.analysis.conformity import Paired, Quadrants
from surveys.analysis.counts import Answers, Counts
from surveys.analysis.reliability import Reliability, reliability
from surveys.analysis.sampling import conformity_interval
from surveys.analysis.satisfaction import PublicSatisfaction, Single
from surveys.analysis.small_groups import SMALLEST_GROUP

#: Below this a mean of a group says little, whatever the target.
SMALL_SAMPLE = 30


class Caution(StrEnum):
    """Why a result does not carry a conclusion."""

    SMALL_SAMPLE = "small_sample"
    BELOW_TARGET = "below_target"
    NOT_RELIABLE = "not_reliable"
    RELIABLE_LOCALLY_ONLY = "reliable_locally_only"
    ITEMS_NOT_VALID = "items_not_valid"
    TALLIED = "tallied"


@dataclass(frozen=True)
class PairedSummary:
    """Of answers given twice; `withheld` groups have no lines at all."""

    respondents: int
    items: tuple[Paired, ...]
    dimensions: tuple[Paired, ...]
    overall: Paired | None
    quadrants: Quadrants
    csi_percent: float | None


@dataclass(frozen=True)
class SingleSummary:
    """Of answers given once; `public_satisfaction` only for the SKM."""

    respondents: int
    items: tuple[Single, ...]
    dimensions: tuple[Single, ...]
    overall: Single | None
    public_satisfaction: PublicSatisfaction | None


def is_withheld(respondents: int) -> bool:
    return respondents < SMALLEST_GROUP


def summarise_paired(counts: Counts) -> PairedSummary:
    if is_withheld(counts.respondents):
        return PairedSummary(counts.respondents, (), (), None, Quadrants(None, None, {}), None)
    items = conformity.paired_items(counts)
    return PairedSummary(
        counts.respondents,
        tuple(items),
        tuple(conformity.paired_dimensions(items)),
        conformity.pooled(items, "overall"),
        conformity.quadrants(items),
        conformity.csi_percent(counts),
    )


def summarise_single(counts: Counts, *, satisfied_from: int, index: str = "") -> SingleSummary:
    if is_withheld(counts.respondents):
        return SingleSummary(counts.respondents, (), (), None, None)
    items = satisfaction.single_items(counts, satisfied_from)
    return SingleSummary(
        counts.respondents,
        tuple(items),
        tuple(satisfaction.single_dimensions(items)),
        satisfaction.pooled(items, "overall"),
        satisfaction.public_satisfaction(counts.reality) if index == "skm" else None,
    )


@dataclass(frozen=True)
class Quality:
    """How far the answers carry. Without single answers only the sample can be judged."""

    reality: Reliability | None
    expectation: Reliability | None
    interval: tuple[float, float] | None
    cautions: tuple[Caution, ...]


def judge_quality(answers: Answers | None, *, respondents: int, tallied: int, target: int | None) -> Quality:
    """`answers` of those who answered singly, out of all `respondents`; `tallied` of them came as counts."""
    reality = expectation = interval = None
    if answers is not None and not is_withheld(answers.respondents):
        reality = reliability(answers.codes, answers.reality)
        if answers.expectation is not None:
            expectation = reliability(answers.codes, answers.expectation)
            # An interval of some of the people would stand beside the conformity of all of them.
            interval = conformity_interval(answers) if not tallied else None
    cautions = []
    if respondents < SMALL_SAMPLE:
        cautions.append(Caution.SMALL_SAMPLE)
    if target is not None and respondents < target:
        cautions.append(Caution.BELOW_TARGET)
    if tallied:
        cautions.append(Caution.TALLIED)
    sides = [side for side in (reality, expectation) if side is not None]
    verdicts = {side.verdict for side in sides}
    if "not_reliable" in verdicts:
        cautions.append(Caution.NOT_RELIABLE)
    elif "reliable_locally" in verdicts:
        cautions.append(Caution.RELIABLE_LOCALLY_ONLY)
    if any(item.is_valid is False for side in sides for item in side.items):
        cautions.append(Caution.ITEMS_NOT_VALID)
    return Quality(reality, expectation, interval, tuple(cautions))


def as_json(summary: PairedSummary | SingleSummary) -> dict[str, Any]:
    """The summary as programs read it; numbers are not rounded, None is unknown."""
    if isinstance(summary, PairedSummary):
        return {
            "respondents": summary.respondents,
            "items": [
                {
                    "code": item.code,
                    "dimension": item.dimension,
                    "reality_weight": item.reality_weight,
                    "expectation_weight": item.expectation_weight,
                    "conformity_percent": item.conformity_percent,
                    "gap": item.gap,
                    "quadrant": summary.quadrants.letters[item.code],
                }
                for item in summary.items
            ],
            "dimensions": [
                {
                    "code": dimension.code,
                    "reality_weight": dimension.reality_weight,
                    "expectation_weight": dimension.expectation_weight,
                    "conformity_percent": dimension.conformity_percent,
                }
                for dimension in summary.dimensions
            ],
            "overall": {
                "conformity_percent": summary.overall.conformity_percent if summary.overall else None,
                "csi_percent": summary.csi_percent,
            },
        }
    overall: dict[str, Any] = {
        "weight": summary.overall.weight if summary.overall else None,
        "satisfied_percent": summary.overall.satisfied_percent if summary.overall else None,
    }
    if summary.public_satisfaction is not None:
        overall |= {
            "index": float(summary.public_satisfaction.index),
            "grade": summary.public_satisfaction.grade,
        }
    return {
        "respondents": summary.respondents,
        "items": [{"code": item.code, "dimension": item.dimension} | _single(item) for item in summary.items],
        "dimensions": [{"code": dimension.code} | _single(dimension) for dimension in summary.dimensions],
        "overall": overall,
    }


def _single(line: Single) -> dict[str, Any]:
    return {
        "weight": line.weight,
        "satisfied_percent": line.satisfied_percent,
        "answers_percent": line.answers_percent,
    }
