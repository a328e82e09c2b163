"""One indicator, small enough to check every number by hand: 100 × cases / patients.

Ideal up to 5 %, no points from 10 %: 7 % are 60 points.
"""

import datetime as dt

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, Indicator, IndicatorValue
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
