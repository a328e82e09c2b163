"""Adding up over months and units, with numbers that can be checked by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.engine.compute import Flag, Reason
from tests.indicators.engine.ward import BOR, compute

WARDS = {"melati": "hospital", "mawar": "hospital"}


def test_ratios_are_pooled_and_never_averaged() -> None:
    """90 % of 10 beds and 30 % of 30 beds are 45 % of 40 beds, not 60 %."""
    report = {
        "melati": {"beds": {"2009-01": 10}, "patient_days": {"2009-01": 279}},
        "mawar": {"beds": {"2009-01": 30}, "patient_days": {"2009-01": 279}},
    }
    found = compute(BOR, report, tree=WARDS)
    assert found["melati", "2009-01"].value == pytest.approx(90)
    assert found["mawar", "2009-01"].value == pytest.approx(30)
    assert found["hospital", "2009-01"].value == pytest.approx(45)


@pytest.mark.parametrize(("year", "days"), [("2008", 366), ("2009", 365)])
def test_a_full_year_of_one_bed_has_the_days_of_that_year(year: str, days: int) -> None:
    found = compute("bed_days", {"hospital": {"beds": {f"{year}-01..12": 1}}})
    assert found["hospital", year].value == days
    assert found["hospital", f"{year}-02"].value == days - 337
    assert found["hospital", f"{year}-Q1"].value == days - 275


def test_beds_of_the_year_times_the_days_of_that_very_year() -> None:
    found = compute("bed_days", {"hospital": {"beds": {"2008": 10, "2009": 10}}})
    assert (found["hospital", "2008"].value, found["hospital", "2009"].value) == (3660, 3650)
    assert found["hospital", "2009-01"].value is None


def test_beds_may_change_during_the_year() -> None:
    """10 beds for January and February (59 days), 20 from March on (306 days): 590 + 6120."""
    found = compute("bed_days", {"hospital": {"beds": {"2009-01..02": 10, "2009-03..12": 20}}})
    assert found["hospital", "2009"].value == 6710


def test_a_ward_opened_in_july_is_complete_and_only_its_half_year_counts() -> None:
    """184 days of 10 beds, 920 patient days: 50 %. In a 365-day denominator it would be 25 %."""
    report = {
        "melati": {
            "beds": {"2009-07..12": 10},
            "patient_days": {"2009-07..11": 150, "2009-12": 170},
        }
    }
    found = compute(BOR, report, tree=WARDS, opened={"melati": "2009-07"})
    year = found["hospital", "2009"]
    assert year.value == pytest.approx(50)
    assert (year.present, year.expected) == (6, 6)


def test_a_month_without_patient_days_does_not_dilute_the_year() -> None:
    """Eleven months of 80 % stay 80 %, and the gap is shown: 11 of 12."""
    report = {"hospital": {"beds": {"2009-01..12": 10}, "patient_days": {}}}
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30]
    report["hospital"]["patient_days"] = {f"2009-{m:02}": 8 * d for m, d in enumerate(days, 1)}
    year = compute(BOR, report)["hospital", "2009"]
    assert year.value == pytest.approx(80)
    assert (year.present, year.expected) == (11, 12)


def test_a_ward_that_owes_its_beds_leaves_its_patient_days_out_of_the_hospitals_ratio() -> None:
    report = {
        "melati": {"beds": {"2009-01..02": 10}, "patient_days": {"2009-01": 155, "2009-02": 140}},
        "mawar": {"beds": {"2009-01": 10}, "patient_days": {"2009-01": 155, "2009-02": 999}},
    }
    found = compute(BOR, report, tree=WARDS)
    assert found["hospital", "2009-02"].value == pytest.approx(50)  # 140 of 280
    february = found["mawar", "2009-02"]
    assert (february.value, february.reason, february.missing) == (None, Reason.MISSING, ("bed_days",))


def test_months_win_over_the_year_and_the_page_can_say_so() -> None:
    found = compute("deaths", {"hospital": {"deaths": {"2009": 100, "2009-03": 4, "2009-05": 5}}})
    assert found["hospital", "2009"].value == 9
    assert found["hospital", "2009"].flags == Flag.YEAR_AND_MONTHS
    assert found["hospital", "2009-03"].flags == Flag(0)


def test_a_year_never_spreads_to_its_months_and_quarters() -> None:
    found = compute("deaths", {"hospital": {"deaths": {"2009": 100}}})
    year, march = found["hospital", "2009"], found["hospital", "2009-03"]
    assert (year.value, year.present, year.expected) == (100, 12, 12)
    assert (march.value, march.reason, march.present, march.expected) == (None, Reason.MISSING, 0, 1)
    assert found["hospital", "2009-Q1"].value is None


def test_quarters_add_up_to_semesters_and_years_beside_months_of_other_quarters() -> None:
    report = {"hospital": {"deaths": {"2009-Q1": 10, "2009-04": 1, "2009-06": 3, "2009-S2": 50}}}
    found = compute("deaths", report)
    figures = [
        found["hospital", p].value for p in ("2009-Q1", "2009-Q2", "2009-S1", "2009-Q3", "2009-S2", "2009")
    ]
    assert figures == [10, 4, 14, None, 50, 64]


def test_the_nearest_figure_stands_for_the_parts_of_that_month_only() -> None:
    report = {
        "melati": {"deaths": {"2009-01": 1, "2009-02": 2}},
        "mawar": {"deaths": {"2009-01": 3, "2009-02": 4}},
        "hospital": {"deaths": {"2009-02": 10}},
    }
    found = compute("deaths", report, tree=WARDS)
    january, february = found["hospital", "2009-01"], found["hospital", "2009-02"]
    assert (january.value, january.flags) == (4, Flag(0))
    assert (february.value, february.flags) == (10, Flag.STANDS_FOR_PARTS)
    assert found["hospital", "2009"].value == 14
    assert found["hospital", "2009"].flags == Flag.STANDS_FOR_PARTS
    assert found["melati", "2009-02"].value == 2


def test_the_year_of_the_hospital_stands_for_the_year_and_the_months_of_its_wards_for_the_months() -> None:
    report = {"melati": {"deaths": {"2009-01": 1}}, "hospital": {"deaths": {"2009": 100}}}
    found = compute("deaths", report, tree=WARDS)
    assert found["hospital", "2009"].value == 100
    assert found["hospital", "2009-01"].value == 1
    assert found["hospital", "2009"].flags == Flag.YEAR_AND_MONTHS


def test_a_figure_between_is_nearer_than_its_parts_and_further_than_its_whole() -> None:
    tree = {"inpatient": "hospital", "melati": "inpatient", "mawar": "inpatient"}
    report = {
        "melati": {"deaths": {"2009-01": 1}},
        "mawar": {"deaths": {"2009-01": 2}},
        "inpatient": {"deaths": {"2009-01": 7}},
    }
    found = compute("deaths", report, tree=tree)
    assert (found["inpatient", "2009-01"].value, found["hospital", "2009-01"].value) == (7, 7)


def test_a_stock_is_the_last_known_one_and_incomplete_without_its_last_month() -> None:
    found = compute("assets", {"hospital": {"assets": {"2009-03": 5, "2009-09": 7}}})
    year = found["hospital", "2009"]
    assert (year.value, year.present, year.expected) == (7, 0, 1)
    assert found["hospital", "2009-S1"].value == 5
    assert found["hospital", "2009-Q2"].value is None
    assert (found["hospital", "2009-Q1"].present, found["hospital", "2009-Q1"].expected) == (1, 1)


def test_stocks_of_a_formula_stand_with_the_last_month_in_which_all_are_known() -> None:
    """Assets of June beside debts of June: those of December have none beside them."""
    report = {"hospital": {"assets": {"2009-06": 20, "2009-12": 90}, "debts": {"2009-06": 10}}}
    found = compute("assets / debts", report)["hospital", "2009"]
    assert found.value == pytest.approx(2)
    assert (found.present, found.expected) == (0, 1)


def test_the_mean_of_a_stock_weighs_a_quarter_as_three_months() -> None:
    """10 in January to March (a quarter), 20 in April: (3 × 10 + 20) / 4."""
    found = compute("nurses", {"hospital": {"nurses": {"2009-Q1": 10, "2009-04": 20}}})
    assert found["hospital", "2009"].value == pytest.approx(12.5)


def test_stocks_of_units_are_added_up_as_last_known() -> None:
    report = {"melati": {"beds": {"2009-12": 10}}, "mawar": {"beds": {"2009-10": 5}}}
    year = compute("beds", report, tree=WARDS)["hospital", "2009"]
    assert (year.value, year.present, year.expected) == (15, 1, 2)


def test_what_does_not_add_up_stays_with_its_unit() -> None:
    """Two clinics open on 20 days each do not make a hospital open on 40 days."""
    report = {
        "melati": {"visits": {"2009-01": 300}},
        "mawar": {"visits": {"2009-01": 200}},
        "hospital": {"clinic_days": {"2009-01": 20}},
    }
    found = compute("visits / clinic_days", report, tree=WARDS)
    assert found["hospital", "2009-01"].value == 25
    assert found["melati", "2009-01"].missing == ("clinic_days",)


def test_a_hospital_still_owes_what_does_not_add_up_when_its_clinics_report_it_too() -> None:
    report = {"melati": {"clinic_days": {"2009-01..12": 20}}, "hospital": {"clinic_days": {"2009-01": 20}}}
    found = compute("clinic_days", report, tree=WARDS)
    february = found["hospital", "2009-02"]
    assert (february.value, february.present, february.expected) == (None, 0, 1)
    assert found["hospital", "2009-01"].flags == Flag(0)


counts = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50)), min_size=12, max_size=12)


@settings(max_examples=25, deadline=None)
@given(counts, counts)
def test_a_pooled_rate_is_recomputed_from_its_parts(
    melati: list[tuple[int, int]], mawar: list[tuple[int, int]]
) -> None:
    report = {
        ward: {
            "deaths": {f"2009-{month:02}": deaths for month, (deaths, _) in enumerate(months, 1)},
            "discharges": {f"2009-{month:02}": discharges for month, (_, discharges) in enumerate(months, 1)},
        }
        for ward, months in (("melati", melati), ("mawar", mawar))
    }
    found = compute("1000 * deaths / discharges", report, tree=WARDS)
    for text, months in (("2009", slice(0, 12)), ("2009-S2", slice(6, 12)), ("2009-Q2", slice(3, 6))):
        parts = [*melati[months], *mawar[months]]
        rate = 1000 * sum(deaths for deaths, _ in parts) / sum(discharges for _, discharges in parts)
        assert found["hospital", text].value == pytest.approx(rate)


def test_a_department_that_is_silent_does_not_stand_beside_its_ward() -> None:
    """April 30 by the department, May not collected, June 36 by its ward, which stands with 36 in May too."""
    report = {
        "hospital": {"nurses": {"2009-04": 30, "2009-05": "NC"}},
        "melati": {"nurses": {"2009-06": 36}},
    }
    found = compute("nurses", report, tree={"melati": "hospital"})
    assert found["hospital", "2009-Q2"].value == pytest.approx((30 + 36 + 36) / 3)


def test_a_department_alone_stands_with_its_mean_in_a_silent_month() -> None:
    report = {"hospital": {"nurses": {"2009-04": 30, "2009-06": 36}}}
    assert compute("nurses", report)["hospital", "2009-Q2"].value == pytest.approx(33)
