"""What goes wrong when people report: a digit too many, months not handed in, numbers nobody has."""

from __future__ import annotations

from demo.plan import Absent, Fact
from indicators.periods import Period

#: Unit ("" the hospital) and element of each, with positions among the 36 months.
WRONG_ENTRY = ("melati", "patient_days", 30)
NOT_HANDED_IN = ("flamboyan", (27, 28))
NOT_COLLECTED = (
    ("anggrek", "length_of_stay_days", 15),
    ("quality", "hand_hygiene_done", 22),
    ("quality", "hand_hygiene_opportunities", 22),
    ("", "trained_employees", 8),
)
#: The clinic was rebuilt and closed.
NOT_APPLICABLE = tuple(
    ("clinic_dental", element, month)
    for element in ("outpatient_visits", "new_visits", "returning_visits", "clinic_days")
    for month in (18, 19)
)


def with_digit_too_many(value: float) -> float:
    """The first digit typed twice: 745 becomes 7745."""
    digits = str(int(value))
    return float(digits[0] + digits)


def with_mishaps(facts: list[Fact], months: tuple[Period, ...]) -> list[Fact]:
    """The facts as they are reported."""
    ward, positions = NOT_HANDED_IN
    lost = {(ward, months[position]) for position in positions}
    absent: dict[tuple[str, str, Period], Absent]
    absent = {(u, e, months[m]): "NC" for u, e, m in NOT_COLLECTED}
    absent |= {(u, e, months[m]): "NA" for u, e, m in NOT_APPLICABLE}
    unit, element, position = WRONG_ENTRY
    wrong = (unit, element, months[position])
    reported = []
    for fact in facts:
        key = (fact.unit, fact.element, fact.period)
        if (fact.unit, fact.period) in lost:
            continue
        if key in absent:
            fact = fact._replace(value=None, absent=absent[key])
        elif key == wrong and fact.value is not None:
            fact = fact._replace(value=with_digit_too_many(fact.value))
        reported.append(fact)
    return reported
