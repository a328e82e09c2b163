"""Random hospitals that report unevenly, to compare the engine with the reference on.

A world has one theme, so that its figures meet in a few formulas like the real ones. Everything follows from
the seed. Values are small whole numbers: sums can be checked by hand, and zero denominators come up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from tests.indicators.engine.reference_world import NA, NC, Element, Span, Value, World

YEARS = (2024, 2025)
#: The nineteen periods of a year, months first.
SPANS: tuple[Span, ...] = (
    *((month, month) for month in range(1, 13)),
    *((month, month + 2) for month in (1, 4, 7, 10)),
    *((month, month + 5) for month in (1, 7)),
    (1, 12),
)

ELEMENTS = {
    each.code: each
    for each in (
        Element("beds", "mean"),
        Element("bed_days", derived="beds * days"),
        Element("patient_days", parts=("patient_days_class_1", "patient_days_class_2")),
        Element("patient_days_class_1"),
        Element("patient_days_class_2"),
        Element("length_of_stay_days"),
        Element("discharged_alive"),
        Element("deaths"),
        Element("employees", "mean"),
        Element("left"),
        Element("working_days", over_units="none"),
        Element("employee_working_days", derived="employees * working_days"),
        Element("days_absent"),
        Element("revenue"),
        Element("revenue_realised"),
        Element("expense"),
        Element("receivables", "last"),
        Element("current_assets", "last"),
        Element("current_liabilities", "last"),
        Element("cash", "last"),
        Element("short_term_securities", "last"),
    )
}


@dataclass(frozen=True)
class Theme:
    codes: tuple[str, ...]
    formulas: tuple[str, ...]
    #: What is only told by the month.
    by_month: tuple[str, ...] = ()


INPATIENT = Theme(
    (
        "beds",
        "patient_days",
        "patient_days_class_1",
        "patient_days_class_2",
        "length_of_stay_days",
        "discharged_alive",
        "deaths",
    ),
    (
        "100 * patient_days / bed_days",
        "first(length_of_stay_days, patient_days) / (discharged_alive + deaths)",
        "first(length_of_stay_days / (discharged_alive + deaths), patient_days / discharged_alive)",
        "(bed_days - patient_days) / (discharged_alive + deaths)",
        "days / (bed_days / (discharged_alive + deaths))",
        "1000 * deaths / (discharged_alive + deaths)",
        "patient_days",
        "beds",
    ),
)
PERSONNEL = Theme(
    ("employees", "left", "revenue"),
    (
        "100 * left / employees",
        "revenue / employees",
        "100 * (employees / year_ago(employees) - 1)",
        "employees",
        "left",
    ),
)
# A product of a year's level and a month's flow is a figure of the year for the engine, and of months that
# only the year sees for the reference: both are right, and the engine then joins more than it must.
ABSENCE = Theme(
    ("employees", "working_days", "days_absent"),
    ("100 * days_absent / (employee_working_days + days_absent)", "employees"),
    by_month=("employees", "working_days"),
)
FINANCE = Theme(
    ("revenue", "revenue_realised", "expense", "receivables"),
    (
        "100 * (revenue / year_ago(revenue) - 1)",
        "100 * (revenue - expense) / revenue",
        "first(revenue_realised, revenue) / year_ago(first(revenue_realised, revenue))",
        "100 * (first(revenue_realised / year_ago(revenue_realised), revenue / year_ago(revenue)) - 1)",
        "first(revenue_realised / expense, revenue / expense)"
        " / year_ago(first(revenue_realised / expense, revenue / expense))",
        "days * receivables / revenue",
        "first(revenue_realised, revenue) / receivables",
        "revenue - expense",
    ),
)
BALANCE = Theme(
    ("current_assets", "current_liabilities", "cash", "short_term_securities", "revenue"),
    (
        "current_assets / current_liabilities",
        "first(cash + short_term_securities, cash) / current_liabilities",
        "revenue / current_assets",
        "100 * (current_assets / year_ago(current_assets) - 1)",
        "current_assets",
    ),
)
THEMES = (INPATIENT, PERSONNEL, FINANCE, BALANCE, ABSENCE)


@dataclass(frozen=True)
class Hospital:
    """A random world with the formulas that its figures are meant for."""

    seed: int
    world: World
    formulas: tuple[str, ...]


def random_hospital(seed: int) -> Hospital:
    """A hospital of two to seven units, two years of figures, closed or open-ended, with or without forms."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    theme = THEMES[seed % len(THEMES)]
    parents = _tree(random)
    facts: dict[tuple[str, str, int, Span], Value] = {}
    for unit, parent in parents.items():
        is_inner = unit in parents.values()
        for code in theme.codes:
            if random.random() < (0.3 if is_inner or parent is None else 0.75):
                _report(random, facts, unit, code, by_month=code in theme.by_month)
    opened, closed = _days(random, parents)
    world = World(
        parents,
        ELEMENTS,
        facts,
        opened,
        closed,
        _duties(random, facts, parents, theme) if random.random() < 0.4 else None,
        random.choice((dt.date(2030, 1, 1), dt.date(2026, 1, 1), dt.date(2025, random.randint(2, 12), 9))),
    )
    return Hospital(seed, world, theme.formulas)


