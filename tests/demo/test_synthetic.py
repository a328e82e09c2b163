"""The made-up hospital: believable where it should be, wrong where it is meant to be."""

from __future__ import annotations

from collections import Counter

import pytest

from demo.plan import Fact, HospitalPlan
from demo.synthetic import MONTHS, make_hospital
from demo.synthetic.mishaps import NOT_HANDED_IN, WRONG_ENTRY, with_digit_too_many
from demo.synthetic.timeline import Timeline, idul_fitri_of
from demo.synthetic.wards import BEDS_ADDED_IN, WARD_OPENS_IN, WARDS, outbreak_months
from indicators.periods import Period, PeriodKind

LAST = Period.month(2026, 10)
TIMELINE = Timeline.ending_with(LAST, MONTHS)
WARD_CODES = [ward.code for ward in WARDS]


class Numbers:
    """The facts of a plan, to be asked for by unit, element and month."""

    def __init__(self, plan: HospitalPlan) -> None:
        self.facts: dict[tuple[str, str, Period], Fact] = {
            (f.unit, f.element, f.period): f for f in plan.facts
        }

    def get(self, unit: str, element: str, period: Period) -> float | None:
        fact = self.facts.get((unit, element, period))
        return fact.value if fact else None

    def months_of(self, unit: str, element: str) -> list[Period]:
        return sorted(p for u, e, p in self.facts if (u, e) == (unit, element))

    def occupancy(self, ward: str, month: Period) -> float:
        """% of the beds"""
        return 100 * self.get(ward, "patient_days", month) / (self.get(ward, "beds", month) * month.days)

    def over_wards(self, element: str, month: Period) -> float:
        return sum(self.get(ward, element, month) or 0 for ward in WARD_CODES)


@pytest.fixture(scope="module")
def plan() -> HospitalPlan:
    return make_hospital(LAST)


@pytest.fixture(scope="module")
def numbers(plan: HospitalPlan) -> Numbers:
    return Numbers(plan)


def test_the_same_month_and_seed_give_the_same_hospital_and_another_seed_another(plan) -> None:
    assert make_hospital(LAST) == plan
    assert make_hospital(LAST, seed=1).facts != plan.facts
    assert make_hospital(LAST, seed=1).campaigns != plan.campaigns


@pytest.mark.parametrize("last", [Period.month(2026, 11), Period.month(2027, 1), Period.month(2028, 2)])
def test_it_can_be_made_in_any_month_of_the_year(last) -> None:
    months = {f.period for f in make_hospital(last).facts if f.period.kind == PeriodKind.MONTH}
    assert (min(months), max(months), len(months)) == (last.shifted(-35), last, 36)


def test_it_says_that_it_is_made_up(plan) -> None:
    assert plan.is_synthetic
    assert "rekaan" in plan.name


def test_it_has_ten_wards_ten_clinics_and_the_departments_that_report(plan) -> None:
    assert Counter(unit.kind for unit in plan.units) == {
        "ward": 10,
        "clinic": 10,
        "department": 5,
        "service": 1,
    }


def test_it_has_36_months_and_no_period_reaches_beyond_them(plan) -> None:
    first = LAST.shifted(-(MONTHS - 1))
    assert first == Period.month(2023, 11)
    assert all(first.start <= fact.period.start and fact.period.end <= LAST.end for fact in plan.facts)


def test_no_fact_is_there_twice_and_only_known_units_report(plan, numbers) -> None:
    assert len(numbers.facts) == len(plan.facts)
    assert {f.unit for f in plan.facts} <= {unit.code for unit in plan.units} | {""}


def test_every_ward_has_as_many_patients_at_the_end_as_came_stayed_and_left(numbers) -> None:
    checked = 0
    for ward in WARD_CODES:
        for month in numbers.months_of(ward, "patients_start"):

            def of(element: str, ward: str = ward, month: Period = month) -> float:
                return numbers.get(ward, element, month)

            left = of("discharged_alive") + of("deaths_under_48h") + of("deaths_48h_or_more")
            assert of("patients_end") == (
                of("patients_start") + of("admissions") + of("transfers_in") - of("transfers_out") - left
            )
            checked += 1
    # Ten wards; one opens in month 14, one does not hand in two months.
    assert checked == 10 * MONTHS - WARD_OPENS_IN - 2


