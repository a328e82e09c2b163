"""From the definition files to the database.

What is shipped is the hospitals' common ground: elements, indicators, standards, identities. What hospitals
added themselves is never touched. What is no longer shipped is retired, not removed, and years that are
closed keep their figures: see `indicators.definition_changes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import models, transaction

from indicators.agreements.sync import sync_identities
from indicators.dated_rows import write_dated
from indicators.definition_changes import NEW_CODE, Changed, Release, keep_decimals
from indicators.definition_checks import check_tables
from indicators.definition_files import Loaded, load_tables, refuse_twice
from indicators.definition_schemas import ElementTable, IdentityTable, IndicatorTable, StandardTable
from indicators.following import shipped_together
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
)
from indicators.models.definition import ALWAYS

#: Fields without a day, on which stored figures stand.
_MEANING: Mapping[type[models.Model], tuple[str, ...]] = {
    DataElement: ("over_time", "over_units", "derived", "parts"),
    Indicator: ("as_reported_id",),
    Standard: ("extends_id",),
}


#: Fields with one.
_DATED: Mapping[type[models.Model], tuple[str, ...]] = {
    DataElement: ("retired_from",),
    Indicator: ("decimals", "retired_from"),
}


@transaction.atomic
def sync_definitions(paths: Sequence[Path] | None = None, *, correct: bool = False) -> list[Changed]:
    """Bring elements, indicators, standards and identities of the files into the database.

    Returns what changed, row by row, and in which years: an empty list means that nothing did. Closed
    years keep their figures unless `correct` says that what was shipped was wrong. Raises
    DefinitionError, and changes nothing, when a file is wrong or would change them all the same.
    """
    elements = list(refuse_twice(load_tables("element", ElementTable, paths)))
    indicators = list(refuse_twice(load_tables("indicator", IndicatorTable, paths)))
    standards = list(refuse_twice(load_tables("standard", StandardTable, paths)))
    identities = list(refuse_twice(load_tables("identity", IdentityTable, paths)))
    check_tables(elements, indicators, standards)
    changes: list[Changed] = []
    release = Release.of_today(correct=correct)
    with shipped_together():
        _sync_elements(elements, indicators, release, changes)
        _sync_indicators(indicators, release, changes)
        _sync_standards(standards, release, changes)
        sync_identities(identities, release, changes)
    return changes


def _sync_elements(
    elements: Sequence[Loaded[ElementTable]],
    indicators: Sequence[Loaded[IndicatorTable]],
    release: Release,
    changes: list[Changed],
) -> None:
    wanted = {}
    said: dict[str, Loaded[Any]] = {item.table.code: item for item in elements}
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
            "optional": t.optional,
            "parts": t.parts,
            "source": t.source,
            "secondary": t.secondary,
            "checked": t.checked,
            "is_as_reported": False,
            "retired_from": None,
        }
    for indicator in indicators:
        i = indicator.table
        said[i.as_reported or i.code] = indicator
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
            "optional": False,
            "parts": [],
            "source": i.source,
            "secondary": i.secondary,
            "checked": i.checked,
            "is_as_reported": True,
            "retired_from": None,
        }
    _write(DataElement, wanted, said, release, changes)


def _sync_indicators(
    indicators: Sequence[Loaded[IndicatorTable]], release: Release, changes: list[Changed]
) -> None:
    elements = {element.code: element for element in DataElement.objects.filter(hospital=None)}
    wanted = {}
    said = {item.table.code: item for item in indicators}
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
            "retired_from": None,
        }
    _keep_decimals_of_closed_years(wanted, release)
    rows = _write(Indicator, wanted, said, release, changes)
    for item in indicators:
        indicator = rows[item.table.code]
        _correct_formulas(indicator, item.table, release, changes)
        formulas = {f.valid_from: {"expression": f.expression} for f in item.table.formulas}
        write_dated(IndicatorFormula, {"indicator": indicator}, formulas, item, release, changes)


def _keep_decimals_of_closed_years(wanted: Mapping[str, Mapping[str, Any]], release: Release) -> None:
    """Values are judged as they are shown: those of closed years are shown as they were."""
    for indicator in Indicator.objects.filter(hospital=None, code__in=wanted):
        if release.correct:
            indicator.former_decimals.all().delete()
        elif release.has_figures and indicator.decimals != wanted[indicator.code]["decimals"]:
            keep_decimals(indicator, before=indicator.decimals, until=release.opens)


def _correct_formulas(
    indicator: Indicator, table: IndicatorTable, release: Release, changes: list[Changed]
) -> None:
    """Replace expressions that were wrong from the beginning, whatever stands on them."""
    for version in table.formulas:
        wrong = indicator.formulas.filter(valid_from=version.valid_from, expression=version.corrects)
        for row in wrong if version.corrects else ():
            row.expression = version.expression
            row.save()
            since = row.valid_from if release.has_figures else None
            said = f"indicatorformula {indicator.code}: corrected, was {version.corrects}"
            changes.append(Changed(said, since))


def _sync_standards(
    standards: Sequence[Loaded[StandardTable]], release: Release, changes: list[Changed]
) -> None:
    said = {item.table.code: item for item in standards}
    before = set(Standard.objects.values_list("code", flat=True))
    wanted: dict[str, dict[str, Any]] = {
        s.code: {"name_en": s.name.en, "name_id": s.name.id, "source": s.source, "secondary": s.secondary}
        for s in (item.table for item in standards)
    }
    rows = _write(Standard, wanted, said, release, changes)
    for item in standards:
        wanted[item.table.code]["extends_id"] = rows[item.table.extends].pk if item.table.extends else None
    _write(Standard, wanted, {code: said[code] for code in before & said.keys()}, release, changes)
    indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(hospital=None)}
    for item in standards:
        standard = rows[item.table.code]
        by_indicator: dict[str, dict[Any, dict[str, Any]]] = {
            code: {} for code in standard.ranges.values_list("indicator__code", flat=True)
        }
        for r in item.table.range:
            by_indicator.setdefault(r.indicator, {})[r.valid_from] = {
                "ideal_low": r.ideal_low,
                "ideal_high": r.ideal_high,
                "worst_low": r.worst_low,
                "worst_high": r.worst_high,
                "steps": [step.model_dump(by_alias=True) for step in r.steps],
                "steps_closed": r.steps_closed,
                "per_year": r.per_year,
                "source": r.source or item.table.source,
            }
        # A standard that nobody can have chosen yet has no figures to keep.
        taken = release if item.table.code in before else replace(release, has_figures=False)
        for code, ranges in by_indicator.items():
            owner = {"standard": standard, "indicator": indicators[code]}
            write_dated(ReferenceRange, owner, ranges, item, taken, changes)


def _by(field: str, rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of whichever model by the value of one of its fields."""
    return {getattr(row, field): row for row in rows}


