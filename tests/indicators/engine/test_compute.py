"""Growth, choices, reasons, completeness and results as reported."""

import datetime as dt

import pytest

from indicators.engine.compute import Flag, FormulaVersion, IndicatorRule, Reason, compute_indicator
from indicators.engine.facts import Facts
from indicators.engine.grid import Grid, all_days, last_days
from indicators.engine.keeping import Keepers
from indicators.formula import parse
from indicators.periods import Period
from tests.indicators.engine.ward import BOR, RULES, compute

WARDS = {"melati": "hospital", "mawar": "hospital"}
GROWTH = "100 * (revenue / year_ago(revenue) - 1)"
CHOSEN_GROWTH = "100 * (first(revenue_realised, revenue) / year_ago(first(revenue_realised, revenue)) - 1)"


def test_growth_compares_with_the_same_period_a_year_earlier() -> None:
    found = compute(
        GROWTH, {"hospital": {"revenue": {"2008-01..12": 10, "2009-01..06": 11, "2009-07..12": 13}}}
    )
    assert found["hospital", "2009-01"].value == pytest.approx(10)
    assert found["hospital", "2009-S2"].value == pytest.approx(30)
    assert found["hospital", "2009"].value == pytest.approx(20)


def test_growth_of_a_year_that_is_not_over_compares_only_months_known_in_both() -> None:
    """January to March of both years: 33 against 30, not 33 against 120."""
    found = compute(GROWTH, {"hospital": {"revenue": {"2008-01..12": 10, "2009-01..03": 11}}})
    year = found["hospital", "2009"]
    assert year.value == pytest.approx(10)
    assert (year.present, year.expected) == (3, 12)


def test_growth_of_yearly_facts() -> None:
    found = compute(GROWTH, {"hospital": {"revenue": {"2008": 200, "2009": 250}}})
    assert found["hospital", "2009"].value == pytest.approx(25)
    assert found["hospital", "2009-01"].value is None


def test_growth_from_nothing_is_no_growth() -> None:
    found = compute(GROWTH, {"hospital": {"revenue": {"2008": 0, "2009": 250}}})
    assert (found["hospital", "2009"].value, found["hospital", "2009"].reason) == (None, Reason.NO_CASES)


def test_a_choice_takes_the_first_where_both_cover_the_same() -> None:
    report = {"hospital": {"revenue": {"2009": 100}, "revenue_realised": {"2009": 90}}}
    found = compute("first(revenue_realised, revenue)", report)["hospital", "2009"]
    assert (found.value, found.alternative) == (90, 0)


def test_a_choice_of_things_that_add_up_is_made_month_by_month() -> None:
    """Eleven months of 9 and one of 10, and it is said that both were taken."""
    report = {"hospital": {"revenue": {"2009-01..12": 10}, "revenue_realised": {"2009-01..11": 9}}}
    found = compute("first(revenue_realised, revenue)", report)
    year = found["hospital", "2009"]
    assert (year.value, year.alternative, year.flags) == (109, 1, Flag.MIXED)
    assert (year.present, year.expected) == (12, 12)
    assert (found["hospital", "2009-01"].value, found["hospital", "2009-01"].flags) == (9, Flag(0))


def test_a_choice_of_ratios_is_made_for_a_unit_and_period() -> None:
    """Eight of twelve months are more than half: the year stays with the first."""
    first = {"2009-01..08": 9}
    report = {
        "hospital": {"revenue": {"2009-01..12": 10}, "revenue_realised": first, "visits": {"2009-01..12": 1}}
    }
    found = compute("first(revenue_realised / visits, revenue / visits)", report)
    year, december = found["hospital", "2009"], found["hospital", "2009-12"]
    assert (year.value, year.alternative, year.present, year.expected) == (9, 0, 8, 12)
    assert (december.value, december.alternative) == (10, 1)


