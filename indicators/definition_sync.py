"""From the definition files to the database.

What is shipped is the hospitals' common ground: elements, indicators, standards. What hospitals
added themselves is never touched. What is no longer shipped is retired, not removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction

from indicators.definition_files import Loaded, load_tables, refuse_twice
from indicators.definition_schemas import ElementTable, IndicatorTable, StandardTable
from indicators.formula import alternatives_of, parse
from indicators.formula.alternatives import MOST
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    ReferenceRange,
    Standard,
)
from indicators.totals import fault_of_parts


@transaction.atomic
def sync_definitions(paths: Sequence[Path] | None = None, *, correct: bool = False) -> list[str]:
    """Bring elements, indicators and standards of the files into the database.

    Returns one line per row that changed: an empty list means that nothing did. A formula or range
    that stored values stand on is only changed when `correct` says so; otherwise a new one with a
    later day is wanted. Raises DefinitionError, and changes nothing, when a file is wrong.
    """
    elements = list(refuse_twice(load_tables("element", ElementTable, paths)))
    indicators = list(refuse_twice(load_tables("indicator", IndicatorTable, paths)))
    standards = list(refuse_twice(load_tables("standard", StandardTable, paths)))
    _check(elements, indicators, standards)
    changes: list[str] = []
    _sync_elements(elements, indicators, changes)
    frozen = not correct and IndicatorValue.objects.exists()
    _sync_indicators(indicators, changes, frozen)
    _sync_standards(standards, changes, frozen)
    return changes


def _check(
    elements: list[Loaded[ElementTable]],
    indicators: list[Loaded[IndicatorTable]],
    standards: list[Loaded[StandardTable]],
) -> None:
    tables = {item.table.code: item.table for item in elements}
    known = tables.keys()
    derived = {item.table.code for item in elements if item.table.derived}
    for item in elements:
        for code in parse(item.table.derived).codes if item.table.derived else ():
            if code not in known:
                raise item.error("derived", f"there is no data element “{code}”")
            if code in derived:
                raise item.error("derived", f"“{code}” is derived itself")
        if item.table.derived and len(alternatives_of(parse(item.table.derived))) > 1:
            raise item.error("derived", "first(…) belongs in indicators")
        if fault := fault_of_parts(item.table, tables):
            raise item.error("parts", fault)
    for indicator in indicators:
        for number, version in enumerate(indicator.table.formulas):
            formula = parse(version.expression)
            for code in formula.codes:
                if code not in known:
                    raise indicator.error(f"formulas.{number}", f"there is no data element “{code}”")
            if len(alternatives_of(formula)) >= MOST:
                raise indicator.error(f"formulas.{number}", f"has {MOST} alternatives or more")
        as_reported = indicator.table.as_reported or indicator.table.code
        if as_reported in known:
            raise indicator.error("as_reported", f"“{as_reported}” is a data element of its own")
    _check_standards(standards, {item.table.code for item in indicators})


def _check_standards(standards: list[Loaded[StandardTable]], indicators: set[str]) -> None:
    codes = {item.table.code: item for item in standards}
    for item in standards:
        extends, seen = item.table.extends, {item.table.code}
        while extends is not None:
            if extends not in codes:
                raise item.error("extends", f"there is no standard “{extends}”")
            if extends in seen:
                raise item.error("extends", "goes round in a circle")
            seen.add(extends)
            extends = codes[extends].table.extends
        for number, range_ in enumerate(item.table.range):
            if range_.indicator not in indicators:
                raise item.error(f"range.{number}", f"there is no indicator “{range_.indicator}”")


def _sync_elements(
    elements: Iterable[Loaded[ElementTable]], indicators: Iterable[Loaded[IndicatorTable]], changes: list[str]
) -> None:
    wanted = {}
    for item in elements:
        t = item.table
        wanted[t.code] = {
            "name_en": t.name.en,
            "name_id": t.name.id,
            "help_en": t.help.en if t.help else "",
            "help_id": t.help.id if t.help else "",
            "unit_of_measure": t.unit_of_measure,
            "over_time": t.over_time,
            "over_units": t.over_units,
            "decimals": t.decimals,
            "minimum": t.minimum,
            "maximum": t.maximum,
            "derived": t.derived,
            "parts": t.parts,
            "source": t.source,
            "secondary": t.secondary,
            "checked": t.checked,
            "is_as_reported": False,
            "retired": False,
        }
    for indicator in indicators:
        i = indicator.table
        wanted[i.as_reported or i.code] = {
            "name_en": f"{i.name.en}, as reported",
            "name_id": f"{i.name.id}, sebagaimana dilaporkan",
            "help_en": "The result itself, where the counts behind it are lost.",
            "help_id": "Hasil itu sendiri, bila angka di baliknya hilang.",
            "unit_of_measure": i.unit_of_measure,
            "over_time": "last",
            "over_units": "none",
            "decimals": i.decimals,
            "minimum": None,
            "maximum": None,
            "derived": "",
            "parts": [],
            "source": i.source,
            "secondary": i.secondary,
            "checked": i.checked,
            "is_as_reported": True,
            "retired": False,
        }
    _write(DataElement, wanted, changes)


def _sync_indicators(indicators: Sequence[Loaded[IndicatorTable]], changes: list[str], frozen: bool) -> None:
    elements = {element.code: element for element in DataElement.objects.filter(hospital=None)}
    wanted = {}
    for position, item in enumerate(indicators):
        i = item.table
        wanted[i.code] = {
            "name_en": i.name.en,
            "name_id": i.name.id,
            "why_en": i.why.en,
            "why_id": i.why.id,
            "unit_of_measure": i.unit_of_measure,
            "decimals": i.decimals,
            "perspective": i.perspective,
            "abbreviation": i.abbreviation,
            "direction": i.direction,
            "as_reported_id": elements[i.as_reported or i.code].pk,
            "source": i.source,
            "secondary": i.secondary,
            "checked": i.checked,
            "position": position,
            "retired": False,
        }
    rows = _write(Indicator, wanted, changes)
    for item in indicators:
        indicator = rows[item.table.code]
        formulas = {f.valid_from: {"expression": f.expression} for f in item.table.formulas}
        _write_dated(IndicatorFormula, {"indicator": indicator}, formulas, item, changes, frozen)


def _sync_standards(standards: Sequence[Loaded[StandardTable]], changes: list[str], frozen: bool) -> None:
    wanted = {
        s.code: {"name_en": s.name.en, "name_id": s.name.id, "source": s.source, "secondary": s.secondary}
        for s in (item.table for item in standards)
    }
    rows = _write(Standard, wanted, changes)
    indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(hospital=None)}
    for item in standards:
        standard = rows[item.table.code]
        extends = rows[item.table.extends] if item.table.extends else None
        if standard.extends_id != (extends.pk if extends else None):
            standard.extends = extends
            standard.save()
            changes.append(f"standard {standard.code}: extends")
        by_indicator: dict[str, dict[Any, dict[str, Any]]] = {}
        for r in item.table.range:
            by_indicator.setdefault(r.indicator, {})[r.valid_from] = {
                "ideal_low": r.ideal_low,
                "ideal_high": r.ideal_high,
                "worst_low": r.worst_low,
                "worst_high": r.worst_high,
                "steps": [step.model_dump(by_alias=True) for step in r.steps],
                "per_year": r.per_year,
                "source": r.source or item.table.source,
            }
        for code, ranges in by_indicator.items():
            owner = {"standard": standard, "indicator": indicators[code]}
            _write_dated(ReferenceRange, owner, ranges, item, changes, frozen)
        gone = standard.ranges.exclude(indicator__code__in=by_indicator)
        changes.extend(f"range {standard.code}.{r.indicator.code}: removed" for r in gone)
        gone.delete()


def _by(field: str, rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of whichever model by the value of one of its fields."""
    return {getattr(row, field): row for row in rows}


