import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.slots import CONTAINS, days_of_slots
from indicators.models.fields import PeriodField
from indicators.periods import SLOTS, Period, PeriodError, PeriodKind, month_of, nearest_month

periods = st.builds(Period.from_slot, st.integers(1950, 2999), st.integers(0, SLOTS - 1))


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2009-03", dt.date(2009, 3, 1), dt.date(2009, 3, 31), 31),
        ("2009-Q1", dt.date(2009, 1, 1), dt.date(2009, 3, 31), 90),
        ("2008-Q1", dt.date(2008, 1, 1), dt.date(2008, 3, 31), 91),
        ("2009-S2", dt.date(2009, 7, 1), dt.date(2009, 12, 31), 184),
        ("2009", dt.date(2009, 1, 1), dt.date(2009, 12, 31), 365),
        ("2008", dt.date(2008, 1, 1), dt.date(2008, 12, 31), 366),
        ("2008-02", dt.date(2008, 2, 1), dt.date(2008, 2, 29), 29),
        ("2100-02", dt.date(2100, 2, 1), dt.date(2100, 2, 28), 28),
        ("2000-02", dt.date(2000, 2, 1), dt.date(2000, 2, 29), 29),
    ],
)
def test_a_period_knows_its_days(text: str, first: dt.date, last: dt.date, days: int) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.days, str(period)) == (first, last, days, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        "209",
        "2009-13",
        "2009-00",
        "2009-3",
        "2009-Q5",
        "2009-Q0",
        "2009-S3",
        "2009-03-01",
        "1949",
        "0000",
    ],
)
def test_anything_else_is_not_a_period(text: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(text)


@given(periods)
def test_text_number_and_slot_all_lead_back_to_the_period(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.from_code(period.code) == period
    assert Period.from_slot(period.year, period.slot) == period


@given(periods, st.integers(-12, 12))
def test_a_period_is_followed_by_the_next_of_its_length(period: Period, steps: int) -> None:
    if 1950 <= period.year + steps <= 2999 - 12 and period.year < 2980:
        assert period.shifted(1).start == period.end + dt.timedelta(days=1)
        assert period.shifted(steps).shifted(-steps) == period


@given(periods)
def test_the_months_of_a_period_fill_it(period: Period) -> None:
    months = period.months()
    assert sum(month.days for month in months) == period.days
    assert all(period.contains(month) for month in months)


def test_the_stored_number_reads_like_the_period() -> None:
    codes = {text: Period.parse(text).code for text in ("2009-03", "2009-Q1", "2009-S1", "2009")}
    assert codes == {"2009-03": 200903, "2009-Q1": 200921, "2009-S1": 200931, "2009": 200900}


@pytest.mark.parametrize("code", [200913, 200920, 200925, 200933, 200999])
def test_a_number_that_is_no_period_is_refused(code: int) -> None:
    with pytest.raises(PeriodError):
        Period.from_code(code)


def test_periods_are_sorted_by_start_and_shorter_first() -> None:
    texts = ["2009", "2009-S1", "2009-Q1", "2009-01", "2008-12", "2009-02"]
    ordered = [str(period) for period in sorted(map(Period.parse, texts))]
    assert ordered == ["2008-12", "2009-01", "2009-Q1", "2009-S1", "2009", "2009-02"]


def test_the_year_before_has_the_same_length() -> None:
    assert str(Period.parse("2009-Q3").year_before()) == "2008-Q3"


def test_the_share_of_a_year_counts_days() -> None:
    assert Period.parse("2008-02").share_of_year == 29 / 366


def test_a_quarter_contains_its_months_and_no_other() -> None:
    first_quarter = Period.parse("2009-Q1").slot
    assert [slot for slot in range(12) if CONTAINS[first_quarter, slot]] == [0, 1, 2]
    assert not CONTAINS[first_quarter, Period.parse("2009-S1").slot]
    assert CONTAINS[Period.parse("2009-S1").slot, first_quarter]


def test_days_of_all_slots_of_a_leap_year() -> None:
    (days,) = days_of_slots(range(2008, 2009)).tolist()
    assert days[:12] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert days[12:] == [91, 91, 92, 92, 182, 184, 366]


def test_the_engine_looks_back_beyond_the_first_year_that_can_be_written() -> None:
    assert Period.parse("1950").year_before().days == 365
    with pytest.raises(PeriodError):
        Period(1899, PeriodKind.YEAR)


def test_a_day_belongs_to_its_month() -> None:
    assert month_of(dt.date(2008, 2, 29)) == Period.parse("2008-02")
    for day in (dt.date(26, 5, 1), dt.date(9999, 12, 31)):
        with pytest.raises(PeriodError):
            month_of(day)


def test_a_bound_beyond_all_periods_is_the_first_or_the_last_month() -> None:
    assert str(nearest_month(dt.date(26, 5, 1))) == "1900-01"
    assert str(nearest_month(dt.date(9999, 12, 31))) == "2999-12"
    assert nearest_month(dt.date(2008, 2, 29)) == Period.parse("2008-02")


def test_the_field_reads_periods_numbers_and_text() -> None:
    field = PeriodField()
    march = Period.parse("2009-03")
    assert field.to_python("2009-03") == field.to_python(200903) == field.to_python(march) == march
    assert field.get_prep_value("2009-Q1") == 200921
    assert field.to_python(None) is None
    with pytest.raises(ValidationError):
        field.to_python("March")
