"""A total that a unit typed is its own where no form asks for parts; where one does, the total follows."""

import math

import pytest

from tests.indicators.engine.arrays import Arrays
from tests.indicators.engine.reference import answer
from tests.indicators.engine.reference_world import NA, NC, Span, Value, World
from tests.indicators.engine.worlds import ELEMENTS

YEAR: Span = (1, 12)
ONE, TWO = "patient_days_class_1", "patient_days_class_2"


def hospital(
    *, typed: dict[Span, Value], asked_from: tuple[int, int] | None, last_year: Value | None = None
) -> World:
    """A total `typed` beside two classes, 10 and 20 in every month of 2025; from the month `asked_from` a
    form asks for both."""
    facts: dict[tuple[str, str, int, Span], Value] = {
        ("root", code, 2025, (month, month)): number
        for code, number in ((ONE, 10), (TWO, 20))
        for month in range(1, 13)
    }
    facts |= {("root", "patient_days", 2025, span): value for span, value in typed.items()}
    if last_year is not None:
        facts["root", "patient_days", 2024, YEAR] = last_year
    duties = {code: {"root": [(asked_from, None)]} for code in (ONE, TWO)} if asked_from else None
    return World({"root": None}, ELEMENTS, facts, duties=duties)


def patient_days(world: World, span: Span) -> float | None:
    """What engine and reference say alike."""
    arrays = Arrays(world, range(2022, 2026))
    value = float(arrays.answers("patient_days").value[arrays.at("root", 2025, span)])
    wanted = answer(world, "patient_days", "root", 2025, span).value
    assert math.isnan(value) == (wanted is None)
    assert wanted is None or math.isclose(value, wanted)
    return wanted


@pytest.mark.parametrize(
    ("asked_from", "year", "march"),
    [(None, 500, None), ((2025, 1), 360, 30), ((2025, 7), 180, None)],
)
def test_a_typed_year_stands_alone_until_a_form_asks_for_the_parts(asked_from, year, march) -> None:
    world = hospital(typed={YEAR: 500}, asked_from=asked_from)
    assert patient_days(world, YEAR) == year
    assert patient_days(world, (3, 3)) == march


@pytest.mark.parametrize(("asked_from", "february", "year"), [(None, None, 40), ((2025, 1), 30, 370)])
def test_a_typed_month_leaves_the_others_unknown_unless_a_form_asks_for_the_parts(
    asked_from, february, year
) -> None:
    world = hospital(typed={(1, 1): 40}, asked_from=asked_from)
    assert patient_days(world, (1, 1)) == 40
    assert patient_days(world, (2, 2)) == february
    assert patient_days(world, YEAR) == year


@pytest.mark.parametrize("reason", [NA, NC])
def test_a_reason_is_typed_like_a_number(reason: str) -> None:
    assert patient_days(hospital(typed={(1, 1): reason}, asked_from=None), YEAR) is None


def test_a_total_of_last_year_leaves_this_year_to_its_parts() -> None:
    assert patient_days(hospital(typed={}, asked_from=None, last_year=500), YEAR) == 360