def test_a_month_starts_with_the_patients_the_month_before_ended_with(numbers) -> None:
    for ward in WARD_CODES:
        for month in numbers.months_of(ward, "patients_end"):
            start = numbers.get(ward, "patients_start", month.shifted(1))
            if start is not None:
                assert start == numbers.get(ward, "patients_end", month)


def test_whoever_leaves_a_ward_for_another_arrives_there(numbers) -> None:
    for month in TIMELINE.months:
        if month not in {TIMELINE.months[position] for position in NOT_HANDED_IN[1]}:
            assert numbers.over_wards("transfers_in", month) == numbers.over_wards("transfers_out", month)


@pytest.mark.parametrize("element", ["deaths_under_48h", "deaths_48h_or_more"])
def test_deaths_of_men_and_women_add_up_and_a_ward_for_women_has_no_men(numbers, element) -> None:
    for ward in WARD_CODES:
        for month in numbers.months_of(ward, element):
            men = numbers.facts[ward, f"{element}_men", month]
            assert (men.absent == "NA") == (ward == "kenanga")
            women = numbers.get(ward, f"{element}_women", month)
            assert numbers.get(ward, element, month) == (men.value or 0) + women


def test_patient_days_by_class_add_up_except_in_the_wrong_entry(numbers) -> None:
    differing = []
    for ward in WARDS:
        for month in numbers.months_of(ward.code, "patient_days"):
            by_class = sum(numbers.get(ward.code, f"patient_days_{name}", month) for name in ward.classes)
            if by_class != numbers.get(ward.code, "patient_days", month):
                differing.append((ward.code, "patient_days", TIMELINE.months.index(month)))
    assert differing == [WRONG_ENTRY]


@pytest.mark.parametrize("last", ["2026-10", "2026-12", "2027-01", "2027-02", "2028-06", "2030-09"])
def test_only_the_outbreak_and_the_wrong_entry_fill_more_than_all_beds(last) -> None:
    numbers = Numbers(make_hospital(Period.parse(last)))
    timeline = Timeline.ending_with(Period.parse(last), MONTHS)
    full = {
        (ward, month)
        for ward in WARD_CODES
        for month in numbers.months_of(ward, "patient_days")
        if numbers.occupancy(ward, month) > 100
    }
    ward, _element, position = WRONG_ENTRY
    outbreak = {("dahlia", month) for month in outbreak_months(timeline)}
    assert full == outbreak | {(ward, timeline.months[position])}
    assert all(numbers.occupancy(*at) < 150 for at in outbreak)


def test_the_wrong_entry_is_an_occupancy_that_cannot_be(numbers) -> None:
    ward, _element, position = WRONG_ENTRY
    assert numbers.occupancy(ward, TIMELINE.months[position]) > 500
    assert with_digit_too_many(745.0) == 7745.0


def test_the_new_ward_reports_from_the_month_it_opens(plan, numbers) -> None:
    (ward,) = (unit for unit in plan.units if unit.opened_on)
    assert ward.opened_on == TIMELINE.months[WARD_OPENS_IN].start
    assert numbers.months_of(ward.code, "beds") == list(TIMELINE.months[WARD_OPENS_IN:])
    assert numbers.get(ward.code, "patients_start", TIMELINE.months[WARD_OPENS_IN]) == 0


def test_one_ward_has_more_beds_from_one_month_on(numbers) -> None:
    beds = [numbers.get("mawar", "beds", month) for month in TIMELINE.months]
    assert beds == [36] * BEDS_ADDED_IN + [42] * (MONTHS - BEDS_ADDED_IN)


def test_one_ward_lacks_two_months_altogether(numbers) -> None:
    ward, positions = NOT_HANDED_IN
    missing = set(TIMELINE.months) - set(numbers.months_of(ward, "beds"))
    assert missing == {TIMELINE.months[position] for position in positions}


