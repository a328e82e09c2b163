"""Where things stand on a sheet, the same for writing and reading.

One sheet for each unit. The second row, hidden, says whose sheet it is; the fourth names the columns:
code, name, unit of measure, then one column for each month.
"""

from __future__ import annotations

TITLE_ROW, IDENTITY_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 4, 5
CODE_COLUMN, NAME_COLUMN, UNIT_COLUMN, FIRST_MONTH_COLUMN = 1, 2, 3, 4
SIGNATURE = "imbang-form"
#: What a cell shows for which nobody is asked: sums take it for nothing, and no number can be typed there.
NOT_ASKED = "–"
MOST_MONTHS = 12
#: More rows than any form has; what stands below is not read.
MOST_ROWS = 400
MOST_SHEETS = 300
LAST_COLUMN = FIRST_MONTH_COLUMN + MOST_MONTHS
