"""The made-up hospital as a whole: its tree, and the figures of all its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from demo.plan import Fact, FormPlan, HospitalPlan, UnitPlan
from demo.synthetic.clinics import CLINICS, clinic_counts, patients_of
from demo.synthetic.finance import Books, budgets, keep_books
from demo.synthetic.inpatients import counts_of, is_open, make_stays, total
from demo.synthetic.mishaps import with_mishaps
from demo.synthetic.quality import birth_counts, patient_survey, quality_counts
from demo.synthetic.referrals import readiness_survey, referral_counts
from demo.synthetic.respondents import running_survey
from demo.synthetic.staff import employee_survey, staff_counts
from demo.synthetic.timeline import Timeline
from demo.synthetic.wards import CLASSES, WARDS, opening_day
from indicators.periods import Period, PeriodKind

SYNTHETIC_CODE = "RSUCS"
MONTHS = 36
SEED = 20261121
#: Number of the stream that the campaign draws from; those of the figures are below.
_CAMPAIGN = 100
_DISCHARGED = ("discharged_alive", "deaths_under_48h", "deaths_48h_or_more")
_DIED = _DISCHARGED[1:]


def make_hospital(last_month: Period, seed: int = SEED) -> HospitalPlan:
    """36 months up to `last_month`. The same month and seed always give the same hospital."""
    timeline = Timeline.ending_with(last_month, MONTHS)
    facts = with_mishaps(list(_facts(timeline, seed)), timeline.months)
    return HospitalPlan(
        code=SYNTHETIC_CODE,
        name="RSU Contoh Sehat (data rekaan)",
        kind="Umum, rekaan",
        city="Kota Contoh",
        standard="depkes_2005",
        is_synthetic=True,
        units=tuple(_units(timeline)),
        facts=tuple(facts),
        campaigns=(running_survey(last_month.shifted(1), np.random.default_rng([seed, _CAMPAIGN])),),
        forms=tuple(_forms(last_month.shifted(-2))),
    )


def _forms(first_month: Period) -> Iterator[FormPlan]:
    """Who fills what. What came before the first month was taken over from other books."""
    yield FormPlan("inpatient_ward", "inpatient", first_month)
    for ward in WARDS:
        not_kept = tuple(f"patient_days_{name}" for name in CLASSES if name not in ward.classes)
        yield FormPlan("inpatient_ward", ward.code, first_month, only=True, not_kept=not_kept)
    yield FormPlan("outpatient_clinic", "outpatient", first_month)
    yield FormPlan("finance", "finance", first_month, only=True, of_hospital=True)
    yield FormPlan("personnel", "personnel", first_month, only=True, of_hospital=True)
    yield FormPlan("quality_and_complaints", "quality", first_month, only=True)


def _units(timeline: Timeline) -> Iterator[UnitPlan]:
    yield UnitPlan("inpatient", "Rawat Inap", "department")
    for ward in WARDS:
        yield UnitPlan(ward.code, ward.name, "ward", "inpatient", opening_day(ward, timeline))
    yield UnitPlan("outpatient", "Rawat Jalan", "department")
    for clinic in CLINICS:
        yield UnitPlan(clinic.code, clinic.name, "clinic", "outpatient")
    yield UnitPlan("emergency", "Gawat Darurat dan Rujukan", "service")
    yield UnitPlan("finance", "Keuangan", "department")
    yield UnitPlan("personnel", "Kepegawaian", "department")
    yield UnitPlan("quality", "Mutu dan Pelayanan Pelanggan", "department")


def _facts(timeline: Timeline, seed: int) -> Iterator[Fact]:
    # Each part draws from a stream of its own: changing one leaves the others as they were.
    streams = (np.random.default_rng([seed, part]) for part in range(_CAMPAIGN))
    stays = make_stays(timeline, next(streams))
    wards = {ward.code: counts_of(ward, stays[ward.code], timeline) for ward in WARDS}
    _add_births(wards, next(streams))
    infections = next(streams)
    for ward in WARDS:
        columns = wards[ward.code]
        discharged = np.sum([columns[name] for name in _DISCHARGED], axis=0)
        columns["nosocomial_infections"] = infections.binomial(discharged, 0.011)
        yield from _monthly(ward.code, columns, timeline, is_open(ward, timeline), men=ward.men_share > 0)

    clinics = next(streams)
    visited = {clinic.code: clinic_counts(clinic, timeline, clinics) for clinic in CLINICS}
    visits = total(visited, "outpatient_visits")
    clinic_days = timeline.per_month(timeline.is_open)
    for code, columns in visited.items():
        yield from _monthly(code, columns, timeline)
    # Open days are no sum: each level has its own.
    yield from _monthly("", {"clinic_days": clinic_days}, timeline)
    yield from _monthly("outpatient", {"clinic_days": clinic_days}, timeline)
    # Patients, new and returning, are counted by those whose form asks for them.
    yield from _monthly("quality", patients_of(visits, next(streams)), timeline)

    staff = staff_counts(timeline, next(streams))
    yield from _monthly("", staff, timeline)
    quality = quality_counts(timeline, next(streams))
    yield from _monthly("quality", quality, timeline)
    yield from _monthly("emergency", referral_counts(timeline, next(streams)), timeline)
    done = {
        "patient_days": total(wards, "patient_days"),
        "admissions": total(wards, "admissions"),
        "outpatient_visits": visits,
        "operations": quality["operations"],
    }
    books = keep_books(done, staff["employees"], timeline, next(streams))
    yield from _finance(books, timeline, next(streams))
    yield from _surveys(timeline, next(streams))
    yield from _yearly(timeline, done, next(streams))


def _add_births(wards: dict[str, dict[str, np.ndarray]], rng: np.random.Generator) -> None:
    mothers, newborns = wards["kenanga"], wards["teratai"]
    for_mothers, for_newborns = birth_counts(
        np.sum([mothers[name] for name in _DISCHARGED], axis=0),
        np.sum([mothers[name] for name in _DIED], axis=0),
        np.sum([newborns[name] for name in _DIED], axis=0),
        rng,
    )
    mothers |= for_mothers
    newborns |= for_newborns


def _monthly(
    unit: str,
    columns: Mapping[str, np.ndarray],
    timeline: Timeline,
    where: np.ndarray | None = None,
    *,
    men: bool = True,
) -> Iterator[Fact]:
    """One fact per element and month in which the unit works; a ward for women has no deaths of men."""
    for element, values in columns.items():
        for position, (month, value) in enumerate(zip(timeline.months, values.tolist(), strict=True)):
            if where is not None and not where[position]:
                continue
            if not men and element.endswith("_men"):
                yield Fact(unit, element, month, None, "NA")
            else:
                yield Fact(unit, element, month, float(value))


def _finance(books: Books, timeline: Timeline, rng: np.random.Generator) -> Iterator[Fact]:
    """The income statement, the budget and the balance sheet, by month."""
    columns = books.monthly | budgets(books, timeline, rng) | books.month_ends
    yield from _monthly("", columns, timeline)


def _surveys(timeline: Timeline, rng: np.random.Generator) -> Iterator[Fact]:
    for semester, months in timeline.complete(PeriodKind.SEMESTER):
        years = months.start / 12
        rounds = {"quality": patient_survey(years, rng), "personnel": employee_survey(years, rng)}
        for unit, answers in rounds.items():
            for element, value in answers.items():
                yield Fact(unit, element, semester, float(value))


def _yearly(timeline: Timeline, done: dict[str, np.ndarray], rng: np.random.Generator) -> Iterator[Fact]:
    """Initiatives, readiness for referrals and the competitors, of whole years only."""
    for year, months in timeline.complete(PeriodKind.YEAR):
        planned = int(rng.integers(8, 12))
        yield Fact("quality", "initiatives_planned", year, float(planned))
        yield Fact("quality", "initiatives_done", year, float(rng.binomial(planned, 0.82)))
        for element, value in readiness_survey(months.start / 12, rng).items():
            yield Fact("emergency", element, year, float(value))
        patients = done["outpatient_visits"][months].sum() * 0.58
        yield Fact("", "competitors", year, 3.0)
        yield Fact("", "competitor_patients", year, float(round(patients * rng.normal(3.3, 0.05))))
