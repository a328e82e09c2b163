"""A workbook of a form: one sheet for each unit, one column for each month, with checks of its own."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from entry.typed_numbers import NOT_APPLICABLE, NOT_COLLECTED, short_word
from entry.workbooks.check_formulas import check_formulas, sum_of_cells
from entry.workbooks.content import ElementLine, FormLayout, FormSheet
from entry.workbooks.layout import (
    CODE_COLUMN,
    FIRST_MONTH_COLUMN,
    FIRST_ROW,
    HEADING_ROW,
    IDENTITY_ROW,
    NAME_COLUMN,
    NOT_ASKED,
    SIGNATURE,
    TITLE_ROW,
    UNIT_COLUMN,
)
from indicators.models import Status
from indicators.periods import Period

_HEAD = PatternFill("solid", fgColor="FFE9EDF1")
#: Spreadsheets do not make room for a second line by themselves.
_NAME_WIDTH, _FITS_IN_NAME, _LINE_POINTS = 48, 52, 13.5
_EDGE = Border(bottom=Side(style="thin", color="FFB0BCC8"))


def write_workbook(layout: FormLayout, sheets: Sequence[FormSheet]) -> bytes:
    """The file of a workbook in which only the numbers can be changed."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.unit_code[:31]), layout, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_sheet(page: Worksheet, layout: FormLayout, sheet: FormSheet) -> None:
    page.cell(TITLE_ROW, NAME_COLUMN, f"{sheet.unit_name}: {layout.form_name}").font = Font(
        bold=True, size=14
    )
    identity = (SIGNATURE, layout.hospital_code, layout.form_code, sheet.unit_code)
    for column, text in enumerate(identity, start=1):
        page.cell(IDENTITY_ROW, column, text)
    page.row_dimensions[IDENTITY_ROW].hidden = True
    rules = (
        _("Write NA where a number does not apply, NC where it is not collected."),
        _("An empty cell changes nothing; a number that is to go away is cleared in Imbang itself."),
    )
    page.cell(3, NAME_COLUMN, "\n".join(rules)).alignment = Alignment(wrap_text=True, vertical="top")
    page.row_dimensions[3].height = 64
    headings = {CODE_COLUMN: "code", NAME_COLUMN: _("Data element"), UNIT_COLUMN: _("Unit of measure")}
    headings |= {FIRST_MONTH_COLUMN + n: str(month) for n, month in enumerate(layout.months)}
    for column, text in headings.items():
        cell = page.cell(HEADING_ROW, column, text)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _EDGE
        cell.alignment = Alignment(horizontal="right" if column >= FIRST_MONTH_COLUMN else "left")
    rows: dict[str, int] = {}
    row = FIRST_ROW
    for name, lines in layout.sections:
        page.cell(row, NAME_COLUMN, name).font = Font(bold=True)
        row += 1
        for line in (line for line in lines if line.code not in sheet.not_kept):
            _write_line(page, row, line, layout.months, sheet)
            rows[line.code] = row
            row += 1
    for line in (line for _name, lines in layout.sections for line in lines if line.code in rows):
        parts = [rows[code] for code in line.parts if code in rows]
        for n, month in enumerate(layout.months):
            if parts and (line.code, month) not in sheet.values and (line.code, month) not in sheet.retired:
                formula = sum_of_cells(get_column_letter(FIRST_MONTH_COLUMN + n), parts)
                page.cell(rows[line.code], FIRST_MONTH_COLUMN + n, formula)
    _write_checks(page, row + 1, layout, rows, sheet.retired)
    _finish(page, layout)


