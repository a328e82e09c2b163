"""Files of data values: one line per number, columns unit, element, period, value.

A file is taken whole or not at all; every bad line is named with its number and the reason.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, ValueRefusedError, refuse_impossible
from indicators.models import DataElement, Indicator, Status
from indicators.periods import Period, PeriodError

COLUMNS = ("unit", "element", "period", "value")
#: Words for "there is no number": not applicable, not collected.
ABSENT = {"NA": Status.NOT_APPLICABLE, "NC": Status.NOT_COLLECTED}
MOST_LINES = 2_000_000


class BadLine(NamedTuple):
    """`line` counts from 1 with the heading, as an editor or spreadsheet does."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass
class ValueFile:
    """What was read from a file: either `bad` is empty or nothing of it may be used."""

    values: list[NewValue] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


@dataclass(frozen=True)
class Names:
    """What a line may speak of: the hospital's units and the data elements it can report."""

    root: Unit
    units: Mapping[str, Unit]
    elements: Mapping[str, DataElement]

    @classmethod
    def of(cls, hospital: Hospital) -> Names:
        theirs = Q(hospital=None) | Q(hospital=hospital)
        elements = {e.code: e for e in DataElement.objects.filter(theirs, retired=False)}
        # A result without the counts behind it may be given under the name of its indicator.
        for indicator in Indicator.objects.filter(theirs, retired=False).select_related("as_reported"):
            elements.setdefault(indicator.code, indicator.as_reported)
        units = {unit.code: unit for unit in hospital.units.all()}
        return cls(root=units[hospital.code], units=units, elements=elements)


def read_value_file(content: bytes, names: Names) -> ValueFile:
    """Read a CSV file (UTF-8; separated by commas, semicolons or tabs; a decimal point in numbers)."""
    result = ValueFile()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        result.bad.append(BadLine(line, _("is not UTF-8 text; save the file as CSV UTF-8")))
        return result
    rows = _rows(text)
    try:
        _line, heading = next(rows)
    except StopIteration:
        result.bad.append(BadLine(1, _("the file is empty")))
        return result
    heading = [name.strip().lower() for name in heading]
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        wanted = {"missing": ", ".join(missing), "columns": ",".join(COLUMNS)}
        reason = _("the heading lacks %(missing)s; it must name the columns %(columns)s") % wanted
        result.bad.append(BadLine(1, reason))
        return result
    _read_rows(rows, [heading.index(name) for name in COLUMNS], len(heading), names, result)
    return result


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not blank, each with the number of its first line."""
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    start = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield start, row
        start = reader.line_num + 1


def _read_rows(
    rows: Iterator[tuple[int, list[str]]], columns: list[int], width: int, names: Names, result: ValueFile
) -> None:
    seen: dict[tuple[int, int, Period], int] = {}
    while True:
        try:
            line, row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            result.bad.append(BadLine(0, str(error)))
            return
        if len(row) != width:
            counts = {"found": len(row), "wanted": width}
            result.bad.append(BadLine(line, _("has %(found)s columns instead of %(wanted)s") % counts))
            continue
        try:
            value = _value(*(row[column].strip() for column in columns), names=names)
        except ValueError as error:
            result.bad.append(BadLine(line, str(error)))
            continue
        key = value.unit.pk, value.element.pk, value.period
        if key in seen:
            result.bad.append(BadLine(line, _("repeats line %s") % seen[key]))
        seen[key] = line
        result.values.append(value)


def _value(unit_code: str, element_code: str, period_text: str, text: str, *, names: Names) -> NewValue:
    """One line. Raises ValueError with a sentence that says what is wrong and what would be right."""
    unit = names.units.get(unit_code) if unit_code else names.root
    if unit is None:
        raise ValueError(_("there is no unit “%s” in this hospital") % unit_code)
    element = names.elements.get(element_code)
    if element is None:
        raise ValueError(_("there is no data element “%s”") % element_code)
    try:
        period = Period.parse(period_text)
    except PeriodError as error:
        raise ValueError(
            _("“%s” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009") % period_text
        ) from error
    status = ABSENT.get(text.upper(), Status.REPORTED)
    value = _number(text) if status == Status.REPORTED else None
    try:
        refuse_impossible(element=element, value=value, status=status)
    except ValueRefusedError as error:
        raise ValueError(str(error)) from error
    return NewValue(unit, element, period, value, status)


def _number(text: str) -> float:
    if not text:
        raise ValueError(_("the value is missing; write a number, NA (not applicable) or NC (not collected)"))
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(
            _("“%s” is not a number; write it like 1234.5, without thousands separators") % text
        ) from error
    if not math.isfinite(number):
        raise ValueError(_("“%s” is not a number") % text)
    return number