def _write(
    model: type[models.Model], wanted: dict[str, dict[str, Any]], changes: list[str]
) -> dict[str, Any]:
    """Create and update rows by code; shipped ones that are no longer wanted are retired."""
    name = model._meta.model_name
    shipped = model._default_manager.all()
    if any(field.name == "hospital" for field in model._meta.fields):
        shipped = shipped.filter(hospital=None)
    rows = _by("code", shipped)
    for code, fields in wanted.items():
        row = rows.get(code)
        if row is None:
            rows[code] = model._default_manager.create(code=code, **fields)
            changes.append(f"{name} {code}: new")
            continue
        differing = [field for field, value in fields.items() if getattr(row, field) != value]
        if differing:
            for field in differing:
                setattr(row, field, fields[field])
            row.save()
            changes.append(f"{name} {code}: {', '.join(differing)}")
    for code, row in rows.items():
        if code not in wanted and getattr(row, "retired", True) is False:
            row.retired = True
            row.save()
            changes.append(f"{name} {code}: retired")
    return rows


def _write_dated(
    model: type[models.Model],
    owner: dict[str, Any],
    wanted: dict[Any, dict[str, Any]],
    item: Loaded[Any],
    changes: list[str],
    frozen: bool,
) -> None:
    """Create, update and remove the dated rows of one owner so that they are as wanted.

    When `frozen`, a row that stored values may stand on is not touched but refused.
    """
    name = str(model._meta.model_name)
    shown = ".".join(str(part.code) for part in owner.values())
    rows = _by("valid_from", model._default_manager.filter(**owner))
    for day, fields in wanted.items():
        row = rows.pop(day, None)
        if row is None:
            model._default_manager.create(**owner, valid_from=day, **fields)
            changes.append(f"{name} {shown}: new")
        elif any(getattr(row, field) != value for field, value in fields.items()):
            if frozen:
                raise item.error(f"{name} {shown} {day}", _FROZEN)
            for field, value in fields.items():
                setattr(row, field, value)
            row.save()
            changes.append(f"{name} {shown}: changed")
    for day, row in rows.items():
        if frozen:
            raise item.error(f"{name} {shown} {day}", _FROZEN)
        row.delete()
        changes.append(f"{name} {shown}: removed")


_FROZEN = (
    "values are stored that may stand on it; add one with a later valid_from, "
    "or say --correct to change past periods too"
)
