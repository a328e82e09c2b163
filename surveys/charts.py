"""Figures of survey results for plotly.js, as plain dictionaries with css variables for colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveys.label_places import label_places

Figure = dict[str, Any]
Values = Sequence[float | None]

INK, INK_SOFT, GRID = "var(--imbang-ink)", "var(--imbang-ink-soft)", "var(--imbang-grid)"
FIRST, SECOND = "var(--imbang-series-1)", "var(--imbang-series-2)"
#: A quadrant is told by letter, shape and colour.
QUADRANT_MARKS = {
    "A": ("diamond", "var(--imbang-poor)"),
    "B": ("circle", "var(--imbang-good)"),
    "C": ("square", "var(--imbang-none)"),
    "D": ("triangle-up", "var(--imbang-series-4)"),
}
#: From the worst answer to the best, light to dark, so that grey paper shows the order.
SCALE_COLOURS = (
    "#d9b3a0",
    "#e9d8b8",
    "#a9c9bd",
    "#4c9a86",
    "#1f6b5c",
    "#17524a",
    "#103c36",
    "#0b2925",
    "#071a18",
)


def horizontal_bars(names: Sequence[str], values: Values, texts: Sequence[str], unit: str = "%") -> Figure:
    """One bar a name, the first on top."""
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": list(names),
                "x": list(values),
                "text": list(texts),
                "textposition": "auto",
                "hovertemplate": "%{y}: %{text}<extra></extra>",
                "marker": {"color": FIRST},
            }
        ],
        "layout": {
            "xaxis": {
                "type": "linear",
                "ticksuffix": unit,
                "rangemode": "tozero",
                "gridcolor": GRID,
                "nticks": 5,
            },
            "yaxis": {"type": "category", "autorange": "reversed", "automargin": True, "nticks": len(names)},
            "height": 90 + 24 * len(names),
        },
    }


def stacked_shares(names: Sequence[str], words: Sequence[str], shares: Sequence[Values]) -> Figure:
    """The percentage of each answer [name][answer], side by side to a hundred."""
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": word,
                "y": list(names),
                "x": [row[place] for row in shares],
                "hovertemplate": "%{y}, %{fullData.name}: %{x:.1f}%<extra></extra>",
                "marker": {"color": SCALE_COLOURS[place]},
            }
            for place, word in enumerate(words)
        ],
        "layout": {
            "barmode": "stack",
            "xaxis": {"type": "linear", "ticksuffix": "%", "range": [0, 100], "gridcolor": GRID},
            "yaxis": {"type": "category", "autorange": "reversed", "automargin": True, "nticks": len(names)},
            "showlegend": True,
            # A share of a tall figure would put the legend far below it.
            "legend": {"y": 1.0, "yanchor": "bottom"},
            "margin": {"t": 40},
            "height": 130 + 24 * len(names),
        },
    }


def quadrant_map(
    points: Sequence[tuple[str, float, float, str]],
    cuts: tuple[float, float],
    names: dict[str, str],
    titles: tuple[str, str],
) -> Figure:
    """Items as (code, mean reality, mean expectation, letter), cut at the means of both."""
    data = []
    places = label_places([(code, x, y) for code, x, y, _letter in points])
    for letter, (symbol, colour) in QUADRANT_MARKS.items():
        of_letter = [point for point in points if point[3] == letter]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": names[letter],
                "x": [x for _code, x, _y, _letter in of_letter],
                "y": [y for _code, _x, y, _letter in of_letter],
                "text": [code for code, *_rest in of_letter],
                "textposition": [
                    place for place, point in zip(places, points, strict=True) if point[3] == letter
                ],
                "hovertemplate": "%{text}: %{x:.2f} / %{y:.2f}<extra>%{fullData.name}</extra>",
                "marker": {"symbol": symbol, "color": colour, "size": 10},
            }
        )
    line = {"type": "line", "line": {"color": INK_SOFT, "width": 1, "dash": "dash"}}
    x, y = cuts
    return {
        "data": data,
        "layout": {
            "xaxis": {"type": "linear", "title": {"text": titles[0]}, "gridcolor": GRID, "nticks": 7},
            "yaxis": {"type": "linear", "title": {"text": titles[1]}, "gridcolor": GRID, "nticks": 7},
            "shapes": [
                {**line, "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"},
                {**line, "x0": 0, "x1": 1, "y0": y, "y1": y, "xref": "paper"},
            ],
            "showlegend": True,
            "legend": {"y": 1.02, "yanchor": "bottom"},
            "margin": {"t": 40},
            "height": 460,
        },
    }


def radar(names: Sequence[str], series: Sequence[tuple[str, Values]], highest: float) -> Figure:
    """Dimensions around, one closed line per series; the rings go from 0 to `highest`."""
    data = []
    for number, (name, values) in enumerate(series):
        colour = (FIRST, SECOND)[number % 2]
        data.append(
            {
                "type": "scatterpolar",
                "mode": "lines+markers",
                "name": name,
                "theta": [*names, names[0]],
                "r": [*values, values[0]],
                "hovertemplate": "%{theta}: %{r:.2f}<extra>%{fullData.name}</extra>",
                "line": {"color": colour, "width": 2, "dash": ("solid", "dash")[number % 2]},
                "marker": {"color": colour, "symbol": ("circle", "square")[number % 2], "size": 7},
            }
        )
    return {
        "data": data,
        "layout": {
            "polar": {
                "bgcolor": "var(--imbang-clear)",
                "radialaxis": {"range": [0, highest], "gridcolor": GRID, "nticks": 5, "angle": 90},
                "angularaxis": {
                    "gridcolor": GRID,
                    "linecolor": GRID,
                    "rotation": 90,
                    "direction": "clockwise",
                },
            },
            "margin": {"l": 110, "r": 110, "t": 30, "b": 30},
            "showlegend": len(series) > 1,
            "height": 400,
        },
    }
