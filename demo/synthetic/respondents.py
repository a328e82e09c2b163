"""Inpatients who answer SERVQUAL this month, while the campaign is running: one by one, so that the
answers of a person and of an item hang together as real ones do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from demo.plan import CampaignPlan, RespondentPlan
from demo.synthetic.wards import WARDS, Ward
from indicators.periods import Period

#: Wards whose patients are asked: adults and mothers, not the newborn and the gravely ill.
_ASKED = ("anggrek", "melati", "mawar", "flamboyan", "kenanga", "dahlia", "cempaka")
_FEWEST, _MOST = 9, 15
_ITEMS, _POINTS = 25, 4
#: Mean expectation and reality, and how far people, items and single answers lie apart.
_EXPECTED, _FOUND = 3.25, 3.0
_OF_PERSON, _OF_ITEM, _OF_ANSWER = 0.32, 0.14, 0.42
#: Items of SERVQUAL, counted from 0, that this hospital is not good at: toilets, doctors at night, waiting.
_WEAK = {3: 0.35, 11: 0.4, 13: 0.55}
_SKIPPED = 0.004
_COMMENTS = (
    "Perawat ramah dan sabar.",
    "Kamar mandi sering becek, mohon dibersihkan lebih sering.",
    "Menunggu obat pulang terlalu lama.",
    "Terima kasih, penjelasan dokter mudah dimengerti.",
    "Jam besuk sebaiknya lebih tertib agar pasien dapat beristirahat.",
    "Makanan datang terlambat, sudah dingin.",
    "Parkir penuh pada pagi hari.",
)
_SHARES = {
    "age_group": {"under_20": 0.08, "20_34": 0.34, "35_49": 0.31, "50_and_over": 0.27},
    "education": {"primary": 0.24, "secondary": 0.52, "higher": 0.24},
}
#: Classes of wards as the questionnaire names them.
_CLASSES = {"vvip": "vip", "vip": "vip", "class_1": "class_1", "class_2": "class_2", "class_3": "class_3"}


def running_survey(month: Period, rng: np.random.Generator) -> CampaignPlan:
    """The campaign of `month` and the two months that follow; all answers so far are of `month`."""
    wards = [ward for ward in WARDS if ward.code in _ASKED]
    of_items = rng.normal(0, _OF_ITEM, (2, _ITEMS))
    for item, less in _WEAK.items():
        of_items[0, item] -= less
    return CampaignPlan(
        questionnaire="servqual",
        name="Suara pasien rawat inap",
        unit="inpatient",
        units=tuple(ward.code for ward in wards),
        segment="inpatient",
        first_month=month,
        last_month=month.shifted(2),
        population=1200,
        target_sample=105,
        respondents=tuple(_respondents(wards, of_items, rng)),
    )


def _respondents(
    wards: list[Ward], of_items: np.ndarray, rng: np.random.Generator
) -> Iterator[RespondentPlan]:
    """`of_items`: how much better than the mean an item is found and expected, [side, item]"""
    comments = iter(rng.permutation(_COMMENTS).tolist())
    for ward in wards:
        of_ward = rng.normal(0, 0.12)
        for _person in range(int(rng.integers(_FEWEST, _MOST + 1))):
            of_person = rng.normal(0, _OF_PERSON, 2)
            means = np.array([_FOUND + of_ward, _EXPECTED]) + of_person
            exact = means[:, None] + of_items + rng.normal(0, _OF_ANSWER, of_items.shape)
            reality, expectation = np.clip(np.rint(exact), 1, _POINTS).astype(int).tolist()
            skipped = rng.random(len(reality)) < _SKIPPED
            yield RespondentPlan(
                unit=ward.code,
                share_of_days=float(rng.random()),
                answers=tuple(
                    None if left_out else pair
                    for left_out, pair in zip(skipped, zip(reality, expectation, strict=True), strict=True)
                ),
                characteristics=_characteristics(ward, rng),
                comment=next(comments, "") if rng.random() < 0.1 else "",
            )


def _characteristics(ward: Ward, rng: np.random.Generator) -> dict[str, str]:
    found = {name: _drawn(shares, rng) for name, shares in _SHARES.items()}
    found["sex"] = "man" if rng.random() < ward.men_share else "woman"
    found["ward_class"] = _CLASSES[_drawn(ward.classes, rng)]
    return found


def _drawn(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
