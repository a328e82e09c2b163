"""Reading a filled-in workbook. Every fault is named by sheet and cell; nothing is guessed."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from entry.typed_numbers import NOT_APPLICABLE, NOT_COLLECTED
from entry.workbooks.check_formulas import sum_of_cells
from entry.workbooks.content import Entered, Fault, Reading, Wanted
from entry.workbooks.guard import NotAWorkbookError, merged_cells, refuse_unsafe
from entry.workbooks.layout import (
    CODE_COLUMN,
    FIRST_MONTH_COLUMN,
    FIRST_ROW,
    HEADING_ROW,
    IDENTITY_ROW,
    LAST_COLUMN,
    MOST_ROWS,
    MOST_SHEETS,
    NAME_COLUMN,
    NOT_ASKED,
    SIGNATURE,
    TITLE_ROW,
)
from indicators.periods import Period, PeriodError, PeriodKind, YearError
from indicators.written_periods import year_not_taken


def read_workbook(content: bytes, wanted: Wanted) -> Reading:
    """Read a workbook written by `entry.workbooks.write`. Memory is bounded by the guard's limits."""
    reading = Reading()
    try:
        refuse_unsafe(content)
        # Formulas are wanted as such, to be refused: their results are not in the file for certain.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except NotAWorkbookError as error:
        reading.faults.append(Fault("", "", str(error)))
        return reading
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError, TypeError):
        reading.faults.append(Fault("", "", _("The workbook is damaged and cannot be read.")))
        return reading
    seen: set[tuple[str, str, Period]] = set()
    try:
        if len(book.worksheets) > MOST_SHEETS:
            reading.faults.append(Fault("", "", _("The workbook has too many sheets.")))
            return reading
        for page in book.worksheets:
            _read_sheet(page, content, wanted, reading, seen)
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError, TypeError):
        reading.faults.append(Fault("", "", _("The workbook is damaged and cannot be read.")))
    finally:
        book.close()
    return reading


def _read_sheet(
    page: Any, content: bytes, wanted: Wanted, reading: Reading, seen: set[tuple[str, str, Period]]
) -> None:
    rows = list(page.iter_rows(max_row=MOST_ROWS + 1, max_col=LAST_COLUMN + 1))
    grid = {(cell.row, cell.column): cell for row in rows for cell in row if cell.value is not None}
    if not grid:
        return
    title = page.title

    def text(row: int, column: int) -> str:
        cell = grid.get((row, column))
        return str(cell.value).strip() if cell is not None else ""

    faults = reading.faults
    identity = [text(IDENTITY_ROW, column) for column in range(1, LAST_COLUMN + 1)]
    if SIGNATURE in identity and (identity[0] != SIGNATURE or not all(identity[:4])):
        place = f"{get_column_letter(identity.index(SIGNATURE) + 1)}{IDENTITY_ROW}"
        reason = _("columns were moved; download the workbook anew and change only the numbers")
        faults.append(Fault(title, place, reason))
        return
    if identity[0] != SIGNATURE:
        faults.append(Fault(title, f"A{IDENTITY_ROW}", _("is not a sheet of a form from Imbang")))
        return
    if (text(IDENTITY_ROW, 2), text(IDENTITY_ROW, 3)) != (wanted.hospital_code, wanted.form_code):
        form = f"{text(TITLE_ROW, NAME_COLUMN)} ({text(IDENTITY_ROW, 3)})"
        found = {"form": form, "hospital": text(IDENTITY_ROW, 2)}
        reason = _("is “%(form)s” of hospital “%(hospital)s”, not the form you are uploading to")
        faults.append(Fault(title, f"C{IDENTITY_ROW}", reason % found))
        return
    unit = text(IDENTITY_ROW, 4)
    if unit not in wanted.unit_codes:
        reason = _("“%(unit)s” is no unit for which you fill in this form") % {"unit": unit}
        faults.append(Fault(title, f"D{IDENTITY_ROW}", reason))
        return
    if any(row > MOST_ROWS for row, _column in grid):
        faults.append(Fault(title, f"A{MOST_ROWS + 1}", _("has more rows than a form; nothing was read")))
        return
    merged = list(merged_cells(content, page._worksheet_path.lstrip("/")))
    faults.extend(Fault(title, ref, _("cells are merged; separate them")) for ref in merged[:20])
    months = _months(title, text, faults)
    row_of = {text(row, CODE_COLUMN): row for row, column in grid if column == CODE_COLUMN}
    for row in sorted({row for row, _column in grid if row >= FIRST_ROW}):
        code = text(row, CODE_COLUMN)
        if not code:
            _refuse_strays(title, row, grid, text, faults)
            continue
        if code not in wanted.elements:
            reason = _("there is no data element “%(code)s” in the form") % {"code": code}
            faults.append(Fault(title, f"A{row}", reason))
            continue
        for column, period in months.items():
            cell = grid.get((row, column))
            place = f"{get_column_letter(column)}{row}"
            reading.places.setdefault((unit, code, period), (title, place))
            if cell is None or (isinstance(cell.value, str) and cell.value.strip() in ("", NOT_ASKED)):
                continue
            parts = [row_of[part] for part in wanted.parts.get(code, ()) if part in row_of]
            if cell.data_type == "f" and _is_same(cell.value, sum_of_cells(get_column_letter(column), parts)):
                continue  # nobody typed the total
            value, reason = _value(cell, wanted.elements[code])
            key = (unit, code, period)
            if key in seen:
                reason = _("stands in the workbook twice")
            seen.add(key)
            if reason:
                faults.append(Fault(title, place, reason))
            else:
                reading.entered.append(Entered(unit, code, period, value, title, place))


