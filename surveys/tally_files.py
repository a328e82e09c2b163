"""Tallies of paper surveys: how many people gave each answer to each item.

A tally is taken whole or not at all; every bad line is named, and every item whose counts do not add
up to the respondents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from entry.csv_files import BadLine, read_lines

COLUMNS = ("item", "answer", "expectation_count", "reality_count")
MOST_LINES = 5_000
#: Nobody counts more people on paper; a larger number is a typing error.
MOST_PEOPLE = 1_000_000


class TallyLine(NamedTuple):
    """How many gave `answer` to `item`; `expectation` None where only one answer is asked."""

    item: str
    answer: int
    expectation: int | None
    reality: int


@dataclass
class Tally:
    """What was read: either `bad` is empty or nothing of it may be used. `missing` items stand nowhere."""

    lines: list[TallyLine] = field(default_factory=list)
    respondents: int = 0
    bad: list[BadLine] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """What a tally may speak of: the items with their texts, the best answer, and whether both sides."""

    items: Mapping[str, str]
    points: int
    is_paired: bool


def read_tally_file(content: bytes, form: Form, *, respondents: int | None = None) -> Tally:
    """Read a CSV file (UTF-8; commas, semicolons or tabs) of the columns `COLUMNS`.

    How many people answered is not in the file: it is the sum that most items agree on, unless
    `respondents` says it.
    """
    cells: list[tuple[int, dict[str, str]]] = []
    bad: list[BadLine] = []
    for line in read_lines(content, COLUMNS):
        if isinstance(line, BadLine):
            bad.append(line)
        elif len(cells) == MOST_LINES:
            bad.append(BadLine(line.line, _("a tally has no more than %s lines") % MOST_LINES))
            break
        else:
            cells.append((line.line, dict(zip(COLUMNS, line.cells, strict=True))))
    if bad and not cells:
        return Tally(bad=bad)
    tally = check_tally(cells, form, respondents=respondents)
    tally.bad = sorted([*bad, *tally.bad])
    return tally


def check_tally(
    cells: Iterable[tuple[int, Mapping[str, str]]], form: Form, *, respondents: int | None = None
) -> Tally:
    """A tally of numbered lines of text cells, from a file or from a page."""
    tally = Tally()
    first_line: dict[str, int] = {}
    seen: dict[tuple[str, int], int] = {}
    spoilt: set[str] = set()
    for number, row in cells:
        try:
            line = _line(row, form)
        except ValueError as error:
            tally.bad.append(BadLine(number, str(error)))
            spoilt.add(row.get("item") or "")
            continue
        if (line.item, line.answer) in seen:
            tally.bad.append(BadLine(number, _("repeats line %s") % seen[line.item, line.answer]))
            continue
        seen[line.item, line.answer] = number
        first_line.setdefault(line.item, number)
        tally.lines.append(line)
    tally.missing = [code for code in form.items if code not in first_line and code not in spoilt]
    if not tally.lines and not tally.bad:
        tally.bad.append(BadLine(1, _("there are no counts in it")))
    sums = _sums(tally.lines, form)
    tally.respondents = respondents or _most_common(sums.values())
    for (code, side), found in sums.items():
        if found != tally.respondents and code not in spoilt:
            reason = _not_adding_up(code, form.items[code], side, found, tally.respondents)
            tally.bad.append(BadLine(first_line[code], reason))
    tally.bad.sort()
    return tally


def _line(row: Mapping[str, str], form: Form) -> TallyLine:
    item = (row.get("item") or "").lower()
    if item not in form.items:
        raise ValueError(_("there is no item “%s” in this questionnaire") % (row.get("item") or ""))
    answer = _whole(item, "answer", row.get("answer"))
    if not 1 <= answer <= form.points:
        values = {"item": item, "answer": answer, "points": form.points}
        raise ValueError(_("%(item)s: answers go from 1 to %(points)s, not %(answer)s") % values)
    expected = row.get("expectation_count") or ""
    if not form.is_paired and expected:
        raise ValueError(_("%s: one answer is asked; leave expectation_count empty") % item)
    expectation = _whole(item, "expectation_count", expected) if form.is_paired else None
    return TallyLine(item, answer, expectation, _whole(item, "reality_count", row.get("reality_count")))


def _whole(item: str, column: str, text: str | None) -> int:
    try:
        number = int(text or "")
    except ValueError as error:
        values = {"item": item, "column": column, "text": text or ""}
        raise ValueError(_("%(item)s: %(column)s “%(text)s” is not a whole number") % values) from error
    if not 0 <= number <= MOST_PEOPLE:
        raise ValueError(
            _("%(item)s: %(column)s cannot be %(number)s")
            % {"item": item, "column": column, "number": number}
        )
    return number


def _sums(lines: Iterable[TallyLine], form: Form) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        sums[line.item, "reality"] = sums.get((line.item, "reality"), 0) + line.reality
        if form.is_paired:
            sums[line.item, "expectation"] = sums.get((line.item, "expectation"), 0) + (line.expectation or 0)
    return sums


def _most_common(sums: Iterable[int]) -> int:
    """The sum most items agree on; of equally frequent ones the smallest, so that all others are named."""
    counted = Counter(sums)
    return min(counted, key=lambda found: (-counted[found], found)) if counted else 0


def _not_adding_up(code: str, text: str, side: str, found: int, respondents: int) -> str:
    values = {"item": code, "text": text, "found": found, "respondents": respondents}
    if side == "expectation":
        sentence = _(
            "%(item)s (%(text)s): the expectation counts add up to %(found)s, "
            "not to the %(respondents)s respondents"
        )
    else:
        sentence = _(
            "%(item)s (%(text)s): the reality counts add up to %(found)s, "
            "not to the %(respondents)s respondents"
        )
    return sentence % values
