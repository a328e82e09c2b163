"""What the database itself refuses, and what it lets pass."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from hospitals.models import Hospital, Unit
from indicators.models import (
    DataElement,
    DataValue,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.periods import Period
from scorecard.models import Template

pytestmark = pytest.mark.usefixtures("definitions")
MARCH = Period.parse("2009-03")


def refuses(make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def beds() -> DataElement:
    return DataElement.objects.get(code="beds")


def test_a_data_value_is_a_number_or_a_reason(melati: Unit) -> None:
    def value(number: float | None, status: int) -> DataValue:
        return DataValue.objects.create(
            unit=melati, element=beds(), period=MARCH, value=number, status=status
        )

    for number, status in ((None, 0), (1.0, 1), (1.0, 2), (1.0, 3), (None, 3)):
        refuses(lambda n=number, s=status: value(n, s))
    for number, status in ((0.0, 0), (None, 1), (None, 2)):
        value(number, status).delete()


@pytest.mark.parametrize("number", [1.1e15, -1.1e15, float("inf")])
def test_a_data_value_is_a_sensible_number(melati: Unit, number: float) -> None:
    refuses(lambda: DataValue.objects.create(unit=melati, element=beds(), period=MARCH, value=number))
    DataValue.objects.create(unit=melati, element=beds(), period=MARCH, value=1e15)


def test_there_is_one_value_per_unit_element_and_period(melati: Unit, mawar: Unit) -> None:
    def value(unit: Unit, period: str) -> None:
        DataValue.objects.create(unit=unit, element=beds(), period=Period.parse(period), value=1)

    value(melati, "2009-03")
    refuses(lambda: value(melati, "2009-03"))
    value(melati, "2009-Q1")
    value(mawar, "2009-03")


def test_a_shipped_code_stands_once_and_a_hospitals_own_beside_it(hospital: Hospital) -> None:
    def element(of: Hospital | None) -> None:
        DataElement.objects.create(
            code="beds", hospital=of, name_en="Beds", name_id="TT", over_time="last", over_units="sum"
        )

    refuses(lambda: element(None))
    element(hospital)
    refuses(lambda: element(hospital))


def test_an_indicator_code_stands_once_per_hospital(hospital: Hospital, other_hospital: Hospital) -> None:
    shipped = Indicator.objects.get(code="bor")

    def indicator(of: Hospital | None, result: str) -> None:
        as_reported = DataElement.objects.create(
            code=result, name_en="r", name_id="r", over_time="last", over_units="none"
        )
        Indicator.objects.create(
            code="bor",
            hospital=of,
            name_en="BOR",
            name_id="BOR",
            unit_of_measure="%",
            perspective=shipped.perspective,
            direction="within",
            as_reported=as_reported,
        )

    refuses(lambda: indicator(None, "r0"))
    indicator(hospital, "r1")
    refuses(lambda: indicator(hospital, "r2"))
    indicator(other_hospital, "r3")


def test_one_formula_begins_on_a_day() -> None:
    bor = Indicator.objects.get(code="bor")

    def formula(day: dt.date) -> None:
        IndicatorFormula.objects.create(indicator=bor, expression="beds", valid_from=day)

    formula(dt.date(2020, 1, 1))
    refuses(lambda: formula(dt.date(2020, 1, 1)))
    formula(dt.date(2021, 1, 1))


def test_a_range_is_of_a_standard_or_of_a_unit(melati: Unit) -> None:
    bor, standard = Indicator.objects.get(code="bor"), Standard.objects.get(code="depkes_2004")
    day = dt.date(2020, 1, 1)

    def band(**owner: Any) -> ReferenceRange:
        return ReferenceRange.objects.create(indicator=bor, ideal_low=60, valid_from=day, **owner)

    refuses(lambda: band())
    refuses(lambda: band(standard=standard, unit=melati))
    band(standard=standard)
    band(unit=melati)
    refuses(lambda: band(standard=standard))
    refuses(lambda: band(unit=melati))


def test_a_hospital_chooses_one_standard_a_day(hospital: Hospital) -> None:
    def choose(code: str, day: dt.date) -> None:
        StandardChoice.objects.create(
            hospital=hospital, standard=Standard.objects.get(code=code), valid_from=day
        )

    choose("depkes_1997", dt.date(2009, 1, 1))
    refuses(lambda: choose("depkes_2004", dt.date(2009, 1, 1)))
    choose("depkes_2004", dt.date(2010, 1, 1))


@pytest.mark.parametrize(("good", "fair"), [(60, 60), (50, 60), (101, 60), (80, -1)])
def test_the_bands_of_a_template_are_in_order(hospital: Hospital, good: float, fair: float) -> None:
    def template(good: float, fair: float) -> None:
        Template.objects.create(
            hospital=hospital, code="own", name_en="Own", name_id="Sendiri", good_from=good, fair_from=fair
        )

    refuses(lambda: template(good, fair))
    template(100, 0)


def test_weights_are_not_negative() -> None:
    perspective = Template.objects.get().perspectives.first()
    assert perspective is not None
    objective = perspective.objectives.first()
    assert objective is not None
    weighted = objective.weighted_indicators.first()
    for row in (perspective, objective, weighted):
        assert row is not None
        row.weight = -1
        refuses(row.save)
        row.weight = 0
        row.save()


def test_one_template_begins_on_a_day(hospital: Hospital, other_hospital: Hospital) -> None:
    shipped = Template.objects.get()

    def template(of: Hospital | None) -> None:
        Template.objects.create(
            hospital=of, code="x", name_en="x", name_id="x", valid_from=shipped.valid_from
        )

    refuses(lambda: template(None))
    template(hospital)
    refuses(lambda: template(hospital))
    template(other_hospital)


def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
