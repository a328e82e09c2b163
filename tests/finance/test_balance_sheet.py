"""A balance sheet as a hospital has it: with sen, and without what it does not own."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from hospitals.models import Hospital
from indicators.models import IndicatorValue
from scorecard.actions import recompute_scores

#: A hospital without short-term securities. Cash ratio: cash / current liabilities,
#: 5,387,274,252.34 / 9,159,253,745 = 0.588 and 5,814,565,567.15 / 11,969,531,711 = 0.486.
BALANCE_SHEET = """unit,element,period,value
,current_assets,2006,11076869146.68
,current_liabilities,2006,9159253745.00
,cash,2006,5387274252.34
,inventory,2006,503154694.34
,current_assets,2007,26405070408.46
,current_liabilities,2007,11969531711.00
,cash,2007,5814565567.15
,inventory,2007,2720945438.31
"""


@pytest.mark.parametrize(
    ("indicator", "values"), [("current_ratio", [1.21, 2.21]), ("cash_ratio", [0.59, 0.49])]
)
def test_what_a_hospital_does_not_own_does_not_blank_its_ratios(
    indicator: str, values: list[float], definitions: None, hospital: Hospital, tmp_path: Path
) -> None:
    file = tmp_path / "balance.csv"
    file.write_text(BALANCE_SHEET)
    call_command("import_values", str(file), "--hospital", hospital.code, stdout=io.StringIO())
    recompute_scores(hospital_id=hospital.pk)
    rows = IndicatorValue.objects.filter(
        unit=hospital.root, indicator__code=indicator, period__in=["2006", "2007"]
    ).order_by("period")
    assert [round(row.value, 2) for row in rows if row.value is not None] == values


def test_the_value_says_that_it_stands_on_cash_alone(
    definitions: None, hospital: Hospital, tmp_path: Path
) -> None:
    file = tmp_path / "balance.csv"
    file.write_text(BALANCE_SHEET)
    call_command("import_values", str(file), "--hospital", hospital.code, stdout=io.StringIO())
    recompute_scores(hospital_id=hospital.pk)
    row = IndicatorValue.objects.get(unit=hospital.root, indicator__code="cash_ratio", period="2007")
    assert row.alternative == 1