def test_a_choice_of_ratios_takes_the_second_where_less_than_half_of_the_first_is_known() -> None:
    first = {"2009-01..05": 9}
    report = {
        "hospital": {"revenue": {"2009-01..12": 10}, "revenue_realised": first, "visits": {"2009-01..12": 1}}
    }
    found = compute("first(revenue_realised / visits, revenue / visits)", report)
    assert (found["hospital", "2009"].value, found["hospital", "2009"].alternative) == (10, 1)


def test_both_years_of_a_growth_stand_on_the_same_basis() -> None:
    """Realised is known of 2009 only: growth is that of the books, 110 against 100."""
    report = {"hospital": {"revenue": {"2008": 100, "2009": 110}, "revenue_realised": {"2009": 500}}}
    found = compute(CHOSEN_GROWTH, report)["hospital", "2009"]
    assert (found.value, found.alternative) == (pytest.approx(10), 1)


def test_a_month_in_which_an_input_is_not_applicable_does_not_count() -> None:
    """Not applicable is not zero: 70 of 100 every month, and March stands for nothing."""
    discharges = {"2009-01..02": 100, "2009-03": "NA", "2009-04..12": 100}
    report = {"hospital": {"deaths": {"2009-01..12": 70}, "discharges": discharges}}
    found = compute("100 * deaths / discharges", report)["hospital", "2009"]
    assert found.value == pytest.approx(70)
    assert (found.present, found.expected) == (12, 12)


def test_beds_of_a_year_beside_eleven_months_count_the_days_of_those_months() -> None:
    """30 beds × 334 days of January to November; 600 patient days a month."""
    report = {"hospital": {"beds": {"2009": 30}, "patient_days": {"2009-01..11": 600}}}
    found = compute("100 * patient_days / bed_days", report)["hospital", "2009"]
    assert found.value == pytest.approx(100 * 6600 / (30 * 334))


def test_a_year_that_cannot_be_cut_is_not_set_beside_some_of_its_months() -> None:
    report = {"hospital": {"discharges": {"2009": 120}, "patient_days": {"2009-01..06": 600}}}
    found = compute("patient_days / discharges", report)["hospital", "2009"]
    assert (found.value, found.reason) == (None, Reason.NOT_TOGETHER)


def test_a_year_stands_beside_all_of_its_months() -> None:
    report = {"hospital": {"discharges": {"2009": 1200}, "patient_days": {"2009-01..12": 600}}}
    assert compute("patient_days / discharges", report)["hospital", "2009"].value == pytest.approx(6)


def test_no_cases_is_neither_zero_nor_an_error() -> None:
    report = {"hospital": {"deaths": {"2009-01": 0}, "discharges": {"2009-01": 0}}}
    found = compute("1000 * deaths / discharges", report)["hospital", "2009-01"]
    assert (found.value, found.reason) == (None, Reason.NO_CASES)
    assert (found.present, found.expected) == (1, 1)


def test_zero_deaths_are_a_rate_of_zero() -> None:
    report = {"hospital": {"deaths": {"2009-01": 0}, "discharges": {"2009-01": 50}}}
    assert compute("1000 * deaths / discharges", report)["hospital", "2009-01"].value == 0


@pytest.mark.parametrize(
    ("beds", "reason"),
    [
        ({}, Reason.MISSING),
        ({"2009-01": "NC"}, Reason.NOT_COLLECTED),
        ({"2009-01": "NA"}, Reason.NOT_APPLICABLE),
    ],
)
def test_a_gap_says_why(beds: dict[str, float | str], reason: Reason) -> None:
    report = {"hospital": {"patient_days": {"2009-01": 248}, "beds": {"2009-02": 10.0, **beds}}}
    assert compute(BOR, report)["hospital", "2009-01"].reason == reason


def test_only_what_was_not_reported_is_called_missing() -> None:
    report = {"hospital": {"patient_days": {"2009-01": 248}, "beds": {"2009-02": 10}}}
    assert compute(BOR, report)["hospital", "2009-01"].missing == ("bed_days",)


