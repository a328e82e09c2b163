"""The tables of the published study come out of the two commands, item by item."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hospitals.models import Hospital
from indicators.models import DataValue
from indicators.periods import Period
from surveys.models import TallyCount, TallySheet
from tests.surveys.published import table, tally_text

pytestmark = pytest.mark.usefixtures("definitions")


def imported(folder: Path, questionnaire: str, segment: str = "inpatient", text: str | None = None) -> None:
    file = folder / f"{questionnaire}.csv"
    file.write_text(tally_text(questionnaire) if text is None else text, encoding="utf-8")
    call_command(
        "import_tally",
        str(file),
        hospital="RSA",
        questionnaire=questionnaire,
        segment=segment,
        year=2010,
        stdout=StringIO(),
    )


def analysis(questionnaire: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "survey_analysis", hospital="RSA", questionnaire=questionnaire, as_json=True, stdout=out, **options
    )
    return json.loads(out.getvalue())


@pytest.mark.parametrize("questionnaire", ["servqual", "exit_survey"])
def test_weights_and_conformity_of_every_item_and_dimension_are_those_printed(
    hospital: Hospital, tmp_path: Path, questionnaire: str
):
    imported(tmp_path, questionnaire)
    found, printed = analysis(questionnaire, segment="inpatient", year=2010), table(questionnaire)
    assert found["respondents"] == 230
    assert len(found["items"]) == len(printed["items"])
    for number, (item, row) in enumerate(zip(found["items"], printed["items"], strict=True), 1):
        dimension, _name, _reality, _expectation, reality_weight, expectation_weight, conformity = row
        assert (item["code"], item["dimension"]) == (f"q{number}", dimension)
        assert (item["reality_weight"], item["expectation_weight"]) == (reality_weight, expectation_weight)
        assert item["conformity_percent"] == pytest.approx(conformity, abs=0.0501)
        assert item["gap"] == pytest.approx((reality_weight - expectation_weight) / 230)
    for dimension, row in zip(found["dimensions"], printed.get("dimensions", []), strict=False):
        assert (dimension["code"], dimension["reality_weight"], dimension["expectation_weight"]) == tuple(
            row[:3]
        )
        # Assurance is printed cut off, not rounded: 3540/3674 is 96.35.
        assert dimension["conformity_percent"] == pytest.approx(row[3], abs=0.06)
    assert found["overall"]["conformity_percent"] == pytest.approx(printed["overall"], abs=0.0501)
    assert 0 < found["overall"]["csi_percent"] < 100


def test_the_shape_is_the_agreed_one(hospital: Hospital, tmp_path: Path):
    imported(tmp_path, "servqual")
    found = analysis("servqual")
    assert set(found) == {"respondents", "items", "dimensions", "overall"}
    assert set(found["items"][0]) == {
        "code",
        "dimension",
        "reality_weight",
        "expectation_weight",
        "conformity_percent",
        "gap",
        "quadrant",
    }
    assert set(found["dimensions"][0]) == {
        "code",
        "reality_weight",
        "expectation_weight",
        "conformity_percent",
    }
    assert set(found["overall"]) == {"conformity_percent", "csi_percent"}
    assert {item["quadrant"] for item in found["items"]} <= set("ABCD")


def test_fast_service_is_the_first_priority(hospital: Hospital, tmp_path: Path):
    """Much expected (736 of 920), least found (662): the item the source complains of most."""
    imported(tmp_path, "servqual")
    quadrants = {item["code"]: item["quadrant"] for item in analysis("servqual")["items"]}
    assert quadrants["q14"] == "A"
    assert quadrants["q16"] == "B"
    assert quadrants["q2"] == "C"


def test_facets_of_employees_have_the_printed_weight_and_shares(hospital: Hospital, tmp_path: Path):
    imported(tmp_path, "employee_satisfaction", segment="")
    found, printed = analysis("employee_satisfaction", year=2010), table("employee_satisfaction")
    assert found["respondents"] == 233
    for item, (facet, _name, counts, weight) in zip(found["items"], printed["items"], strict=True):
        assert (item["dimension"], item["weight"]) == (facet, weight)
        assert item["satisfied_percent"] == pytest.approx(100 * (counts[2] + counts[3]) / 233)
    for facet, (code, weight, percents) in zip(found["dimensions"], printed["facets"], strict=True):
        assert facet["code"] == code
        assert facet["weight"] == pytest.approx(weight, abs=0.0501)
        assert facet["answers_percent"] == pytest.approx(percents, abs=0.0501)
        assert facet["satisfied_percent"] == pytest.approx(sum(percents[2:]), abs=0.11)


def test_the_misprinted_count_is_refused_with_its_item_named_and_nothing_is_kept(
    hospital: Hospital, tmp_path: Path
):
    errors = StringIO()
    file = tmp_path / "servqual.csv"
    file.write_text(tally_text("servqual", misprinted=True), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command(
            "import_tally",
            str(file),
            hospital="RSA",
            questionnaire="servqual",
            segment="inpatient",
            year=2010,
            stderr=errors,
        )
    lines = errors.getvalue().splitlines()
    assert len(lines) == 1
    assert "q5" in lines[0]
    assert "246" in lines[0]
    assert "230" in lines[0]
    assert not TallySheet.objects.exists()
    assert not DataValue.objects.exists()


def test_a_yearly_tally_becomes_a_fact_of_the_year_and_segments_add_up(hospital: Hospital, tmp_path: Path):
    imported(tmp_path, "servqual", segment="inpatient")
    imported(tmp_path, "servqual", segment="outpatient")
    stored = {
        value.element.code: value.value
        for value in DataValue.objects.filter(unit=hospital.root, period=Period.of_year(2010))
    }
    reality = sum(row[4] for row in table("servqual")["items"])
    expectation = sum(row[5] for row in table("servqual")["items"])
    assert stored == {
        "servqual_respondents": 460,
        "servqual_reality_weight": 2 * reality,
        "servqual_expectation_weight": 2 * expectation,
    }
    both, one = analysis("servqual"), analysis("servqual", segment="outpatient")
    assert (both["respondents"], one["respondents"]) == (460, 230)
    assert both["overall"] == pytest.approx(one["overall"])


def test_importing_again_replaces(hospital: Hospital, tmp_path: Path):
    imported(tmp_path, "exit_survey")
    imported(tmp_path, "exit_survey")
    assert TallySheet.objects.count() == 1
    assert TallyCount.objects.count() == 20
    assert analysis("exit_survey")["respondents"] == 230


def test_numerator_and_denominator_of_employees_are_published(hospital: Hospital, tmp_path: Path):
    imported(tmp_path, "employee_satisfaction", segment="")
    stored = dict(DataValue.objects.values_list("element__code", "value"))
    counts = [row[2] for row in table("employee_satisfaction")["items"]]
    assert stored == {
        "employee_survey_respondents": 233,
        "employee_answers": 20 * 233,
        "employee_satisfied_answers": sum(row[2] + row[3] for row in counts),
    }
