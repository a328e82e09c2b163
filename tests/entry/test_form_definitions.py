"""Forms as files: validated, brought into the database, retired."""

from pathlib import Path

import pytest

from entry.form_definitions import FormTable
from entry.form_sync import sync_forms
from entry.models import Form, FormElement
from indicators.definition_files import DefinitionError, load_tables

MINIMAL = """
[[form]]
code = "small"
name = { en = "Small", id = "Kecil" }
unit_kinds = ["ward"]
section = [{ code = "all", name = { en = "All", id = "Semua" }, elements = [%s] }]
"""


def write(folder: Path, text: str) -> list[Path]:
    path = folder / "form.toml"
    path.write_text(text)
    return [path]


def test_the_shipped_forms_are_the_five_of_a_hospital(definitions: None) -> None:
    assert set(Form.objects.values_list("code", flat=True)) == {
        "inpatient_ward",
        "outpatient_clinic",
        "finance",
        "personnel",
        "quality_and_complaints",
    }
    assert FormElement.objects.filter(form__code="inpatient_ward").count() == 21


def test_syncing_twice_changes_nothing(definitions: None) -> None:
    assert sync_forms() == []


def test_a_changed_form_keeps_its_row(definitions: None) -> None:
    form = Form.objects.get(code="personnel")
    Form.objects.filter(pk=form.pk).update(due_day=28)
    assert sync_forms() == ["form personnel: changed"]
    assert Form.objects.get(code="personnel").pk == form.pk


def test_a_form_that_is_no_longer_shipped_is_retired(definitions: None, tmp_path: Path) -> None:
    changes = sync_forms(write(tmp_path, MINIMAL % '{ code = "beds" }'))
    assert "form small: new" in changes
    assert "form personnel: retired" in changes
    assert Form.objects.get(code="personnel").retired


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ('{ code = "beds" }, { code = "beds" }', "twice"),
        ('{ code = "bedz" }', "no data element"),
        ('{ code = "bed_days" }', "derived"),
        ('{ code = "beds", requird = true }', "Extra"),
    ],
)
def test_a_wrong_form_is_refused_with_the_reason(
    definitions: None, tmp_path: Path, elements: str, reason: str
) -> None:
    with pytest.raises(DefinitionError, match=reason):
        sync_forms(write(tmp_path, MINIMAL % elements))


def test_a_check_of_an_element_that_is_not_in_the_form_is_refused(tmp_path: Path) -> None:
    text = MINIMAL % '{ code = "beds" }' + 'check = [{ kind = "carried_over", start = "beds", end = "x" }]\n'
    with pytest.raises(DefinitionError, match="names “x”"):
        load_tables("form", FormTable, write(tmp_path, text))


def test_a_limit_needs_something_to_compare_with(tmp_path: Path) -> None:
    text = MINIMAL % '{ code = "beds" }' + 'check = [{ kind = "at_most", these = ["beds"] }]\n'
    with pytest.raises(DefinitionError, match="per_day"):
        load_tables("form", FormTable, write(tmp_path, text))