def test_inputs_of_different_wards_were_never_known_together() -> None:
    """Melati owes its beds and Mawar its patient days: both were reported in the hospital, never together."""
    report = {
        "melati": {"patient_days": {"2009-01..02": 100}, "beds": {"2009-02": 10}},
        "mawar": {"beds": {"2009-01..02": 10}, "patient_days": {"2009-02": 100}},
    }
    january = compute(BOR, report, tree=WARDS)["hospital", "2009-01"]
    assert (january.value, january.reason) == (None, Reason.NOT_TOGETHER)
    assert january.left_out == {("melati", 1, 1, "bed_days"), ("mawar", 1, 1, "patient_days")}
    assert (january.present, january.expected) == (0, 2)


def test_not_applicable_counts_as_present_and_not_collected_does_not() -> None:
    report = {"hospital": {"deaths": {"2009-01..10": 1, "2009-11": "NA", "2009-12": "NC"}}}
    year = compute("deaths", report)["hospital", "2009"]
    assert (year.value, year.present, year.expected) == (10, 11, 12)


def test_nothing_is_expected_of_the_month_of_today_but_what_is_there_counts() -> None:
    report = {"hospital": {"deaths": {"2009-01..04": 1}}}
    year = compute("deaths", report, today=dt.date(2009, 4, 20))["hospital", "2009"]
    assert (year.present, year.expected) == (4, 4)
    year = compute("deaths", report, today=dt.date(2009, 6, 1))["hospital", "2009"]
    assert (year.present, year.expected) == (4, 5)


def test_a_half_reported_month_of_today_waits_for_its_other_half() -> None:
    report = {"hospital": {"patient_days": {"2009-01..02": 155}, "beds": {"2009-01": 10}}}
    year = compute(BOR, report, today=dt.date(2009, 2, 27))["hospital", "2009"]
    assert year.value == pytest.approx(50)
    assert (year.present, year.expected) == (1, 1)


def test_growth_expects_no_more_of_this_year_than_is_over() -> None:
    """Last year is complete; of this year January to March are due, and there."""
    report = {"hospital": {"revenue": {"2008-01..12": 10, "2009-01..03": 11}}}
    found = compute(GROWTH, report, today=dt.date(2009, 4, 20))
    assert (found["hospital", "2009"].present, found["hospital", "2009"].expected) == (3, 3)
    assert found["hospital", "2009-11"].expected == 0


def test_days_of_a_running_year_are_those_of_its_months_so_far() -> None:
    """31 + 28 days are over; Mawar gave its March early, so of Mawar and the hospital March counts too."""
    report = {"melati": {"deaths": {"2009-01..02": 59}}, "mawar": {"deaths": {"2009-01..03": 30}}}
    found = compute("deaths / days", report, tree=WARDS, today=dt.date(2009, 3, 20))
    assert found["melati", "2009"].value == pytest.approx(2)  # 118 in 59 days
    assert found["mawar", "2009"].value == pytest.approx(1)  # 90 in 90 days
    assert found["hospital", "2009"].value == pytest.approx(208 / 90)


def test_a_flow_over_a_stock_has_the_days_of_its_known_months_behind_it() -> None:
    """Revenue of January to June and of the whole year before, over the assets of each year's end."""
    revenue = {"2008": 120, "2009-01..06": 10}
    report = {"hospital": {"revenue": revenue, "assets": {"2008": 100, "2009": 100}}}
    found = compute("revenue / assets", report)
    assert (found["hospital", "2008"].days, found["hospital", "2009"].days) == (366, 181)
    assert (found["hospital", "2009-S1"].days, found["hospital", "2009-S2"].days) == (181, 184)


def test_months_known_of_one_flow_only_do_not_stand_behind_the_value() -> None:
    report = {"hospital": {"deaths": {"2009-01..06": 1}, "discharges": {"2009-01..03": 10}}}
    assert compute("deaths / discharges", report)["hospital", "2009"].days == 90


def test_days_are_those_of_the_months_that_count() -> None:
    """Bed turn-over: 60 discharges in six months of 10 beds are 6 in half a year of 181 days."""
    report = {"hospital": {"discharges": {"2009-01..06": 10}, "beds": {"2009": 10}}}
    found = compute("discharges / (bed_days / days)", report)["hospital", "2009"]
    assert (found.value, found.days) == (pytest.approx(6), 181)


