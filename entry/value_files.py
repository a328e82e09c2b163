"""Files of data values: one line per number, columns unit, element, period, value."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from entry.assignments import Duty
from entry.csv_files import BadLine, read_lines
from entry.queries.duties import duties_in
from entry.queries.not_kept import NotKept
from hospitals.models import Hospital, Unit
from hospitals.tree import UnitTree
from indicators.actions import NewValue, ValueRefusedError, refuse_impossible, refuse_retired
from indicators.begins import hospital_begins, refuse_before_begin
from indicators.models import DataElement, Indicator, Status
from indicators.models.definition import SHIPPED_FIRST
from indicators.periods import Period, PeriodKind
from indicators.written_periods import read_period

COLUMNS = ("unit", "element", "period", "value")
#: Words for "there is no number": not applicable, not collected.
ABSENT = {"NA": Status.NOT_APPLICABLE, "NC": Status.NOT_COLLECTED}


#: One dot before three digits: a thousand in Indonesia, a fraction in files.
_LIKE_THOUSANDS = re.compile(r"^-?\d{1,3}\.\d{3}$")


@dataclass
class ValueFile:
    """What was read from a file: either `bad` is empty or nothing of it may be used.

    `lines`: unit id, element id, period → the line on which its value stands.
    """

    values: list[NewValue] = field(default_factory=list)
    lines: dict[tuple[int, int, Period], int] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What a form asks of a unit: ids of its elements, in the months of the duty."""

    duty: Duty
    elements: frozenset[int]

    def holds(self, element: DataElement, period: Period) -> bool:
        is_month = period.kind == PeriodKind.MONTH
        return is_month and element.pk in self.elements and self.duty.holds_in(period)


@dataclass(frozen=True)
class Names:
    """What a line may speak of: the hospital's units and the data elements it can report.

    `root` is what a line without a unit means; None where it may not. `others` are codes of units that
    there are, and that the line may not speak of. Of a unit in `through_forms`, by its id, only what one
    of those forms asks for may be given.
    """

    root: Unit | None
    units: Mapping[str, Unit]
    elements: Mapping[str, DataElement]
    others: frozenset[str] = frozenset()
    #: The first day from which there are figures of the hospital.
    begins: dt.date | None = None
    through_forms: Mapping[int, Sequence[Asked]] = field(default_factory=dict)
    not_kept: NotKept = field(default_factory=NotKept)

    @classmethod
    def of(cls, hospital: Hospital) -> Names:
        theirs = Q(hospital=None) | Q(hospital=hospital)
        named = DataElement.objects.filter(theirs).order_by(SHIPPED_FIRST)
        elements = {e.code: e for e in named}
        # A result without the counts behind it may be given under the name of its indicator.
        judged = Indicator.objects.filter(theirs).select_related("as_reported")
        results = {i.code: i.as_reported for i in judged.order_by(SHIPPED_FIRST)}
        elements = results | elements
        units = {unit.code: unit for unit in hospital.units.all()}
        root = units[hospital.code]
        return cls(
            root=root,
            units=units,
            elements=elements,
            begins=hospital_begins(hospital, root),
            not_kept=NotKept.of(duties_in(UnitTree.of(hospital))),
        )

    def refuse(self, found: NewValue) -> None:
        """Raise ValueError with a sentence for what may not be stored; what was stored may be taken back."""
        unit, element, period, value, status = found
        try:
            if status is not None:
                refuse_before_begin(unit=unit, period=period, hospital_begins=self.begins)
                refuse_retired(element=element, period=period)
                self.not_kept.refuse(unit=unit, element=element, period=period)
            refuse_impossible(element=element, value=value, status=status)
        except ValueRefusedError as error:
            raise ValueError(str(error)) from error


def read_value_file(content: bytes, names: Names) -> ValueFile:
    """Read a CSV file with the `COLUMNS`; numbers have a decimal point and no thousands separators."""
    result = ValueFile()
    for line in read_lines(content, COLUMNS):
        if isinstance(line, BadLine):
            result.bad.append(line)
            continue
        try:
            value = _value(*line.cells, names=names)
        except ValueError as error:
            result.bad.append(BadLine(line.line, str(error)))
            continue
        key = value.unit.pk, value.element.pk, value.period
        if key in result.lines:
            result.bad.append(BadLine(line.line, _("repeats line %s") % result.lines[key]))
        result.lines[key] = line.line
        result.values.append(value)
    return result


def place_of(
    unit_code: str, element_code: str, period_text: str, names: Names
) -> tuple[Unit, DataElement, Period]:
    """What a value is about. Raises ValueError with a sentence that says what is wrong."""
    unit = names.units.get(unit_code) if unit_code else names.root
    if unit is None and unit_code in names.others:
        raise ValueError(_("“%(unit)s” is no unit for which you fill in this form") % {"unit": unit_code})
    if unit is None:
        raise ValueError(
            _("there is no unit “%s” in this hospital") % unit_code if unit_code else _("say which unit")
        )
    element = names.elements.get(element_code)
    if element is None:
        raise ValueError(_("there is no data element “%s”") % element_code)
    period = read_period(period_text)
    # Next year's budget is known this year; anything later is a slip of the finger.
    if period.year > timezone.localdate().year + 1:
        raise ValueError(_("%s lies in the future") % period)
    asked = names.through_forms.get(unit.pk)
    if asked is not None and not any(a.holds(element, period) for a in asked):
        raise ValueError(
            _("of “%(unit)s” you give what your forms ask for; not “%(element)s” for %(period)s")
            % {"unit": unit.code, "element": element.code, "period": period}
        )
    return unit, element, period


def _value(unit_code: str, element_code: str, period_text: str, text: str, *, names: Names) -> NewValue:
    """One line. Raises ValueError with a sentence that says what is wrong and what would be right."""
    unit, element, period = place_of(unit_code, element_code, period_text, names)
    status = ABSENT.get(text.upper(), Status.REPORTED)
    value = _number(text) if status == Status.REPORTED else None
    if value is not None and element.decimals == 0 and _LIKE_THOUSANDS.match(text):
        both = {"text": text, "whole": text.replace(".", ""), "fraction": f"{text}0"}
        raise ValueError(_("“%(text)s” can be read in two ways; write %(whole)s or %(fraction)s") % both)
    found = NewValue(unit, element, period, value, status)
    names.refuse(found)
    return found


def _number(text: str) -> float:
    if not text:
        raise ValueError(_("the value is missing; write a number, NA (not applicable) or NC (not collected)"))
    try:
        if "_" in text:  # Python's own thousands separator
            raise ValueError(text)
        number = float(text)
    except ValueError as error:
        raise ValueError(
            _("“%s” is not a number; write it like 1234.5, without thousands separators") % text
        ) from error
    if not math.isfinite(number):
        raise ValueError(_("“%s” is not a number") % text)
    return number
