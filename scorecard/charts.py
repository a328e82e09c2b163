"""Figures for plotly.js as plain dictionaries, small enough that forty of them fit into a page.

Built by hand because a graph_objects figure costs more time than the whole page; the tests hand every
figure to graph_objects, which refuses what plotly does not know. A colour is the name of a css
variable: the browser puts in that of the theme in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from indicators.engine.rounding import as_shown

Figure = dict[str, Any]
Edges = tuple[float | None, float | None]

INK, INK_SOFT, GRID = "var(--imbang-ink)", "var(--imbang-ink-soft)", "var(--imbang-grid)"
CLEAR, IDEAL, IDEAL_EDGE = "var(--imbang-clear)", "var(--imbang-ideal)", "var(--imbang-ideal-edge)"
THIS, EARLIER = "var(--imbang-series-1)", "var(--imbang-earlier)"
SERIES = tuple(f"var(--imbang-series-{n})" for n in range(1, 7))
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
DASHES = ("solid", "dash", "dot")

#: What all figures share; stands in the page once.
TEMPLATE: Figure = {
    "layout": {
        "font": {"size": 12, "color": INK},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "automargin": True,
            "linecolor": GRID,
            "showgrid": False,
            "tickangle": 0,
        },
        "yaxis": {
            "fixedrange": True,
            "automargin": True,
            "gridcolor": GRID,
            "zerolinecolor": INK_SOFT,
            "nticks": 5,
        },
        "legend": {"orientation": "h", "y": -0.22, "x": 0, "xanchor": "left", "yanchor": "top"},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": "var(--imbang-paper)", "bordercolor": GRID, "font": {"color": INK}},
        "bargap": 0.4,
        "dragmode": False,
        "showlegend": False,
    }
}


class Line(NamedTuple):
    """One line of a chart: `values` and their `texts` (as people read them) at each place of the axis.

    Where `hollow` the mark is drawn empty: it stands on little.
    """

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    hollow: Sequence[bool] = ()


def bars(line: Line, places: Sequence[str], ideal: Sequence[Edges], decimals: int, unit: str) -> Figure:
    """Years side by side, the last one in colour, the ideal range of each year shaded behind it."""
    values = _shown(line.values, decimals)
    low, high = _axis_range([0.0, *values, *_edges(ideal)], room=0.16)
    return {
        "data": [
            {
                "type": "bar",
                "x": list(places),
                "y": values,
                "text": list(line.texts),
                "textposition": "outside",
                "cliponaxis": False,
                "textangle": 0,
                "constraintext": "none",
                "hovertemplate": f"%{{x}}: %{{text}}{unit}<extra></extra>",
                "marker": {"color": [EARLIER] * (len(places) - 1) + [THIS]},
            }
        ],
        "layout": {
            "yaxis": {"range": [low, high], "ticksuffix": unit},
            "shapes": _ideal_shapes(ideal, low, high),
        },
    }


def lines_by_year(
    lines: Sequence[Line],
    places: Sequence[str],
    ideal: Sequence[Edges],
    decimals: int,
    unit: str,
    *,
    beside: Line | None = None,
) -> Figure:
    """Parts of the year along the axis and a line for every year, the last one in front.

    `beside`: one value of the year before the last, to stand hollow beside the hollow one of that.
    """
    shown = [_shown(line.values, decimals) for line in lines]
    then = _shown(beside.values, decimals) if beside else []
    low, high = _axis_range([v for values in [*shown, then] for v in values] + _edges(ideal), room=0.1)
    traces = []
    for age, (line, values) in enumerate(zip(reversed(lines), reversed(shown), strict=True)):
        colour = (THIS, INK_SOFT, EARLIER)[min(age, 2)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": line.name,
                "x": list(places),
                "y": values,
                "text": list(line.texts),
                "hovertemplate": f"%{{x}} %{{fullData.name}}: %{{text}}{unit}<extra></extra>",
                "line": {"color": colour, "width": 3 if age == 0 else 2, "dash": DASHES[min(age, 2)]},
                "marker": {
                    "color": colour,
                    "symbol": _symbols(line, SYMBOLS[min(age, 2)]),
                    "size": 8 if age == 0 else 6,
                },
            }
        )
    if beside is not None and True in lines[-1].hollow:
        traces.insert(0, _beside(beside, then, places[list(lines[-1].hollow).index(True)], unit))
    return {
        "data": traces[::-1],
        "layout": {
            "yaxis": {"range": [low, high], "ticksuffix": unit},
            "xaxis": _category_axis(places),
            "shapes": _ideal_shapes(ideal, low, high),
            "showlegend": True,
            "legend": {"traceorder": "reversed"},
        },
    }


def _symbols(line: Line, symbol: str) -> str | list[str]:
    """The mark of a line, or of each of its points where some are hollow."""
    return [f"{symbol}-open" if hollow else symbol for hollow in line.hollow] if any(line.hollow) else symbol


def _beside(line: Line, values: Sequence[float | None], place: str, unit: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": line.name,
        "x": [place],
        "y": list(values),
        "text": list(line.texts),
        "hovertemplate": f"%{{fullData.name}}: %{{text}}{unit}<extra></extra>",
        "marker": {"color": INK_SOFT, "symbol": f"{SYMBOLS[1]}-open", "size": 8},
        "showlegend": False,
    }


def scores_over_time(lines: Sequence[Line], places: Sequence[str], *, good: float, fair: float) -> Figure:
    """Scores 0 to 100: the first line is the overall one; the bands of the verdicts lie behind."""
    traces = []
    for number, line in enumerate(lines):
        colour = INK if number == 0 else SERIES[number - 1]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": line.name,
                "x": list(places),
                "y": _shown(line.values, 1),
                "text": list(line.texts),
                "hovertemplate": "%{fullData.name}, %{x}: %{text}<extra></extra>",
                "line": {"color": colour, "width": 4 if number == 0 else 2},
                "marker": {
                    "color": colour,
                    "symbol": SYMBOLS[number % len(SYMBOLS)],
                    "size": 10 if number == 0 else 9,
                },
            }
        )
    least = min((value for line in lines for value in line.values if value is not None), default=0.0)
    low = min(40.0, least // 20 * 20)
    bands = ((good, 100, "good"), (fair, good, "fair"), (low, fair, "poor"))
    return {
        "data": traces + _hollows(lines, places),
        "layout": {
            "yaxis": {"range": [low, 104], "tickvals": [low, fair, good, 100]},
            "xaxis": _category_axis(places),
            "shapes": [
                {**_band(bottom, top, f"var(--imbang-{name}-soft)"), "opacity": 0.6}
                for bottom, top, name in bands
            ],
            "showlegend": True,
        },
    }


def _category_axis(places: Sequence[str]) -> Figure:
    """All places in their order; of more than half a dozen only some are named, the last one among them."""
    axis: Figure = {"categoryorder": "array", "categoryarray": list(places)}
    if len(places) > 6:
        axis["dtick"] = (len(places) + 2) // 4
    return axis


def _hollows(lines: Sequence[Line], places: Sequence[str]) -> list[Figure]:
    """White dots that make marks hollow; drawn apart, so that the legend shows the full ones."""
    hollow = [
        (place, value)
        for line in lines
        for place, value, is_hollow in zip(places, line.values, line.hollow, strict=False)
        if is_hollow and value is not None
    ]
    if not hollow:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [place for place, _value in hollow],
            "y": [as_shown(value, 1) for _place, value in hollow],
            "marker": {"color": "var(--imbang-paper)", "symbol": "circle", "size": 5},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _shown(values: Sequence[float | None], decimals: int) -> list[float | None]:
    return [None if value is None else as_shown(value, decimals) for value in values]


def _edges(ideal: Sequence[Edges]) -> list[float | None]:
    return [edge for edges in ideal for edge in edges]


def _axis_range(values: Sequence[float | None], *, room: float) -> tuple[float, float]:
    """From the least to the largest of what is drawn, with `room` as a share of it left free.

    An axis that starts at nought keeps nought as its end.
    """
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    free = (high - low or abs(high) or 1.0) * room
    return (low if low == 0 else low - free), (high if high == 0 and low < 0 else high + free)


def _ideal_shapes(ideal: Sequence[Edges], low: float, high: float) -> list[Figure]:
    """Shaded rectangles over the places of the axis; an open side reaches the end of the axis."""
    shapes = []
    place = 0
    for edges, run in groupby(ideal):
        first, place = place, place + len(list(run))
        if edges == (None, None):
            continue
        from_, to = edges
        sides = {"x0": first - 0.5, "x1": place - 0.5}
        shapes.append(
            {
                **_band(low if from_ is None else from_, high if to is None else to, IDEAL),
                **sides,
                "xref": "x",
            }
        )
        for edge in (from_, to):
            if edge is not None:
                shapes.append(
                    {
                        "type": "line",
                        **sides,
                        "y0": edge,
                        "y1": edge,
                        "layer": "below",
                        "line": {"color": IDEAL_EDGE, "width": 1, "dash": "dash"},
                    }
                )
    return shapes


def _band(low: float, high: float, colour: str) -> Figure:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": low,
        "y1": high,
        "layer": "below",
        "fillcolor": colour,
        "line": {"width": 0},
    }
