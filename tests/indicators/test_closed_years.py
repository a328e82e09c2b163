"""What a release changes leaves the figures of closed years as they are, unless it is told to correct them.

Ward Melati has 5.04 of 100 in March of 2024, 2025 and 2026; today is 27 November 2026. Ideal up to 5 %, no
points from 10 %: shown with one decimal, 5.0 % are 100 points.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.catalogue import indicators_with_range
from indicators.definition_changes import Changed
from indicators.definition_files import DefinitionError
from indicators.definition_sync import sync_definitions
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    RecomputeMark,
    ReferenceRange,
)
from indicators.models.definition import ALWAYS
from indicators.periods import Period
from indicators.queries import stored_values, values_as_json
from scorecard.models import Score, Template
from scorecard.queries import scorecard_of
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, ELEMENTS, INDICATOR, SCORECARD, STANDARD, write
from tests.scorecard.test_incremental import Rows, rows_from_scratch

TODAY = dt.date(2026, 11, 27)
FIRST_OPEN_DAY = dt.date(2026, 1, 1)
RANGE = STANDARD[STANDARD.index("[[standard.range]]") :]
FORMULA = 'formulas = [ { expression = "100 * cases / patients" } ]'
TWO_FORMULAS = FORMULA.replace(
    " ]", ', { expression = "1000 * cases / patients", valid_from = 2025-01-01 } ]'
)
BACK_DATED_RANGE = RANGE.replace("ideal_high = 5", "ideal_high = 1\nvalid_from = 2025-01-01")
SECOND = INDICATOR.replace('code = "rate"', 'code = "second"').replace("100 *", "200 *")
#: What a release may do to the definitions above.
RELEASES = {
    "an indicator is dropped": ELEMENTS,
    "its range is dropped": ALL.replace(RANGE, ""),
    "its range is dropped for another": ALL.replace(RANGE, BACK_DATED_RANGE),
    "a back-dated range is added": ALL.replace(STANDARD, STANDARD + BACK_DATED_RANGE),
    "a back-dated formula is added": ALL.replace(FORMULA, TWO_FORMULAS),
    "an indicator is added": ALL.replace(STANDARD, SECOND + STANDARD),
    "decimals are changed": ALL.replace("decimals = 1", "decimals = 2"),
    "a back-dated template is added": ALL + SCORECARD.replace("[scorecard]", "[[scorecard]]"),
}


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


def sync(folder: Path, text: str, *, correct: bool = False) -> list[Changed]:
    paths = write(folder, text)
    changes = sync_definitions(paths, correct=correct)
    return changes + sync_templates(paths, correct=correct)


@pytest.fixture
def scored(db: None, tmp_path: Path, hospital: Hospital, melati: Unit) -> Hospital:
    sync(tmp_path, ALL)
    elements = {e.code: e for e in DataElement.objects.all()}
    save_values(
        [
            NewValue(melati, elements[code], Period.month(year, 3), number)
            for year in (2024, 2025, 2026)
            for code, number in (("cases", 5.04), ("patients", 100))
        ],
        by=None,
    )
    rows_from_scratch(hospital, TODAY)
    return hospital


def of_closed_years(rows: Rows) -> Rows:
    """The rows of 2024 and 2025; their keys are model, unit, indicator and period, or unit, period, …"""
    return {
        key: row for key, row in rows.items() if not any(str(part).startswith("2026") for part in key[1:])
    }


def figures(unit: Unit) -> dict[str, tuple[float | None, float | None]]:
    """Value and score of each March."""
    rows = IndicatorValue.objects.filter(unit=unit, indicator__code="rate", period__in=MARCHES)
    return {str(row.period)[:4]: (row.value, row.score) for row in rows}


MARCHES = ["2024-03", "2025-03", "2026-03"]


@pytest.mark.parametrize("release", [name for name in RELEASES if "template" not in name])
def test_closed_years_stay_byte_for_byte(release: str, scored: Hospital, tmp_path: Path) -> None:
    before = rows_from_scratch(scored, TODAY)
    changes = sync_definitions(write(tmp_path, RELEASES[release]))
    assert changes
    after = rows_from_scratch(scored, TODAY)
    assert of_closed_years(after) == of_closed_years(before)
    assert after != before
    assert sync_definitions(write(tmp_path, RELEASES[release])) == []


@pytest.mark.parametrize("release", [name for name in RELEASES if "template" not in name])
def test_closed_years_follow_what_corrects_them(release: str, scored: Hospital, tmp_path: Path) -> None:
    before = rows_from_scratch(scored, TODAY)
    assert sync_definitions(write(tmp_path, RELEASES[release]), correct=True)
    assert of_closed_years(rows_from_scratch(scored, TODAY)) != of_closed_years(before)
    assert sync_definitions(write(tmp_path, RELEASES[release]), correct=True) == []


def test_a_dropped_indicator_has_figures_until_the_day_on_which_that_was_found(
    scored: Hospital, melati: Unit, tmp_path: Path
) -> None:
    changes = [str(change) for change in sync_definitions(write(tmp_path, ELEMENTS))]
    assert "indicator rate: retired from 2026-11-27 on (figures of 2026 and later)" in changes
    assert Indicator.objects.get(code="rate").retired_from == TODAY
    rows_from_scratch(scored, TODAY)
    of_year = IndicatorValue.objects.filter(unit=melati, indicator__code="rate")
    assert of_year.filter(period="2026-03").exists()
    assert of_year.filter(period="2025").exists()
    assert not of_year.filter(period="2026").exists()
    assert not Score.objects.filter(period="2026").exists()


def test_however_much_a_release_changes_it_leaves_one_mark_a_hospital(
    scored: Hospital, tmp_path: Path
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(sync_definitions(write(tmp_path, ELEMENTS))) > 1
    assert RecomputeMark.objects.get().hospital == scored
    assert sum('UPDATE "indicators_definitionstamp"' in query["sql"] for query in queries) == 1


def test_a_dropped_indicator_comes_back_while_its_year_is_open(scored: Hospital, tmp_path: Path) -> None:
    before = rows_from_scratch(scored, TODAY)
    sync_definitions(write(tmp_path, ELEMENTS))
    rows_from_scratch(scored, TODAY)
    sync_definitions(write(tmp_path, ALL))
    after = rows_from_scratch(scored, TODAY)
    assert of_closed_years(after) == of_closed_years(before)
    assert Indicator.objects.get(code="rate").retired_from is None


@pytest.mark.parametrize("model", [DataElement, Indicator])
def test_one_that_was_retired_in_a_closed_year_does_not_come_back_into_it(
    scored: Hospital, tmp_path: Path, model: type[DataElement] | type[Indicator]
) -> None:
    model.objects.filter(code="rate").update(retired_from=dt.date(2025, 7, 1))
    with pytest.raises(DefinitionError, match=r"was retired from 2025-07-01 on.*--correct"):
        sync_definitions(write(tmp_path, ALL))
    assert sync_definitions(write(tmp_path, ALL), correct=True)


def test_a_back_dated_range_holds_from_the_first_open_day_and_says_so(
    scored: Hospital, melati: Unit, tmp_path: Path
) -> None:
    (change,) = sync_definitions(write(tmp_path, RELEASES["a back-dated range is added"]))
    assert str(change) == (
        "referencerange depkes_2004.rate: new; the file says 2025-01-01 (figures of 2026 and later)"
    )
    assert [(r.valid_from, r.shipped_day) for r in ReferenceRange.objects.order_by("valid_from")] == [
        (ALWAYS, None),
        (FIRST_OPEN_DAY, dt.date(2025, 1, 1)),
    ]
    rows_from_scratch(scored, TODAY)
    # Up to 1 % is ideal now, from 10 % on nothing: 5.0 are 100 × (1 - 4/9).
    assert [score for _value, score in figures(melati).values()] == [100, 100, pytest.approx(500 / 9)]


def test_corrected_later_it_holds_from_its_own_day(scored: Hospital, melati: Unit, tmp_path: Path) -> None:
    paths = write(tmp_path, RELEASES["a back-dated range is added"])
    sync_definitions(paths)
    assert sync_definitions(paths, correct=True)
    rows_from_scratch(scored, TODAY)
    scores = [score for _value, score in figures(melati).values()]
    assert scores == [100, pytest.approx(500 / 9), pytest.approx(500 / 9)]
    assert sync_definitions(paths) == []


def test_of_two_days_in_closed_years_the_later_counts(scored: Hospital, tmp_path: Path) -> None:
    other = BACK_DATED_RANGE.replace("2025-01-01", "2024-01-01").replace("ideal_high = 1", "ideal_high = 2")
    paths = write(tmp_path, ALL.replace(STANDARD, STANDARD + BACK_DATED_RANGE + other))
    assert len(sync_definitions(paths)) == 1
    assert ReferenceRange.objects.get(valid_from=FIRST_OPEN_DAY).ideal_high == 1
    assert sync_definitions(paths) == []


def test_a_range_that_comes_back_in_the_same_year_holds_again(
    scored: Hospital, melati: Unit, tmp_path: Path
) -> None:
    sync_definitions(write(tmp_path, RELEASES["its range is dropped"]))
    assert ReferenceRange.objects.get().valid_until == TODAY
    sync_definitions(write(tmp_path, ALL))
    assert sync_definitions(write(tmp_path, ALL)) == []
    rows_from_scratch(scored, TODAY)
    assert [score for _value, score in figures(melati).values()] == [100, 100, 100]


def test_each_year_is_judged_with_the_decimals_that_it_is_shown_with(
    scored: Hospital, melati: Unit, tmp_path: Path
) -> None:
    """5.04 of 100 are 5.0 % and inside the range; with two decimals 5.04 % is outside."""
    assert [score for _value, score in figures(melati).values()] == [100, 100, 100]
    changes = sync_definitions(write(tmp_path, ALL.replace("decimals = 1", "decimals = 2")))
    assert "indicator rate: decimals (figures of 2026 and later)" in [str(change) for change in changes]
    rows_from_scratch(scored, TODAY)
    assert [score for _value, score in figures(melati).values()] == [100, 100, pytest.approx(99.2)]
    indicator = Indicator.objects.get(code="rate")
    assert [indicator.decimals_on(dt.date(year, 12, 31)) for year in (2024, 2025, 2026)] == [1, 1, 2]
    # Pages and REST show what was judged: 5.0 is inside, 5.04 is not.
    lines = [scorecard_of(melati, Period.parse(march)).lines[0] for march in MARCHES]
    assert [line.indicator.decimals for line in lines] == [1, 1, 2]
    assert [line.distance for line in lines] == [0, 0, pytest.approx(0.04)]
    (stored,) = stored_values(approved_only=False)
    rows = stored.filter(unit=melati, indicator__code="rate", period__in=MARCHES).order_by("period")
    shown = values_as_json(list(rows), approved_only=False)
    assert [row["distance"] for row in shown] == [0, 0, pytest.approx(0.04)]


def test_a_range_that_has_ended_is_none_of_the_hospitals(scored: Hospital, tmp_path: Path) -> None:
    assert indicators_with_range(scored, TODAY)
    sync_definitions(write(tmp_path, RELEASES["its range is dropped"]))
    assert not indicators_with_range(scored, TODAY)
    assert indicators_with_range(scored, TODAY - dt.timedelta(days=1))


def test_a_template_with_a_day_in_a_closed_year_holds_from_the_first_open_day(
    scored: Hospital, tmp_path: Path
) -> None:
    before = rows_from_scratch(scored, TODAY)
    later = SCORECARD.replace("bands = { good = 80", "valid_from = 2025-01-01\nbands = { good = 90")
    paths = write(tmp_path, ALL)
    paths += write(tmp_path, later, "later.toml")
    (change,) = sync_templates(paths)
    assert "template default 2026-01-01: new; the file says 2025-01-01" in str(change)
    assert sync_templates(paths) == []
    after = rows_from_scratch(scored, TODAY)
    assert of_closed_years(after) == of_closed_years(before)
    assert after != before
    assert sync_templates(paths, correct=True)
    assert Template.objects.filter(valid_from=dt.date(2025, 1, 1), shipped_day=None).exists()
    assert sync_templates(paths) == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        (ALL.replace('over_time = "sum"', 'over_time = "last"', 1), "element[cases].over_time"),
        (
            ALL.replace('over_time = "sum"', 'over_time = "sum"\nover_units = "none"', 1),
            "element[cases].over_units",
        ),
        (
            ALL.replace('over_time = "sum"', 'over_time = "sum"\nderived = "2 * patients"', 1),
            "element[cases].derived",
        ),
        (
            ALL.replace("decimals = 1", 'decimals = 1\nas_reported = "rate_told"'),
            "indicator[rate].as_reported",
        ),
    ],
)
def test_what_means_something_else_needs_a_new_code(
    changed: str, key: str, scored: Hospital, tmp_path: Path
) -> None:
    with pytest.raises(DefinitionError, match="code of its own") as error:
        sync_definitions(write(tmp_path, changed))
    assert error.value.key == key
    assert sync_definitions(write(tmp_path, changed), correct=True)


def test_a_standard_does_not_begin_to_extend_another(scored: Hospital, tmp_path: Path) -> None:
    other = STANDARD.replace("depkes_2004", "lax").replace("ideal_high = 5", "ideal_high = 6")
    sync_definitions(write(tmp_path, ALL + other))
    extending = STANDARD.replace('source = "test"', 'source = "test"\nextends = "lax"')
    with pytest.raises(DefinitionError, match=r"standard\[depkes_2004\].extends: values are stored"):
        sync_definitions(write(tmp_path, ALL.replace(STANDARD, extending) + other))


def test_a_formula_does_not_hold_before_its_first_day(scored: Hospital, melati: Unit) -> None:
    formula = IndicatorFormula.objects.get()
    formula.valid_from = dt.date(2025, 1, 1)
    formula.save()
    rows_from_scratch(scored, TODAY)
    assert sorted(figures(melati)) == ["2025", "2026"]
    assert not Score.objects.filter(period="2024").exists()


def test_words_change_at_any_time_and_no_figure_with_them(scored: Hospital, tmp_path: Path) -> None:
    before = rows_from_scratch(scored, TODAY)
    words = ALL.replace('"Rate"', '"Share"').replace("ideal_high = 5", 'ideal_high = 5\nsource = "seen"')
    changes = sync_definitions(write(tmp_path, words))
    assert [change.since for change in changes] == [None] * len(changes)
    assert len(changes) == 3
    assert rows_from_scratch(scored, TODAY) == before
