"""Figures of surveys: plotly knows everything in them."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from surveys import charts


def accepted(figure: Any) -> go.Figure:
    """The figure as plotly understands it; css variables become a colour it can check."""

    def with_colours(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("var(--imbang-"):
            return "#123456"
        if isinstance(value, list):
            return [with_colours(item) for item in value]
        if isinstance(value, dict):
            return {key: with_colours(item) for key, item in value.items()}
        return value

    return go.Figure(with_colours(figure))


def test_bars_stand_in_the_order_given_and_an_unknown_one_is_left_out():
    figure = accepted(charts.horizontal_bars(["q1", "q2"], [97.4, None], ["97,4%", "–"]))
    assert list(figure.data[0].y) == ["q1", "q2"]
    assert list(figure.data[0].x) == [97.4, None]


@pytest.mark.parametrize("points", [4, 5, 9])
def test_every_answer_of_the_longest_scale_has_a_colour_of_its_own(points: int):
    words = [str(n) for n in range(1, points + 1)]
    figure = accepted(charts.stacked_shares(["q1"], words, [[100 / points] * points]))
    assert len({trace.marker.color for trace in figure.data}) == points


def test_each_quadrant_has_a_shape_of_its_own_and_the_cuts_are_drawn():
    points = [("q1", 3.0, 3.5, "A"), ("q2", 3.2, 3.4, "D")]
    names = {letter: letter for letter in "ABCD"}
    figure = accepted(charts.quadrant_map(points, (3.1, 3.45), names, ("x", "y")))
    assert len({trace.marker.symbol for trace in figure.data}) == 4
    assert [list(trace.text or ()) for trace in figure.data] == [["q1"], [], [], ["q2"]]
    assert [(shape.x0, shape.y0) for shape in figure.layout.shapes] == [(3.1, 0), (0, 3.45)]


def test_the_radar_closes():
    figure = accepted(
        charts.radar(["a", "b", "c"], [("now", [1.0, 2.0, 3.0]), ("then", [2.0, None, 1.0])], 4.0)
    )
    assert list(figure.data[0].r) == [1, 2, 3, 1]
    assert list(figure.data[1].theta) == ["a", "b", "c", "a"]