def _write(
    model: type[models.Model],
    wanted: Mapping[str, Mapping[str, Any]],
    said: Mapping[str, Loaded[Any]],
    release: Release,
    changes: list[Changed],
) -> dict[str, Any]:
    """Create and update rows by code; shipped ones that are no longer wanted are retired.

    `said`: where each stands in the files; those that are not there have nothing that stands on them.
    """
    name = model._meta.model_name
    shipped = model._default_manager.all()
    if any(field.name == "hospital" for field in model._meta.fields):
        shipped = shipped.filter(hospital=None)
    rows = _by("code", shipped)
    for code, fields in wanted.items():
        row = rows.get(code)
        if row is None:
            rows[code] = model._default_manager.create(code=code, **fields)
            changes.append(Changed(f"{name} {code}: new"))
            continue
        differing = [field for field, value in fields.items() if getattr(row, field) != value]
        if differing:
            if release.keeps_closed_years and code in said:
                _refuse_change_of_closed_years(row, differing, said[code], release)
            for field in differing:
                setattr(row, field, fields[field])
            row.save()
            follow = {*_MEANING[model], *_DATED.get(model, ())}.intersection(differing)
            since = release.since(ALWAYS) if follow and code in said else None
            changes.append(Changed(f"{name} {code}: {', '.join(differing)}", since))
    for code, row in rows.items():
        if code not in wanted and hasattr(row, "retired_from") and row.retired_from is None:
            row.retired_from = ALWAYS if release.correct and release.has_figures else release.today
            row.save()
            what = f"{name} {code}: retired from {row.retired_from} on"
            changes.append(Changed(what, release.since(row.retired_from)))
    return rows


def _refuse_change_of_closed_years(
    row: Any, differing: Sequence[str], item: Loaded[Any], release: Release
) -> None:
    for field in _MEANING[type(row)]:
        if field in differing:
            raise item.error(field.removesuffix("_id"), NEW_CODE)
    retired_from = getattr(row, "retired_from", None)
    if retired_from is not None and retired_from < release.opens:
        raise item.error(
            "code", f"was retired from {retired_from} on, and closed years have none; {NEW_CODE}"
        )
