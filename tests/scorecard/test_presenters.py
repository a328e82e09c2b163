"""What the overview says: trends, short lists, marks, the choice of a period."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from indicators.measures import NO_BREAK
from indicators.models import Indicator, IndicatorValue, Verdict
from indicators.periods import Period, PeriodKind
from indicators.same_months import Before
from scorecard.comparison import Change
from scorecard.lines import IndicatorLine
from scorecard.presenters import trend
from scorecard.presenters.indicator_card import card_of
from scorecard.presenters.indicator_chart import chart_of, comparison_of, what_is_whole
from scorecard.presenters.period_choice import period_choice
from scorecard.queries import Node
from scorecard.series import Point, compared_periods

YEAR = Period.parse("2009")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def node(
    now: float | None, before: float | None, *, common: int = 1, known=(), unknown=(), compared: bool = True
) -> Node:
    change = Change(before, now, common, tuple(known), tuple(unknown))
    return Node("financial", "Finance", now, Verdict.GOOD, 1, 1, 1.0, change if compared else None)


def point(value: float | None, score: float | None = None, low=None, high=None) -> Point:
    return Point(value, low, high, score, None)


def bor(direction: str = "within") -> Indicator:
    return Indicator(
        code="bor",
        name_en="Bed occupancy rate",
        name_id="",
        unit_of_measure="%",
        decimals=2,
        direction=direction,
    )


def line(now: float | None, before: float | None, *, direction: str = "within", low=75, high=85):
    """Bed occupancy of two years, 75 to 85 % in force; a year without a row where it is None."""
    rows = [
        None
        if v is None
        else IndicatorValue(value=v, range_low=low, range_high=high, present=1, expected=1, flags=0)
        for v in (now, before)
    ]
    return IndicatorLine(bor(direction), rows[0], "", (), (), 1, True, before=rows[1])


NAMES = {"a": "Alpha", "b": "Beta", "c": "Gamma"}


class TestTrend:
    @pytest.mark.parametrize(
        ("score", "before", "direction", "text"),
        [
            (72.2, 78.2, "down", "down 6.0 points from 2008"),
            (78.2, 72.2, "up", "up 6.0 points from 2008"),
            (78.24, 78.16, "equal", "the same as in 2008"),  # both are shown as 78.2
            (78.24, 78.26, "down", "down 0.1 points from 2008"),  # shown as 78.2 and 78.3
        ],
    )
    def test_a_score_changes_by_the_difference_of_what_is_shown(
        self, score: float, before: float, direction: str, text: str
    ):
        assert trend.of_node(node(score, before), YEAR, NAMES) == (direction, text, "")

    def test_without_anything_known_a_year_before_there_is_no_trend(self):
        assert trend.of_node(node(72.2, None, common=0, known="a"), YEAR, NAMES) is None

    def test_a_period_that_still_runs_has_no_trend(self):
        assert trend.of_node(node(72.2, 78.2, compared=False), YEAR, NAMES) is None

    def test_what_became_known_or_unknown_stands_beside_it(self):
        found = trend.of_node(node(72.2, 70.2, known="ab", unknown="c"), YEAR, NAMES)
        assert found.text == "up 2.0 points from 2008"
        assert found.beside == "newly known: Alpha and Beta; no longer known: Gamma"
        found = trend.of_node(node(72.2, 70.2, known="abc"), YEAR, NAMES)
        assert found.beside == "newly known: 3 indicators"

    def test_where_nothing_was_known_in_both_years_there_is_nothing_to_compare(self):
        unlike = Node("c", "C", 70.0, None, 1, 2, 0.3, Change(None, None, 0, ("a",), ("b",)))
        found = trend.of_node(unlike, YEAR, NAMES)
        assert found.text == "nothing to compare with 2008"
        assert found.beside == "newly known: Alpha; no longer known: Beta"

    def test_a_value_is_told_with_that_of_the_year_before(self):
        assert trend.of_line(line(84, 95), YEAR) == ("down", "down from 95.00% in 2008", "")

    def test_a_gap_on_either_side_has_no_trend(self):
        assert trend.of_line(line(84, None), YEAR) is None
        assert trend.of_line(line(None, 84), YEAR) is None


class TestCard:
    def card(self, *figures: float | None, left_out: tuple[str, ...] = (), direction: str = "within"):
        found = replace(line(*figures, direction=direction), left_out_said=left_out)
        return card_of(found, {}, comparison_of([YEAR]), {})

    @pytest.mark.parametrize(
        ("figures", "place", "compared"),
        [
            ((80, 70), "inside", "better than 2008"),
            ((46.29, 51.19), "28.71 percentage points below", "worse than 2008"),
            ((90, 70), "5.00 percentage points above", "as good as in 2008"),
            ((74.996, None), "inside", ""),
        ],
    )
    def test_it_says_where_the_value_lies_and_whether_it_is_better(self, figures, place: str, compared: str):
        card = self.card(*figures)
        assert (card.place.replace(NO_BREAK, " "), card.inside, card.compared_with) == (
            place,
            place == "inside",
            compared,
        )

    def test_a_period_that_still_runs_is_compared_with_the_same_months(self):
        found = replace(line(80, 70), before=Before(70, None))
        card = card_of(found, {}, comparison_of([YEAR], through=Period.parse("2009-06")), {})
        assert card.compared == "better"
        assert card.compared_with == "better than Jan–Jun 2008"
        assert card.trend.text == "up from 70.00% in Jan–Jun 2008"

    def test_a_gap_lies_nowhere(self):
        card = self.card(None, 70)
        assert (card.place, card.compared, card.left_out) == ("", "", ())

    def test_of_many_parts_left_out_three_are_named(self):
        card = self.card(80, None, left_out=("A", "B", "C", "D", "E"))
        assert (card.left_out_named, card.left_out_more) == (("A", "B", "C"), 2)


class TestChart:
    def test_years_are_bars_with_a_row_each(self):
        compared = comparison_of([Period.parse(y) for y in ("2007", "2008", "2009")])
        points = {YEAR: point(46.294, 18.0, 75, 85), Period.parse("2007"): point(45.74, 16.4, 75, 85)}
        chart = chart_of(bor(), points, compared)
        assert chart.figure["data"][0]["y"] == [45.74, None, 46.29]
        assert [(name, [cell.text for cell in cells]) for name, cells in chart.table.rows] == [
            ("2007", ["45.74%", "75–85%", "16.4", "–", "–"]),
            ("2008", ["–", "–", "–", "–", "–"]),
            ("2009", ["46.29%", "75–85%", "18.0", "–", "–"]),
        ]

    def test_the_table_says_whether_a_year_is_better(self):
        years = [Period.parse(y) for y in ("2008", "2009")]
        points = {years[0]: point(60, 57, 75, 85), years[1]: point(70, 86, 75, 85)}
        rows = chart_of(bor(), points, comparison_of(years)).table.rows
        assert [cells[-1].text for _name, cells in rows] == ["–", "better"]

    def test_a_year_that_still_runs_stands_beside_the_same_months_of_the_year_before(self):
        """70 % from January to June: more than the 60 % of all of 2008, less than the 72 % of its half."""
        years = [Period.parse(y) for y in ("2008", "2009")]
        points = {years[0]: point(60, 57, 75, 85), years[1]: point(70, 86, 75, 85)}
        compared = comparison_of(years, through=Period.parse("2009-06"))
        chart = chart_of(bor(), points, compared, Before(72, 91, 75, 85), Verdict.FAIR)
        assert chart.table.rows[1][1][3].text == "Fairly good"
        assert [(name, cells[0].text, cells[-1].text) for name, cells in chart.table.rows] == [
            ("2008", "60.00%", "–"),
            ("Jan–Jun 2008", "72.00%", "–"),
            ("Jan–Jun 2009", "70.00%", "worse"),
        ]
        (bars,) = chart.figure["data"]
        assert (bars["x"], bars["y"]) == (["2008", "Jan–Jun<br>2008", "Jan–Jun<br>2009"], [60, 72, 70])
        said = "January–June 2009 stands beside the same months of 2008; the others are figures of the year."
        assert what_is_whole(compared) == said

    def test_a_year_that_still_runs_is_compared_with_nothing_where_those_months_are_unknown(self):
        years = [Period.parse(y) for y in ("2008", "2009")]
        points = {years[0]: point(60, 57, 75, 85), years[1]: point(70, 86, 75, 85)}
        chart = chart_of(bor(), points, comparison_of(years, through=Period.parse("2009-01")))
        assert [(name, cells[-1].text) for name, cells in chart.table.rows] == [
            ("2008", "–"),
            ("Jan 2009", "–"),
        ]

    def test_a_quarter_that_still_runs_has_a_row_of_its_own_and_hollow_marks(self):
        chosen = Period.parse("2009-Q2")
        whole = {Period.parse(f"{y}-Q{q}"): point(10 * q) for y in (2008, 2009) for q in (1, 2)}
        compared = comparison_of(compared_periods(chosen), through=Period.parse("2009-04"))
        chart = chart_of(bor(), whole, compared, Before(25, None))
        assert chart.table.head == ["Period", "2007", "2008", "2009"]
        shown = {name: [cell.text for cell in cells] for name, cells in chart.table.rows}
        assert shown["Quarter 2"] == ["–", "20.00%", "–"]
        assert shown["Quarter 2: April"] == ["–", "25.00%", "20.00%"]
        before, now, beside = chart.figure["data"]
        assert (before["name"], before["y"][:2]) == ("2008", [10, 20])
        assert (beside["name"], beside["x"], beside["y"]) == ("April 2008", ["Q2"], [25])
        assert (now["name"], now["marker"]["symbol"][:2]) == ("2009", ["circle", "circle-open"])
        said = "Hollow marks: April 2009, and the same months of 2008."
        assert what_is_whole(compared) == said

    def test_months_are_lines_that_end_with_the_chosen_one(self):
        chosen = Period.parse("2009-02")
        points = {Period.month(year, month): point(month) for year in (2008, 2009) for month in range(1, 13)}
        chart = chart_of(bor(), points, comparison_of(compared_periods(chosen)))
        assert [trace["name"] for trace in chart.figure["data"]] == ["2008", "2009"]
        assert chart.figure["data"][1]["y"] == [1.0, 2.0] + [None] * 10
        assert [cell.text for cell in chart.table.rows[1][1]] == ["–", "2.00%", "2.00%"]

    def test_what_was_never_known_has_no_chart(self):
        assert chart_of(bor(), {YEAR: point(None)}, comparison_of([YEAR])) is None

    def test_large_amounts_of_rupiah_are_drawn_in_millions(self):
        revenue = Indicator(code="revenue", name_en="Revenue", unit_of_measure="IDR", decimals=1)
        chart = chart_of(revenue, {YEAR: point(130_397_762.5)}, comparison_of([YEAR]))
        assert chart.unit == "million rupiah"
        assert (chart.table.head[1], chart.table.rows[0][1][0].text) == ("Value, million rupiah", "130.4")
        assert chart.figure["data"][0]["y"] == [130.4]


class TestPeriodChoice:
    AVAILABLE = [
        Period.parse(text) for text in ("2008", "2009", "2008-S1", "2008-11", "2008-12", "2009-01", "2009-02")
    ]

    def test_neighbours_are_those_that_have_scores(self):
        choice = period_choice(Period.parse("2009-01"), self.AVAILABLE)
        assert choice.earlier.value == "2008-12"
        assert choice.later.value == "2009-02"
        assert [year for year, _periods in choice.groups] == [2009, 2008]

    def test_another_length_leads_to_the_nearest_period(self):
        found = {kind.text: kind.value for kind in period_choice(YEAR, self.AVAILABLE).kinds}
        assert found == {"Year": "2009", "Semester": "2008-S1", "Quarter": None, "Month": "2009-02"}
        found = {
            kind.text: kind.value for kind in period_choice(Period.parse("2008-11"), self.AVAILABLE).kinds
        }
        assert found["Year"] == "2008"

    def test_a_period_without_scores_is_offered_while_it_is_shown(self):
        choice = period_choice(Period(2012, PeriodKind.YEAR), self.AVAILABLE)
        assert choice.groups[0][1][0].chosen
        assert choice.later is None
