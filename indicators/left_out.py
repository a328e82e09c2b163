"""What a value leaves out: which units and months, and which input they lacked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from hospitals.models import Unit
from indicators.formula import parse
from indicators.models import ApprovedIndicatorValue, DataElement, LeftOut
from indicators.models.indicator_value import StoredIndicator
from indicators.period_names import part_of_year_name, period_name
from indicators.periods import Period


class LeftOutPart(NamedTuple):
    """Months of a unit that do not count, because the elements of the codes `missing` are not known."""

    unit: Unit
    first_month: Period
    last_month: Period
    missing: tuple[str, ...]


#: By unit, indicator and period of a stored row, and whether it is one of approved numbers alone.
_Key = tuple[int, int, Period, int]


class LeftOuts:
    """The parts left out of some stored rows. One query, however many they are."""

    def __init__(self, rows: Iterable[StoredIndicator]) -> None:
        asked = {_key(row): row.formula.expression for row in rows}
        self._parts: dict[_Key, list[LeftOutPart]] = {}
        if not asked:
            return
        units, indicators, periods, _approved = (set(column) for column in zip(*asked, strict=True))
        stored = LeftOut.objects.filter(unit__in=units, indicator__in=indicators, period__in=periods)
        for found in stored.select_related("part").order_by("part__position", "part__code", "first_month"):
            key = (found.unit_id, found.indicator_id, found.period, found.approved)
            if key in asked:
                codes = parse(asked[key]).codes
                missing = tuple(code for bit, code in enumerate(codes) if found.missing >> bit & 1)
                part = LeftOutPart(found.part, found.first_month, found.last_month, missing)
                self._parts.setdefault(key, []).append(part)

    def of(self, row: StoredIndicator) -> tuple[LeftOutPart, ...]:
        return tuple(self._parts.get(_key(row), ()))


def _key(row: StoredIndicator) -> _Key:
    return row.unit_id, row.indicator_id, row.period, int(isinstance(row, ApprovedIndicatorValue))


def in_words(part: LeftOutPart, elements: Mapping[str, DataElement], *, of: int) -> str:
    """ "Ward C, January to March 2025: beds unknown". Without the unit where it is the one asked, `of`."""
    names = [inside_sentence(_reported_name(code, elements)) for code in part.missing]
    said = {
        "unit": part.unit.name,
        "months": _months(part.first_month, part.last_month),
        "names": get_text_list(names, _("and")),
    }
    if part.unit.pk == of:
        return _("%(months)s: %(names)s unknown") % said
    return _("%(unit)s, %(months)s: %(names)s unknown") % said


def _reported_name(code: str, elements: Mapping[str, DataElement]) -> str:
    """Of what is derived from one element alone, that one: whoever lacks bed days has not given the beds."""
    element = elements.get(code)
    if element is None:
        return code
    behind = parse(element.derived).codes if element.derived else ()
    return elements[behind[0]].name if len(behind) == 1 and behind[0] in elements else element.name


def as_json(parts: Sequence[LeftOutPart]) -> list[dict]:
    return [
        {
            "unit": part.unit.code,
            "first_month": str(part.first_month),
            "last_month": str(part.last_month),
            "missing": list(part.missing),
        }
        for part in parts
    ]


def _months(first: Period, last: Period) -> str:
    if first == last:
        return period_name(first)
    begin = part_of_year_name(first) if first.year == last.year else period_name(first)
    return _("%(first)s to %(last)s") % {"first": begin, "last": period_name(last)}


def inside_sentence(name: str) -> str:
    """A name that no longer begins its sentence; abbreviations keep their capitals."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
