"""A total and its parts: what is typed, what follows, and what cannot be."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from django.utils import translation

from indicators.answers import EMPTY, Answer
from indicators.engine.derived import total
from indicators.engine.facts import ElementRule, Facts
from indicators.engine.grid import Grid, all_days, last_days
from indicators.engine.keeping import Keepers
from indicators.models import Status
from indicators.totals import disagreement, fault_of_parts, sum_of_parts, total_of

NA = Answer(None, Status.NOT_APPLICABLE)
NC = Answer(None, Status.NOT_COLLECTED)
CLASSES = ("class_1", "class_2", "class_3")


def number(value: float) -> Answer:
    return Answer(value, Status.REPORTED)


def classes(*answers: Answer) -> dict[str, Answer]:
    return dict(zip(CLASSES, answers, strict=True))


@pytest.mark.parametrize(
    ("parts", "kept", "total"),
    [
        (classes(number(1), number(2), number(3)), CLASSES, number(6)),
        (classes(number(1), number(2), EMPTY), CLASSES, EMPTY),
        (classes(number(1), number(2), EMPTY), CLASSES[:2], number(3)),
        (classes(number(1), number(2), number(3)), CLASSES[:2], number(3)),
        ({}, CLASSES, EMPTY),
        (classes(number(1), number(2), number(3)), (), EMPTY),
        (classes(number(0), number(0), number(0)), CLASSES, number(0)),
        (classes(number(1), NA, number(3)), CLASSES, number(4)),
        (classes(NA, NA, NA), CLASSES, NA),
        (classes(number(1), NC, number(3)), CLASSES, NC),
        (classes(number(1), NC, EMPTY), CLASSES, EMPTY),
    ],
)
def test_the_parts_that_a_unit_keeps_add_up_once_all_are_known(parts, kept, total) -> None:
    assert sum_of_parts(parts, kept) == total
    assert total_of(EMPTY, parts, kept) == total


@pytest.mark.parametrize("typed", [number(7), NA, NC])
def test_a_total_that_was_typed_stands(typed: Answer) -> None:
    assert total_of(typed, classes(number(1), number(2), number(3)), CLASSES) == typed


def _added(typed: Answer, parts: dict[str, Answer], kept: tuple[str, ...]) -> float | None:
    """What the parts add up to where that contradicts the total that was typed."""
    found = disagreement("total", typed, parts, kept)
    return None if found is None else found.added


def test_a_disagreement_holds_for_its_numbers() -> None:
    found = disagreement("total", NA, classes(number(1), NA, number(3)), CLASSES)
    assert found is not None
    assert (found.stated, found.values) == (0, {"total": 0, "class_1": 1, "class_2": 0, "class_3": 3})
    other = disagreement("total", NA, classes(number(3), NA, number(1)), CLASSES)
    assert other is not None
    assert other.seen != found.seen


def test_a_typed_total_and_its_parts_disagree_only_where_all_are_known() -> None:
    parts = classes(number(1), number(2), number(3))
    assert _added(number(7), parts, CLASSES) == 6
    assert _added(number(6), parts, CLASSES) is None
    assert _added(number(7), parts | {"class_3": EMPTY}, CLASSES) is None
    assert _added(number(7), parts | {"class_3": EMPTY}, CLASSES[:2]) == 3
    assert _added(EMPTY, parts, CLASSES) is None
    assert _added(NA, parts, CLASSES) == 6
    assert _added(NC, parts, CLASSES) is None
    assert _added(number(0.3), classes(number(0.1), number(0.2), number(0)), CLASSES) is None


@dataclass
class Element:
    code: str
    parts: list[str] = field(default_factory=list)
    derived: str = ""
    unit_of_measure: str = "days"
    over_time: str = "sum"
    over_units: str = "sum"


@pytest.mark.parametrize(
    ("total", "others", "fault"),
    [
        (Element("all"), [Element("one")], ""),
        (Element("all", ["one"]), [Element("one")], ""),
        (Element("all", ["one"]), [], "there is no data element “one”"),
        (Element("all", ["all"]), [], "“all” is a part of itself"),
        (Element("all", ["one", "one"]), [Element("one")], "“one” is named twice"),
        (Element("all", ["one"]), [Element("one", ["two"]), Element("two")], "“one” is a total itself"),
        (Element("all", ["one"]), [Element("one", derived="2 * two")], "“one” is derived itself"),
        (Element("all", ["one"], derived="2 * one"), [Element("one")], "what is derived cannot be a total"),
        (
            Element("all", ["one"]),
            [Element("one", over_time="mean")],
            "adds up over time or units",
        ),
        (
            Element("all", ["one"]),
            [Element("one", over_units="none")],
            "adds up over time or units",
        ),
        (Element("all", ["one"]), [Element("one", unit_of_measure="beds")], "has another unit of measure"),
        (Element("all", ["one"]), [Element("one"), Element("most", ["all"])], "is a part of “most”"),
    ],
)
def test_parts_are_entered_and_add_up_as_their_total(total, others, fault: str) -> None:
    with translation.override("en"):
        said = fault_of_parts(total, {element.code: element for element in (total, *others)})
    assert said.startswith(fault) if not fault else fault in said
    assert bool(said) == bool(fault)


def test_the_engine_adds_up_every_mix_of_answers_as_the_form_does() -> None:
    """Three parts, each a number, not applicable, not collected or silent, any of which may be asked for:
    all 512 mixes, as the first month of as many units."""
    mixes = list(product(product((EMPTY, NA, NC, number(2)), repeat=3), product((False, True), repeat=3)))
    years = range(2026, 2027)
    open_days = np.broadcast_to(all_days(years), (len(mixes), *all_days(years).shape))
    grid = Grid(years, (-1,) * len(mixes), open_days, dt.date(2027, 1, 1), last_days(years))
    rules = {code: ElementRule(code) for code in CLASSES}
    facts = {code: Facts.empty(grid) for code in CLASSES}
    owes = {code: np.zeros((len(mixes), 1, 12), bool) for code in CLASSES}
    for unit, (answers, kept) in enumerate(mixes):
        for code, answer, keeps in zip(CLASSES, answers, kept, strict=True):
            owes[code][unit] = keeps
            facts[code].value[unit, 0, 0] = answer.value or 0
            facts[code].has[unit, 0, 0] = answer.value is not None
            facts[code].not_applicable[unit, 0, 0] = answer == NA
            facts[code].not_collected[unit, 0, 0] = answer == NC
    rule = ElementRule("all", parts=CLASSES)
    keepers = SimpleNamespace(rules=rules | {"all": rule}, grid=grid, owed=owes.__getitem__)
    computed = total(rule, facts, cast(Keepers, keepers))
    for unit, (answers, kept) in enumerate(mixes):
        parts = {c: a for c, a in zip(CLASSES, answers, strict=True) if a != EMPTY}
        theirs = [c for c, keeps in zip(CLASSES, kept, strict=True) if keeps or parts.get(c, NC) != NC]
        value = computed.value[unit, 0, 0] if computed.has[unit, 0, 0] else None
        said = sum_of_parts(parts, theirs)
        assert said.value == value, (answers, kept)
        assert (said == NA) == bool(computed.not_applicable[unit, 0, 0]), (answers, kept)
