"""On which line of a text something stands."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entry.toml_lines import Place, lines_of
from indicators.definition_files import definition_paths

TEXT = '''# a form
code = "x"  # = [not] a {list}
name = { en = "A # b", "id" = 'C "d"' }
text = """
several = 1
lines"""
list = [
  1,
  [2, 3],  # two
  { a.b = 4 },
]
[[part]]
one = 1
[[part]]

  [[part.piece]]
  two = "]"
[other.table]
three = 3
'''


def places(content: Any, place: Place = ()) -> Iterator[Place]:
    """Every place of a parsed text."""
    if place:
        yield place
    if isinstance(content, dict):
        for key, inner in content.items():
            yield from places(inner, (*place, key))
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            yield from places(inner, (*place, number))


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("code",), 2),
        (("name", "id"), 3),
        (("text",), 4),
        (("list", 1, 1), 9),
        (("list", 2, "a", "b"), 10),
        (("part", 0, "one"), 13),
        (("part", 1), 14),
        (("part", 1, "piece", 0, "two"), 17),
        (("other", "table", "three"), 19),
    ],
)
def test_the_line_of_a_place(place: Place, line: int) -> None:
    assert lines_of(TEXT)[place] == line


def test_every_place_of_a_text_has_a_line() -> None:
    assert set(places(tomllib.loads(TEXT))) == set(lines_of(TEXT))


@pytest.mark.parametrize("path", definition_paths(), ids=lambda path: path.stem)
def test_every_place_of_what_is_shipped_has_a_line(path: Path) -> None:
    text = path.read_text()
    assert set(places(tomllib.loads(text))) <= set(lines_of(text))


def test_a_date_with_a_blank_costs_no_more_than_the_lines_after_it() -> None:
    assert lines_of('code = "x"\nday = 2026-01-01 10:00:00\n')["day",] == 2
