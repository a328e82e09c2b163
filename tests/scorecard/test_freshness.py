"""Marks: what leaves them, what takes them, and whether scores are up to date."""

import datetime as dt

import pytest

from hospitals.models import Unit, User
from indicators.actions import NewValue, save_values
from indicators.computing import compute
from indicators.freshness import freshness_of
from indicators.marks import EVERYTHING, mark_changed
from indicators.models import (
    Computation,
    DataElement,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    RecomputeMark,
    ReferenceRange,
    Standard,
    StandardChoice,
    Status,
)
from indicators.periods import Period
from scorecard.actions import mark_month_rolled_over, recompute_scores
from scorecard.models import Template
from scorecard.storing import NOTHING, ToStore
from scorecard.templates_in_force import NoTemplateError
from tests.scorecard.rates import TODAY, own_template, recompute, report, row


def test_without_a_template_the_marks_stay(rates: Indicator, melati: Unit) -> None:
    Template.objects.all().delete()
    report(melati, "2009", 7)
    with pytest.raises(NoTemplateError, match="sync_definitions"):
        recompute(melati.hospital)
    assert RecomputeMark.objects.exists()


def test_a_gap_is_stored_with_its_reason_and_is_no_zero(rates: Indicator, melati: Unit) -> None:
    report(melati, "2009-01", 7)
    save_values(
        [
            NewValue(melati, DataElement.objects.get(code="cases"), Period.parse("2009-02"), 1),
            NewValue(
                melati,
                DataElement.objects.get(code="patients"),
                Period.parse("2009-02"),
                None,
                Status.NOT_COLLECTED,
            ),
        ],
        by=None,
    )
    recompute(melati.hospital)
    found = row(melati, "2009-02")
    assert (found.value, found.score, found.present, found.expected) == (None, None, 0, 1)


def test_a_hospital_is_up_to_date_until_something_changes(rates: Indicator, melati: Unit) -> None:
    assert freshness_of(melati.hospital).up_to_date
    assert freshness_of(melati.hospital).computed_at is None
    report(melati, "2009", 7)
    waiting = freshness_of(melati.hospital)
    assert not waiting.up_to_date
    assert waiting.waiting_since == RecomputeMark.objects.earliest("created_at").created_at
    recompute(melati.hospital)
    fresh = freshness_of(melati.hospital)
    assert fresh.up_to_date
    assert fresh.computed_at is not None


def test_a_mark_made_meanwhile_is_not_taken_away(
    rates: Indicator, melati: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(melati, "2009", 7)

    def save_another(*_args: object) -> ToStore:
        mark_changed(hospital_id=melati.hospital_id, changes=[EVERYTHING])
        return NOTHING

    monkeypatch.setattr("scorecard.actions.changes_to_store", save_another)
    recompute(melati.hospital)
    (left,) = RecomputeMark.objects.all()
    assert (left.unit, left.element, left.period) == (None, None, None)


def test_what_another_worker_stored_meanwhile_is_not_overwritten_by_older_numbers(
    rates: Indicator, melati: Unit, monkeypatch: pytest.MonkeyPatch, on_postgresql: bool
) -> None:
    """Without row locks the second worker notices that the first was faster, and computes again."""
    if on_postgresql:
        pytest.skip("there the row lock keeps the second worker waiting")
    report(melati, "2009", 7)
    computed: list[int] = []

    def while_another_stores(*arguments: object, **keywords: object) -> object:
        computed.append(1)
        if len(computed) == 1:
            report(melati, "2009", 9)
            recompute(melati.hospital)
            report(melati, "2009", 8)
        return compute(*arguments, **keywords)

    monkeypatch.setattr("scorecard.actions.compute", while_another_stores)
    recompute(melati.hospital)
    assert len(computed) == 3
    assert not RecomputeMark.objects.exists()


def test_hospitals_are_marked_once_when_a_month_has_passed(
    rates: Indicator, melati: Unit, tono: User
) -> None:
    report(melati, "2009", 7)
    recompute(melati.hospital)
    assert mark_month_rolled_over(today=TODAY) == 0
    assert mark_month_rolled_over(today=dt.date(2012, 3, 1)) == 1
    assert set(RecomputeMark.objects.values_list("hospital__code", flat=True)) == {"RSA"}
    recompute_scores(hospital_id=melati.hospital_id, today=dt.date(2012, 3, 1))
    assert mark_month_rolled_over(today=dt.date(2012, 3, 31)) == 0


def test_this_year_is_computed_while_the_last_report_is_near(rates: Indicator, melati: Unit) -> None:
    """In February 2012 a hospital that reported in 2011 owes January; one of 2009 is left in peace."""
    report(melati, "2009-01", 7)
    recompute(melati.hospital)
    assert Computation.objects.get().years == range(2009, 2010)
    report(melati, "2011-12", 7)
    recompute(melati.hospital)
    assert Computation.objects.get().years == range(2009, 2013)
    # Nothing was given of it, and no form owes it: a year that runs makes no rows of its own.
    assert not IndicatorValue.objects.filter(period__gte="2012").exists()


def test_changed_definitions_and_units_mark_the_hospitals_they_concern(
    rates: Indicator, melati: Unit, kenanga: Unit
) -> None:
    for unit in (melati, kenanga):
        report(unit, "2009", 7)
        recompute(unit.hospital)

    def marked() -> set[str]:
        found = set(RecomputeMark.objects.values_list("hospital__code", flat=True))
        RecomputeMark.objects.all().delete()
        return found

    melati.opened_on = dt.date(2009, 7, 1)
    melati.save()
    assert marked() == {"RSA"}
    own = ReferenceRange.objects.create(indicator=rates, unit=kenanga, ideal_high=7)
    assert marked() == {"RSB"}
    own.delete()
    assert marked() == {"RSB"}
    ReferenceRange.objects.get(standard__isnull=False).save()
    assert marked() == {"RSA", "RSB"}
    IndicatorFormula.objects.get().save()
    assert marked() == {"RSA", "RSB"}
    StandardChoice.objects.create(hospital=melati.hospital, standard=Standard.objects.get())
    assert marked() == {"RSA"}
    own_template(kenanga.hospital, rates, dt.date(2010, 1, 1), 80, 60)
    assert marked() == {"RSB"}
    Template.objects.get(hospital=None).save()
    assert marked() == {"RSA", "RSB"}
    rates.decimals = 0
    rates.save()
    assert marked() == {"RSA", "RSB"}
    element = DataElement.objects.get(code="cases")
    element.over_time = "last"
    element.save()
    assert marked() == {"RSA", "RSB"}
