"""Numbers that a program sends: the hospital information system that knows them already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from entry.value_files import Names, place_of
from indicators.actions import NewValue
from indicators.models import Status
from indicators.periods import Period

#: How many a request may hold: a year of thirty wards.
MOST_VALUES = 10_000
#: What a value is; `withdrawn` takes back what was reported before.
STATUSES: dict[str, Status | None] = {
    "reported": Status.REPORTED,
    "not_applicable": Status.NOT_APPLICABLE,
    "not_collected": Status.NOT_COLLECTED,
    "withdrawn": None,
}
_FIELDS = {"unit", "element", "period", "value", "status"}


class BadValuesError(ValueError):
    """`problems`: position in the list, counted from 0 → a sentence that says what would be right."""

    def __init__(self, problems: Mapping[int, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{position}: {said}" for position, said in self.problems.items()))


def read_values(given: list[Any], names: Names) -> list[NewValue]:
    """The values of a request as they are to be saved. Raises BadValuesError naming every bad one."""
    values: list[NewValue] = []
    problems: dict[int, str] = {}
    seen: dict[tuple[int, int, Period], int] = {}
    for position, one in enumerate(given):
        try:
            value = _value(one, names)
        except ValueError as error:
            problems[position] = str(error)
            continue
        key = value.unit.pk, value.element.pk, value.period
        if key in seen:
            problems[position] = _("repeats number %s of the list") % seen[key]
        seen[key] = position
        values.append(value)
    if problems:
        raise BadValuesError(problems)
    return values


def _value(given: Any, names: Names) -> NewValue:
    if not isinstance(given, dict):
        raise ValueError(_("write an object with unit, element, period and value"))
    if unknown := given.keys() - _FIELDS:
        raise ValueError(_("there is no field “%s”") % sorted(unknown)[0])
    texts = {name: given.get(name, "") for name in ("unit", "element", "period")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(_("“%s” has to be a text") % name)
    unit, element, period = place_of(texts["unit"], texts["element"], texts["period"], names)
    word, number = given.get("status", "reported"), given.get("value")
    if not isinstance(word, str) or word not in STATUSES:
        raise ValueError(_("the status is one of: %s") % ", ".join(STATUSES))
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
        raise ValueError(_("the value has to be a number, not a text"))
    found = NewValue(unit, element, period, number, STATUSES[word])
    names.refuse(found)  # first: what is too large is no float either
    return found._replace(value=None if number is None else float(number))
