"""What a recomputation stores: ranges, formulas and weights in force, verdicts, coverage, freshness."""

import datetime as dt

import pytest

from hospitals.models import Unit, User
from indicators.models import (
    Indicator,
    IndicatorFormula,
    JudgedUnder,
    ReferenceRange,
    Standard,
    StandardChoice,
    Verdict,
)
from scorecard.actions import order_judgement
from scorecard.models import Level, Score, Template
from tests.scorecard.rates import overall, own_template, recompute, report, row


def test_values_are_stored_with_range_score_and_verdict(rates: Indicator, melati: Unit) -> None:
    """7 of 100: two fifths of the way from 5 to 10, so 60 points, which is fairly good."""
    report(melati, "2009", 7)
    recompute(melati.hospital)
    found = row(melati, "2009")
    assert (found.value, found.score) == (pytest.approx(7), pytest.approx(60))
    assert (found.range_low, found.range_high, found.verdict) == (None, 5, Verdict.FAIR)
    assert (found.present, found.expected, found.completeness) == (12, 12, 1)
    assert found.reference_range == ReferenceRange.objects.get()
    assert found.formula == IndicatorFormula.objects.get()


def test_scores_of_every_level_are_stored_for_the_unit_and_its_parents(
    rates: Indicator, melati: Unit, mawar: Unit
) -> None:
    """Melati 2 %: 100 points. Mawar 12 %: none. Together 7 %: 60."""
    report(melati, "2009", 2)
    report(mawar, "2009", 12)
    recompute(melati.hospital)
    scores = {unit.code: overall(unit, "2009").score for unit in melati.hospital.units.all()}
    wanted = {"melati": 100, "mawar": 0, "inap": 60, "RSA": 60}
    assert scores == pytest.approx(wanted)
    at_root = Score.objects.filter(unit=melati.hospital.root, period="2009")
    assert {(s.get_level_display(), s.known, s.total) for s in at_root} == {
        (Level(level).label, 1, 1) for level in Level.values
    }


def test_a_value_without_a_range_is_stored_and_not_scored(rates: Indicator, melati: Unit) -> None:
    ReferenceRange.objects.all().delete()
    report(melati, "2009", 7)
    recompute(melati.hospital)
    found = row(melati, "2009")
    assert (found.value, found.score, found.verdict, found.reference_range) == (
        pytest.approx(7),
        None,
        None,
        None,
    )
    assert not Score.objects.exists()


def test_the_range_of_a_unit_goes_before_that_of_its_parents_and_the_standard(
    rates: Indicator, melati: Unit, mawar: Unit, inap: Unit
) -> None:
    """9 %: nothing to the standard (20 points), within the department's 10 and the ward's 20."""
    for unit in (melati, mawar, inap.hospital.root):
        report(unit, "2009", 9)
    recompute(melati.hospital)
    assert row(melati, "2009").score == pytest.approx(20)
    ReferenceRange.objects.create(indicator=rates, unit=inap, ideal_high=8, worst_high=10)
    ReferenceRange.objects.create(indicator=rates, unit=melati, ideal_high=20)
    recompute(melati.hospital)
    assert [row(unit, "2009").score for unit in (melati, mawar, inap, inap.hospital.root)] == pytest.approx(
        [100, 50, 50, 20]
    )
    ReferenceRange.objects.create(indicator=rates, unit=inap.hospital.root, ideal_high=9)
    recompute(melati.hospital)
    assert row(inap.hospital.root, "2009").score == 100


def test_a_chosen_standard_speaks_and_where_it_is_silent_the_one_it_extends(
    rates: Indicator, melati: Unit
) -> None:
    default = Standard.objects.get()
    lax = Standard.objects.create(code="lax", name_en="Lax", name_id="Longgar", extends=default)
    laxest = Standard.objects.create(code="laxest", name_en="Laxest", name_id="Paling longgar", extends=lax)
    report(melati, "2009", 9)
    report(melati, "2010", 9)
    StandardChoice.objects.create(hospital=melati.hospital, standard=laxest, valid_from=dt.date(2010, 1, 1))
    recompute(melati.hospital)
    assert [row(melati, year).range_high for year in ("2009", "2010")] == [5, 5]
    ReferenceRange.objects.create(indicator=rates, standard=lax, ideal_high=9)
    recompute(melati.hospital)
    assert [row(melati, year).range_high for year in ("2009", "2010")] == [5, 9]