def test_a_few_numbers_are_marked_as_not_collected_or_not_applicable(plan) -> None:
    marks = Counter(fact.absent for fact in plan.facts if not fact.element.endswith("_men"))
    assert marks["NC"] == 4
    assert marks["NA"] == 8


def test_no_number_is_marked_absent_and_given_at_once(plan) -> None:
    assert all((fact.value is None) == (fact.absent is not None) for fact in plan.facts)


def test_revenue_and_expense_are_the_sums_of_their_parts(numbers) -> None:
    lines = [e for u, e, p in numbers.facts if u == "" and p == LAST and _is_revenue_line(e)]
    categories = [e for u, e, p in numbers.facts if u == "" and p == LAST and _is_expense(e)]
    for month in TIMELINE.months:
        assert numbers.get("", "revenue", month) == sum(numbers.get("", line, month) for line in lines)
        assert numbers.get("", "expense", month) == sum(
            numbers.get("", category, month) for category in [*categories, "depreciation"]
        )


def _is_expense(element: str) -> bool:
    return element.startswith("expense_") and element not in ("expense_planned", "expense_realised")


def _is_revenue_line(element: str) -> bool:
    if element in ("revenue_planned", "revenue_realised"):
        return False
    return element.startswith("revenue_") or element in ("laboratory", "radiology", "pharmacy", "blood_bank")


def test_a_referral_of_good_quality_is_one_that_keeps_every_principle(numbers) -> None:
    for month in TIMELINE.months:

        def of(element: str, month: Period = month) -> float:
            return numbers.get("emergency", f"referrals_{element}", month)

        principles = [of(e) for e in ("stabilised", "transport_available", "accompanied", "with_letter")]
        assessed = of("assessed")
        assert of("good_quality") <= min(principles) <= max(principles) <= assessed <= of("received")
        # At the very least those who break no principle when every breach is another referral.
        assert of("good_quality") >= assessed - sum(assessed - kept for kept in principles)


def test_nobody_is_trained_twice_a_year(numbers) -> None:
    for year in (2024, 2025):
        months = Period.of_year(year).months()
        trained = sum(numbers.get("", "trained_employees", month) or 0 for month in months)
        assert trained < numbers.get("", "employees", months[-1])


def test_more_children_fall_ill_in_the_rains_than_in_the_dry_season(numbers) -> None:
    rains = sum(numbers.get("dahlia", "admissions", Period.month(2025, month)) for month in (1, 2, 3))
    dry = sum(numbers.get("dahlia", "admissions", Period.month(2025, month)) for month in (7, 8, 9))
    assert rains > 1.3 * dry


def test_fewer_operations_wards_fill_and_clinics_open_in_the_month_of_idul_fitri(numbers) -> None:
    (feast,) = idul_fitri_of([2024])
    month = Period.month(feast.year, feast.month)
    for neighbour in (month.shifted(-1), month.shifted(1)):
        assert numbers.get("flamboyan", "admissions", month) < numbers.get(
            "flamboyan", "admissions", neighbour
        )
        assert numbers.get("", "clinic_days", month) < numbers.get("", "clinic_days", neighbour)


def test_idul_fitri_is_within_a_day_of_the_announced_date() -> None:
    announced = ["2022-05-02", "2023-04-22", "2024-04-10", "2025-03-31", "2026-03-21"]
    for date in idul_fitri_of(range(2022, 2027)):
        (same_year,) = (d for d in announced if d.startswith(str(date.year)))
        assert abs((date - type(date).fromisoformat(same_year)).days) <= 1


def test_every_month_has_a_working_monday_and_no_sunday_is_open() -> None:
    weekdays = [date.weekday() for date in TIMELINE.dates.tolist()]
    opened = {weekday for weekday, is_open in zip(weekdays, TIMELINE.is_open, strict=True) if is_open}
    assert opened == {0, 1, 2, 3, 4, 5}
