"""The checks of a form as formulas: they hold where the form itself has nothing to object."""

from entry.workbooks.check_formulas import check_formulas, sum_of_cells

NAMES = {"start": "Start", "in": "In", "out": "Out", "end": "End", "patient_days": "Days", "beds": "Beds"}
CELLS = {code: f"D{row}" for row, code in enumerate(NAMES, start=5)}
UNKNOWN_END = 'D8="",D8="N/C",D8="NC",D8="TD"'


def only_formula(**given: object) -> tuple[str, str]:
    (formula,) = check_formulas(**{"totals": {}, "checks": [], "names": NAMES, **given})  # type: ignore[arg-type]
    return formula.text, formula.for_month(CELLS, days=31)


def test_a_total_is_compared_with_its_parts_once_all_are_known() -> None:
    text, formula = only_formula(totals={"end": ["in", "out"]})
    assert text == "End = In + Out"
    assert formula.startswith(f'=IF(OR({UNKNOWN_END},D6="",')
    assert formula.endswith('D7="TD"),"",IF(ABS(SUM(D8)-SUM(D6,D7))<0.001,"OK","!"))')


def test_a_total_that_nobody_typed_is_the_sum_of_its_parts_once_all_are_known() -> None:
    unknown = 'D6="",D6="N/C",D6="NC",D6="TD",D7="",D7="N/C",D7="NC",D7="TD"'
    assert sum_of_cells("D", [6, 7]) == f'=IF(OR({unknown}),"",SUM(D6,D7))'


def test_a_balance_is_asked_for_once_all_of_it_is_known() -> None:
    check = {"kind": "balance", "result": "end", "plus": ["start", "in"], "minus": ["out"]}
    text, formula = only_formula(checks=[check])
    assert text == "End = Start + In − (Out)"
    assert formula.startswith(f'=IF(OR({UNKNOWN_END},D5="",')
    assert formula.endswith('IF(ABS(SUM(D8)-(SUM(D5,D6)-SUM(D7)))<0.001,"OK","!"))')


def test_a_limit_per_day_is_that_of_the_month_and_only_of_numbers() -> None:
    """Patient days at most 1.2 × beds × 31 days; where beds do not apply, nothing is asked."""
    check = {"kind": "at_most", "these": ["patient_days"], "of": ["beds"], "per_day": True, "factor": 1.2}
    text, formula = only_formula(checks=[check])
    assert text == "Days ≤ Beds × hari dalam bulan × 1,2"
    assert formula.endswith('NOT(ISNUMBER(D10))),"",IF(SUM(D9)<=SUM(D10)*1.2*31+0.001,"OK","!"))')


def test_a_limit_of_nothing_but_a_number() -> None:
    check = {"kind": "at_most", "these": ["patient_days"], "of": [], "per_day": False, "factor": 31}
    text, formula = only_formula(checks=[check])
    assert text == "Days ≤ 31"
    assert 'IF(SUM(D9)<=1*31+0.001,"OK","!")' in formula


def test_what_other_months_tell_is_not_asked_of_a_sheet() -> None:
    check = {"kind": "carried_over", "start": "start", "end": "end", "severity": "soft"}
    assert check_formulas(totals={}, checks=[check], names=NAMES) == []
