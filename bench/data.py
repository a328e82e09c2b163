"""Hospitals full of numbers: 20 units, 120 months, 40 data elements each, made by one formula."""

from __future__ import annotations

import numpy as np

from hospitals.actions import create_hospital
from hospitals.models import Hospital, Unit, UnitKind
from indicators.bulk import write_columns
from indicators.engine.slots import codes_of_slots
from indicators.models import DataElement, DataValue

UNITS, ELEMENTS = 20, 40
YEARS = range(2014, 2024)

#: What the hospitals report: the inputs of most indicators of the shipped scorecard.
CODES = [
    "beds", "patient_days", "discharged_alive", "deaths_under_48h", "deaths_48h_or_more",
    "length_of_stay_days", "admissions", "outpatient_visits", "new_visits", "returning_visits",
    "revenue", "expense", "revenue_planned", "revenue_realised", "expense_planned", "expense_realised",
    "current_assets", "current_liabilities", "equity", "total_assets", "cash", "receivables",
    "inventory", "new_patients", "returning_patients", "complaints", "employees", "joined", "left",
    "days_absent", "trained_employees", "servqual_reality_weight", "servqual_expectation_weight",
    "exit_survey_reality_weight", "exit_survey_expectation_weight", "employee_satisfied_answers",
    "employee_answers", "initiatives_planned", "initiatives_done", "transfers_in",
]  # fmt: skip


def build_hospital(number: int) -> Hospital:
    """A hospital with a root and `UNITS` wards, every ward reporting every element every month."""
    hospital = create_hospital(code=f"B{number:02}", name=f"Bench {number}")
    wards = Unit.objects.bulk_create(
        Unit(hospital=hospital, parent=hospital.root, code=f"W{w:02}", name=f"Ward {w}", kind=UnitKind.WARD)
        for w in range(UNITS)
    )
    elements = {e.code: e.pk for e in DataElement.objects.filter(code__in=CODES)}
    missing = set(CODES) - set(elements)
    if missing or len(CODES) != ELEMENTS:
        raise SystemExit(f"bench/data.py: {len(CODES)} codes, unknown: {missing}")
    months = codes_of_slots(YEARS)[:, :12].ravel()
    shape = (UNITS, ELEMENTS, len(months))
    unit, element, month = np.indices(shape)
    values = 40.0 + (unit * 7 + element * 13 + month * 5 + number) % 61
    write_columns(
        DataValue,
        {
            "unit": np.array([ward.pk for ward in wards])[unit.ravel()],
            "element": np.array([elements[code] for code in CODES])[element.ravel()],
            "period": months[month.ravel()],
            "value": values.ravel(),
            "status": np.zeros(values.size, np.int64),
        },
    )
    return hospital
