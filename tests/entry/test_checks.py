"""The checks of a form: what must be caught and what must pass."""

import pytest

from entry.checks import Figures, Names, Problem, find_problems
from entry.form_definitions import FormTable
from indicators.definition_files import load_tables

NAMES = Names({})


@pytest.fixture(scope="module")
def ward() -> FormTable:
    return next(f.table for f in load_tables("form", FormTable) if f.table.code == "inpatient_ward")


def problems(form: FormTable, figures: Figures, *, required: bool = False) -> list[Problem]:
    return find_problems(
        figures=figures,
        checks=[check.model_dump() for check in form.check],
        required=[e.code for e in form.elements if e.required] if required else [],
        totals={"patient_days": ("patient_days_class_1", "patient_days_class_3")},
        codes=[e.code for e in form.elements],
        names=NAMES,
    )


def kinds(found: list[Problem]) -> list[str]:
    return [problem.check for problem in found]


#: RSUD Dr. Soebandi 1998 as printed: 153 + 9969 - 9125 - 413 - 327 = 257, and 257 it says.
SOEBANDI_1998 = {
    "patients_start": 153,
    "admissions": 9969,
    "transfers_in": 0,
    "transfers_out": 0,
    "discharged_alive": 9125,
    "deaths_under_48h": 413,
    "deaths_48h_or_more": 327,
    "patients_end": 257,
}


def test_a_census_that_closes_passes(ward: FormTable) -> None:
    assert "balance" not in kinds(problems(ward, Figures(SOEBANDI_1998, 365)))


@pytest.mark.parametrize("off", [26, -26, 1])
def test_a_census_that_is_off_is_caught_and_says_by_how_much(ward: FormTable, off: int) -> None:
    figures = Figures({**SOEBANDI_1998, "patients_end": 257 + off}, 365)
    (problem,) = [p for p in problems(ward, figures) if p.check == "balance"]
    assert problem.severity == "hard"
    assert problem.elements[0] == "patients_end"
    assert str(abs(off)) in problem.message
    assert "257" in problem.message


def test_soebandi_1999_does_not_follow_from_1998(ward: FormTable) -> None:
    """257 + 11714 - 11087 - 394 - 360 = 130, and the source prints 131."""
    figures = Figures(
        {
            **SOEBANDI_1998,
            "patients_start": 257,
            "admissions": 11714,
            "discharged_alive": 11087,
            "deaths_under_48h": 394,
            "deaths_48h_or_more": 360,
            "patients_end": 131,
        },
        365,
    )
    assert "balance" in kinds(problems(ward, figures))


def test_soebandi_1998_starts_with_six_patients_more_than_1997_ended_with(ward: FormTable) -> None:
    figures = Figures(SOEBANDI_1998, 365, month_before={"patients_end": 147})
    (problem,) = [p for p in problems(ward, figures) if p.check == "carried_over"]
    assert problem.severity == "soft"
    assert "153" in problem.message
    assert "147" in problem.message


def test_what_is_not_known_is_not_judged(ward: FormTable) -> None:
    figures = {code: number for code, number in SOEBANDI_1998.items() if code != "admissions"}
    assert "balance" not in kinds(problems(ward, Figures({**figures, "patients_end": 999}, 365)))


def test_not_applicable_counts_as_nothing(ward: FormTable) -> None:
    figures = {code: number for code, number in SOEBANDI_1998.items() if not code.startswith("transfers")}
    absent = frozenset({"transfers_in", "transfers_out"})
    assert "balance" not in kinds(problems(ward, Figures(figures, 365, not_applicable=absent)))
    wrong = Figures({**figures, "patients_end": 283}, 365, not_applicable=absent)
    assert "balance" in kinds(problems(ward, wrong))


def test_not_collected_is_not_nothing(ward: FormTable) -> None:
    figures = {code: number for code, number in SOEBANDI_1998.items() if not code.startswith("transfers")}
    absent = frozenset({"transfers_in", "transfers_out"})
    unknown = Figures({**figures, "patients_end": 283}, 365, not_collected=absent)
    assert "balance" not in kinds(problems(ward, unknown))