def test_a_new_range_formula_or_weight_leaves_closed_years_as_they_were(
    rates: Indicator, melati: Unit
) -> None:
    for year in ("2009", "2010", "2011"):
        report(melati, year, 7)
    standard = Standard.objects.get()
    from_2010, from_2011 = dt.date(2010, 1, 1), dt.date(2011, 1, 1)
    ReferenceRange.objects.create(indicator=rates, standard=standard, ideal_high=7, valid_from=from_2010)
    IndicatorFormula.objects.create(
        indicator=rates, expression="1000 * cases / patients", valid_from=from_2011
    )
    recompute(melati.hospital)
    found = [(row(melati, y).value, row(melati, y).range_high) for y in ("2009", "2010", "2011")]
    assert found == [(pytest.approx(7), 5), (pytest.approx(7), 7), (pytest.approx(70), 7)]
    assert row(melati, "2010").formula.expression == "100 * cases / patients"


def test_a_hospitals_own_template_holds_from_its_day_with_its_own_bands(
    rates: Indicator, melati: Unit
) -> None:
    """60 points are fairly good to the shipped scorecard and good to the hospital's own: as a score. The
    rate itself lies outside its range, and is at best fair.
    """
    report(melati, "2009", 7)
    report(melati, "2010", 7)
    own = own_template(melati.hospital, rates, dt.date(2010, 1, 1), 60, 30)
    recompute(melati.hospital)
    before, after = overall(melati, "2009"), overall(melati, "2010")
    assert (before.verdict, before.node) == (Verdict.FAIR, Template.objects.get(hospital=None).pk)
    assert (after.verdict, after.node) == (Verdict.GOOD, own.pk)
    assert [row(melati, y).verdict for y in ("2009", "2010")] == [Verdict.FAIR, Verdict.FAIR]


def test_a_year_is_judged_under_the_definitions_of_another_day_when_ordered(
    rates: Indicator, melati: Unit, joko: User
) -> None:
    report(melati, "2009", 7)
    report(melati, "2010", 7)
    ReferenceRange.objects.create(
        indicator=rates, standard=Standard.objects.get(), ideal_high=7, valid_from=dt.date(2011, 1, 1)
    )
    recompute(melati.hospital)
    assert [row(melati, y).score for y in ("2009", "2010")] == pytest.approx([60, 60])
    order_judgement(
        hospital=melati.hospital,
        years=range(2009, 2010),
        definitions_of=dt.date(2011, 6, 1),
        by=joko,
        reason="new decree",
    )
    recompute(melati.hospital)
    assert [row(melati, y).score for y in ("2009", "2010")] == pytest.approx([100, 60])
    order = JudgedUnder.objects.get()
    assert (order.year, order.ordered_by, order.reason) == (2009, joko, "new decree")
    # The last order counts: back to the definitions of the year itself.
    order_judgement(
        hospital=melati.hospital,
        years=range(2009, 2010),
        definitions_of=dt.date(2009, 12, 31),
        by=joko,
        reason="",
    )
    recompute(melati.hospital)
    assert row(melati, "2009").score == pytest.approx(60)


def test_a_day_before_all_definitions_is_refused(rates: Indicator, melati: Unit) -> None:
    with pytest.raises(ValueError, match="1900"):
        order_judgement(
            hospital=melati.hospital,
            years=range(2009, 2010),
            definitions_of=dt.date(1899, 12, 31),
            by=None,
            reason="",
        )
    assert not JudgedUnder.objects.exists()
