"""What the pages and commands show of a survey: summaries under the rules of its questionnaire."""

from __future__ import annotations

from surveys.analysis.counts import Counts
from surveys.analysis.summary import PairedSummary, SingleSummary, summarise_paired, summarise_single
from surveys.models import Questionnaire


def summary_of(counts: Counts, questionnaire: Questionnaire) -> PairedSummary | SingleSummary:
    if questionnaire.is_paired:
        return summarise_paired(counts)
    return summarise_single(counts, satisfied_from=questionnaire.satisfied_from, index=questionnaire.index)
