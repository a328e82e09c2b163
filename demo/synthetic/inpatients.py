"""Inpatients made one by one: admitted, moved to intensive care and back, discharged or dead.

Patients are counted at midnight: one who comes on day a and leaves on day b (later than a) has been
here for b − a days, and is present at the end of the days a to b − 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.synthetic.timeline import Timeline
from demo.synthetic.wards import (
    INTENSIVE_CARE,
    WARDS,
    Ward,
    beds_of,
    expected_admissions,
    opening_day,
    room_of,
)

#: Where patients go from intensive care, and which share leaves the ward alive but not the hospital.
_BACK_TO = {"melati": 0.4, "mawar": 0.35, "flamboyan": 0.25}
_BACK_SHARE = 0.65
_EARLY_DEATH_SHARE = 0.35


@dataclass(frozen=True, eq=False)
class Stays:
    """Stays of patients in one ward, one element each.

    `start` and `end` are day numbers, `admitted` the day the patient came to the hospital; `came` says
    that it was into this ward. At the end `moved` to another ward, or `died`, or discharged alive.
    """

    start: np.ndarray
    end: np.ndarray
    admitted: np.ndarray
    came: np.ndarray
    moved: np.ndarray
    died: np.ndarray
    is_man: np.ndarray
    class_of_care: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


def make_stays(timeline: Timeline, rng: np.random.Generator) -> dict[str, Stays]:
    """Stays of every ward by its code."""
    by_code = {ward.code: ward for ward in WARDS}
    stays = {ward.code: _admit(ward, timeline, rng) for ward in WARDS if ward.code != INTENSIVE_CARE}
    care = by_code[INTENSIVE_CARE]
    arrivals = [_move(care, stays[code], stays[code].moved, rng) for code in stays if stays[code].moved.any()]
    stays[INTENSIVE_CARE] = _join([_admit(care, timeline, rng), *arrivals])
    leaving = stays[INTENSIVE_CARE]
    alive = np.flatnonzero(~leaving.died)
    back = alive[rng.random(len(alive)) < _BACK_SHARE]
    leaving.moved[back] = True
    target = rng.choice(len(_BACK_TO), size=len(back), p=list(_BACK_TO.values()))
    for number, code in enumerate(_BACK_TO):
        returned = _move(by_code[code], leaving, back[target == number], rng)
        returned.moved[:] = False
        stays[code] = _join([stays[code], returned])
    return stays


def _admit(ward: Ward, timeline: Timeline, rng: np.random.Generator) -> Stays:
    arrivals = rng.poisson(expected_admissions(ward, timeline))
    start = np.repeat(np.arange(len(arrivals)), arrivals)
    is_man = rng.random(len(start)) < ward.men_share
    stays = _stay(ward, start, start, np.ones(len(start), bool), is_man, rng)
    admitted = _admitted(stays, room_of(ward, timeline))
    return Stays(*(getattr(stays, name)[admitted] for name in Stays.__dataclass_fields__))


def _admitted(stays: Stays, room: np.ndarray) -> np.ndarray:
    """Who finds a bed, in the order of arrival; `room` by day of arrival: bool [stay]"""
    present = np.zeros(stays.end.max() + 1, int)
    admitted = np.zeros(len(stays), bool)
    for i, (start, end) in enumerate(zip(stays.start.tolist(), stays.end.tolist(), strict=True)):
        if present[start] < room[start]:
            present[start:end] += 1
            admitted[i] = True
    return admitted


def _move(ward: Ward, source: Stays, which: np.ndarray, rng: np.random.Generator) -> Stays:
    """The stays in `ward` of patients who leave `source`."""
    start = source.end[which]
    return _stay(ward, start, source.admitted[which], np.zeros(len(start), bool), source.is_man[which], rng)


def _stay(
    ward: Ward,
    start: np.ndarray,
    admitted: np.ndarray,
    came: np.ndarray,
    is_man: np.ndarray,
    rng: np.random.Generator,
) -> Stays:
    count = len(start)
    died = rng.random(count) < ward.death_share
    # At least one day; the rest spreads widely, as lengths of stay do.
    length = 1 + rng.negative_binomial(2, 2 / (ward.stay_days + 1), count)
    length[died] = np.where(
        came[died] & (rng.random(died.sum()) < _EARLY_DEATH_SHARE), 1, np.maximum(length[died], 2)
    )
    return Stays(
        start=start,
        end=start + length,
        admitted=admitted,
        came=came,
        moved=~died & (rng.random(count) < ward.to_intensive_care),
        died=died,
        is_man=is_man,
        class_of_care=rng.choice(list(ward.classes), size=count, p=list(ward.classes.values())),
    )


def _join(parts: list[Stays]) -> Stays:
    names = Stays.__dataclass_fields__
    return Stays(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def counts_of(ward: Ward, stays: Stays, timeline: Timeline) -> dict[str, np.ndarray]:
    """The columns of the monthly inpatient form, by data element: [month] each."""
    size = len(timeline.dates) + 1

    def by_day(days: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
        chosen = days if where is None else days[where]
        return np.bincount(np.minimum(chosen, size - 1), minlength=size)[:-1]

    def per_month(days: np.ndarray, where: np.ndarray) -> np.ndarray:
        return timeline.per_month(by_day(days, where))

    def census(where: np.ndarray | None = None) -> np.ndarray:
        return np.cumsum(by_day(stays.start, where) - by_day(stays.end, where))

    present = census()
    left = ~stays.moved
    under_48h = stays.died & (stays.end - stays.admitted < 2)
    later = stays.died & ~under_48h
    stayed = np.zeros(size)
    np.add.at(stayed, np.minimum(stays.end[left], size - 1), (stays.end - stays.admitted)[left])
    columns = {
        "beds": beds_of(ward, timeline),
        "patients_start": present[timeline.month_starts[:-1] - 1],
        "admissions": per_month(stays.start, stays.came),
        "transfers_in": per_month(stays.start, ~stays.came),
        "transfers_out": per_month(stays.end, stays.moved),
        "discharged_alive": per_month(stays.end, left & ~stays.died),
        "deaths_under_48h": per_month(stays.end, under_48h),
        "deaths_under_48h_men": per_month(stays.end, under_48h & stays.is_man),
        "deaths_under_48h_women": per_month(stays.end, under_48h & ~stays.is_man),
        "deaths_48h_or_more": per_month(stays.end, later),
        "deaths_48h_or_more_men": per_month(stays.end, later & stays.is_man),
        "deaths_48h_or_more_women": per_month(stays.end, later & ~stays.is_man),
        "length_of_stay_days": timeline.per_month(stayed[:-1]),
        "patient_days": timeline.per_month(present),
        "patients_end": present[timeline.month_starts[1:] - 1],
    }
    for name in ward.classes:
        columns[f"patient_days_{name}"] = timeline.per_month(census(stays.class_of_care == name))
    return columns


def is_open(ward: Ward, timeline: Timeline) -> np.ndarray:
    """Months in which the ward works: bool [month]"""
    opening = opening_day(ward, timeline)
    return np.array([opening is None or month.start >= opening for month in timeline.months])


def total(columns: Mapping[str, Mapping[str, np.ndarray]], *elements: str) -> np.ndarray:
    """Sum of elements over all wards: [month]"""
    return np.sum([ward[element] for ward in columns.values() for element in elements], axis=0)