def test_more_deaths_than_patients_refuse_submission(ward: FormTable) -> None:
    figures = {"patients_start": 5, "admissions": 10, "transfers_in": 0}
    dead = Figures({**figures, "deaths_under_48h": 12, "deaths_48h_or_more": 4}, 31)
    (problem,) = problems(ward, dead)
    assert (problem.check, problem.severity) == ("at_most", "hard")
    assert "16" in problem.message
    assert "15" in problem.message


def test_more_deaths_than_discharged_alive_have_to_be_confirmed(ward: FormTable) -> None:
    figures = Figures({"discharged_alive": 3, "deaths_under_48h": 2, "deaths_48h_or_more": 2}, 31)
    (problem,) = problems(ward, figures)
    assert (problem.check, problem.severity) == ("at_most", "soft")


#: Occupancy of the children's ward, March 2008 to February 2009 (Budi Kemuliaan, table 3.4).
CHILD_WARD = [88, 86, 84, 61, 52, 78, 73, 79, 74, 65, 84, 62]


def test_the_misprinted_occupancy_of_402_percent_is_unlike_the_past(ward: FormTable) -> None:
    past = {"bor_percent": CHILD_WARD}

    def found(percent: float) -> list[str]:
        figures = Figures({"bor_percent": percent}, 31, past=past)
        return kinds(
            find_problems(
                figures=figures, checks=[], required=[], totals={}, codes=["bor_percent"], names=NAMES
            )
        )

    assert found(402) == ["unlike_the_past"]
    assert found(93) == []
    assert found(102) == []


def test_402_percent_of_the_bed_days_is_caught_without_any_past(ward: FormTable) -> None:
    """20 beds x 31 days = 620 bed days; 402% of them are 2492."""
    (problem,) = problems(ward, Figures({"beds": 20, "patient_days": 2492}, 31))
    assert (problem.check, problem.severity) == ("at_most", "soft")
    assert "401" in problem.message
    assert not problems(ward, Figures({"beds": 20, "patient_days": 744}, 31))
    assert problems(ward, Figures({"beds": 20, "patient_days": 745}, 31))


def test_one_wrong_month_in_the_past_does_not_hide_the_next(ward: FormTable) -> None:
    past = {"admissions": [100, 104, 98, 402, 101, 97, 103]}
    found = problems(ward, Figures({"admissions": 398}, 30, past=past))
    assert kinds(found) == ["unlike_the_past"]


def test_five_months_are_no_past(ward: FormTable) -> None:
    assert not problems(ward, Figures({"admissions": 900}, 30, past={"admissions": [100] * 5}))


def test_a_past_without_a_death_lets_a_few_pass(ward: FormTable) -> None:
    past = {"deaths_48h_or_more": [0] * 12}
    assert not problems(ward, Figures({"deaths_48h_or_more": 3}, 30, past=past))
    assert problems(ward, Figures({"deaths_48h_or_more": 4}, 30, past=past))


def test_parts_must_add_up_to_the_total(ward: FormTable) -> None:
    figures = {"patient_days_class_1": 100, "patient_days_class_3": 250}
    assert not problems(ward, Figures({**figures, "patient_days": 350}, 30))
    (problem,) = problems(ward, Figures({**figures, "patient_days": 530}, 30))
    assert (problem.check, problem.severity) == ("parts", "soft")
    assert "350" in problem.message
    assert not problems(ward, Figures({"patient_days_class_1": 100, "patient_days": 530}, 30))


def test_a_total_without_parts_stands_on_its_own(ward: FormTable) -> None:
    assert not problems(ward, Figures({"patient_days": 530}, 30))


def test_what_is_required_and_missing_is_named(ward: FormTable) -> None:
    found = problems(ward, Figures(SOEBANDI_1998, 365), required=True)
    assert [p.elements[0] for p in found if p.check == "missing"] == ["beds", "patient_days"]


def test_a_confirmation_holds_for_its_numbers_only(ward: FormTable) -> None:
    (first,) = problems(ward, Figures({"beds": 20, "patient_days": 800}, 31))
    (second,) = problems(ward, Figures({"beds": 20, "patient_days": 810}, 31))
    assert first.key == second.key
    assert first.numbers != second.numbers