def _tree(random: Random) -> dict[str, str | None]:
    """The hospital, one to three units below it, and below some of these one or two more."""
    parents: dict[str, str | None] = {"root": None}
    for name in "abc"[: random.randint(1, 3)]:
        parents[name] = "root"
        if random.random() < 0.35:
            parents.update({f"{name}{number}": name for number in range(1, random.randint(2, 3))})
    return parents


def _report(random: Random, facts: dict, unit: str, code: str, *, by_month: bool) -> None:
    """What a unit tells of one element, each year in a way of its own, mostly by the month."""
    usual = random.choices(("months", "quarters", "year", "mixed"), (7, 1, 2, 2))[0]
    silence = random.choice((0.0, 0.0, 0.0, 0.1, 0.5))
    most = random.choice((3, 20))
    for year in YEARS:
        way = usual if random.random() < 0.8 else random.choice(("months", "quarters", "year", "nothing"))
        if by_month and way != "nothing":
            way = "months"
        spans: list[Span] = {
            "months": list(SPANS[:12]),
            "quarters": list(SPANS[12:16]),
            "year": [(1, 12)],
            "mixed": [span for span in SPANS if random.random() < 0.4],
            "nothing": [],
        }[way]
        for span in spans:
            if random.random() >= silence:
                facts[unit, code, year, span] = _value(random, most * (span[1] - span[0] + 1))


def _value(random: Random, most: int) -> Value:
    return random.choices((random.randint(0, most), NA, NC), (30, 1, 1))[0]


def _days(random: Random, parents: dict) -> tuple[dict[str, dt.date], dict[str, dt.date]]:
    """Units that open or close, some of them within a month; a unit is open only while that above it is."""
    opened, closed = {}, {}
    for unit, parent in parents.items():
        if unit != "root" and random.random() < 0.2:
            opened[unit] = dt.date(random.choice(YEARS), random.randint(1, 12), random.choice((1, 1, 16)))
        if unit != "root" and random.random() < 0.2:
            day = dt.date(random.choice(YEARS), random.randint(1, 12), random.choice((1, 1, 16)))
            closed[unit] = max(day - dt.timedelta(days=1), opened.get(unit, day))
        if parent in opened:
            opened[unit] = max(opened[parent], opened.get(unit, opened[parent]))
        if parent in closed:
            closed[unit] = min(closed[parent], closed.get(unit, closed[parent]))
        if unit in opened and unit in closed and opened[unit] > closed[unit]:
            opened[unit] = opened.get(parent, closed[unit])
    return opened, closed


def _duties(random: Random, facts: dict, parents: dict, theme: Theme) -> dict:
    """Forms: most who tell something owe it, a few who tell nothing do too; some forms begin or end late."""
    duties: dict[str, dict[str, list]] = {}
    for code in theme.codes:
        for unit in parents:
            tells = any((who, what) == (unit, code) for who, what, _year, _span in facts)
            if random.random() < (0.85 if tells else 0.08):
                first = random.choice(((2020, 1), (2020, 1), (2024, 7), (2025, 4)))
                last = random.choice((None, None, None, (2025, 8)))
                duties.setdefault(code, {})[unit] = [(first, last)]
    return duties
