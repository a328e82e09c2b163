"""Two hospitals whose figures were published: from the case files to facts.

The files hold the inputs as printed, the results as printed, and which of both cannot be right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo.plan import Fact, HospitalPlan, TallyPlan, UnitPlan
from indicators.periods import Period
from surveys.tally_files import TallyLine

CASES = Path(__file__).parent / "cases"
Case = Mapping[str, Any]


def read_case(name: str) -> Case:
    """A case file; numbers with a point are `Decimal`, so that their printed precision is kept."""
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def published_hospitals() -> Iterator[HospitalPlan]:
    yield budi_kemuliaan(read_case("budi_kemuliaan"))
    yield soebandi(read_case("soebandi"))


def budi_kemuliaan(case: Case) -> HospitalPlan:
    """RSIA Budi Kemuliaan: yearly facts of 2006 to 2010, and ward occupancy by month as reported."""
    wards = [UnitPlan(code, name, "ward", "inpatient") for code, name in case["wards"].items()]
    return HospitalPlan(
        **_identity(case["hospital"]),
        standard="depkes_2004",
        is_synthetic=False,
        units=(UnitPlan("inpatient", "Rawat Inap", "department"), *wards),
        facts=(
            *_counts_of_years(case),
            *_complaints(case["process"]["complaints"]),
            *_initiatives(case),
            *_ward_occupancy(case),
        ),
        tallies=tuple(_tallies(case)),
    )


def soebandi(case: Case) -> HospitalPlan:
    """RSUD Dr. Soebandi: yearly facts of 1997 to 1999, and the clinics of 1998."""
    units = [UnitPlan("outpatient", "Rawat Jalan", "department")]
    facts = [
        Fact("", element, Period.parse(year), float(value))
        for year, figures in case["years"].items()
        for element, value in figures.items()
    ]
    for year, clinics in case["clinics"].items():
        for code, name, new, returning, days in clinics["rows"]:
            units.append(UnitPlan(code, f"Klinik {name}", "clinic", "outpatient"))
            counts = {"new_visits": new, "returning_visits": returning, "clinic_days": days}
            facts.extend(Fact(code, e, Period.parse(year), float(v)) for e, v in counts.items())
    return HospitalPlan(
        **_identity(case["hospital"]),
        standard="depkes_1997",
        is_synthetic=False,
        tallies=(),
        units=tuple(units),
        facts=tuple(facts),
    )


def _identity(hospital: Mapping[str, Any]) -> dict[str, Any]:
    return {key: hospital[key] for key in ("code", "name", "kind", "city")}


def _counts_of_years(case: Case) -> Iterator[Fact]:
    years = case["hospital"]["years"]
    finance = case["finance"]
    for element in ("revenue", "expense"):
        for year, value in finance[element].items():
            yield Fact("", element, Period.parse(year), float(value))
    tables = (
        finance["budget"],
        finance["balance_sheet"],
        finance["revenue_by_line"],
        case["customers"],
        case["staff"],
        case["process"]["as_reported"],
        {"beds": [case["hospital"]["beds"]] * len(years)},
    )
    for table in tables:
        for element, values in table.items():
            for year, value in zip(years, values, strict=True):
                yield Fact("", element, Period.of_year(year), float(value))


def _complaints(complaints: Mapping[str, Mapping[str, int]]) -> Iterator[Fact]:
    for period, by_kind in complaints.items():
        for kind, count in by_kind.items():
            yield Fact("", f"complaints_{kind}", Period.parse(period.upper().replace("_", "-")), float(count))


def _initiatives(case: Case) -> Iterator[Fact]:
    """What was developed over the years together counts in the last of them."""
    initiatives = case["process"]["innovation"]["initiatives"]
    year = Period.of_year(case["hospital"]["years"][-1])
    done = sum(state == "done" for _kind, _name, state in initiatives)
    yield Fact("", "initiatives_planned", year, float(len(initiatives)))
    yield Fact("", "initiatives_done", year, float(done))


def _tallies(case: Case) -> Iterator[TallyPlan]:
    """The counts of the surveys. Employees were not parted into segments, and answered once."""
    tables = {
        "servqual": "servqual",
        "exit_survey": "exit_survey",
        "employee_satisfaction": "employee_survey",
    }
    for questionnaire, table in tables.items():
        for survey in case[table]:
            yield TallyPlan(
                questionnaire,
                survey.get("segment", ""),
                survey["year"],
                survey["respondents"],
                tuple(_tally_lines(survey["items"])),
            )


def _tally_lines(items: Iterable[Sequence[Any]]) -> Iterator[TallyLine]:
    """Items are numbered through in the order of the file; each has counts of answers 1 to 4."""
    for number, item in enumerate(items, start=1):
        reality, expectation = item[2], item[3] if isinstance(item[3], list) else [None] * len(item[2])
        for answer, (real, expected) in enumerate(zip(reality, expectation, strict=True), start=1):
            yield TallyLine(f"q{number}", answer, expected, real)


def _ward_occupancy(case: Case) -> Iterator[Fact]:
    """Monthly occupancy of the wards. A printed number that cannot be true counts as not collected."""
    wrong = {(m["figure"], m["year"], m["month"]): m["printed"] for m in case["misprints"] if "month" in m}
    for year, wards in case["process"]["bor_by_class_percent"].items():
        for ward, values in wards.items():
            for number, value in enumerate(values, start=1):
                month = Period.month(int(year), number)
                key = (f"process.bor_by_class_percent.{ward}", int(year), number)
                if key in wrong:
                    note = f"printed as {wrong[key]} %, which cannot be true"
                    yield Fact(ward, "bor_percent", month, None, "NC", note)
                else:
                    yield Fact(ward, "bor_percent", month, float(value))
