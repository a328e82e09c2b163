"""A release that changes, drops or adds an identity marks what it changes; closed years stay as they are.

Left and right make both; of 2025 and of 2026 were reported 1.1, 2.2 and 4.4, and today is 27 November 2026.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from hospitals.models import Hospital
from indicators.actions import NewValue, save_values
from indicators.definition_sync import sync_definitions
from indicators.following import read_stamp
from indicators.models import DataElement, Identity, IndicatorValue, RecomputeMark
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, INDICATOR, write
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows

TODAY = dt.date(2026, 11, 27)
REPORTED = {"left": 1.1, "right": 2.2, "both": 4.4}
WITHOUT = ALL + "".join(INDICATOR.replace('code = "rate"', f'code = "{code}"') for code in REPORTED)
IDENTITY = """
[[identity]]
code = "halves"
name = { en = "Halves", id = "Paruhan" }
source = "test"
checked = 2026-11-27
indicators = ["left", "right", "both"]

[identity.implied]
left = ["both - right"]
right = ["both - left"]
both = ["left + right"]
"""
#: What is meant by both may be less than what was reported, by 2 at most: 3.3 is.
WIDER = IDENTITY + '\n[identity.slack]\nboth = { less = "2", more = "0" }\n'


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


def sync(folder: Path, text: str, *, correct: bool = False) -> list[str]:
    return [str(change) for change in sync_definitions(write(folder, text), correct=correct)]


def begin(folder: Path, hospital: Hospital, text: str) -> None:
    """The definitions of `text`, and the scores that stand on them."""
    sync(folder, text)
    sync_templates(write(folder, text))
    elements = {e.code: e for e in DataElement.objects.all()}
    years = [Period.of_year(year) for year in (2025, 2026)]
    save_values(
        [NewValue(hospital.root, elements[code], year, n) for year in years for code, n in REPORTED.items()],
        by=None,
    )
    recompute_scores(hospital_id=hospital.pk, today=TODAY)


def contradicting(hospital: Hospital) -> set[str]:
    """The years in which both is marked, when all that waits is computed."""
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    rows = IndicatorValue.objects.filter(unit=hospital.root, indicator__code="both")
    found = {str(row.period) for row in rows if row.contradicts_others}
    assert stored_rows(hospital) == rows_from_scratch(hospital, TODAY)
    return found


@pytest.mark.parametrize(
    ("before", "after", "correct", "said", "years"),
    [
        (IDENTITY, WIDER, False, "identity halves: changed (figures of 2026 and later)", {"2025"}),
        (IDENTITY, WIDER, True, "identity halves: changed (figures of all years)", set()),
        (IDENTITY, "", False, "identity halves: ends (figures of 2026 and later)", {"2025"}),
        (IDENTITY, "", True, "identity halves: removed (figures of all years)", set()),
        ("", IDENTITY, False, "identity halves: new (figures of 2026 and later)", {"2026"}),
        ("", IDENTITY, True, "identity halves: new (figures of all years)", {"2025", "2026"}),
    ],
)
def test_what_a_release_changes_is_marked_and_said(
    db: None,
    hospital: Hospital,
    tmp_path: Path,
    before: str,
    after: str,
    correct: bool,
    said: str,
    years: set[str],
) -> None:
    begin(tmp_path, hospital, WITHOUT + before)
    assert contradicting(hospital) == ({"2025", "2026"} if before else set())
    stamp = read_stamp()
    assert sync(tmp_path, WITHOUT + after, correct=correct) == [said]
    assert RecomputeMark.objects.filter(hospital=hospital).exists()
    assert read_stamp() != stamp
    assert contradicting(hospital) == years
    assert sync(tmp_path, WITHOUT + after, correct=correct) == []
    assert not RecomputeMark.objects.exists()


def test_an_identity_that_is_dropped_and_comes_back_judges_this_year_as_it_did(
    db: None, hospital: Hospital, tmp_path: Path
) -> None:
    begin(tmp_path, hospital, WITHOUT + IDENTITY)
    sync(tmp_path, WITHOUT)
    assert contradicting(hospital) == {"2025"}
    assert sync(tmp_path, WITHOUT + IDENTITY) == ["identity halves: new (figures of 2026 and later)"]
    assert contradicting(hospital) == {"2025", "2026"}
    assert sync(tmp_path, WITHOUT + IDENTITY, correct=True) == [
        "identity halves: from 1900-01-01 on (figures of all years)"
    ]
    assert Identity.objects.count() == 1


def test_before_anything_is_computed_it_simply_holds(db: None, tmp_path: Path) -> None:
    sync(tmp_path, WITHOUT + IDENTITY)
    assert sync(tmp_path, WITHOUT + WIDER) == ["identity halves: changed"]
    row = Identity.objects.get()
    assert (row.valid_from, row.valid_until) == (dt.date(1900, 1, 1), None)


def test_the_command_says_it_beforehand_and_changes_nothing(
    definitions: None, hospital: Hospital, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shipped identity of bed use was another one until this release."""
    elements = {e.code: e for e in DataElement.objects.all()}
    save_values([NewValue(hospital.root, elements["bor_percent"], Period.of_year(2025), 80)], by=None)
    recompute_scores(hospital_id=hospital.pk, today=TODAY)
    Identity.objects.update(slack={})
    call_command("sync_definitions", "--dry-run")
    assert "identity bed_use: changed (figures of 2026 and later)" in capsys.readouterr().out
    assert Identity.objects.get().slack == {}
    assert not RecomputeMark.objects.exists()
