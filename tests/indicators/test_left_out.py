"""What a value leaves out, and how it is said."""

from collections.abc import Callable

import pytest
from django.utils import translation

from hospitals.models import Unit
from indicators.engine.compute import Reason
from indicators.explanations import explain_gap
from indicators.left_out import LeftOutPart, LeftOuts, as_json, in_words
from indicators.models import ApprovedIndicatorValue, DataElement, Indicator, IndicatorValue, LeftOut
from indicators.periods import Period

ELEMENTS = {"beds": DataElement(code="beds", name_en="Beds", name_id="Tempat tidur")}
YEAR = Period.parse("2009")


def part_of(unit: Unit, first: str, last: str, *missing: str) -> LeftOutPart:
    return LeftOutPart(unit, Period.parse(first), Period.parse(last), missing or ("beds",))


def leave_out(unit: Unit, part: Unit, *, missing: int, approved: int = 0, first: str = "2009-01") -> None:
    LeftOut.objects.create(
        unit=unit,
        indicator=Indicator.objects.get(code="bor"),
        period=YEAR,
        approved=approved,
        part=part,
        first_month=Period.parse(first),
        last_month=Period.parse("2009-12"),
        missing=missing,
    )


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2009-01", "2009-12", "January to December 2009"),
        ("2009-03", "2009-03", "March 2009"),
        ("2008-12", "2009-03", "December 2008 to March 2009"),
    ],
)
def test_a_part_is_named_with_its_months_and_what_it_lacks(melati: Unit, first: str, last: str, months: str):
    with translation.override("en"):
        part = part_of(melati, first, last)
        assert (
            in_words(part, ELEMENTS, of=melati.hospital.root.pk) == f"Bangsal Melati, {months}: beds unknown"
        )
        assert in_words(part, ELEMENTS, of=melati.pk) == f"{months}: beds unknown"


def test_what_is_derived_from_one_element_is_missing_because_that_one_is(melati: Unit):
    """Whoever lacks bed days has not given the beds; of net beds it could be the beds or those closed."""
    derived = {
        "bed_days": DataElement(code="bed_days", name_en="Bed days", name_id="", derived="beds * days"),
        "net": DataElement(code="net", name_en="Net beds", name_id="", derived="beds - closed"),
    }
    with translation.override("en"):
        said = in_words(
            part_of(melati, "2009-01", "2009-01", "bed_days", "net"), ELEMENTS | derived, of=melati.pk
        )
    assert said == "January 2009: beds and net beds unknown"


def test_in_indonesian(melati: Unit):
    with translation.override("id"):
        said = in_words(part_of(melati, "2009-01", "2009-12"), ELEMENTS, of=melati.hospital.root.pk)
    assert said == "Bangsal Melati, Januari sampai Desember 2009: tempat tidur tidak diketahui"


def test_a_gap_of_numbers_never_known_together_names_the_first_three_parts():
    with translation.override("en"):
        said = explain_gap(Reason.NOT_TOGETHER, [], ELEMENTS, ["A: beds unknown", "B: beds unknown"])
        assert said == "Its numbers were never known together: A: beds unknown; B: beds unknown."
        assert explain_gap(Reason.NOT_TOGETHER, [], ELEMENTS, list("abcde")).endswith("a; b; c; and 2 more.")


def test_programs_get_codes(melati: Unit):
    assert as_json([part_of(melati, "2009-01", "2009-03", "beds", "days")]) == [
        {"unit": "melati", "first_month": "2009-01", "last_month": "2009-03", "missing": ["beds", "days"]}
    ]


def test_the_parts_of_many_rows_cost_one_query(
    definitions: None, melati: Unit, mawar: Unit, inap: Unit, django_assert_num_queries: Callable
):
    """Patient days are element 0 of the formula, bed days element 1. Approved numbers are apart."""
    bor = Indicator.objects.get(code="bor")
    leave_out(inap, mawar, missing=0b10)
    leave_out(inap, melati, missing=0b11)
    leave_out(melati, melati, missing=0b01, first="2009-12")
    leave_out(inap, melati, missing=0b01, approved=1)
    known = {"indicator": bor, "period": YEAR, "formula": bor.formulas.get()}
    rows = [IndicatorValue(unit=unit, **known) for unit in (inap, melati, mawar)]
    approved = ApprovedIndicatorValue(unit=inap, **known)
    with django_assert_num_queries(1):
        found = LeftOuts([*rows, approved])
    assert [(p.unit.code, p.missing) for p in found.of(rows[0])] == [
        ("melati", ("patient_days", "bed_days")),
        ("mawar", ("bed_days",)),
    ]
    assert found.of(rows[1]) == (part_of(melati, "2009-12", "2009-12", "patient_days"),)
    assert found.of(rows[2]) == ()
    assert [p.missing for p in found.of(approved)] == [("patient_days",)]


def test_without_rows_nothing_is_asked(db: None, django_assert_num_queries: Callable):
    with django_assert_num_queries(0):
        LeftOuts([])
