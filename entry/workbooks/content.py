"""What stands in a workbook: what is to be written, and what was read from one.

Apart from writing and reading, so that only these load openpyxl.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from indicators.periods import Period


@dataclass(frozen=True)
class ElementLine:
    """An element as the sheet shows it; `parts` are codes of what it is the total of."""

    code: str
    name: str
    unit_of_measure: str
    decimals: int
    minimum: float | None
    maximum: float | None
    parts: Sequence[str] = ()


@dataclass(frozen=True)
class FormSheet:
    """What one sheet shows. `values` by element code and month: a number, "NA" or "NC"; `not_kept` are
    codes of elements that the unit is not asked for, `retired` codes and months in which nobody is."""

    unit_code: str
    unit_name: str
    values: Mapping[tuple[str, Period], float | str]
    not_kept: Collection[str] = ()
    retired: Collection[tuple[str, Period]] = ()


@dataclass(frozen=True)
class FormLayout:
    hospital_code: str
    form_code: str
    form_name: str
    sections: Sequence[tuple[str, Sequence[ElementLine]]]
    checks: Sequence[Mapping[str, Any]]
    months: Sequence[Period]


class Fault(NamedTuple):
    """What is wrong, and where: sheet and cell, as the spreadsheet names them."""

    sheet: str
    cell: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{place}: {self.reason}" if place else self.reason


class Entered(NamedTuple):
    """One cell that is filled in: a number, "NA" or "NC"."""

    unit_code: str
    element_code: str
    period: Period
    value: float | str
    sheet: str
    cell: str


@dataclass
class Reading:
    """What was read; with faults none of it may be used. `places` says where the cell of a unit,
    element and month stands, filled in or not."""

    entered: list[Entered] = field(default_factory=list)
    places: dict[tuple[str, str, Period], tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What the workbook must be: its hospital, form, units and elements with their decimals, and the codes
    of the parts of totals."""

    hospital_code: str
    form_code: str
    unit_codes: Collection[str]
    elements: Mapping[str, int]
    parts: Mapping[str, Collection[str]] = field(default_factory=dict)


def faults_in_words(faults: Collection[Fault], most: int = 100) -> Iterator[str]:
    """The first faults, and how many there are beyond."""
    for fault in list(faults)[:most]:
        yield str(fault)
    if len(faults) > most:
        yield _("… and %(more)s more") % {"more": len(faults) - most}
