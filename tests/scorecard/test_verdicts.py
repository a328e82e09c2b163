"""When a verdict is given and when not, and what is compared with what: stored, and wherever it is read.

The numbers of the cast make one of the 29 indicators of RSUD Anggrek known: bed occupancy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps

from hospitals.models import Hospital, Unit, User
from indicators.models import (
    FormerDecimals,
    Indicator,
    RecomputeMark,
    ReferenceRange,
    Verdict,
)
from indicators.periods import Period
from scorecard.models import Level, Score, Template
from scorecard.queries import scorecard_of
from scorecard.series import latest_scores, score_series
from scorecard.template_copies import copy_template
from tests.pages import text_of
from tests.scorecard.rates import as_json, overall, printed, recompute, report, second_indicator, stay
from tests.scorecard.test_views import ENGLISH

YEAR = Period.parse("2009")


class TestThinIce:
    """One of four perspectives, one of its four objectives, one of the four that measure the use of beds:
    a sixty-fourth of the weight.
    """

    def test_one_indicator_of_twenty_nine_gives_no_verdict(self, numbers: None, hospital: Hospital):
        row = overall(hospital.root, "2009")
        assert (row.known, row.total, row.verdict) == (1, 29, None)
        assert row.known_weight == pytest.approx(1 / 64)

    def test_neither_does_its_perspective(self, numbers: None, hospital: Hospital):
        row = Score.objects.get(unit=hospital.root, period=YEAR, level=Level.PERSPECTIVE)
        assert (row.known, row.verdict) == (1, None)

    def test_a_ward_is_asked_only_for_what_is_its_own(
        self, rates: Indicator, melati: Unit, hospital: Hospital
    ):
        """Nobody in the ward ever counted who stays; the hospital as a whole lacks it."""
        second_indicator(rates)
        report(melati, "2009", 4)
        recompute(hospital)
        shares = [overall(unit, "2009").known_weight for unit in (melati, hospital.root)]
        assert shares == pytest.approx([1, 0.5])

    def test_exactly_half_of_the_weight_is_enough(self, rates: Indicator, melati: Unit, hospital: Hospital):
        second_indicator(rates)
        report(melati, "2009", 4)
        recompute(hospital)
        assert overall(hospital.root, "2009").verdict == Verdict.GOOD

    def test_the_scorecard_of_the_hospital_decides_how_much_is_enough_from_a_day_on(
        self, rates: Indicator, melati: Unit, hospital: Hospital
    ):
        second_indicator(rates)
        stricter = copy_template(
            template=Template.objects.get(),
            hospital=hospital,
            valid_from=dt.date(2010, 1, 1),
            name_en="Strict",
            name_id="Ketat",
        )
        assert stricter.known_at_least == 0.5
        Template.objects.filter(pk=stricter.pk).update(known_at_least=0.51)
        for year in ("2009", "2010"):
            report(melati, year, 4)
        recompute(hospital)
        assert [overall(hospital.root, y).verdict for y in ("2009", "2010")] == [Verdict.GOOD, None]

    def test_pages_rest_and_commands_say_that_not_enough_is_known(
        self, numbers: None, budi: User, as_person: Callable, api_as: Callable
    ):
        text = text_of(as_person(budi).get("/hospitals/RSA/?period=2009", **ENGLISH))
        assert "/100 Not enough known" in text
        assert "1 of 29 indicators (1% of the weight)" in text
        assert "less than 50% of the weight known" in text
        answer = api_as(budi).get("/api/v1/scores/", {"hospital": "RSA", "period": "2009"}).json()
        assert answer["overall"]["score"] is not None
        assert answer["overall"]["verdict"] is None
        assert answer["overall"]["known_weight"] == pytest.approx(1 / 4 * 1 / 4 * 1 / 4)
        (process,) = (p for p in answer["perspectives"] if p["score"] is not None)
        assert process["verdict"] is None
        assert "Not enough known (1% of the weight) (1/29)" in printed()

    def test_charts_and_the_list_of_hospitals_give_none_either(
        self,
        numbers: None,
        hospital: Hospital,
        superuser: User,
        other_hospital: Hospital,
        as_person: Callable,
    ):
        assert latest_scores([hospital.root])[hospital.root.pk].verdict is None
        assert score_series(hospital.root, [YEAR])["overall"][YEAR].thin
        assert text_of(as_person(superuser).get("/", **ENGLISH)).count("Not enough known") == 2


class TestWithoutARange:
    def test_an_indicator_weighs_nothing(self, rates: Indicator, melati: Unit, hospital: Hospital):
        second_indicator(rates)
        ReferenceRange.objects.filter(indicator__code="share").delete()
        report(melati, "2009", 4)
        stay(melati, "2009", 30)
        recompute(hospital)
        for unit in (melati, hospital.root):
            row = overall(unit, "2009")
            assert (row.known, row.total, row.known_weight) == (1, 1, 1)

    def test_also_where_nobody_has_reported_it(self, rates: Indicator, melati: Unit, hospital: Hospital):
        second_indicator(rates)
        report(melati, "2009", 4)
        recompute(hospital)
        assert overall(hospital.root, "2009").total == 2
        ReferenceRange.objects.filter(indicator__code="share").delete()
        recompute(hospital)
        assert overall(hospital.root, "2009").total == 1
        assert scorecard_of(hospital.root, Period.parse("2007")).overall.total == 1

    def test_a_saved_number_of_another_indicator_leaves_it_so(
        self, rates: Indicator, melati: Unit, hospital: Hospital
    ):
        """The rate is computed anew, the other one is taken as it is stored."""
        second_indicator(rates)
        ReferenceRange.objects.filter(indicator__code="share").update(valid_from=dt.date(2010, 1, 1))
        for year in ("2009", "2010"):
            report(melati, year, 4)
            stay(melati, year, 30)
        recompute(hospital)
        report(melati, "2009", 5, patients=101)
        report(melati, "2010", 5, patients=101)
        recompute(hospital)
        for unit in (melati, hospital.root):
            assert [overall(unit, y).total for y in ("2009", "2010")] == [1, 2]

    def test_it_is_compared_with_the_year_before(self, rates: Indicator, melati: Unit, hospital: Hospital):
        second_indicator(rates)
        ReferenceRange.objects.filter(indicator__code="share").delete()
        for year, staying in (("2008", 30), ("2009", 40)):
            report(melati, year, 4)
            stay(melati, year, staying)
        recompute(hospital)
        (share,) = (line for line in as_json()["indicators"] if line["code"] == "share")
        assert (share["than_last_year"], share["place"], share["verdict"]) == ("better", None, None)


class TestInsideAndOutside:
    def test_a_value_outside_its_range_is_at_best_fair_however_many_its_points(
        self, rates: Indicator, melati: Unit, hospital: Hospital
    ):
        """5.5 % has 90 points, and the score of 90 is good; the rate is not."""
        report(melati, "2009", 5.5)
        recompute(hospital)
        found = as_json()
        assert (found["overall"]["verdict"], found["indicators"][0]["verdict"]) == ("good", "fair")
        assert (found["indicators"][0]["place"], found["indicators"][0]["distance"]) == ("above", 0.5)

    def test_a_value_shown_like_its_edge_is_inside(self, rates: Indicator, melati: Unit, hospital: Hospital):
        report(melati, "2009", 5.04)
        recompute(hospital)
        (line,) = as_json()["indicators"]
        assert (line["place"], line["distance"], line["score"], line["verdict"]) == ("inside", 0, 100, "good")

    def test_a_closed_year_is_shown_with_the_decimals_it_was_judged_with(
        self, rates: Indicator, melati: Unit, hospital: Hospital, budi: User, api_as: Callable
    ):
        """5.4 % was 5 % until 2010, and at most 5 % was asked for."""
        FormerDecimals.objects.create(indicator=rates, decimals=0, until=dt.date(2010, 1, 1))
        for year in ("2009", "2010"):
            report(melati, year, 5.4)
        recompute(hospital)
        keys = ("decimals", "place", "distance", "verdict")
        (before,), (after,) = (as_json(period=year)["indicators"] for year in ("2009", "2010"))
        assert [before[key] for key in keys] == [0, "inside", 0, "good"]
        assert [after[key] for key in keys] == [1, "above", 0.4, "fair"]
        asked = {"hospital": "RSA", "unit": "RSA", "period_kind": "year"}
        rows = api_as(budi).get("/api/v1/indicator-values/", asked).json()["results"]
        found = {row["period"]: [row[key] for key in keys[1:]] for row in rows}
        assert {year: found[year] for year in ("2009", "2010")} == {
            "2009": ["inside", 0, "good"],
            "2010": ["above", 0.4, "fair"],
        }

    def test_the_page_says_on_which_side_and_how_far(self, numbers: None, wati: User, as_person: Callable):
        client = as_person(wati)
        inside = text_of(client.get("/hospitals/RSA/?unit=melati&period=2009-01", **ENGLISH))
        assert "Ideal: 75–85% · inside" in inside
        below = text_of(client.get("/hospitals/RSA/?unit=melati&period=2009-03", **ENGLISH))
        assert (
            "Ideal: 75–85% · 25.00\N{NO-BREAK SPACE}percentage points below".replace(
                "\N{NO-BREAK SPACE}", " "
            )
            in below
        )


def test_an_upgrade_computes_every_hospital_again(hospital: Hospital, other_hospital: Hospital) -> None:
    RecomputeMark.objects.all().delete()
    import_module("scorecard.migrations.0004_known_weight").compute_all_again(apps, None)
    assert {mark.hospital for mark in RecomputeMark.objects.all()} == {hospital, other_hospital}
