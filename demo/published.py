"""Two hospitals whose figures were published: from the case files to facts.

The files hold the inputs as printed, the results as printed, and which of both cannot be right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo.plan import Fact, HospitalPlan, UnitPlan
from indicators.periods import Period

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
            *_surveys(case),
            *_ward_occupancy(case),
        ),
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
        units=tuple(units),
        facts=tuple(facts),
    )


def _identity(hospital: Mapping[str, Any]) -> dict[str, str]:
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


def _surveys(case: Case) -> Iterator[Fact]:
    for name in ("servqual", "exit_survey"):
        for survey in case[name]:
            year = Period.of_year(survey["year"])
            reality = weight_of_answers(item[2] for item in survey["items"])
            expectation = weight_of_answers(item[3] for item in survey["items"])
            yield Fact("", f"{name}_respondents", year, float(survey["respondents"]))
            yield Fact("", f"{name}_reality_weight", year, reality)
            yield Fact("", f"{name}_expectation_weight", year, expectation)
    for survey in case["employee_survey"]:
        year = Period.of_year(survey["year"])
        answers = [item[2] for item in survey["items"]]
        satisfied = sum(counts[2] + counts[3] for counts in answers)
        yield Fact("", "employee_survey_respondents", year, float(survey["respondents"]))
        yield Fact("", "employee_answers", year, float(sum(sum(counts) for counts in answers)))
        yield Fact("", "employee_satisfied_answers", year, float(satisfied))


def weight_of_answers(items: Iterable[Sequence[int]]) -> float:
    """Σ answer value × number of answers; each item lists how often 1, 2, 3 and 4 were answered."""
    return float(sum(value * count for counts in items for value, count in enumerate(counts, start=1)))


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
