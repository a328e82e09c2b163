"""From definition files to the database: what is refused, what changes, what is frozen."""

from pathlib import Path

import pytest
from django.utils import timezone, translation

from hospitals.models import Hospital, Unit
from indicators.definition_files import DefinitionError, definition_paths
from indicators.definition_sync import sync_definitions
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
)
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, ELEMENTS, FORMULA, INDICATOR, SCORECARD, STANDARD, write
from tests.scorecard.rates import recompute, report, row

#: The upper end of the table of KEP-100/MBU/2002 for return on equity: from < value <= to.
STEPS = STANDARD.replace(
    "ideal_high = 5\nworst_high = 10\n",
    """steps = [{ to = 13, points = 80 }, { from = 13, to = 15, points = 90 }, { from = 15, points = 100 }]
steps_closed = "above"
""",
)


def derived(formula: str, code: str = "both") -> str:
    """One more element, derived from the others."""
    return ELEMENTS.split("\n\n")[0].replace('"cases"', f'"{code}"', 1) + f'\nderived = "{formula}"\n'


def refusal(folder: Path, text: str) -> tuple[str, str, str]:
    """File, key and reason of the refusal; nothing may have been written."""
    with translation.override("en"), pytest.raises(DefinitionError) as error:
        sync_definitions(write(folder, text))
    assert not DataElement.objects.exists()
    assert str(error.value) == f"{error.value.file}: {error.value.key}: {error.value.reason}"
    return error.value.file, error.value.key, error.value.reason


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[[element]\n", "file", "Expected ']]'"),
        ("[[elements]]\n", "elements", "is not a table that is read; there are element, form"),
        (
            ELEMENTS.replace('over_time = "sum"', 'over_time = "all"', 1),
            "element[cases].over_time",
            "'sum', 'last'",
        ),
        (ELEMENTS.replace('over_time = "sum"\n', "", 1), "element[cases].over_time", "Field required"),
        (ELEMENTS.replace("source", "sauce", 1), "element[cases].source", "Field required"),
        (ELEMENTS + "colour = 1\n", "element[patients].colour", "Extra inputs are not permitted"),
        (ELEMENTS.replace('"cases"', '"Cases"', 1), "element[Cases].code", "should match pattern"),
        (ELEMENTS.replace('"cases"', '"days"', 1), "element[days]", "has a meaning of its own in formulas"),
        (
            ELEMENTS.replace("patients", "cases"),
            "element[cases].code",
            "stands in indicators/definitions/rates.toml",
        ),
        (ELEMENTS + 'derived = "cases *"\n', "element[patients]", "character 8"),
        (
            ELEMENTS + 'derived = "deaths * 2"\n',
            "element[patients].derived",
            "there is no data element “deaths”",
        ),
        (
            ELEMENTS + 'derived = "patients * 2"\n',
            "element[patients].derived",
            "“patients” is derived itself",
        ),
        (
            ELEMENTS + 'derived = "first(cases, 2)"\n',
            "element[patients].derived",
            "first(…) belongs in indicators",
        ),
        (ELEMENTS + 'parts = ["deaths"]\n', "element[patients].parts", "there is no data element “deaths”"),
        (ELEMENTS + 'parts = ["patients"]\n', "element[patients].parts", "“patients” is a part of itself"),
        (
            ELEMENTS + 'parts = ["cases"]\n',
            "element[patients].parts",
            "“cases” has another unit of measure than “patients”",
        ),
        (
            ELEMENTS + 'parts = ["cases"]\nderived = "2 * cases"\n',
            "element[patients].parts",
            "what is derived cannot be a total as well",
        ),
        (
            ELEMENTS + INDICATOR.replace("/ patients", "/ deaths"),
            "indicator[rate].formulas.0",
            "no data element “deaths”",
        ),
        (ELEMENTS + INDICATOR.replace("/ patients", "/"), "indicator[rate].formulas.0", "character 14"),
        (
            ELEMENTS + "optional = true\n" + INDICATOR.replace("100 * cases", "(cases + patients)"),
            "indicator[rate].formulas.0",
            "has no value where there is no “patients”, which is optional; offer the sum without it",
        ),
        (
            ELEMENTS + "optional = true\n" + derived("cases + patients"),
            "element[both].derived",
            "has no value where there is no “patients”, which is optional",
        ),
        (
            ELEMENTS + derived("cases * 2") + derived("both * 2", "twice"),
            "element[twice].derived",
            "“both” is derived itself",
        ),
        (
            ELEMENTS + INDICATOR.replace(FORMULA, "formulas = []"),
            "indicator[rate].formulas",
            "at least 1 item",
        ),
        (
            ELEMENTS + INDICATOR + 'as_reported = "cases"\n',
            "indicator[rate].as_reported",
            "data element of its own",
        ),
        (ELEMENTS + INDICATOR + INDICATOR, "indicator[rate].code", "stands in"),
        (ELEMENTS + STANDARD, "standard[depkes_2004].range.0", "there is no indicator “rate”"),
        (
            ELEMENTS + INDICATOR + STANDARD.replace("worst_high = 10", "worst_high = 4"),
            "standard[depkes_2004].range.0",
            "must rise",
        ),
        (
            ELEMENTS + INDICATOR + STANDARD.replace("ideal_high = 5\nworst_high = 10\n", ""),
            "standard[depkes_2004].range.0",
            "needs ideal_low, ideal_high or steps",
        ),
        (
            ELEMENTS + INDICATOR + STEPS.replace("from = 15", "from = 14"),
            "standard[depkes_2004].range.0",
            "the steps to 90 and 100 points overlap",
        ),
        (
            ELEMENTS + INDICATOR + STEPS.replace("above", "left"),
            "standard[depkes_2004].range.0.steps_closed",
            "Input should be",
        ),
        (
            ELEMENTS
            + INDICATOR
            + STANDARD.replace('source = "test"', 'source = "test"\nextends = "depkes_2004"'),
            "standard[depkes_2004].extends",
            "goes round in a circle",
        ),
        (
            ELEMENTS + INDICATOR + STANDARD.replace('source = "test"', 'source = "test"\nextends = "lax"'),
            "standard[depkes_2004].extends",
            "there is no standard “lax”",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_file_key_and_reason(
    tmp_path: Path, text: str, key: str, reason: str
) -> None:
    file, found_key, found_reason = refusal(tmp_path, text)
    assert file == "indicators/definitions/rates.toml"
    assert found_key == key
    assert reason in found_reason


def test_definitions_come_into_the_database(shipped: list[Path]) -> None:
    rate = Indicator.objects.get(code="rate")
    assert (rate.name_en, rate.decimals, rate.direction) == ("Rate", 1, "lower")
    assert [f.expression for f in rate.formulas.all()] == ["100 * cases / patients"]
    assert (rate.as_reported.code, rate.as_reported.is_as_reported) == ("rate", True)
    assert (rate.as_reported.over_time, rate.as_reported.over_units) == ("last", "none")
    band = ReferenceRange.objects.get()
    assert (band.standard, band.ideal_high, band.worst_high) == (Standard.objects.get(), 5, 10)


def test_a_scoring_table_closed_above_is_kept_and_judged_by(tmp_path: Path, melati: Unit) -> None:
    """Exactly 15 % is still in the step that ends there."""
    paths = write(tmp_path, ELEMENTS + INDICATOR + STEPS + SCORECARD)
    sync_definitions(paths)
    sync_templates(paths)
    assert ReferenceRange.objects.get().steps_closed == "above"
    for month, cases in (("2009-01", 15), ("2009-02", 15.04), ("2009-03", 15.06)):
        report(melati, month, cases)
    recompute(melati.hospital)
    points = [row(melati, month).score for month in ("2009-01", "2009-02", "2009-03")]
    assert points == [90, 90, 100]


def test_syncing_twice_changes_nothing(shipped: list[Path]) -> None:
    assert sync_definitions(shipped) == []
    assert sync_templates(shipped) == []


def test_a_changed_word_is_changed_and_said(shipped: list[Path], tmp_path: Path) -> None:
    changes = sync_definitions(write(tmp_path, ALL.replace('"Kasus"', '"Kasus baru"')))
    assert [str(change) for change in changes] == ["dataelement cases: name_id"]
    assert DataElement.objects.get(code="cases").name_id == "Kasus baru"


def test_what_is_no_longer_shipped_is_retired_and_comes_back(shipped: list[Path], tmp_path: Path) -> None:
    today = timezone.localdate()
    changes = [str(change) for change in sync_definitions(write(tmp_path, ELEMENTS))]
    assert f"indicator rate: retired from {today} on" in changes
    assert f"dataelement rate: retired from {today} on" in changes
    assert Indicator.objects.get(code="rate").retired_from == today
    assert IndicatorFormula.objects.exists()
    assert "indicator rate: retired_from" in [str(c) for c in sync_definitions(write(tmp_path, ALL))]
    assert Indicator.objects.get(code="rate").retired_from is None


def test_what_a_hospital_added_itself_is_not_touched(shipped: list[Path], hospital: Hospital) -> None:
    own = DataElement.objects.create(
        hospital=hospital, code="own", name_en="Own", name_id="Sendiri", over_time="sum", over_units="sum"
    )
    assert sync_definitions(shipped) == []
    own.refresh_from_db()
    assert own.retired_from is None


@pytest.mark.parametrize(
    ("field", "key"), [('derived = "patients * 2"', "derived"), ('parts = ["patients"]', "parts")]
)
def test_what_a_hospital_adds_up_itself_does_not_become_derived_or_a_total(
    field: str, key: str, shipped: list[Path], tmp_path: Path, hospital: Hospital
) -> None:
    adds_up = {"over_time": "sum", "over_units": "sum", "unit_of_measure": "cases"}
    DataElement.objects.create(
        hospital=hospital, code="own", name_en="Own", name_id="Sendiri", parts=["cases"], **adds_up
    )
    text = ALL.replace("[[element]]", f"[[element]]\n{field}", 1).replace('"patients"\nover', '"cases"\nover')
    with pytest.raises(DefinitionError, match="“own” of RSUD Anggrek is a total of it") as error:
        sync_definitions(write(tmp_path, text))
    assert error.value.key == f"element[cases].{key}"


def test_the_shipped_definitions_are_right_and_settle_at_once(definitions: None) -> None:
    assert definition_paths()
    assert sync_definitions() == []
    assert sync_templates() == []


@pytest.mark.parametrize(
    ("day", "since"), [("", "without valid_from"), ("valid_from = 2026-01-01\n", "from 2026-01-01 on")]
)
def test_a_standard_with_two_ranges_for_one_day_is_refused(
    day: str, since: str, shipped: list[Path], tmp_path: Path
) -> None:
    again = f'\n[[standard.range]]\nindicator = "rate"\nideal_high = {{}}\n{day}'
    text = ALL.replace(
        STANDARD, STANDARD[: STANDARD.index("[[standard.range]]")] + again.format(5) + again.format(6)
    )
    with pytest.raises(DefinitionError, match=f"range of “rate”: two of them {since}") as refused:
        sync_definitions(write(tmp_path, text))
    assert "standard" in str(refused.value)
    assert ReferenceRange.objects.get().ideal_high == 5
