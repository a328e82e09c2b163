"""What is said about the quality of a survey: cautions, reliability, validity."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from surveys.analysis.reliability import Reliability
from surveys.analysis.summary import Caution, Quality
from surveys.presenters import Table, shown, table


def caution_in_words(caution: Caution, *, target: int | None = None) -> str:
    words = {
        Caution.SMALL_SAMPLE: _("Fewer than 30 people have answered: the results say little yet."),
        Caution.BELOW_TARGET: _("The target sample of %s people has not been reached.") % target,
        Caution.NOT_RELIABLE: _(
            "Cronbach's alpha lies below 0.6: the items do not measure one thing; draw no conclusion."
        ),
        Caution.RELIABLE_LOCALLY_ONLY: _(
            "Cronbach's alpha lies between 0.6 and 0.7: enough by local custom, not internationally."
        ),
        Caution.ITEMS_NOT_VALID: _(
            "Some items hardly go with the rest (below the critical r): see the table of validity."
        ),
        Caution.TALLIED: _(
            "Part of it came as counts: reliability, validity and the interval need the single answers."
        ),
    }
    return words[caution]


def validity_table(reliability: Reliability, names: Mapping[str, str]) -> Table:
    """Item–total correlations with their verdict in words."""
    verdicts = {True: _("valid"), False: _("not valid"), None: _("never varies")}
    return table(
        (_("Item"), _("Correlation with the rest"), _("Critical r"), _("Verdict")),
        [
            (
                f"{item.code} {names[item.code]}",
                [shown(item.correlation, 3, ""), shown(item.critical, 3, ""), verdicts[item.is_valid]],
            )
            for item in reliability.items
        ],
    )


def reliability_in_words(reliability: Reliability) -> str:
    verdicts = {
        "reliable": _("reliable"),
        "reliable_locally": _("reliable by local custom (0.6)"),
        "not_reliable": _("not reliable"),
        None: _("cannot be computed: the sums never vary"),
    }
    return verdicts[reliability.verdict]


def sides_of(quality: Quality) -> list[tuple[str, Reliability]]:
    """The sides whose reliability is known, with their names."""
    if quality.expectation is None:
        return [] if quality.reality is None else [(_("Answers"), quality.reality)]
    found = [(_("Expectation"), quality.expectation)]
    return found if quality.reality is None else [(_("Reality"), quality.reality), *found]
