"""Files of paper forms: one line per respondent, taken whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from entry.csv_files import BadLine, read_lines
from hospitals.models import Unit
from surveys.answering import Given, NotUnderstoodError, read_given
from surveys.models import Questionnaire

#: As many as are typed in a week; each is stored like one that came from a phone.
MOST_LINES = 1_000


class Row(NamedTuple):
    """One person; `unit` and `day` None mean those chosen on the page."""

    given: Given
    unit: Unit | None
    day: dt.date | None


@dataclass
class ResponseFile:
    """What was read: either `bad` is empty or nothing of it may be used."""

    rows: list[Row] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


def item_columns(questionnaire: Questionnaire) -> list[str]:
    """q1, q2 … of single answers; q1_reality, q1_expectation … where both are asked."""
    codes = [item.code for item in questionnaire.items.all()]
    if questionnaire.is_paired:
        return [f"{code}_{side}" for code in codes for side in ("reality", "expectation")]
    return codes


def read_response_file(
    content: bytes, questionnaire: Questionnaire, *, units: Mapping[str, Unit], days: tuple[dt.date, dt.date]
) -> ResponseFile:
    """Read a CSV file with the columns of `item_columns`, and as one likes: day, unit, comment and the
    codes of the characteristics. An empty cell is no answer. `days` are the first and last allowed."""
    prefetch_related_objects([questionnaire], "items", "characteristics")
    wanted = item_columns(questionnaire)
    asked = [characteristic.code for characteristic in questionnaire.characteristics.all()]
    optional = ["day", "unit", "comment", *asked]
    result = ResponseFile()
    for line in read_lines(content, wanted, optional=optional):
        if isinstance(line, BadLine):
            result.bad.append(line)
            continue
        if len(result.rows) == MOST_LINES:
            result.bad.append(BadLine(line.line, _("a file has no more than %s lines") % MOST_LINES))
            break
        cells = dict(zip([*wanted, *optional], line.cells, strict=True))
        try:
            result.rows.append(_row(cells, questionnaire, units, days, asked))
        except ValueError as error:
            result.bad.append(BadLine(line.line, str(error)))
    if not result.rows and not result.bad:
        result.bad.append(BadLine(1, _("the file is empty")))
    return result


def _row(
    cells: Mapping[str, str],
    questionnaire: Questionnaire,
    units: Mapping[str, Unit],
    days: tuple[dt.date, dt.date],
    asked: list[str],
) -> Row:
    """One line. Raises ValueError with a sentence that says what is wrong."""
    answers: dict[str, list[int | None]] = {}
    for column in item_columns(questionnaire):
        code, _underscore, side = column.partition("_")
        pair = answers.setdefault(code, [None, None])
        pair[side == "expectation"] = _answer(column, cells[column], questionnaire)
    needed = 2 if questionnaire.is_paired else 1
    if not any(all(pair[:needed]) for pair in answers.values()):
        raise ValueError(_("there is no complete answer in it"))
    body = {
        "answers": answers,
        "characteristics": {code: cells[code] for code in asked},
        "comment": cells["comment"],
    }
    try:
        given = read_given(body, questionnaire)
    except NotUnderstoodError as error:
        raise ValueError(_("does not fit the questionnaire")) from error
    for code in asked:
        if cells[code] and code not in (given.characteristics or {}):
            raise ValueError(
                _("%(column)s: there is no choice “%(text)s”") % {"column": code, "text": cells[code]}
            )
    unit = units.get(cells["unit"])
    if cells["unit"] and unit is None:
        raise ValueError(_("there is no unit “%s” in this campaign") % cells["unit"])
    return Row(given, unit, _day(cells["day"], days) if cells["day"] else None)


def _answer(column: str, text: str, questionnaire: Questionnaire) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= questionnaire.points):
        values = {"column": column, "text": text, "points": questionnaire.points}
        raise ValueError(_("%(column)s: “%(text)s” is not an answer from 1 to %(points)s") % values)
    return int(text)


def _day(text: str, days: tuple[dt.date, dt.date]) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("“%s” is not a day; write 2010-03-31") % text) from error
    if not days[0] <= day <= days[1]:
        raise ValueError(_("%s lies outside the campaign") % day)
    return day
