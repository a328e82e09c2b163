"""The ten wards: what they are like, and what an outbreak does to one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.synthetic.timeline import Timeline
from indicators.periods import Period

#: Months are counted from 0 of the 36.
WARD_OPENS_IN = 14
BEDS_ADDED_IN = 20


@dataclass(frozen=True)
class Ward:
    """What a ward is like before chance and the season come in.

    `occupancy` is the share of its beds that its own admissions fill, `stay_days` their mean stay.
    A ward that is `full_at` this share of its beds admits nobody but those moved there from another.
    `rain` and `elective` say how strongly the rains add and the feasts take away; `classes` how
    patients spread over classes of care; `to_intensive_care` which share goes there.
    """

    code: str
    name: str
    beds: int
    occupancy: float
    stay_days: float
    death_share: float
    classes: Mapping[str, float]
    rain: float = 0.1
    elective: float = 0.15
    men_share: float = 0.5
    to_intensive_care: float = 0.0
    full_at: float = 0.92
    added_beds: int = 0
    opens_later: bool = False
    outbreak: bool = False


CLASSES = ("vvip", "vip", "class_1", "class_2", "class_3", "special")
INTENSIVE_CARE = "seruni"
WARDS = (
    Ward("anggrek", "Ruang Anggrek (VIP)", 18, 0.58, 4, 0.016, {"vvip": 0.2, "vip": 0.8}, elective=0.3),
    Ward(
        "melati", "Ruang Melati (Penyakit Dalam)", 32, 0.66, 5, 0.040, {"class_1": 0.3, "class_2": 0.7},
        rain=0.2, to_intensive_care=0.03,
    ),
    Ward(
        "mawar", "Ruang Mawar (Penyakit Dalam, Kelas III)", 36, 0.70, 5, 0.048, {"class_3": 1.0},
        rain=0.2, to_intensive_care=0.03, added_beds=6,
    ),
    Ward(
        "flamboyan", "Ruang Flamboyan (Bedah)", 30, 0.62, 4.5, 0.016,
        {"class_1": 0.2, "class_2": 0.3, "class_3": 0.5}, elective=0.5, to_intensive_care=0.04,
    ),
    Ward(
        "kenanga", "Ruang Kenanga (Kebidanan)", 28, 0.70, 3, 0.0015,
        {"vip": 0.1, "class_1": 0.2, "class_2": 0.3, "class_3": 0.4}, men_share=0.0,
    ),
    Ward(
        "dahlia", "Ruang Dahlia (Anak)", 28, 0.58, 4, 0.010, {"class_2": 0.35, "class_3": 0.65},
        rain=0.35, outbreak=True,
    ),
    Ward("teratai", "Ruang Teratai (Perinatologi)", 16, 0.64, 5, 0.055, {"special": 1.0}, elective=0.0),
    Ward(
        "cempaka", "Ruang Cempaka (Saraf dan Stroke)", 20, 0.60, 6, 0.065,
        {"class_1": 0.2, "class_2": 0.4, "class_3": 0.4}, opens_later=True,
    ),
    Ward(
        INTENSIVE_CARE, "Ruang Seruni (Perawatan Intensif)", 10, 0.34, 4, 0.16, {"special": 1.0},
        full_at=0.6,
    ),
    Ward("edelweis", "Ruang Edelweis (Isolasi)", 12, 0.52, 8, 0.055, {"special": 1.0}, rain=0.2),
)  # fmt: skip


def opening_day(ward: Ward, timeline: Timeline) -> dt.date | None:
    """The first day of a ward that opens during the 36 months; None for the others."""
    return timeline.months[WARD_OPENS_IN].start if ward.opens_later else None


def beds_of(ward: Ward, timeline: Timeline) -> np.ndarray:
    """Beds at the start of each month: int [month]"""
    beds = np.full(len(timeline.months), ward.beds)
    beds[BEDS_ADDED_IN:] += ward.added_beds
    return beds


def outbreak_months(timeline: Timeline) -> tuple[Period, Period]:
    """January and February of the last rains that have a year before them: dengue among children."""
    january = max(m for m in timeline.months[12:-1] if m.first_month == 1)
    return january, january.shifted(1)


def _outbreak_days(timeline: Timeline) -> slice:
    january, february = outbreak_months(timeline)
    # It takes a week to fill the beds, so it begins before the year does.
    return slice(timeline.day_of(january.start) - 8, timeline.day_of(february.end))


def room_of(ward: Ward, timeline: Timeline) -> np.ndarray:
    """Patients up to whom the ward admits more, by day; in an outbreak nobody is sent away: [day]"""
    beds = np.full(len(timeline.dates), float(ward.beds))
    beds[timeline.month_starts[BEDS_ADDED_IN] :] += ward.added_beds
    room = ward.full_at * beds
    if ward.outbreak:
        room[_outbreak_days(timeline)] = np.inf
    return room


def expected_admissions(ward: Ward, timeline: Timeline) -> np.ndarray:
    """Mean admissions of each day: [day]"""
    per_day = ward.occupancy * ward.beds / ward.stay_days
    season = 1 + ward.rain * (2 * timeline.rain - 1)
    slack = np.where(timeline.feast, 1 - ward.elective - 0.15, 1.0)
    slack = np.where(timeline.year_end, slack * (1 - ward.elective), slack)
    if ward.outbreak:
        # No feast holds it up.
        slack[_outbreak_days(timeline)] = 1.55
    growth = 1 + 0.02 * timeline.years_passed
    rate = per_day * season * slack * growth
    opening = opening_day(ward, timeline)
    if opening is not None:
        months_open = (np.arange(len(rate)) - timeline.day_of(opening)) / 30
        rate *= np.clip(0.5 + months_open / 8, 0.5, 1.0) * (months_open >= 0)
    return rate
