"""Scores with, and without, the numbers that nobody has approved yet.

The ward form is assigned to Melati and Mawar from February 2009 on. Of the numbers of the cast

    melati, 10 beds    January 248/310 = 80 %   February 224/280 = 80 %   March 155/310 = 50 %

January needs no approval; February is approved below, March is not.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
from django.core.management import call_command

from entry.actions import approve, assign_form, reopen, take_form_away
from entry.models import Form, State, Submission
from hospitals.models import Hospital, Unit, User
from indicators.models import ApprovedIndicatorValue, IndicatorValue, RecomputeMark
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.models import ApprovedScore, Level, Score
from scorecard.queries import IndicatorLine, scorecard_of
from scorecard.series import indicator_series, score_series
from tests.pages import text_of
from tests.scorecard.test_incremental import (
    save,
    stored_rows,
)

FEBRUARY, MARCH, YEAR = Period.month(2009, 2), Period.month(2009, 3), Period.of_year(2009)
APRIL_2009 = dt.date(2009, 4, 20)
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def submitted(form: Form, unit: Unit, month: Period) -> Submission:
    return Submission.objects.create(form=form, unit=unit, period=month, state=State.SUBMITTED)


def recompute(hospital: Hospital) -> None:
    recompute_scores(hospital_id=hospital.pk, today=APRIL_2009)


@pytest.fixture
def ward_form(numbers: None, hospital: Hospital, melati: Unit, sri: User) -> Form:
    """Melati's February is approved by Sri."""
    form = Form.objects.get(code="inpatient_ward")
    assign_form(form=form, unit=hospital.root, first_month=FEBRUARY)
    approve(submission=submitted(form, melati, FEBRUARY), by=sri)
    recompute(hospital)
    return form


def bor(unit: Unit, period: Period, *, approved_only: bool) -> IndicatorLine:
    scorecard = scorecard_of(unit, period, approved_only=approved_only)
    return next(line for line in scorecard.lines if line.indicator.code == "bor")


def value_of(line: IndicatorLine) -> float | None:
    return line.row.value if line.row else None


def test_what_is_not_approved_is_left_out_where_only_approved_numbers_are_asked_for(
    ward_form: Form, melati: Unit
) -> None:
    line = bor(melati, MARCH, approved_only=True)
    assert value_of(line) is None
    assert line.gap == (
        "Belum dilaporkan atau belum disetujui: Hari perawatan dan Hari tempat tidur tersedia."
    )
    assert value_of(bor(melati, MARCH, approved_only=False)) == pytest.approx(50)


def test_approved_numbers_and_those_that_no_form_holds_stay(ward_form: Form, melati: Unit) -> None:
    for month in (Period.month(2009, 1), FEBRUARY):
        line = bor(melati, month, approved_only=True)
        assert value_of(line) == pytest.approx(80)
        assert not line.unapproved


def test_a_longer_period_is_made_of_its_approved_months(ward_form: Form, melati: Unit) -> None:
    with_all, only = (bor(melati, YEAR, approved_only=asked) for asked in (False, True))
    assert value_of(with_all) == pytest.approx(100 * (248 + 224 + 155) / (310 + 280 + 310))
    assert value_of(only) == pytest.approx(80)  # (248 + 224) / (310 + 280)
    assert with_all.row is not None
    assert only.row is not None
    assert (with_all.row.present, only.row.present) == (3, 2)
    assert with_all.row.expected == only.row.expected
    assert with_all.unapproved
    assert only.unapproved


def test_the_scorecard_says_how_many_indicators_stand_on_them_and_the_score_without(
    ward_form: Form, melati: Unit
) -> None:
    with_all = scorecard_of(melati, YEAR)
    only = scorecard_of(melati, YEAR, approved_only=True)
    assert with_all.unapproved == only.unapproved > 0
    assert with_all.overall.score == only.score_otherwise
    assert only.overall.score == with_all.score_otherwise
    assert with_all.overall.score != only.overall.score


