"""Files of units: one line per unit, columns code, name, kind and, if wanted, parent and dates.

`parent` is the code of the unit it is part of, standing anywhere in the file or known already;
empty means the hospital itself. Days are written 2009-07-01.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from entry.csv_files import BadLine, Line, read_lines
from hospitals.actions import add_unit, change_unit
from hospitals.models import Hospital, Unit, UnitKind

COLUMNS = ("code", "name", "kind")
OPTIONAL = ("parent", "opened_on", "closed_on")


@dataclass
class ImportedUnits:
    """What an import did, or why it did nothing: with any `bad` line nothing was saved."""

    created: int = 0
    changed: int = 0
    bad: list[BadLine] = field(default_factory=list)


@transaction.atomic
def import_units(content: bytes, hospital: Hospital) -> ImportedUnits:
    """Create the units of a file and change those that are there already. All or nothing."""
    result = ImportedUnits()
    lines: dict[str, Line] = {}
    for line in read_lines(content, COLUMNS, optional=OPTIONAL):
        if isinstance(line, BadLine):
            result.bad.append(line)
        elif line.cells[0] in lines:
            result.bad.append(BadLine(line.line, _("repeats line %s") % lines[line.cells[0]].line))
        else:
            lines[line.cells[0]] = line
    known = {unit.code: unit for unit in hospital.units.all()}
    root = known[hospital.code]
    for position, (code, line) in enumerate(_parents_first(lines)):
        try:
            unit = _save(line, position, known, root)
        except ValidationError as error:
            result.bad.append(BadLine(line.line, "; ".join(_reasons(error))))
            continue
        if unit.code in known:
            result.changed += 1
        else:
            result.created += 1
        known[code] = unit
    if result.bad:
        transaction.set_rollback(True)
        result.created = result.changed = 0
    return result


def _reasons(error: ValidationError) -> list[str]:
    """Each with the column it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        reason if column == NON_FIELD_ERRORS else f"{column}: {reason}"
        for column, reasons in error.message_dict.items()
        for reason in reasons
    ]


def _parents_first(lines: dict[str, Line]) -> list[tuple[str, Line]]:
    """The lines in their order, but every one after the line of its parent."""
    ordered: dict[str, Line] = {}

    def visit(code: str, above: frozenset[str]) -> None:
        if code in ordered or code not in lines or code in above:
            return
        visit(lines[code].cells[3], above | {code})
        ordered[code] = lines[code]

    for code in lines:
        visit(code, frozenset())
    return list(ordered.items())


def _save(line: Line, position: int, known: dict[str, Unit], root: Unit) -> Unit:
    code, name, kind, parent_code, opened, closed = line.cells
    parent = known.get(parent_code) if parent_code else root
    if parent is None:
        raise ValidationError({"parent": _("there is no unit “%s” to be part of") % parent_code})
    if kind not in UnitKind.values or kind == UnitKind.HOSPITAL:
        kinds = ", ".join(value for value in UnitKind.values if value != UnitKind.HOSPITAL)
        said = _("“%(kind)s” is not a kind of unit; there are %(kinds)s") % {"kind": kind, "kinds": kinds}
        raise ValidationError({"kind": said})
    if code == root.code:
        raise ValidationError({"code": _("“%s” is the hospital itself") % code})
    fields: dict[str, Any] = {
        "parent": parent,
        "name": name,
        "kind": kind,
        "opened_on": _day("opened_on", opened),
        "closed_on": _day("closed_on", closed),
        "position": position,
    }
    if code not in known:
        return add_unit(code=code, **fields)
    # What the file does not speak of stays as it is.
    unit = known[code]
    fields |= {name: getattr(unit, name) for name in line.absent}
    return change_unit(unit=unit, **fields)


def _day(column: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        said = _("“%s” is not a day; write it like 2009-07-01") % text
        raise ValidationError({column: said}) from error
