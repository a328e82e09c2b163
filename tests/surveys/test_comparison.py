"""Years and groups beside each other, and the few that must not be found by subtracting."""

from __future__ import annotations

import pytest

from surveys.comparison import hidden_years
from surveys.models import Campaign
from surveys.reports import report_of
from tests.surveys.people import answer_all

A, B = 1, 2


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ({(A, 2025, "in"): 20, (A, 2025, "out"): 20}, set()),
        # Three outpatients, and the inpatients of the year whose number would tell them.
        ({(A, 2025, "in"): 20, (A, 2025, "out"): 3}, {(2025, "in"), (2025, "out")}),
        # Two campaigns in one year: the page of the larger one is shown, so the year is not.
        ({(A, 2025, "in"): 20, (B, 2025, "in"): 3}, {(2025, "in")}),
        ({(A, 2025, "in"): 20, (B, 2025, "in"): 5}, set()),
        # A campaign over the new year: its page shows 23, so neither year is shown.
        ({(A, 2025, "in"): 20, (A, 2026, "in"): 3}, {(2025, "in"), (2026, "in")}),
        # Two small campaigns hide each other, together they are six.
        ({(A, 2025, "in"): 3, (B, 2025, "in"): 3}, set()),
    ],
)
def test_years_that_would_give_the_few_away_are_hidden(people: dict, hidden: set):
    assert hidden_years(people) == hidden


def test_inside_a_segment_nobody_is_parted_further(campaign: Campaign):
    """17 women in and 3 out: both by sex would tell the three."""
    for number, segment, sex in (
        (17, "inpatient", "woman"),
        (6, "inpatient", "man"),
        (3, "outpatient", "woman"),
    ):
        first = Campaign.objects.get(pk=campaign.pk).responses.count()
        answer_all(campaign, number, first=first, characteristics={"segment": segment, "sex": sex})
    answer_all(campaign, 4, first=50, characteristics={"segment": "outpatient", "sex": "man"})
    whole = report_of(campaign, segment=None, siblings=[campaign], with_comments=False)
    part = report_of(campaign, segment="inpatient", siblings=[campaign], with_comments=False)
    assert {"Sex", "Jenis kelamin"} & {chart.title for chart in whole.comparisons}
    assert len(part.comparisons) == 1, "only the years and segments"
