"""Employees: coming, going, absent, trained, and what they answer when asked."""

from __future__ import annotations

import numpy as np

from demo.synthetic.timeline import Timeline

_EMPLOYEES_AT_START = 540
_SATISFACTION_ITEMS, _SYSTEM_ITEMS = 20, 5


def staff_counts(timeline: Timeline, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By data element: [month] each. Each employee counts once a year as trained."""
    count = len(timeline.months)
    first_months = np.array([month.first_month for month in timeline.months])
    joined = rng.poisson(np.where(np.isin(first_months, (3, 10)), 12.0, 2.0))
    left = rng.poisson(np.where(first_months == 1, 7.0, 2.8))
    employees = _EMPLOYEES_AT_START + np.cumsum(joined - left)
    working_days = timeline.per_month(timeline.is_open)
    rain = timeline.per_month(timeline.rain) / [month.days for month in timeline.months]
    absence = 0.021 * (1 + 0.25 * (2 * rain - 1)) * rng.gamma(60, 1 / 60, count)
    # Courses are given from February to November, more of them each year.
    course_share = np.where(np.isin(first_months, (1, 12)), 0.005, 0.030 + 0.004 * np.arange(count) / 12)
    return {
        "employees": employees,
        "joined": joined,
        "left": left,
        "working_days": working_days,
        "days_absent": rng.binomial(employees * working_days, absence),
        "trained_employees": rng.binomial(employees, course_share),
    }


def employee_survey(years_passed: float, rng: np.random.Generator) -> dict[str, int]:
    """One round of both employee surveys: respondents, answers and those content, by data element."""
    asked, asked_system = int(rng.integers(205, 245)), int(rng.integers(180, 230))
    answers, system_answers = asked * _SATISFACTION_ITEMS, asked_system * _SYSTEM_ITEMS
    return {
        "employee_survey_respondents": asked,
        "employee_answers": answers,
        "employee_satisfied_answers": int(rng.binomial(answers, 0.70 + 0.02 * years_passed)),
        "information_system_respondents": asked_system,
        "information_system_answers": system_answers,
        "information_system_satisfied_answers": int(rng.binomial(system_answers, 0.58 + 0.05 * years_passed)),
    }
