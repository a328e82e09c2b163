"""Releases that change what numbers stand on: what is frozen, what is corrected, what follows."""

from pathlib import Path

import pytest

from hospitals.models import Hospital
from indicators.definition_files import DefinitionError
from indicators.definition_sync import sync_definitions
from indicators.models import (
    DataElement,
    IndicatorFormula,
    RecomputeMark,
)
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, FORMULA, write


@pytest.mark.parametrize(
    "changed",
    [
        ALL.replace("100 * cases", "1000 * cases"),
        ALL.replace("ideal_high = 5", "ideal_high = 6"),
        ALL.replace(FORMULA, FORMULA.replace("} ]", ", valid_from = 2020-01-01 } ]")),
    ],
)
def test_what_values_stand_on_is_frozen_unless_it_is_corrected(
    scored: list[Path], tmp_path: Path, changed: str
) -> None:
    paths = write(tmp_path, changed)
    with pytest.raises(DefinitionError, match=r"values are stored that may stand on it.*--correct"):
        sync_definitions(paths)
    assert [f.expression for f in IndicatorFormula.objects.all()] == ["100 * cases / patients"]
    assert sync_definitions(paths, correct=True)
    assert sync_definitions(paths) == []


def test_a_formula_that_was_wrong_from_the_beginning_is_replaced_whatever_stands_on_it(
    scored: list[Path], tmp_path: Path
) -> None:
    right = FORMULA.replace("100 * cases", "1000 * cases").replace(
        " }", ', corrects = "100 * cases / patients" }'
    )
    paths = write(tmp_path, ALL.replace(FORMULA, right))
    changes = sync_definitions(paths)
    assert [str(change) for change in changes] == [
        "indicatorformula rate: corrected, was 100 * cases / patients (figures of all years)"
    ]
    assert [f.expression for f in IndicatorFormula.objects.all()] == ["1000 * cases / patients"]
    assert RecomputeMark.objects.exists()
    assert sync_definitions(paths) == []


def test_what_a_hospital_derives_from_an_element_keeps_it_from_being_derived(
    shipped: list[Path], hospital: Hospital, tmp_path: Path
) -> None:
    DataElement.objects.create(
        hospital=hospital,
        code="own",
        name_en="Own",
        name_id="Sendiri",
        over_time="sum",
        over_units="sum",
        derived="2 * cases",
    )
    changed = ALL.replace('source = "test"', 'source = "test"\nderived = "2 * patients"', 1)
    with pytest.raises(DefinitionError, match=r"element\[cases\].derived: “own” of RSUD Anggrek is derived"):
        sync_definitions(write(tmp_path, changed))


def test_a_later_formula_may_be_added_at_any_time_and_scores_have_to_follow(
    scored: list[Path], tmp_path: Path
) -> None:
    later = FORMULA.replace(" ]", ', { expression = "1000 * cases / patients", valid_from = 2999-01-01 } ]')
    assert not RecomputeMark.objects.exists()
    (change,) = sync_definitions(write(tmp_path, ALL.replace(FORMULA, later)))
    assert str(change) == "indicatorformula rate: new (figures of 2999 and later)"
    assert RecomputeMark.objects.exists()


def test_a_template_that_scores_stand_on_is_frozen_unless_it_is_corrected(
    scored: list[Path], tmp_path: Path
) -> None:
    paths = write(tmp_path, ALL.replace("good = 80", "good = 90"))
    with pytest.raises(DefinitionError, match=r"scores stand on these weights.*--correct"):
        sync_templates(paths)
    (change,) = sync_templates(paths, correct=True)
    assert str(change) == "template default 1900-01-01: new (figures of all years)"
    assert sync_templates(paths) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        (
            "{ rate = 1 }",
            "{ speed = 1 }",
            "internal_process.safety.indicators.speed",
            "there is no such indicator",
        ),
        (
            "{ rate = 1 }",
            "{ rate = -1 }",
            "internal_process.safety.indicators.rate",
            "a weight cannot be negative",
        ),
        ("{ rate = 1 }", "{ }", "perspective.0.objective.0.indicators", "at least 1 item"),
        ("fair = 60", "fair = 80", "bands", "good must lie above fair"),
        (
            'code = "internal_process"\nname',
            'code = "processes"\nname',
            "perspective.0.code",
            "'financial', 'customer'",
        ),
    ],
)
def test_a_wrong_template_is_refused_with_key_and_reason(
    shipped: list[Path], tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    with pytest.raises(DefinitionError) as error:
        sync_templates(write(tmp_path, ALL.replace(old, new)))
    assert error.value.key == f"scorecard[default].{key}"
    assert reason in error.value.reason
