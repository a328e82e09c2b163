"""The worked cases of hospitals that report unevenly (`uneven.toml`, `further.toml`, `examined.toml`)."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indicators.periods import Period
from tests.indicators.engine.reference_world import Element, Span, Value, World

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]


@dataclass(frozen=True)
class Expected:
    """`text` is the value as it must come out, at its digits; "none" for no value. Where they are given, the
    `reason` that there is none ("none" where there is a value), how much is `known`, as "11/12", "complete"
    or "incomplete", and the `days` that it counts."""

    unit: str
    indicator: str
    year: int
    span: Span
    text: str
    reason: str = ""
    known: str = ""
    days: int | None = None

    def agrees_with(self, value: float | None) -> bool:
        if value is None or self.text == "none":
            return value is None and self.text == "none"
        digits = len(self.text.partition(".")[2])
        return f"{value:.{digits}f}" == self.text or abs(value - float(self.text)) < 1e-9

    def agrees_how_much_is_known(self, present: int, expected: int) -> bool:
        if self.known in ("complete", "incomplete"):
            return (present == expected) == (self.known == "complete")
        return self.known in ("", f"{present}/{expected}")


@dataclass(frozen=True)
class Case:
    name: str
    world: World
    expected: tuple[Expected, ...]


@cache
def shipped() -> tuple[dict[str, Element], dict[str, str]]:
    """The elements of the shipped definitions, and the formula of each indicator that has one."""
    elements, formulas = {}, {}
    contents = [tomllib.loads(path.read_text()) for path in sorted(PROJECT.glob("*/definitions/*.toml"))]
    fields = [
        each
        for content in contents
        for form in content.get("form", [])
        for section in form.get("section", [])
        for each in section["elements"]
    ]
    parts = {each["code"]: each["total_of"] for each in fields if "total_of" in each}
    for content in contents:
        for each in content.get("element", []):
            elements[each["code"]] = Element(
                each["code"],
                each["over_time"],
                each.get("over_units", "sum"),
                each.get("derived"),
                tuple(each.get("parts", parts.get(each["code"], ()))),
            )
        for each in content.get("indicator", []):
            if each.get("formulas"):
                formulas[each["code"]] = each["formulas"][-1]["expression"]
    return elements, formulas


def cases(*names: str) -> list[Case]:
    """The cases of the files, by default of all."""
    texts = [(HERE / name).read_text() for name in names or ("uneven.toml", "further.toml", "examined.toml")]
    return [_case(each) for text in texts for each in tomllib.loads(text)["case"]]


def _add(unit: str, above: dict[str, str], parents: dict[str, str | None]) -> None:
    if unit not in parents:
        _add(above.get(unit, "root"), above, parents)
        parents[unit] = above.get(unit, "root")


def _case(content: dict) -> Case:
    elements, _formulas = shipped()
    facts: dict[tuple[str, str, int, Span], Value] = {}
    parents: dict[str, str | None] = {"root": None}
    above = content.get("below", {})
    for line in content["values"].strip().splitlines():
        unit, code, when, value = line.split()
        _add(unit, above, parents)
        first, _, last = when.partition("..")
        period = Period.parse(first)
        spans = [(period.first_month, period.last_month)]
        if last:
            spans = [(month, month) for month in range(period.first_month, Period.parse(last).last_month + 1)]
        for span in spans:
            facts[unit, code, period.year, span] = value if value in ("NA", "NC") else float(value)
    world = World(
        parents,
        elements,
        facts,
        {unit: dt.date.fromisoformat(day) for unit, day in content.get("opened", {}).items()},
        {unit: dt.date.fromisoformat(day) for unit, day in content.get("closed", {}).items()},
        today=dt.date.fromisoformat(content.get("today", "2030-01-01")),
    )
    expected = []
    for line in content["expect"].strip().splitlines():
        unit, indicator, when, text, *told = line.split()
        period = Period.parse(when)
        span = period.first_month, period.last_month
        known = next((each for each in told if "/" in each or each.endswith("complete")), "")
        days = next((int(each[1:]) for each in told if re.fullmatch(r"d\d+", each)), None)
        reason = next((each for each in told if each != known and not re.fullmatch(r"d\d+", each)), "")
        expected.append(Expected(unit, indicator, period.year, span, text, reason, known, days))
    return Case(content["name"], world, tuple(expected))
