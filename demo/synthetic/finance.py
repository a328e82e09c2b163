"""Money: revenue follows what was done, expense follows people and goods; whole thousands of rupiah."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.synthetic.timeline import Timeline

_MILLION = 1e6
#: Rupiah for one of what was done, at the prices of the first month.
_TARIFFS = {
    "revenue_inpatient_care": ("patient_days", 0.46 * _MILLION),
    "revenue_outpatient_care": ("outpatient_visits", 0.11 * _MILLION),
    "revenue_emergency_care": ("admissions", 0.42 * _MILLION),
    "revenue_operating_theatre": ("operations", 6.4 * _MILLION),
    "laboratory": ("outpatient_visits", 0.10 * _MILLION),
    "radiology": ("outpatient_visits", 0.042 * _MILLION),
    "pharmacy": ("patient_days", 0.52 * _MILLION),
    "blood_bank": ("operations", 0.55 * _MILLION),
}
#: Share of the revenue of an ordinary month at the start, and what a year adds to it.
_EXPENSES = {
    "expense_medical_fees": (0.200, 0.008),
    "expense_medicines_and_consumables": (0.225, 0.014),
    "expense_food": (0.028, 0.0),
    "expense_utilities": (0.042, 0.001),
    "expense_maintenance": (0.034, 0.0),
    "expense_administration": (0.031, 0.0),
    "expense_education_and_training": (0.014, 0.0),
    "expense_other": (0.022, 0.0),
}
_INFLATION = 0.045
#: What the plans add in a year.
_PLANNED_GROWTH = {"revenue": 0.075, "expense": 0.07}
_DEPRECIATION_SHARE = 0.052
_PERSONNEL_EACH = 4.0 * _MILLION


@dataclass(frozen=True, eq=False)
class Books:
    """By data element. `monthly` and `month_ends` are [month]; the balance sheet is made of the latter."""

    monthly: dict[str, np.ndarray]
    month_ends: dict[str, np.ndarray]


def keep_books(
    done: dict[str, np.ndarray], employees: np.ndarray, timeline: Timeline, rng: np.random.Generator
) -> Books:
    """`done` are patient days, visits, admissions and operations: [month] each, as they really were."""
    count = len(timeline.months)
    years = np.arange(count) / 12
    prices = (1 + _INFLATION) ** years

    def noise(spread: float) -> np.ndarray:
        return rng.normal(1, spread, count)

    lines = {
        name: _thousands(done[of] * each * prices * noise(0.02)) for name, (of, each) in _TARIFFS.items()
    }
    lines["revenue_other"] = _thousands(180 * _MILLION * prices * noise(0.15))
    revenue = np.sum(list(lines.values()), axis=0)
    ordinary = revenue.mean() * prices / prices.mean()
    costs = {
        name: _thousands(ordinary * (0.5 + 0.5 * revenue / ordinary) * (share + yearly * years) * noise(0.03))
        for name, (share, yearly) in _EXPENSES.items()
    }
    # The feast allowance is one month's pay more.
    allowance = 1.0 + timeline.per_month(timeline.feast_allowance)
    costs["expense_personnel"] = _thousands(employees * _PERSONNEL_EACH * prices * allowance * noise(0.01))
    depreciation = _thousands(ordinary * _DEPRECIATION_SHARE)
    expense = np.sum(list(costs.values()), axis=0) + depreciation
    interest = _thousands(ordinary * 0.006)
    monthly = lines | costs
    monthly |= {"revenue": revenue, "expense": expense, "depreciation": depreciation}
    monthly["ebit"] = revenue - expense + interest
    return Books(monthly, _month_ends(monthly, years, rng))


def _month_ends(
    monthly: dict[str, np.ndarray], years: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    revenue, count = monthly["revenue"], len(years)
    level = revenue.mean() * (1 + 0.06 * (years - years.mean()))
    saved = np.cumsum(monthly["revenue"] - monthly["expense"])
    cash = _thousands(0.75 * level + 0.25 * saved + rng.normal(0, 0.04, count) * level)
    receivables = _thousands(level * (1.45 + 0.12 * years) * rng.normal(1, 0.03, count))
    inventory = _thousands(level * 0.62 * rng.normal(1, 0.04, count))
    securities = _thousands(np.full(count, 0.4 * revenue.mean()))
    current = cash + receivables + inventory + securities + _thousands(level * 0.1)
    liabilities = _thousands(level * (1.45 + 0.05 * years) * rng.normal(1, 0.03, count))
    fixed = _thousands(8.4 * revenue.mean() * (1 + 0.02 * years))
    assets = current + fixed
    return {
        "cash": cash,
        "receivables": receivables,
        "inventory": inventory,
        "short_term_securities": securities,
        "current_assets": current,
        "current_liabilities": liabilities,
        "equity": _thousands(0.45 * assets[0] + saved),
        "total_assets": assets,
        "capital_employed": assets - _thousands(np.full(count, 0.3 * revenue.mean())),
    }


def budgets(books: Books, timeline: Timeline, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Planned and realised of every month. Plans do not foresee chance: they follow the typical month.

    The budget report differs a little from the income statement: it counts when money moves.
    """
    count = len(timeline.months)
    found = {}
    for name, growth in _PLANNED_GROWTH.items():
        by_month = books.monthly[name]
        typical = by_month[:12].mean() * (1 + growth * (np.arange(count) - 5.5) / 12)
        found[f"{name}_planned"] = _thousands(typical)
        found[f"{name}_realised"] = _thousands(by_month * rng.normal(0.995, 0.004, count))
    return found


def _thousands(rupiah: np.ndarray) -> np.ndarray:
    return np.round(rupiah / 1000) * 1000