def test_a_month_without_any_approved_number_has_no_score(ward_form: Form, melati: Unit) -> None:
    assert scorecard_of(melati, MARCH).overall.score is not None
    node = scorecard_of(melati, MARCH, approved_only=True).overall
    assert (node.score, node.verdict, node.known) == (None, None, 0)
    assert node.total > 0
    assert MARCH not in score_series(melati, [FEBRUARY, MARCH], approved_only=True)["overall"]


def test_charts_draw_what_was_asked_for(ward_form: Form, melati: Unit) -> None:
    line = bor(melati, MARCH, approved_only=True)
    points = indicator_series(melati, [FEBRUARY, MARCH], approved_only=True)[line.indicator.pk]
    assert [points[month].value for month in (FEBRUARY, MARCH)] == [pytest.approx(80), None]


def test_approving_brings_them_in_and_reopening_takes_them_out(
    ward_form: Form, hospital: Hospital, melati: Unit, sri: User, ani: User
) -> None:
    submission = approve(submission=submitted(ward_form, melati, MARCH), by=sri)
    recompute(hospital)
    assert value_of(bor(melati, MARCH, approved_only=True)) == pytest.approx(50)
    assert not ApprovedIndicatorValue.objects.filter(unit=melati).exists()
    assert not ApprovedScore.objects.filter(unit=melati).exists()
    reopen(submission=submission, by=ani, reason="salah hitung")
    recompute(hospital)
    assert value_of(bor(melati, MARCH, approved_only=True)) is None


def test_a_form_taken_away_needs_no_approval(ward_form: Form, hospital: Hospital, melati: Unit) -> None:
    take_form_away(form=ward_form, unit=hospital.root)
    recompute(hospital)
    assert not ApprovedIndicatorValue.objects.exists()
    assert not bor(melati, MARCH, approved_only=False).unapproved


def test_a_retired_form_needs_no_approval(ward_form: Form, hospital: Hospital) -> None:
    ward_form.retired = True
    ward_form.save()
    assert RecomputeMark.objects.filter(hospital=hospital).exists()
    recompute(hospital)
    assert not ApprovedIndicatorValue.objects.exists()


def test_only_what_differs_is_stored_twice(ward_form: Form, hospital: Hospital, melati: Unit) -> None:
    """March, its quarter, semester and year, of the ward and of all above it."""
    periods = set(ApprovedIndicatorValue.objects.values_list("period", flat=True))
    assert {str(p) for p in periods} == {"2009-03", "2009-Q1", "2009-S1", "2009"}
    assert set(ApprovedIndicatorValue.objects.values_list("unit__code", flat=True)) == {
        "melati",
        "inap",
        "RSA",
    }
    assert not ApprovedScore.objects.filter(unit=melati, period=FEBRUARY, level=Level.OVERALL).exists()
    assert Score.objects.filter(unit=melati, period=FEBRUARY, level=Level.OVERALL).exists()


def test_nothing_is_left_when_the_last_number_is_taken_back(
    ward_form: Form, hospital: Hospital, melati: Unit, mawar: Unit
) -> None:
    for unit, month in ((melati, 1), (melati, 2), (melati, 3), (mawar, 1)):
        save(unit, "beds", f"2009-{month:02}", None, None)
        save(unit, "patient_days", f"2009-{month:02}", None, None)
    recompute(hospital)
    assert stored_rows(hospital) == {}


