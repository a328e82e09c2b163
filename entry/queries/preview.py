"""What the checks of a form say about a file that is not saved yet: the same as while typing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from entry.checks import Problem, Severity
from entry.models import Form
from entry.queries.sheet import Sheet, read_sheets
from entry.uploads import Plan
from hospitals.models import Unit
from indicators.first_months import FAR_BEFORE, far_before_in_words
from indicators.periods import Period


@dataclass(frozen=True)
class Remark:
    """`place` is sheet and cells of the file, empty for a file that has none. Without `unit` and `period` it
    is about the file as a whole."""

    unit: Unit | None
    period: Period | None
    severity: Severity
    place: str
    message: str
    mend: str = ""


def remarks_on(plan: Plan, form: Form) -> list[Remark]:
    """Problems of the forms that the file changes, as they would stand with all of it saved; hard ones
    first. What somebody has confirmed for just these numbers is not asked again."""
    instead = {(c.unit.pk, c.element.pk, c.period): c.after for c in plan.changes}
    units: dict[Period, dict[int, Unit]] = {}
    for change in plan.changes:
        units.setdefault(change.period, {})[change.unit.pk] = change.unit
    sheets = [
        sheet
        for period in sorted(units)
        for sheet in read_sheets(
            form=form, units=list(units[period].values()), period=period, instead=instead
        )
    ]
    found = [remark for sheet in sheets for remark in _remarks(plan, sheet)]
    return [*_far_before(sheets), *sorted(found, key=lambda remark: remark.severity == "soft")]


def _far_before(sheets: Sequence[Sheet]) -> Iterator[Remark]:
    """A slip of the year is one of the whole file: who sees it looks no further."""
    months: dict[dt.date, set[Period]] = {}
    mend = ""
    for sheet in sheets:
        if sheet.known_from is not None and (problem := sheet.far_before) is not None:
            months.setdefault(sheet.known_from, set()).add(sheet.period)
            mend = problem.mend
    for known, periods in months.items():
        said = far_before_in_words(periods, sheets[0].unit.hospital, known)
        yield Remark(None, None, "soft", "", said, mend)


def _remarks(plan: Plan, sheet: Sheet) -> Iterator[Remark]:
    missing: list[Problem] = []
    for problem in sheet.open_problems:
        if problem.check == FAR_BEFORE:
            continue
        if problem.check == "missing":
            missing.append(problem)
            continue
        place = _place(plan, sheet, problem.elements)
        yield Remark(sheet.unit, sheet.period, problem.severity, place, problem.message, problem.mend)
    if missing:
        codes = tuple(code for problem in missing for code in problem.elements)
        said = ngettext(
            "%(count)s required cell would still be empty: %(names)s.",
            "%(count)s required cells would still be empty: %(names)s.",
            len(codes),
        ) % {"count": len(codes), "names": ", ".join(sheet.names.of(code) for code in codes)}
        yield Remark(sheet.unit, sheet.period, "hard", _place(plan, sheet, codes), said)


def _place(plan: Plan, sheet: Sheet, codes: tuple[str, ...]) -> str:
    places = [plan.places.get((sheet.unit.code, code, sheet.period)) for code in codes]
    known = [place for place in places if place is not None]
    return f"{known[0][0]}!{', '.join(cell for _sheet, cell in known)}" if known else ""
