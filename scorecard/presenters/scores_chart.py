"""The chart of the scores over time and the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from indicators.measures import number
from indicators.period_names import months_so_far, period_name, short_months_so_far, short_period_name
from indicators.periods import Period, PeriodKind
from scorecard import charts
from scorecard.presenters.indicator_chart import UNKNOWN, Cell, Chart, Table
from scorecard.queries import Scorecard
from scorecard.rollup import SCORE_DECIMALS
from scorecard.series import ScorePoint, ScoreSeries


def scores_chart(scorecard: Scorecard, scores: ScoreSeries, history: Sequence[Period]) -> Chart | None:
    """Overall and perspectives over time; None while there is nothing to draw."""
    first = next((n for n, p in enumerate(history) if any(p in found for found in scores.values())), None)
    if first is None:
        return None
    periods = history[first:]
    names = {"overall": _("Overall")} | {n.code: n.name for n in scorecard.perspectives if n.code in scores}
    lines = [_score_line(scores.get(code, {}), name, periods) for code, name in names.items()]
    template = scorecard.template
    figure = charts.scores_over_time(
        lines,
        [_named(p, scorecard, short_period_name, short_months_so_far) for p in periods],
        good=template.good_from,
        fair=template.fair_from,
    )
    rows = []
    for place, period in enumerate(periods):
        cells = []
        for code, line in zip(names, lines, strict=True):
            point = scores.get(code, {}).get(period)
            cells.append(Cell(line.texts[place] or UNKNOWN, point.verdict if point else None))
        rows.append((_named(period, scorecard, period_name, months_so_far), cells))
    notes, through = [], scorecard.running_through
    if through is not None and _holds_months_so_far(scorecard.period):
        months = months_so_far(scorecard.period, through)
        notes.append(_("The last mark: %(months)s so far.") % {"months": months})
    if any(any(line.hollow) for line in lines):
        notes.append(_("Hollow marks: not enough was known for a verdict."))
    table = Table([_("Period"), *names.values()], rows)
    return Chart(figure, table, _("Scores over time"), "", " ".join(notes))


def _named(
    period: Period,
    scorecard: Scorecard,
    whole: Callable[[Period], str],
    so_far: Callable[[Period, Period], str],
) -> str:
    """A period, or what it holds so far where it is not over."""
    through = scorecard.running_through
    if through is None or period != scorecard.period or not _holds_months_so_far(period):
        return whole(period)
    return so_far(period, through)


def _holds_months_so_far(period: Period) -> bool:
    """A month that is not over holds nothing that is."""
    return period.kind is not PeriodKind.MONTH


def _score_line(points: Mapping[Period, ScorePoint], name: str, periods: Sequence[Period]) -> charts.Line:
    found = [points.get(period) for period in periods]
    return charts.Line(
        name,
        [p.score if p else None for p in found],
        [number(p.score, SCORE_DECIMALS) if p else "" for p in found],
        [bool(p and p.thin) for p in found],
    )
