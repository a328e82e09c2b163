"""Summaries under the rules of a questionnaire."""

from __future__ import annotations

from surveys.analysis.counts import Counts
from surveys.analysis.summary import PairedSummary, SingleSummary, summarise_paired, summarise_single
from surveys.models import Questionnaire


def summary_of(counts: Counts, questionnaire: Questionnaire) -> PairedSummary | SingleSummary:
    if questionnaire.is_paired:
        return summarise_paired(counts)
    return summarise_single(counts, satisfied_from=questionnaire.satisfied_from, index=questionnaire.index)


def percent_of(counts: Counts, questionnaire: Questionnaire) -> float | None:
    """Conformity of paired answers, share satisfied of single ones; None where it is withheld."""
    summary = summary_of(counts, questionnaire)
    if summary.overall is None:
        return None
    if isinstance(summary, PairedSummary):
        return summary.overall.conformity_percent
    return summary.overall.satisfied_percent
