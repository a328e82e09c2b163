"""Figures: plotly knows everything in them, and they show what they were given."""

import plotly.graph_objects as go
import pytest

from scorecard import charts
from scorecard.charts import Line

NO_RANGE = (None, None)


def accepted(figure: dict) -> go.Figure:
    """The figure as plotly understands it; css variables become a colour it can check."""

    def with_colours(value):
        if isinstance(value, str) and value.startswith("var(--imbang-"):
            return "#123456"
        if isinstance(value, list):
            return [with_colours(item) for item in value]
        if isinstance(value, dict):
            return {key: with_colours(item) for key, item in value.items()}
        return value

    return go.Figure(with_colours(figure))


def years(values: list[float | None], ideal: list[charts.Edges]) -> dict:
    line = Line("BOR", values, [str(v) for v in values])
    return charts.bars(line, ["2007", "2008", "2009"], ideal, 2, "%")


def rectangles(figure: dict) -> list[tuple]:
    shapes = figure["layout"]["shapes"]
    return [(s["x0"], s["x1"], s["y0"], s["y1"]) for s in shapes if s["type"] == "rect"]


def test_plotly_accepts_every_figure():
    bars = years([45.74, None, 46.29], [(75, 85), (75, None), NO_RANGE])
    lines = charts.lines_by_year(
        [Line("2008", [1.0, None], ["1", ""]), Line("2009", [2.0, 3.0], ["2", "3"])],
        ["Jan", "Feb"],
        [(1, 2), (None, 2)],
        1,
        "",
    )
    scores = charts.scores_over_time(
        [Line("Overall", [72.2] * 13, ["72,2"] * 13, [True] * 13), Line("Finance", [10.0] * 13, [""] * 13)],
        [f"{n}" for n in range(13)],
        good=80,
        fair=60,
    )
    for figure in (bars, lines, scores):
        accepted(figure)
    accepted({"data": [], "layout": charts.TEMPLATE["layout"]})


def test_bars_start_at_nought_and_leave_room_for_the_ideal_range():
    low, high = years([45.74, 51.19, 46.29], [(75, 85)] * 3)["layout"]["yaxis"]["range"]
    assert low == 0
    assert high > 85


def test_bars_of_losses_hang_from_nought():
    low, high = years([-0.8, -1.7, -2.6], [NO_RANGE] * 3)["layout"]["yaxis"]["range"]
    assert low < -2.6
    assert high == 0


def test_one_range_is_one_rectangle_and_a_changed_one_another():
    assert rectangles(years([1, 2, 3], [(75, 85)] * 3)) == [(-0.5, 2.5, 75, 85)]
    assert rectangles(years([1, 2, 3], [(75, 80), (75, 85), (75, 85)])) == [
        (-0.5, 0.5, 75, 80),
        (0.5, 2.5, 75, 85),
    ]
    assert rectangles(years([1, 2, 3], [NO_RANGE] * 3)) == []


def test_an_open_side_is_shaded_to_the_end_of_the_axis():
    figure = years([10, 20, 30], [(5, None)] * 3)
    assert rectangles(figure) == [(-0.5, 2.5, 5, figure["layout"]["yaxis"]["range"][1])]
    figure = years([10, 20, 30], [(None, 25)] * 3)
    assert rectangles(figure) == [(-0.5, 2.5, 0, 25)]


def test_values_are_drawn_as_they_are_shown():
    assert years([46.294, None, 2.675], [NO_RANGE] * 3)["data"][0]["y"] == [46.29, None, 2.68]


def test_lines_differ_in_mark_and_dash_and_the_last_year_is_in_front():
    lines = [Line(str(year), [1.0], ["1"]) for year in (2007, 2008, 2009)]
    traces = charts.lines_by_year(lines, ["Jan"], [NO_RANGE], 0, "")["data"]
    assert [trace["name"] for trace in traces] == ["2007", "2008", "2009"]
    assert len({trace["marker"]["symbol"] for trace in traces}) == 3
    assert len({trace["line"]["dash"] for trace in traces}) == 3
    assert traces[-1]["line"]["width"] == 3


def test_a_score_that_stands_on_little_has_a_hollow_mark():
    figure = charts.scores_over_time(
        [Line("Overall", [100.0, 80.0], ["", ""], [True, False])], ["2006", "2007"], good=80, fair=60
    )
    marks, hollow = figure["data"]
    assert marks["y"] == [100.0, 80.0]
    assert (hollow["x"], hollow["y"], hollow["showlegend"]) == (["2006"], [100.0], False)


@pytest.mark.parametrize(("least", "bottom"), [(95.0, 40.0), (57.2, 40.0), (39.9, 20.0), (0.0, 0.0)])
def test_the_axis_of_scores_reaches_down_to_the_least_of_them(least: float, bottom: float):
    figure = charts.scores_over_time([Line("Overall", [least], [""])], ["2009"], good=80, fair=60)
    assert figure["layout"]["yaxis"]["range"][0] == bottom


def test_the_last_of_many_places_is_named():
    for count in (7, 9, 13):
        axis = charts.scores_over_time(
            [Line("Overall", [1.0] * count, [""] * count)], [str(n) for n in range(count)], good=80, fair=60
        )["layout"]["xaxis"]
        assert (count - 1) % axis["dtick"] == 0
