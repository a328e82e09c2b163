"""Where the label of each point of a crowded chart stands, so that it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: plotly's places, the one that reads best first, with the centre of the label as seen from the point:
#: in widths and heights of the label, to the right and upwards.
_PLACES = {
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
    "middle right": (0.7, 0.0),
    "middle left": (-0.7, 0.0),
    "top right": (0.6, 0.8),
    "top left": (-0.6, 0.8),
    "bottom right": (0.6, -0.8),
    "bottom left": (-0.6, -0.8),
}
#: The plotting area of a chart half a page wide, and what is drawn in it, in pixels.
_WIDTH, _HEIGHT = 380.0, 300.0
_CHARACTER, _LINE, _MARKER = 7.0, 13.0, 10.0


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    def shares_with(self, other: _Box) -> float:
        """The area that both cover, in square pixels."""
        across = (self.width + other.width) / 2 - abs(self.x - other.x)
        upwards = (self.height + other.height) / 2 - abs(self.y - other.y)
        return max(across, 0.0) * max(upwards, 0.0)


def label_places(points: Sequence[tuple[str, float, float]]) -> list[str]:
    """A plotly `textposition` for each (label, x, y): the first that covers nothing, or covers least."""
    xs, ys = _in_pixels([x for _, x, _ in points], _WIDTH), _in_pixels([y for *_, y in points], _HEIGHT)
    taken = [_Box(x, y, _MARKER, _MARKER) for x, y in zip(xs, ys, strict=True)]
    found = []
    for (label, _x, _y), x, y in zip(points, xs, ys, strict=True):
        width = _CHARACTER * len(label)
        boxes = {
            place: _Box(x + right * (width + _MARKER), y + up * _LINE, width, _LINE)
            for place, (right, up) in _PLACES.items()
        }
        covered = {place: sum(map(box.shares_with, taken)) for place, box in boxes.items()}
        best = min(covered, key=lambda place: covered[place])
        taken.append(boxes[best])
        found.append(best)
    return found


def _in_pixels(values: Sequence[float], length: float) -> list[float]:
    lowest, highest = min(values, default=0.0), max(values, default=0.0)
    span = (highest - lowest) or 1.0
    return [(value - lowest) / span * length for value in values]
