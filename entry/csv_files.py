"""CSV files as people and other programs make them: which line is wrong, and why.

A file is taken whole or not at all; every bad line is named with its number and the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _


class BadLine(NamedTuple):
    """`line` counts from 1 with the heading, as an editor or spreadsheet does."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


class Line(NamedTuple):
    """A line that has all its columns; `cells` are stripped and in the order asked for.

    `absent` names the optional columns that the file does not have.
    """

    line: int
    cells: tuple[str, ...]
    absent: frozenset[str] = frozenset()


def read_lines(
    content: bytes, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[Line | BadLine]:
    """Lines of a CSV file with a heading that names `columns`, in any order and among others.

    UTF-8 with or without its mark; separated by commas, semicolons or tabs. Blank lines are passed
    over. A missing column of `optional` reads as empty. After a BadLine for the file as a whole
    nothing more follows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield BadLine(line, _("is not UTF-8 text; save the file as CSV UTF-8"))
        return
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        yield BadLine(1, _("the file is empty"))
        return
    if isinstance(first, BadLine):
        yield first
        return
    heading = [name.strip().lower() for name in first.cells]
    missing = [name for name in columns if name not in heading]
    if missing:
        wanted = {"missing": ", ".join(missing), "columns": ",".join(columns)}
        reason = _("the heading lacks %(missing)s; it must name the columns %(columns)s") % wanted
        yield BadLine(first.line, reason)
        return
    absent = frozenset(name for name in optional if name not in heading)
    places = [heading.index(name) if name in heading else None for name in (*columns, *optional)]
    for row in rows:
        if isinstance(row, BadLine):
            yield row
        elif len(row.cells) != len(heading):
            counts = {"found": len(row.cells), "wanted": len(heading)}
            yield BadLine(row.line, _("has %(found)s columns instead of %(wanted)s") % counts)
        else:
            cells = ("" if place is None else row.cells[place].strip() for place in places)
            yield Line(row.line, tuple(cells), absent)


def _rows(text: str) -> Iterator[Line | BadLine]:
    """Lines that are not blank, each with the number at which it starts."""
    heading = text.split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield Line(start, tuple(row))
            start = reader.line_num + 1
    except csv.Error as error:
        yield BadLine(start, str(error))
