"""Scoring tables as text."""

import pytest
from django.utils import translation

from indicators.scoring_tables import read_steps, write_steps

STEPS = [
    {"from": None, "to": 0.0, "points": 0.0},
    {"from": 0.0, "to": 2.5, "points": 27.5},
    {"from": 2.5, "to": None, "points": 100.0},
]
LINES = """{ to = 0, points = 0 }
{ from = 0, to = 2.5, points = 27.5 }
{ from = 2.5, points = 100 }"""


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        LINES.replace("}\n", "},\n") + ",",
        f"# points of 100\nsteps = [{LINES.replace(chr(10), ', ')}]",
        f"steps = [\n{LINES}\n]\n",
        f"\n{LINES}\n\n",
    ],
)
def test_they_are_read_as_a_list_or_one_step_a_line(text: str):
    assert read_steps(text) == STEPS


def test_they_are_written_as_they_are_read():
    assert write_steps(STEPS) == LINES


@pytest.mark.parametrize("text", ["", " \n", "# nothing yet", "steps = []"])
def test_no_text_is_no_table(text: str):
    assert read_steps(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 - 5 = 20", "like this: { from = 0, to = 50, points = 20 }"),
        ("{ from = 0, to = 5 }", "1.points"),
        ("{ from = 0, to = 5, points = 20 }\n{ from = 5, upto = 9, points = 30 }", "2.upto"),
        ("{ from = 0, to = 6, points = 20 }\n{ from = 5, points = 30 }", "20 and 30 points overlap"),
        ("{ from = 0, points = 20 }\n{ from = 5, points = 30 }", "20 and 30 points overlap"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str):
    with translation.override("en"), pytest.raises(ValueError, match=message.replace("{", "[{]")):
        read_steps(text)
