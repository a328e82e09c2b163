"""The ten clinics and the patients of the hospital as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.synthetic.timeline import Timeline


@dataclass(frozen=True)
class Clinic:
    """`visits_per_day` and the share of `new` ones, before chance and the season come in."""

    code: str
    name: str
    visits_per_day: float
    new: float
    rain: float = 0.0


CLINICS = (
    Clinic("clinic_internal", "Klinik Penyakit Dalam", 62, 0.24, 0.08),
    Clinic("clinic_child", "Klinik Anak", 34, 0.45, 0.2),
    Clinic("clinic_obstetric", "Klinik Kebidanan dan Kandungan", 38, 0.38),
    Clinic("clinic_surgery", "Klinik Bedah", 30, 0.42),
    Clinic("clinic_neurology", "Klinik Saraf", 28, 0.26),
    Clinic("clinic_eye", "Klinik Mata", 36, 0.48),
    Clinic("clinic_ent", "Klinik THT", 24, 0.52, 0.1),
    Clinic("clinic_dental", "Klinik Gigi", 22, 0.5),
    Clinic("clinic_skin", "Klinik Kulit dan Kelamin", 20, 0.5, 0.08),
    Clinic("clinic_rehabilitation", "Klinik Rehabilitasi Medik", 26, 0.15),
)


def clinic_counts(clinic: Clinic, timeline: Timeline, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Visits and open days by data element: [month] each."""
    season = 1 + clinic.rain * (2 * timeline.rain - 1)
    slack = np.where(timeline.feast, 0.6, np.where(timeline.year_end, 0.8, 1.0))
    growth = 1 + 0.05 * timeline.years_passed
    # Visits vary more than chance alone would have it: doctors are away, queues are let in or not.
    spread = rng.gamma(25, 1 / 25, len(timeline.dates))
    visits = rng.poisson(clinic.visits_per_day * season * slack * growth * spread) * timeline.is_open
    new = timeline.per_month(rng.binomial(visits, clinic.new))
    returning = timeline.per_month(visits) - new
    return {
        "outpatient_visits": new + returning,
        "new_visits": new,
        "returning_visits": returning,
        "clinic_days": timeline.per_month(timeline.is_open),
    }


def patients_of(visits: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Patients, not visits: most come more than once in a month. From visits of all clinics [month]."""
    patients = np.round(visits * rng.normal(0.58, 0.01, len(visits))).astype(int)
    share_new = np.clip(rng.normal(0.31, 0.015, len(visits)), 0, 1)
    new = np.round(patients * share_new).astype(int)
    return {"new_patients": new, "returning_patients": patients - new}