def _write_line(
    page: Worksheet, row: int, line: ElementLine, months: Sequence[Period], sheet: FormSheet
) -> None:
    page.cell(row, CODE_COLUMN, line.code)
    page.cell(row, NAME_COLUMN, ("Σ " if line.parts else "") + line.name)
    page.cell(row, UNIT_COLUMN, line.unit_of_measure)
    for n, month in enumerate(months):
        is_retired = (line.code, month) in sheet.retired
        shown = NOT_ASKED if is_retired else _shown(sheet.values.get((line.code, month)))
        cell = page.cell(row, FIRST_MONTH_COLUMN + n, shown)
        cell.protection = Protection(locked=is_retired)
        cell.number_format = "#,##0" + ("." + "#" * line.decimals if line.decimals else "")
        cell.alignment, cell.border = Alignment(horizontal="right"), _EDGE
    first = f"{get_column_letter(FIRST_MONTH_COLUMN)}{row}"
    last = f"{get_column_letter(FIRST_MONTH_COLUMN + len(months) - 1)}{row}"
    validation = DataValidation(type="custom", formula1=_allowed(first, line), allow_blank=True)
    words = {"na": short_word(Status.NOT_APPLICABLE), "nc": short_word(Status.NOT_COLLECTED)}
    validation.error = _("A number is wanted here, or %(na)s, or %(nc)s.") % words
    validation.showErrorMessage = True
    page.add_data_validation(validation)
    validation.add(f"{first}:{last}")


def _shown(value: float | str | None) -> float | str | None:
    """As the form itself shows it: the short word of the language where there is no number."""
    match value:
        case "NA":
            return short_word(Status.NOT_APPLICABLE)
        case "NC":
            return short_word(Status.NOT_COLLECTED)
    return value


def _allowed(cell: str, line: ElementLine) -> str:
    conditions = [f"ISNUMBER({cell})"]
    if line.minimum is not None:
        conditions.append(f"{cell}>={line.minimum:g}")
    if line.maximum is not None:
        conditions.append(f"{cell}<={line.maximum:g}")
    if line.decimals == 0:
        conditions.append(f"{cell}=INT({cell})")
    words = ",".join(f'{cell}="{word}"' for word in sorted(NOT_APPLICABLE | NOT_COLLECTED))
    return f"OR({words},AND({','.join(conditions)}))"


def _write_checks(
    page: Worksheet,
    row: int,
    layout: FormLayout,
    rows: Mapping[str, int],
    retired: Collection[tuple[str, Period]],
) -> None:
    """Below the numbers, what Imbang will check: “OK”, or “!” in the month that is wrong. Nothing is checked
    of what is not asked for."""
    lines = [line for _name, lines in layout.sections for line in lines]
    names = {line.code: line.name for line in lines}
    parts = {line.code: [code for code in line.parts if code in rows] for line in lines}
    totals = {code: of_total for code, of_total in parts.items() if of_total and code in rows}
    formulas = check_formulas(totals=totals, checks=layout.checks, names=names)
    formulas = [formula for formula in formulas if rows.keys() >= {*formula.needed, *formula.answered}]
    if not formulas:
        return
    page.cell(row, NAME_COLUMN, _("Checks")).font = Font(bold=True)
    for formula in formulas:
        row += 1
        page.cell(row, NAME_COLUMN, formula.text).alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[row].height = _LINE_POINTS * math.ceil(len(formula.text) / _FITS_IN_NAME)
        for n, month in enumerate(layout.months):
            if any((code, month) in retired for code in formula.needed):
                continue
            column = get_column_letter(FIRST_MONTH_COLUMN + n)
            cells = {code: f"{column}{at}" for code, at in rows.items()}
            cell = page.cell(row, FIRST_MONTH_COLUMN + n, formula.for_month(cells, month.days))
            cell.alignment = Alignment(horizontal="right", vertical="top")


def _finish(page: Worksheet, layout: FormLayout) -> None:
    page.column_dimensions[get_column_letter(CODE_COLUMN)].hidden = True
    page.column_dimensions[get_column_letter(NAME_COLUMN)].width = _NAME_WIDTH
    page.column_dimensions[get_column_letter(UNIT_COLUMN)].width = 17
    for n in range(len(layout.months)):
        page.column_dimensions[get_column_letter(FIRST_MONTH_COLUMN + n)].width = 15
    page.freeze_panes = page.cell(FIRST_ROW, FIRST_MONTH_COLUMN)
    page.protection.sheet = True
    page.protection.formatColumns = False
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if len(layout.months) > 1 else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
