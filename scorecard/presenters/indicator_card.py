"""One indicator of a scorecard as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.agreements.reading import Mark
from indicators.agreements.wording import confirmed_in_words, no_points_in_words
from indicators.compared import Compared
from indicators.explanations import NAMED_IN_A_SENTENCE, enumerated, listed
from indicators.formula import parse
from indicators.formula.wording import in_words
from indicators.left_out import inside_sentence
from indicators.measures import ideal_in_words, measured, measured_apart, number, place_in_words
from indicators.models import Indicator, Verdict
from indicators.models.indicator_value import StoredIndicator
from indicators.period_names import period_name
from indicators.periods import Period
from indicators.same_months import compared_in_words
from scorecard.lines import IndicatorLine
from scorecard.presenters.indicator_chart import Chart, Comparison, chart_of
from scorecard.presenters.trend import Trend, of_line, points_gained
from scorecard.rollup import SCORE_DECIMALS
from scorecard.series import Point

#: Better is up, whichever way the number went.
COMPARED_ICONS = {
    Compared.BETTER: "trending-up",
    Compared.SAME: "equal",
    Compared.WORSE: "trending-down",
}


class Note(NamedTuple):
    """A mark beside a value: an icon, a few words, and the sentence that explains them. `confirm`: address
    of the page on which somebody can say that the value is right."""

    icon: str
    text: str
    explanation: str
    confirm: str = ""


@dataclass(frozen=True)
class Card:
    """`value` is empty where there is none: then `gap` says why. `gained`: points since a year before.

    `compared`: better or worse than that, `compared_with` the whole sentence. `place`: inside, or how far
    below or above the range. `left_out`: what does not count in the value. `contradicts`: which others it
    contradicts, until somebody confirms it.
    """

    indicator: Indicator
    value: str
    number: str
    unit: str
    gap: str
    ideal: str
    place: str
    inside: bool
    standard: str
    score: str
    verdict: Verdict | None
    weighed: bool
    completeness: str
    incomplete: bool
    left_out: tuple[str, ...]
    notes: tuple[Note, ...]
    contradicts: str
    compared: str
    compared_with: str
    compared_icon: str
    trend: Trend | None
    gained: float | None
    score_points: float | None
    chart: Chart | None
    formula: str

    @property
    def left_out_named(self) -> tuple[str, ...]:
        return self.left_out[:NAMED_IN_A_SENTENCE]

    @property
    def left_out_more(self) -> int:
        """How many more parts are left out than are named."""
        return len(self.left_out) - len(self.left_out_named)

    @property
    def anchor(self) -> str:
        return f"indicator-{self.indicator.code}"


def card_of(
    line: IndicatorLine,
    points: Mapping[Period, Point],
    compared: Comparison,
    names: Mapping[str, str],
    *,
    approved_only: bool = False,
    verdict_before: Verdict | None = None,
) -> Card:
    """The card of `line` at the chosen period of `compared`, with its `points` at all of it.

    `names`: code → name of the data elements. `approved_only`: what the page was asked for.
    `verdict_before`: of the same months of the year before, where the period still runs.
    """
    indicator, row, period = line.indicator, line.row, compared.chosen
    known = row if row is not None and row.value is not None else None
    value, apart = "", ("", "")
    if known is not None and known.value is not None:
        value = measured(known.value, line.decimals, indicator.unit_of_measure)
        apart = measured_apart(known.value, line.decimals, indicator.unit_of_measure)
    return Card(
        indicator=indicator,
        value=value,
        number=apart[0],
        unit=apart[1],
        gap=line.gap,
        ideal=_ideal(line),
        place=_place(line),
        inside=line.distance == 0,
        standard=_standard(row),
        score="" if row is None or row.score is None else number(row.score, SCORE_DECIMALS),
        verdict=line.verdict,
        weighed=bool(line.weight),
        completeness=_completeness(known, period) if known else "",
        incomplete=known is not None and known.present < known.expected,
        left_out=line.left_out_said if known else (),
        notes=tuple(_notes(known, line, names, approved_only)) if known else (),
        contradicts=line.mark.in_words if line.mark and not line.mark.confirmed else "",
        compared=line.compared_word,
        compared_with=_compared_with(line, period, compared.through),
        compared_icon=COMPARED_ICONS[line.compared] if line.compared else "",
        trend=of_line(line, period, compared.through),
        gained=points_gained(line),
        score_points=row.score if row is not None else None,
        chart=chart_of(indicator, points, compared, line.same_months, verdict_before),
        formula=in_words(parse(line.expression).tree, names) if line.expression else "",
    )


def _ideal(line: IndicatorLine) -> str:
    row = line.row
    if row is None:
        return ""
    return ideal_in_words(row.range_low, row.range_high, line.decimals, line.indicator.unit_of_measure)


def _compared_with(line: IndicatorLine, period: Period, through: Period | None) -> str:
    before = {"period": compared_in_words(period, through)}
    match line.compared:
        case Compared.BETTER:
            return _("better than %(period)s") % before
        case Compared.WORSE:
            return _("worse than %(period)s") % before
        case Compared.SAME:
            return _("as good as in %(period)s") % before
    return ""


def _place(line: IndicatorLine) -> str:
    if line.distance is None:
        return ""
    return place_in_words(line.distance, line.decimals, line.indicator.unit_of_measure)


def _standard(row: StoredIndicator | None) -> str:
    """Whose range it is: the standard's name, or that it is the hospital's own."""
    if row is None or row.reference_range is None:
        return ""
    standard = row.reference_range.standard
    if standard is None:
        return _("own range")
    if standard.secondary:
        return _("%(standard)s, from a secondary source") % {"standard": standard.name}
    return standard.name


def _completeness(row: StoredIndicator, period: Period) -> str:
    """Present of expected inputs; they are months where one unit reports every month of the period."""
    if not row.expected:
        return ""
    counts = {"present": row.present, "expected": row.expected}
    if row.expected == len(period.months()) > 1:
        return _("%(present)s of %(expected)s months") % counts
    return _("%(present)s of %(expected)s entries") % counts


def _notes(
    row: StoredIndicator, line: IndicatorLine, names: Mapping[str, str], approved_only: bool
) -> list[Note]:
    notes = []
    if line.unapproved and approved_only:
        explanation = _("Numbers that nobody has approved yet are left out of it.")
        notes.append(Note("clock", _("approved numbers only"), explanation))
    elif line.unapproved:
        explanation = _("Some of the numbers behind it were entered in forms that nobody has approved yet.")
        notes.append(Note("clock", _("not yet approved"), explanation))
    if row.is_as_reported:
        explanation = _("Entered as a result; the counts behind it are not known.")
        notes.append(Note("clipboard-text", _("as reported"), explanation))
    if line.mark is not None:
        notes.append(_contradiction(line.mark))
    if line.basis:
        used = enumerated([inside_sentence(names.get(code, code)) for code in line.basis])
        explanation = _("The formula offers a choice; this is what was reported for the most months.")
        text = _("uses %(elements)s") % {"elements": used}
        notes.append(Note("info-circle", text, explanation))
    if row.has_year_beside_months:
        explanation = _(
            "A figure of a longer period stands beside those of its months. The months are used; "
            "please check which is right."
        )
        notes.append(Note("alert-triangle", _("year and months both reported"), explanation))
    if row.stands_for_parts:
        explanation = _("The unit's own figure is used in place of the sum of its parts.")
        notes.append(Note("info-circle", _("stands for its parts"), explanation))
    if row.score is None and line.weight and not row.contradicts_others:
        notes.append(Note("circle-dashed", _("not scored"), _("There is no ideal range for it.")))
    return notes


def _contradiction(mark: Mark) -> Note:
    if mark.confirmed:
        return Note("check", mark.in_words, confirmed_in_words(mark.confirmed))
    return Note("alert-triangle", mark.in_words, no_points_in_words(), confirm=mark.address)


def missing_sentence(card: Card, period: Period) -> str:
    """What is missing, for the summary: the gap, or how much of a value's inputs is there."""
    if not card.value:
        return card.gap or _("Nothing was reported for %(period)s.") % {"period": period_name(period)}
    if not card.left_out:
        return card.completeness
    return _("%(completeness)s. Left out: %(parts)s") % {
        "completeness": card.completeness,
        "parts": listed(card.left_out),
    }
