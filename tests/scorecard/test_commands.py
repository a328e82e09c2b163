"""`recompute`, `scores` and `sync_definitions` from the command line."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from hospitals.models import Unit
from indicators import marks
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorValue,
    JudgedUnder,
    RecomputeMark,
    ReferenceRange,
)
from scorecard.models import Template
from tests.scorecard.rates import report


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, no_color=True)
    return out.getvalue()


def scores(period: str, *options: str) -> dict[str, Any]:
    return json.loads(run("scores", "--hospital", "RSA", "--period", period, "--json", *options))


@pytest.fixture
def two_years(rates: Indicator, melati: Unit) -> Unit:
    """Ward Melati: 4 % in 2008 (100 points), 7 % in 2009 (60 points)."""
    report(melati, "2008", 4)
    report(melati, "2009", 7)
    return melati


def test_recompute_does_the_work_itself_and_says_what_it_wrote(two_years: Unit) -> None:
    said = run("recompute", "--hospital", "RSA")
    assert said.startswith("RSUD Anggrek: ")
    assert said.endswith("scores written.\n")
    assert not RecomputeMark.objects.exists()
    assert IndicatorValue.objects.filter(value__isnull=False).count() == 6  # three units, two years
    assert run("recompute", "--hospital", "RSA") == "RSUD Anggrek: 0 indicator values and 0 scores written.\n"


def test_recompute_can_leave_the_work_to_a_worker(
    two_years: Unit, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[int] = []
    monkeypatch.setattr(marks, "announce", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        assert run("recompute", "--hospital", "RSA", "--async").startswith("Marked; a worker will recompute")
    assert told == [two_years.hospital_id]
    assert RecomputeMark.objects.exists()
    assert not IndicatorValue.objects.exists()


def test_recompute_judges_a_year_under_the_definitions_of_a_day(two_years: Unit) -> None:
    ReferenceRange.objects.create(
        indicator=Indicator.objects.get(code="rate"),
        standard=ReferenceRange.objects.get().standard,
        ideal_high=7,
        valid_from="2011-01-01",
    )
    run("recompute", "--hospital", "RSA")
    assert scores("2009")["overall"]["score"] == pytest.approx(60)
    options = ("--year", "2009", "--definitions-of", "2011-12-31", "--reason", "new decree")
    run("recompute", "--hospital", "RSA", *options)
    assert scores("2009")["overall"]["score"] == 100
    assert JudgedUnder.objects.get().reason == "new decree"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--hospital", "RSX"], "There is no hospital with the code “RSX”."),
        (["--hospital", "RSA", "--year", "2009"], "--year and --definitions-of belong together."),
        (["--hospital", "RSA", "--definitions-of", "2009-01-01"], "belong together"),
        (
            ["--hospital", "RSA", "--year", "9", "--definitions-of", "2009-01-01"],
            "“9”: years are taken from 1950 to 2999.",
        ),
        (["--hospital", "RSA", "--year", "2009", "--definitions-of", "1800-01-01"], "no definitions before"),
        (
            ["--hospital", "RSA", "--year", "2009", "--definitions-of", "yesterday"],
            "invalid fromisoformat value",
        ),
    ],
)
def test_recompute_refuses_what_it_does_not_understand(
    two_years: Unit, options: list[str], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        run("recompute", *options)


def test_recompute_says_when_definitions_are_missing(two_years: Unit) -> None:
    Template.objects.all().delete()
    with pytest.raises(CommandError, match=r"run manage\.py sync_definitions"):
        run("recompute", "--hospital", "RSA")


def test_scores_as_json_say_everything(two_years: Unit) -> None:
    run("recompute", "--hospital", "RSA")
    found = scores("2009")
    assert (found["hospital"], found["unit"], found["period"], found["up_to_date"]) == (
        "RSA",
        "RSA",
        "2009",
        True,
    )
    (rate,) = found["indicators"]
    assert rate["value"] == pytest.approx(7)
    assert rate["score"] == pytest.approx(60)
    wanted = {
        "code": "rate",
        "unit_of_measure": "%",
        "completeness": 1,
        "range": {"low": None, "high": 5},
        "verdict": "fair",
        "reason": None,
    }
    assert {key: rate[key] for key in wanted} == wanted
    (perspective,) = found["perspectives"]
    assert (perspective["code"], perspective["verdict"], perspective["coverage"]) == (
        "internal_process",
        "fair",
        1,
    )
    overall = found["overall"]
    assert {"score", "verdict", "coverage"} <= overall.keys()
    assert (overall["score"], overall["verdict"], overall["coverage"]) == (pytest.approx(60), "fair", 1)
    assert overall["change"] == pytest.approx(-40)


def test_scores_of_a_unit_and_of_a_period_without_numbers(two_years: Unit) -> None:
    run("recompute", "--hospital", "RSA")
    assert scores("2008", "--unit", "melati")["indicators"][0]["value"] == pytest.approx(4)
    found = scores("2008", "--unit", "mawar")
    assert found["indicators"] == []  # nobody expects them there: they are no gap of this ward
    assert (found["overall"]["score"], found["overall"]["verdict"]) == (None, None)
    assert (found["overall"]["known"], found["overall"]["total"]) == (0, 0)
    found = scores("2007")
    (rate,) = found["indicators"]
    assert (rate["value"], rate["score"], rate["verdict"], rate["completeness"]) == (None, None, None, None)
    assert rate["reason"] == "Not reported: Cases and Patients."
    assert (found["overall"]["known"], found["overall"]["total"]) == (0, 1)


def test_scores_tell_when_changes_wait(two_years: Unit) -> None:
    found = scores("2009")
    assert (found["up_to_date"], found["computed_at"]) == (False, None)
    assert found["waiting_since"] is not None
    assert "Not up to date: changes since" in run("scores", "--hospital", "RSA", "--period", "2009")


def test_scores_as_text_are_read_at_a_glance(two_years: Unit) -> None:
    run("recompute", "--hospital", "RSA")
    lines = run("scores", "--hospital", "RSA", "--period", "2009").splitlines()
    assert lines[0] == "RSUD Anggrek, 2009"
    assert lines[1] == "Scorecard: 60.0 Fairly good (1/1), down 40.0 points from 2008"
    assert lines[3] == "Processes: 60.0 Fairly good (1/1), down 40.0 points from 2008"
    wanted = "rate 7.0% [–5.0] 2.0 percentage points above 60.0 Fairly good worse 12/12"
    assert lines[4].split() == wanted.split()


def test_scores_as_text_say_why_a_number_is_missing(two_years: Unit) -> None:
    run("recompute", "--hospital", "RSA")
    said = run("scores", "--hospital", "RSA", "--period", "2007")
    assert "Scorecard: no score (0/1)" in said
    assert "—  Not reported: Cases and Patients." in said


def test_scores_show_what_is_not_weighed_apart(two_years: Unit) -> None:
    rate = Indicator.objects.get(code="rate")
    other = Indicator.objects.create(
        code="share",
        name_en="Share",
        name_id="Bagian",
        unit_of_measure="%",
        perspective="customer",
        direction="higher",
        as_reported=DataElement.objects.create(
            code="share", name_en="Share", name_id="Bagian", over_time="last", over_units="none"
        ),
    )
    other.formulas.create(expression="cases * 2")
    run("recompute", "--hospital", "RSA")
    assert [line["code"] for line in scores("2009")["indicators"]] == ["rate", "share"]
    assert scores("2009")["indicators"][1]["score"] is None
    said = run("scores", "--hospital", "RSA", "--period", "2009")
    assert said.index("Not weighed:") < said.index("share ")
    assert rate.code in said


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--hospital", "RSX", "--period", "2009"], "There is no hospital with the code “RSX”."),
        (
            ["--hospital", "RSA", "--period", "2009", "--unit", "kenanga"],
            "has no unit with the code “kenanga”",
        ),
        (["--hospital", "RSA", "--period", "2009-13"], "“2009-13” is not a period"),
    ],
)
def test_scores_refuse_what_they_do_not_know(
    two_years: Unit, kenanga: Unit, options: list[str], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        run("scores", *options)


@pytest.mark.django_db
def test_scores_without_definitions_say_what_to_do(two_years: Unit) -> None:
    Template.objects.all().delete()
    with pytest.raises(CommandError, match=r"run manage\.py sync_definitions"):
        run("scores", "--hospital", "RSA", "--period", "2009")


@pytest.mark.django_db
def test_sync_definitions_says_how_much_it_changed() -> None:
    assert run("sync_definitions").endswith(" definitions changed.\n")
    assert run("sync_definitions") == "Definitions are up to date.\n"
    Indicator.objects.filter(code="bor").update(name_en="Beds")
    said = run("sync_definitions", "--verbosity", "2")
    assert said == "indicator bor: name_en\n1 definitions changed.\n"


def test_sync_says_what_it_would_change_in_which_years_and_changes_nothing_if_so_asked(
    numbers: None,
) -> None:
    # As if the range had been shipped only now, and the name been another.
    ReferenceRange.objects.filter(indicator__code="bor", standard__code="depkes_2004").delete()
    Indicator.objects.filter(code="bor").update(name_en="Beds in use")
    this_year = timezone.localdate().year
    new = f"referencerange depkes_2004.bor: new; the file says 1900-01-01 (figures of {this_year} and later)"
    said = run("sync_definitions", "--dry-run").splitlines()
    assert new in said
    assert "indicator bor: name_en" in said
    assert said[-1].endswith("definitions would change.")
    assert not ReferenceRange.objects.filter(indicator__code="bor", standard__code="depkes_2004").exists()
    assert Indicator.objects.get(code="bor").name_en == "Beds in use"
    said = run("sync_definitions").splitlines()
    assert new in said
    assert "indicator bor: name_en" not in said
    assert said[-1].endswith("definitions changed.")
    row = ReferenceRange.objects.get(indicator__code="bor", standard__code="depkes_2004")
    assert row.valid_from == dt.date(this_year, 1, 1)
    assert run("sync_definitions") == "Definitions are up to date.\n"
