"""Shipped questionnaires, versions, copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from hospitals.models import Hospital, User
from indicators.definition_files import DefinitionError, definition_paths
from surveys.actions import copy_questionnaire
from surveys.models import Campaign, FrozenError, Item, Questionnaire
from surveys.questionnaire_sync import sync_questionnaires
from tests.surveys.scales import scale_fields

SHAPES = {
    "servqual": ("paired", 4, 25, 5),
    "exit_survey": ("paired", 4, 5, 1),
    "employee_satisfaction": ("single", 4, 20, 5),
    "information_system": ("single", 5, 5, 1),
    "skm": ("single", 4, 9, 1),
    "referral_readiness": ("single", 4, 5, 5),
}


@pytest.mark.parametrize("code", SHAPES)
def test_every_questionnaire_is_shipped_in_both_languages(definitions: None, code: str):
    questionnaire = Questionnaire.objects.get(code=code)
    items = list(questionnaire.items.all())
    found = (questionnaire.kind, questionnaire.points, len(items), questionnaire.dimensions.count())
    assert found == SHAPES[code]
    assert [item.code for item in items] == [f"q{n}" for n in range(1, len(items) + 1)]
    texts = {text for item in items for text in (item.text_en, item.text_id)}
    assert len(texts) == 2 * len(items)
    assert all(word["en"] and word["id"] for word in questionnaire.scale)


def test_syncing_twice_changes_nothing(definitions: None):
    assert sync_questionnaires() == []


def changed_files(folder: Path) -> list[Path]:
    """The shipped files, with one word of the exit survey changed."""
    paths = [path for path in definition_paths() if path.name != "exit_survey.toml"]
    original = next(path for path in definition_paths() if path.name == "exit_survey.toml")
    changed = folder / "exit_survey.toml"
    text = original.read_text(encoding="utf-8").replace("The cashiers are friendly.", "The cashiers smile.")
    changed.write_text(text, encoding="utf-8")
    return [*paths, changed]


def test_an_unused_version_is_corrected_in_place(definitions: None, tmp_path: Path):
    assert sync_questionnaires(changed_files(tmp_path)) == ["questionnaire exit_survey: version 1"]
    assert Questionnaire.objects.filter(code="exit_survey").count() == 1


def test_a_version_in_use_never_changes_and_the_next_one_is_made(exit_survey: Campaign, tmp_path: Path):
    assert sync_questionnaires(changed_files(tmp_path)) == ["questionnaire exit_survey: version 2"]
    assert exit_survey.questionnaire.items.get(code="q4").text_en == "The cashiers are friendly."
    newest = Questionnaire.objects.get(code="exit_survey", version=2)
    assert newest.items.get(code="q4").text_en == "The cashiers smile."


def test_no_part_of_a_version_in_use_can_be_saved_or_deleted(exit_survey: Campaign):
    questionnaire = exit_survey.questionnaire
    for part in (questionnaire.items.first(), questionnaire.dimensions.first()):
        with pytest.raises(FrozenError):
            part.save()
        with pytest.raises(FrozenError):
            part.delete()
    questionnaire.name_en = "Other"
    with pytest.raises(FrozenError):
        questionnaire.save()


def test_an_unknown_key_or_element_is_refused_by_name(definitions: None, tmp_path: Path):
    original = next(path for path in definition_paths() if path.name == "skm.toml").read_text(
        encoding="utf-8"
    )
    wrong = tmp_path / "skm.toml"
    for text, key in (
        (original.replace("comment = true", "coment = true"), "coment"),
        (original.replace('"skm_weight"', '"skm_wait"'), "publishes.weight"),
        (original.replace("satisfied_from = 3", "satisfied_from = 7"), "questionnaire[skm]"),
    ):
        wrong.write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionError) as refused:
            sync_questionnaires([wrong])
        assert key in str(refused.value)


def test_a_copy_is_the_hospitals_own_and_can_be_edited(definitions: None, hospital: Hospital):
    original = Questionnaire.objects.get(code="servqual")
    copy = copy_questionnaire(original=original, hospital=hospital)
    assert (copy.code, copy.version, copy.hospital, copy.based_on) == ("servqual", 2, hospital, original)
    assert copy.items.count() == 25
    item = copy.items.get(code="q1")
    item.text_en = "Other words."
    item.save()
    assert original.items.get(code="q1").text_en != "Other words."
    call_command("sync_definitions", verbosity=0)
    assert Item.objects.get(pk=item.pk).text_en == "Other words."


def test_an_administrator_copies_and_edits_on_the_page(
    definitions: None, hospital: Hospital, joko: User, ani: User, as_person: Callable[[User], Client]
):
    original = Questionnaire.objects.get(code="exit_survey")
    base = f"/hospitals/RSA/surveys/questionnaires/{original.pk}/"
    assert as_person(ani).post(f"{base}copy/").status_code == 404
    client = as_person(joko)
    page = client.post(f"{base}copy/", follow=True)
    copy = Questionnaire.objects.get(hospital=hospital)
    assert page.status_code == 200
    form = {
        "name_id": "Kasir",
        "name_en": "Cashier",
        "introduction_id": "Halo",
        "introduction_en": "Hello",
        "form-TOTAL_FORMS": 5,
        "form-INITIAL_FORMS": 5,
        "new-TOTAL_FORMS": 3,
        "new-INITIAL_FORMS": 0,
        "new-0-dimension": copy.dimensions.get().code,
        "new-0-text_id": "Butir baru",
        "new-0-text_en": "A new item",
        "new-1-dimension": copy.dimensions.get().code,
    }
    form |= scale_fields(copy)
    for number, item in enumerate(copy.items.all()):
        form |= {
            f"form-{number}-id": item.pk,
            f"form-{number}-text_id": f"Butir {number}",
            f"form-{number}-text_en": f"Item {number}",
        }
    form["form-4-remove"] = "on"
    saved = client.post(f"/hospitals/RSA/surveys/questionnaires/{copy.pk}/edit/", form)
    assert saved.status_code == 302, saved.text
    copy.refresh_from_db()
    assert copy.name_en == "Cashier"
    assert [item.text_en for item in copy.items.all()] == [
        "Item 0",
        "Item 1",
        "Item 2",
        "Item 3",
        "A new item",
    ]
    # q5 was left out; its code is not given to another item.
    assert [item.code for item in copy.items.all()] == ["q1", "q2", "q3", "q4", "q6"]
