"""The worked cases in the database: a hospital reports what a case says, and what was stored is compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from hospitals.actions import add_unit, create_hospital
from hospitals.models import Unit, UnitKind
from indicators.actions import NewValue, save_values
from indicators.engine.reasons import Reason
from indicators.formula import parse
from indicators.models import ApprovedIndicatorValue, DataElement, Indicator, IndicatorValue, LeftOut, Status
from indicators.models.indicator_value import StoredIndicator
from indicators.periods import SLOTS, Period
from tests.indicators.engine.reference_world import Span
from tests.indicators.engine.uneven import Case, Expected, Lack
from tests.indicators.engine.uneven import LeftOut as ToldLeftOut

STATUS = {"NA": Status.NOT_APPLICABLE, "NC": Status.NOT_COLLECTED, "-": None}
Key = tuple[int, str, Period]


@cache
def slot_of(span: Span) -> int:
    every = [Period.from_slot(2001, slot) for slot in range(SLOTS)]
    return {(period.first_month, period.last_month): period.slot for period in every}[span]


def period_of(told: Expected | ToldLeftOut) -> Period:
    return Period.from_slot(told.year, slot_of(told.span))


def units_of(case: Case, code: str, **hospital: object) -> dict[str, Unit]:
    """The hospital of a case and its units, by their names there."""
    units = {"root": create_hospital(code=code, name="Uneven", **hospital).root}  # type: ignore[arg-type]
    for name, above in case.world.parents.items():
        if above is not None:
            units[name] = add_unit(
                parent=units[above],
                code=name,
                name=name,
                kind=UnitKind.WARD,
                opened_on=case.world.opened_on.get(name),
                closed_on=case.world.closed_on.get(name),
            )
    return units


def save_facts(units: dict[str, Unit], facts: dict[tuple[str, str, int, Span], float | str]) -> None:
    """Save what units say: a number, "NA", "NC", or "-" for what is taken back."""
    elements = {e.code: e for e in DataElement.objects.all()}
    values = []
    for (unit, code, year, span), value in facts.items():
        number, status = (None, STATUS[value]) if isinstance(value, str) else (value, Status.REPORTED)
        period = Period.from_slot(year, slot_of(span))
        values.append(NewValue(units[unit], elements[code], period, number, status))
    save_values(values, by=None)


def stored_of(
    units: dict[str, Unit], expected: tuple[Expected, ...], *, approved_only: bool = False
) -> dict[Key, StoredIndicator]:
    """What was computed of the indicators that are expected, by unit, indicator and period."""
    found: dict[Key, StoredIndicator] = {}
    asked = {"unit__in": units.values(), "indicator__code__in": {each.indicator for each in expected}}
    for model in (IndicatorValue, ApprovedIndicatorValue) if approved_only else (IndicatorValue,):
        for row in model._default_manager.filter(**asked).select_related("indicator"):
            found[row.unit_id, row.indicator.code, row.period] = row
    return found


def differences(
    units: dict[str, Unit], expected: tuple[Expected, ...], *, approved_only: bool = False
) -> Iterator[tuple[Expected, object]]:
    """Where a stored row is not what was expected, and what it says instead."""
    found = stored_of(units, expected, approved_only=approved_only)
    for each in expected:
        row = found.get((units[each.unit].pk, each.indicator, period_of(each)))
        if not each.agrees_with(row.value if row else None):
            yield each, row and row.value
        if row is None:
            continue
        known = row.value is not None or "/" in each.known
        if known and not each.agrees_how_much_is_known(row.present, row.expected):
            yield each, f"{row.present}/{row.expected}"
        reason = Reason(row.reason).name.lower()
        if reason != (each.reason or reason) or (row.reason == Reason.NONE) != (row.value is not None):
            yield each, reason


def differences_left_out(
    units: dict[str, Unit], told: tuple[ToldLeftOut, ...], *, approved_only: bool = False
) -> Iterator[tuple[ToldLeftOut, set[Lack]]]:
    """Where what a stored value leaves out is not what was expected."""
    codes = {indicator.code: indicator.formulas.last() for indicator in Indicator.objects.all()}
    names = {unit.pk: name for name, unit in units.items()}
    for each in told:
        rows = LeftOut.objects.filter(
            unit=units[each.unit],
            indicator__code=each.indicator,
            period=period_of(each),
            approved=int(approved_only),
        )
        formula = codes[each.indicator]
        assert formula is not None
        found = {
            (names[row.part_id], (row.first_month.year, month), code)
            for row in rows
            for month in range(row.first_month.first_month, row.last_month.first_month + 1)
            for bit, code in enumerate(parse(formula.expression).codes)
            if row.missing >> bit & 1
        }
        if not each.agrees_with(found):
            yield each, found
