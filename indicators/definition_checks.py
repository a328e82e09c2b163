"""What a definition file may say only in the light of the others: whom it names, and what it adds up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from indicators.definition_files import Loaded
from indicators.definition_schemas import ElementTable, IndicatorTable, StandardTable
from indicators.formula import alternatives_of, blanked_by, parse
from indicators.formula.alternatives import MOST
from indicators.models import DataElement
from indicators.totals import fault_of_parts

Elements = Sequence[Loaded[ElementTable]]
Indicators = Sequence[Loaded[IndicatorTable]]
Standards = Sequence[Loaded[StandardTable]]

_OPTIONAL = "which is optional"


def check_tables(elements: Elements, indicators: Indicators, standards: Standards) -> None:
    """Raise DefinitionError, with file, key and reason, at the first that cannot be used."""
    _check_elements(elements)
    known = {item.table.code for item in elements}
    optional = _optional({item.table.code: item.table.derived for item in elements}, elements)
    for indicator in indicators:
        for number, version in enumerate(indicator.table.formulas):
            formula = parse(version.expression)
            key = f"formulas.{number}"
            for code in formula.codes:
                if code not in known:
                    raise indicator.error(key, f"there is no data element “{code}”")
            if len(alternatives_of(formula)) >= MOST:
                raise indicator.error(key, f"has {MOST} alternatives or more")
            if (absent := blanked_by(formula, optional)) is not None:
                without = f"has no value where there is no “{absent}”, {_OPTIONAL}"
                raise indicator.error(key, f"{without}; offer the sum without it as well: first(a + b, a)")
        as_reported = indicator.table.as_reported or indicator.table.code
        if as_reported in known:
            raise indicator.error("as_reported", f"“{as_reported}” is a data element of its own")
    _check_standards(standards, {item.table.code for item in indicators})


def _optional(derived: Mapping[str, str], elements: Elements) -> set[str]:
    """Codes of the optional elements, and of what is derived from one."""
    found = {item.table.code for item in elements if item.table.optional}
    return found | {code for code, text in derived.items() if text and found & set(parse(text).codes)}


def _check_elements(elements: Elements) -> None:
    derived = {item.table.code: item.table.derived for item in elements}
    optional = _optional({}, elements)
    tables = {item.table.code: item.table for item in elements}
    for item in elements:
        if fault := fault_of_parts(item.table, tables):
            raise item.error("parts", fault)
        if not item.table.derived:
            continue
        formula = parse(item.table.derived)
        for code in formula.codes:
            if code not in derived:
                raise item.error("derived", f"there is no data element “{code}”")
            if derived[code]:
                raise item.error("derived", f"“{code}” is derived itself")
        if len(alternatives_of(formula)) > 1:
            raise item.error("derived", "first(…) belongs in indicators")
        if (absent := blanked_by(formula, optional)) is not None:
            raise item.error("derived", f"has no value where there is no “{absent}”, {_OPTIONAL}")
    _check_own_elements({code for code, text in derived.items() if text}, elements)


def _check_own_elements(derived: Collection[str], elements: Elements) -> None:
    """Hospitals derive elements of their own from shipped ones, and add shipped ones up; those must not
    become derived, nor the latter totals."""
    places = {item.table.code: item for item in elements}
    follow = {*derived, *(item.table.code for item in elements if item.table.parts)}
    for own in DataElement.objects.exclude(hospital=None).select_related("hospital"):
        for code in parse(own.derived).codes if own.derived else ():
            if code in derived:
                whose = f"“{own.code}” of {own.hospital} is derived from it"
                raise places[code].error("derived", f"{whose}, and nothing is derived twice")
        for code in own.parts:
            if code in follow:
                whose = f"“{own.code}” of {own.hospital} is a total of it"
                key = "derived" if code in derived else "parts"
                raise places[code].error(key, f"{whose}, and a part is neither derived nor a total")


def _check_standards(standards: Standards, indicators: Collection[str]) -> None:
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