def _is_same(formula: Any, written: str) -> bool:
    """Whether a formula is as Imbang wrote it; spreadsheets put blanks where they like."""
    return str(formula).replace(" ", "").upper() == written.replace(" ", "").upper()


def _refuse_strays(title: str, row: int, grid: Mapping, text: Any, faults: list[Fault]) -> None:
    """A number in a row without a code belongs to nothing; check formulas and headings do."""
    for column in range(FIRST_MONTH_COLUMN, LAST_COLUMN + 1):
        cell = grid.get((row, column))
        if cell is not None and cell.data_type == "n":
            place = f"{get_column_letter(column)}{row}"
            faults.append(Fault(title, place, _("a number in a row without an element; were rows moved?")))


def _months(title: str, text: Any, faults: list[Fault]) -> dict[int, Period]:
    """Month of each column, from the heading."""
    if text(HEADING_ROW, CODE_COLUMN) != "code":
        faults.append(Fault(title, f"A{HEADING_ROW}", _("columns were moved: “code” is wanted here")))
        return {}
    found: dict[int, Period] = {}
    for column in range(FIRST_MONTH_COLUMN, LAST_COLUMN + 1):
        heading = text(HEADING_ROW, column)
        if not heading:
            continue
        place = f"{get_column_letter(column)}{HEADING_ROW}"
        try:
            period = Period.parse(heading)
        except YearError:
            faults.append(Fault(title, place, year_not_taken(heading)))
            continue
        except PeriodError:
            period = None
        if period is None or period.kind != PeriodKind.MONTH:
            faults.append(
                Fault(title, place, _("“%(text)s” is not a month like 2026-03") % {"text": heading})
            )
        elif period in found.values():
            faults.append(Fault(title, place, _("the month stands there twice")))
        else:
            found[column] = period
    if not found:
        place = f"{get_column_letter(FIRST_MONTH_COLUMN)}{HEADING_ROW}"
        faults.append(Fault(title, place, _("no month stands above the numbers")))
    return found


def _value(cell: Any, decimals: int) -> tuple[float | str, str]:
    """(number, "NA" or "NC"; what is wrong with it)."""
    value = cell.value
    if cell.data_type == "f":
        return 0.0, _("holds a formula; only numbers are read")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0, _("is not a number")
    if isinstance(value, str):
        word = value.strip().upper()
        if word in NOT_APPLICABLE:
            return "NA", ""
        if word in NOT_COLLECTED:
            return "NC", ""
        return 0.0, _("“%(text)s” is text, not a number") % {"text": value.strip()[:40]}
    if not math.isfinite(value):
        return 0.0, _("is not a number")
    if decimals == 0 and value != int(value):
        return 0.0, _("%(value)s is not a whole number") % {"value": value}
    return float(value), ""