class TestWhereTheyAreRead:
    def test_the_page_names_its_choice_and_offers_the_other(
        self, ward_form: Form, budi: User, as_person: Callable
    ) -> None:
        page = text_of(as_person(budi).get("/hospitals/RSA/", {"period": "2009"}, **ENGLISH))
        assert "1 indicator stands on numbers that nobody has approved yet." in page
        assert "Show approved numbers only" in page
        asked = {"period": "2009", "approved": "only"}
        page = text_of(as_person(budi).get("/hospitals/RSA/", asked, **ENGLISH))
        assert "Approved numbers only." in page
        assert "Show all numbers" in page

    def test_a_page_of_approved_numbers_says_nothing_of_it(
        self, ward_form: Form, budi: User, as_person: Callable
    ) -> None:
        page = text_of(as_person(budi).get("/hospitals/RSA/", {"period": "2009-01"}, **ENGLISH))
        assert "approved" not in page

    def test_scores_over_rest(self, ward_form: Form, wati: User, api_as: Callable) -> None:
        asked = {"hospital": "RSA", "unit": "melati", "period": "2009-03"}
        with_all = api_as(wati).get("/api/v1/scores/", asked).json()
        only = api_as(wati).get("/api/v1/scores/", asked | {"approved_only": "true"}).json()
        assert (with_all["approved_only"], only["approved_only"]) == (False, True)
        assert with_all["unapproved"] == only["unapproved"] > 0
        values = [
            next(line["value"] for line in answer["indicators"] if line["code"] == "bor")
            for answer in (with_all, only)
        ]
        assert values == [pytest.approx(50), None]
        assert only["overall"]["score"] is None

    def test_scores_over_rest_refuse_what_is_neither(self, ward_form: Form, wati: User, api_as: Callable):
        asked = {"hospital": "RSA", "unit": "melati", "period": "2009", "approved_only": "maybe"}
        answer = api_as(wati).get("/api/v1/scores/", asked, **ENGLISH)
        assert (answer.status_code, answer.json()) == (400, {"approved_only": ["Write true or false."]})

    def test_the_command(self, ward_form: Form) -> None:
        printed = {}
        for only in (False, True):
            out = io.StringIO()
            call_command(
                "scores", hospital="RSA", period="2009", approved_only=only, as_json=True, stdout=out
            )
            printed[only] = json.loads(out.getvalue())
        assert printed[True]["approved_only"]
        assert printed[False]["overall"]["score"] != printed[True]["overall"]["score"]
        out = io.StringIO()
        call_command("scores", hospital="RSA", period="2009", approved_only=True, stdout=out)
        assert "Hanya angka yang disetujui: angka lain tidak dihitung pada 1 indikator (*)." in out.getvalue()

    def test_indicator_values_over_rest(self, ward_form: Form, ani: User, api_as: Callable) -> None:
        client, asked = api_as(ani), {"indicator": "bor", "unit": "melati", "period_to": "2009-04"}
        rows = {
            only: client.get("/api/v1/indicator-values/", asked | {"approved_only": only}).json()["results"]
            for only in ("false", "true")
        }
        by_month = {
            only: {row["period"]: (row["value"], row["unapproved"]) for row in found}
            for only, found in rows.items()
        }
        assert by_month["false"]["2009-03"] == (pytest.approx(50), True)
        assert by_month["true"]["2009-03"] == (None, True)
        assert by_month["true"]["2009-02"] == (pytest.approx(80), False)
        assert [row["period"] for row in rows["true"]] == [row["period"] for row in rows["false"]]

    @pytest.mark.parametrize("ordering", ["", "period", "-period", "value", "-value", "-score"])
    def test_their_pages_hold_every_row_once(
        self, ordering: str, ward_form: Form, ani: User, api_as: Callable
    ) -> None:
        asked = {"approved_only": "true", "page_size": "3"} | ({"ordering": ordering} if ordering else {})
        client = api_as(ani)
        answer = client.get("/api/v1/indicator-values/", asked).json()
        rows = answer["results"]
        while answer["next"]:
            answer = client.get(answer["next"]).json()
            rows += answer["results"]
        keys = [(row["unit"], row["indicator"], row["period"]) for row in rows]
        assert len(keys) == len(set(keys))
        assert len(keys) == IndicatorValue.objects.filter(unit__hospital__code="RSA").count()
        if name := ordering.removeprefix("-"):
            found = [Period.parse(row[name]).code if name == "period" else row[name] for row in rows]
            known = [number for number in found if number is not None]
            assert known == sorted(known, reverse=ordering.startswith("-"))
            assert None not in found[: len(known)]