def test_a_result_as_reported_is_of_the_whole_period() -> None:
    report = {"hospital": {"deaths": {"2009-01..03": 1}, "result": {"2009": 44.0}}}
    assert compute("deaths / discharges", report)["hospital", "2009"].days == 365


def test_nothing_is_expected_of_a_closed_ward() -> None:
    report = {"melati": {"deaths": {"2009-01..03": 1}}, "mawar": {"deaths": {"2009-01..12": 1}}}
    year = compute("deaths", report, tree=WARDS, closed={"melati": "2009-03"})["hospital", "2009"]
    assert (year.value, year.present, year.expected) == (15, 15, 15)


def test_a_hospital_that_answers_itself_answers_for_its_wards() -> None:
    report = {"melati": {"deaths": {"2009-01": 1}}, "hospital": {"deaths": {"2009-02": 7}}}
    found = compute("deaths", report, tree=WARDS)
    assert (found["hospital", "2009-02"].present, found["hospital", "2009-02"].expected) == (2, 2)
    assert (found["hospital", "2009-03"].present, found["hospital", "2009-03"].expected) == (0, 1)


def test_a_result_as_reported_counts_only_where_nothing_can_be_computed() -> None:
    report = {
        "hospital": {
            "deaths": {"2009": 10},
            "discharges": {"2009": 200},
            "result": {"2008": 44.0, "2009": 99.0},
        }
    }
    found = compute("1000 * deaths / discharges", report)
    lost, counted = found["hospital", "2008"], found["hospital", "2009"]
    assert (lost.value, lost.flags, lost.reason) == (44, Flag.AS_REPORTED, Reason.NONE)
    assert (counted.value, counted.flags) == (50, Flag(0))
    assert found["hospital", "2008-01"].value is None


def test_a_result_as_reported_stands_for_a_year_until_its_counts_are_complete() -> None:
    """Six months of counts say 50 per 1000; the yearbook says 44 of the whole year."""
    counts = {"deaths": {"2009-01..06": 1}, "discharges": {"2009-01..06": 20}}
    found = compute("1000 * deaths / discharges", {"hospital": {**counts, "result": {"2009": 44.0}}})
    year, half = found["hospital", "2009"], found["hospital", "2009-S1"]
    assert (year.value, year.flags, year.left_out) == (44, Flag.AS_REPORTED, set())
    assert (half.value, half.flags) == (50, Flag(0))


def test_a_figure_entered_for_a_derived_element_wins_over_the_computed_one() -> None:
    report = {"hospital": {"beds": {"2009-01..02": 10}, "bed_days": {"2009-01": 300}}}
    found = compute("bed_days", report)
    assert (found["hospital", "2009-01"].value, found["hospital", "2009-02"].value) == (300, 280)


def test_a_formula_holds_from_its_day_for_periods_that_end_then_or_later() -> None:
    years = range(2009, 2010)
    grid = Grid(years, (-1,), all_days(years)[None], dt.date(2010, 1, 1), last_days(years))
    deaths = Facts.empty(grid)
    deaths.gave[...] = True
    deaths.has[...], deaths.value[...] = True, 1.0
    versions = (
        FormulaVersion(parse("deaths * 1000"), dt.date(2009, 3, 31)),
        FormulaVersion(parse("deaths * 100"), dt.date(1900, 1, 1)),
    )
    result = compute_indicator(
        IndicatorRule("rate", versions), {"deaths": deaths}, Keepers(RULES, {"deaths": deaths}, grid)
    )

    def at(text: str) -> tuple[float, int]:
        slot = Period.parse(text).slot
        return float(result.value[0, 0, slot]), int(result.version[0, 0, slot])

    assert [at(p) for p in ("2009-02", "2009-03", "2009-Q1", "2009")] == [
        (100, 1),
        (1000, 0),
        (3000, 0),
        (12000, 0),
    ]
