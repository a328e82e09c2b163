"""One indicator, small enough to check every number by hand: 100 × cases / patients.

Ideal up to 5 %, no points from 10 %: 7 % are 60 points. `second_indicator` puts another beside it.
"""

import datetime as dt
import io
import json
from typing import Any

from django.core.management import call_command
from django.utils import translation

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, Indicator, IndicatorValue, ReferenceRange
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.models import Level, Objective, ObjectiveIndicator, Score, Template, TemplatePerspective

TODAY = dt.date(2012, 2, 10)


def report(unit: Unit, period: str, cases: float, patients: float = 100) -> None:
    elements = {e.code: e for e in DataElement.objects.all()}
    at = Period.parse(period)
    figures = (("cases", cases), ("patients", patients))
    save_values([NewValue(unit, elements[code], at, number) for code, number in figures], by=None)


def recompute(hospital: Hospital) -> None:
    recompute_scores(hospital_id=hospital.pk, today=TODAY)


def row(unit: Unit, period: str) -> IndicatorValue:
    return IndicatorValue.objects.get(unit=unit, period=period, indicator__code="rate")


def overall(unit: Unit, period: str) -> Score:
    return Score.objects.get(unit=unit, period=period, level=Level.OVERALL)


def own_template(
    hospital: Hospital, rates: Indicator, valid_from: dt.date, good: float, fair: float
) -> Template:
    template = Template.objects.create(
        hospital=hospital,
        code="own",
        name_en="Own",
        name_id="Sendiri",
        valid_from=valid_from,
        good_from=good,
        fair_from=fair,
    )
    perspective = TemplatePerspective.objects.create(
        template=template, code="internal_process", name_en="P", name_id="P"
    )
    objective = Objective.objects.create(perspective=perspective, code="o", name_en="O", name_id="O")
    ObjectiveIndicator.objects.create(objective=objective, indicator=rates)
    return template


def second_indicator(rates: Indicator) -> Indicator:
    """`share`: 100 × staying / patients, weighed like the rate, ideal from 50, worst 0."""
    made = Indicator.objects.create(
        code="share",
        name_en="Share",
        name_id="Bagian",
        unit_of_measure="%",
        decimals=1,
        perspective="internal_process",
        direction="higher",
        as_reported=DataElement.objects.create(
            code="share", name_en="Share", name_id="Bagian", over_time="last", over_units="none"
        ),
    )
    DataElement.objects.create(
        code="staying", name_en="Staying", name_id="Menetap", over_time="sum", over_units="sum"
    )
    made.formulas.create(expression="100 * staying / patients")
    ReferenceRange.objects.create(
        indicator=made,
        standard=ReferenceRange.objects.get(indicator=rates).standard,
        ideal_low=50,
        worst_low=0,
    )
    of_rate = ObjectiveIndicator.objects.get(indicator=rates)
    ObjectiveIndicator.objects.create(objective=of_rate.objective, indicator=made, weight=1, position=1)
    return made


def stay(unit: Unit, period: str, value: float) -> None:
    element = DataElement.objects.get(code="staying")
    save_values([NewValue(unit, element, Period.parse(period), value)], by=None)


def printed(*options: str, period: str = "2009") -> str:
    """What the command `scores` prints of RSUD Anggrek."""
    out = io.StringIO()
    with translation.override("en"):
        call_command("scores", *options, hospital="RSA", period=period, stdout=out)
    return out.getvalue()


def as_json(*options: str, period: str = "2009") -> dict[str, Any]:
    return json.loads(printed("--json", *options, period=period))
