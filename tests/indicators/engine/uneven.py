"""The worked cases of hospitals that report unevenly (`FILES`)."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indicators.periods import Period
from tests.indicators.engine.reference_world import Element, Span, Value, World

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]
FILES = ("uneven.toml", "further.toml", "examined.toml", "judged.toml")
#: What a value leaves out: the part, the year and month, and the code of what it lacks.
Lack = tuple[str, tuple[int, int], str]


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
class LeftOut:
    """All that a value leaves out; a code of "*" stands for any."""

    unit: str
    indicator: str
    year: int
    span: Span
    lacks: frozenset[Lack]

    def agrees_with(self, found: Iterable[Lack]) -> bool:
        told = {(part, month) for part, month, code in self.lacks if code == "*"}
        seen = {(part, month, "*" if (part, month) in told else code) for part, month, code in found}
        return seen == self.lacks


@dataclass(frozen=True)
class Case:
    name: str
    world: World
    expected: tuple[Expected, ...]
    left_out: tuple[LeftOut, ...] = ()


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
    texts = [(HERE / name).read_text() for name in names or FILES]
    return [case_of(each) for text in texts for each in tomllib.loads(text)["case"]]


def _add(unit: str, above: dict[str, str], parents: dict[str, str | None]) -> None:
    if unit not in parents:
        _add(above.get(unit, "root"), above, parents)
        parents[unit] = above.get(unit, "root")


def facts_of(text: str) -> Iterator[tuple[tuple[str, str, int, Span], str]]:
    """The lines "unit element period value", one by one where they speak of several months or of several
    elements ("skm_weight_q1..q12")."""
    for line in text.strip().splitlines():
        unit, said, when, value = line.split()
        for code in _codes(said):
            for year, span in _spans(when):
                yield (unit, code, year, span), value


def _codes(said: str) -> list[str]:
    several = re.fullmatch(r"(.*_q)(\d+)\.\.q(\d+)", said)
    if several is None:
        return [said]
    name, first, last = several.groups()
    return [f"{name}{number}" for number in range(int(first), int(last) + 1)]


def _spans(when: str) -> list[tuple[int, Span]]:
    first, _, last = when.partition("..")
    period = Period.parse(first)
    if not last:
        return [(period.year, (period.first_month, period.last_month))]
    months = range(period.first_month, Period.parse(last).last_month + 1)
    return [(period.year, (month, month)) for month in months]


def left_out_of(text: str) -> tuple[LeftOut, ...]:
    """Of lines "unit indicator period part months what,it,lacks", or "unit indicator period nothing"."""
    found: dict[tuple[str, str, int, Span], set[Lack]] = {}
    for line in text.strip().splitlines():
        unit, indicator, when, part, *lacking = line.split()
        ((year, span),) = _spans(when)
        lacks = found.setdefault((unit, indicator, year, span), set())
        if lacking:
            months, codes = lacking
            lacks |= {
                (part, (each, month[0]), code) for each, month in _spans(months) for code in codes.split(",")
            }
    return tuple(LeftOut(*key, frozenset(lacks)) for key, lacks in found.items())


def expected_of(text: str) -> tuple[Expected, ...]:
    """Of lines "unit indicator period value", behind which may stand how much is known, days and reason."""
    expected = []
    for line in text.strip().splitlines():
        unit, indicator, when, value, *told = line.split()
        ((year, span),) = _spans(when)
        known = next((each for each in told if "/" in each or each.endswith("complete")), "")
        days = next((int(each[1:]) for each in told if re.fullmatch(r"d\d+", each)), None)
        reason = next((each for each in told if each != known and not re.fullmatch(r"d\d+", each)), "")
        expected.append(Expected(unit, indicator, year, span, value, reason, known, days))
    return tuple(expected)


def case_of(content: dict) -> Case:
    """A case as it stands in a file."""
    elements, _formulas = shipped()
    facts: dict[tuple[str, str, int, Span], Value] = {}
    parents: dict[str, str | None] = {"root": None}
    above = content.get("below", {})
    for key, value in facts_of(content["values"]):
        _add(key[0], above, parents)
        facts[key] = value if value in ("NA", "NC") else float(value)
    world = World(
        parents,
        elements,
        facts,
        {unit: dt.date.fromisoformat(day) for unit, day in content.get("opened", {}).items()},
        {unit: dt.date.fromisoformat(day) for unit, day in content.get("closed", {}).items()},
        today=dt.date.fromisoformat(content.get("today", "2030-01-01")),
    )
    left_out = left_out_of(content.get("left_out", ""))
    return Case(content["name"], world, expected_of(content["expect"]), left_out)
