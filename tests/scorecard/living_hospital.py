"""A hospital on which every kind of act tells, and whether its stored rows follow one.

Today is 27 November 2026. Wards Melati and Mawar have cases and patients of May to August 2025 and 2026, and
Melati numbers of the hospital's own element; everything that an administrator can write is there once at
least: an own indicator with formula and range, own templates (this year's and next year's), an own form, a
unit that speaks of another, chosen standards, an approved form.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entry.actions import approve, assign_form
from entry.form_sync import write_form
from entry.form_text import read_form
from entry.models import Form, Scope, State, Submission
from hospitals.models import Hospital, Unit, User
from indicators import held
from indicators.actions import NewValue, save_values
from indicators.definition_sync import sync_definitions
from indicators.following import NO_STAMP
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.models import Template
from scorecard.template_copies import copy_template
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, ELEMENTS, STANDARD, write
from tests.scorecard.test_incremental import Rows, rows_from_scratch, stored_rows

TODAY = dt.date(2026, 11, 27)
JUNE = Period.month(2026, 6)
AUGUST = Period.month(2026, 8)
#: Another standard to choose, and elements by which departments may report as well.
DEFINITIONS = (
    ALL
    + STANDARD.replace("depkes_2004", "strict").replace("ideal_high = 5", "ideal_high = 2")
    + ELEMENTS.replace('"cases"', '"visits"').replace('"patients"', '"staff"')
)
FORM = """
[[form]]
code = "{code}"
name = {{ en = "{code}", id = "{code}" }}
unit_kinds = ["{kind}"]
due_day = 10
approval_steps = 1

[[form.section]]
code = "all"
name = {{ en = "All", id = "Semua" }}
elements = [
{elements}
]
"""
SHOWN = {"name_en": "Own", "name_id": "Sendiri", "unit_of_measure": "%"}


@dataclass(frozen=True)
class Living:
    """The hospital with those who act in it."""

    hospital: Hospital
    melati: Unit
    mawar: Unit
    inap: Unit
    administrator: User
    clerk: User
    approver: User
    folder: Path

    def element(self, code: str) -> DataElement:
        return DataElement.objects.get(code=code)

    def form(self, code: str) -> Form:
        return Form.objects.get(code=code)

    def save(self, unit: Unit, numbers: dict[str, float], *months: Period) -> None:
        values = [NewValue(unit, self.element(c), month, n) for month in months for c, n in numbers.items()]
        save_values(values, by=None)

    def compute(self) -> Rows:
        recompute_scores(hospital_id=self.hospital.pk, today=TODAY)
        return stored_rows(self.hospital)

    def compute_anew(self) -> Rows:
        """As a process would that has just begun."""
        forget()
        return rows_from_scratch(self.hospital, TODAY)

    def behind(self) -> list[Any]:
        """Rows that are not what they would be if everything were computed anew, after following marks."""
        followed, anew = self.compute(), self.compute_anew()
        return [key for key in followed.keys() | anew.keys() if followed.get(key) != anew.get(key)]


def forget() -> None:
    """Hold no definitions: what a process knows when it begins."""
    held._held = held._OfStamp(NO_STAMP)


def of_closed_years(rows: Rows) -> Rows:
    """Their keys are model, unit, indicator and period, or unit, period, …"""
    return {
        key: row for key, row in rows.items() if not any(str(part).startswith("2026") for part in key[1:])
    }


def make_living(
    folder: Path, hospital: Hospital, *, administrator: User, clerk: User, approver: User
) -> Living:
    paths = write(folder, DEFINITIONS)
    sync_definitions(paths)
    sync_templates(paths)
    units = {unit.code: unit for unit in hospital.units.all()}
    people = {"administrator": administrator, "clerk": clerk, "approver": approver}
    living = Living(hospital, units["melati"], units["mawar"], units["inap"], **people, folder=folder)
    _define_own(living)
    _assign_forms(living)
    months = [Period.month(year, month) for year in (2025, 2026) for month in (5, 6, 7, 8)]
    living.save(living.melati, {"cases": 4, "patients": 100}, *months)
    living.save(living.mawar, {"cases": 9, "patients": 120}, *months)
    living.save(living.melati, {"own_cases": 7}, JUNE)
    living.save(living.inap, {"visits": 7}, *months)
    approve(
        submission=Submission.objects.create(
            form=living.form("safety"), unit=living.melati, period=JUNE, state=State.SUBMITTED
        ),
        by=approver,
    )
    living.compute_anew()
    return living


def _define_own(living: Living) -> None:
    hospital = living.hospital
    adds_up = SHOWN | {"hospital": hospital, "over_time": "sum", "over_units": "sum"}
    DataElement.objects.create(code="own_cases", **adds_up)
    DataElement.objects.create(code="own_double", derived="own_cases * 2", **adds_up)
    result = DataElement.objects.create(code="own", is_as_reported=True, **adds_up | {"over_units": "none"})
    indicator = Indicator.objects.create(
        hospital=hospital,
        code="own",
        as_reported=result,
        decimals=1,
        perspective="internal_process",
        direction="higher",
        **SHOWN,
    )
    IndicatorFormula.objects.create(indicator=indicator, expression="100 * own_double / patients")
    ReferenceRange.objects.create(indicator=indicator, unit=hospital.root, ideal_low=50, worst_low=0)
    rate = Indicator.objects.get(code="rate")
    ReferenceRange.objects.create(indicator=rate, unit=living.melati, ideal_high=3, worst_high=8)
    for code, day in (("strict", "2025-01-01"), ("depkes_2004", "2026-12-10")):
        StandardChoice.objects.create(
            hospital=hospital, standard=Standard.objects.get(code=code), valid_from=dt.date.fromisoformat(day)
        )
    shipped = Template.objects.get(hospital=None)
    for day in (dt.date(2026, 1, 1), dt.date(2026, 12, 5)):
        copy_template(template=shipped, hospital=hospital, valid_from=day, name_en="Own", name_id="Sendiri")


def _assign_forms(living: Living) -> None:
    everything = {element.code: element for element in DataElement.objects.all()}
    for position, (code, kind, codes) in enumerate(
        [("safety", "ward", ["cases", "patients"]), ("outpatients", "department", ["visits", "staff"])]
    ):
        elements = "\n".join(f'  {{ code = "{element}" }},' for element in codes)
        table, _lines = read_form(FORM.format(code=code, kind=kind, elements=elements))
        write_form(None, table, position=position, elements=everything, hospital=living.hospital)
    assign_form(form=living.form("safety"), unit=living.hospital.root, first_month=Period.month(2025, 6))
    assign_form(
        form=living.form("outpatients"),
        unit=living.mawar,
        first_month=Period.month(2026, 5),
        scope=Scope.THIS_UNIT,
        speaks_of=living.inap,
    )
