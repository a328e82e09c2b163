"""A cell saves by itself, refuses what cannot be true, and lets nobody overwrite unseen."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from entry.actions import CellLockedError, Conflict, Kept, save_note
from entry.models import CellNote, DraftValue, Form, State
from entry.queries.sheet import read_sheet
from hospitals.models import Unit, User
from indicators.actions import NewValue, ValueRefusedError, save_values
from indicators.models import DataElement, DataValue, RecomputeMark, Status
from tests.entry.conftest import MARCH, fill, form_element, saved, submission_of, type_in

pytestmark = pytest.mark.django_db


def value_of(unit: Unit, code: str) -> float | None:
    row = DataValue.objects.filter(unit=unit, element__code=code, period=MARCH).first()
    return row.value if row else None


def test_a_number_is_stored_with_who_typed_it_and_marks_the_scores(
    ward_form: Form, melati: Unit, wati: User
) -> None:
    RecomputeMark.objects.all().delete()
    saved(type_in(ward_form, "admissions", "1.234", unit=melati, by=wati))
    assert value_of(melati, "admissions") == 1234
    history = DataValue.history.get(element__code="admissions")
    assert history.history_user == wati
    assert history.history_change_reason == "form inpatient_ward"
    assert RecomputeMark.objects.filter(unit=melati, element__code="admissions").exists()


def test_saving_the_same_again_changes_nothing(ward_form: Form, melati: Unit, wati: User) -> None:
    for seen in ("", "", "50.0"):
        saved(type_in(ward_form, "admissions", "50", unit=melati, by=wati, seen=seen))
    assert DataValue.history.filter(element__code="admissions").count() == 1


def test_zero_not_applicable_and_not_collected_are_stored_apart(
    ward_form: Form, melati: Unit, wati: User
) -> None:
    saved(type_in(ward_form, "transfers_in", "0", unit=melati, by=wati))
    saved(type_in(ward_form, "transfers_out", "NA", unit=melati, by=wati))
    saved(type_in(ward_form, "length_of_stay_days", "NC", unit=melati, by=wati))
    found = {v.element.code: (v.value, v.status) for v in DataValue.objects.select_related("element")}
    assert found == {
        "transfers_in": (0, Status.REPORTED),
        "transfers_out": (None, Status.NOT_APPLICABLE),
        "length_of_stay_days": (None, Status.NOT_COLLECTED),
    }


def test_clearing_a_cell_takes_the_number_back(ward_form: Form, melati: Unit, wati: User) -> None:
    saved(type_in(ward_form, "admissions", "50", unit=melati, by=wati))
    saved(type_in(ward_form, "admissions", "", unit=melati, by=wati, seen="50.0"))
    assert value_of(melati, "admissions") is None


@pytest.mark.parametrize("text", ["-3", "12a", "1.5", "12,5"])
def test_a_refused_value_is_kept_as_typed_with_the_reason(
    ward_form: Form, melati: Unit, wati: User, text: str
) -> None:
    fill(melati, {"admissions": 50})
    result = type_in(ward_form, "admissions", text, unit=melati, by=wati, seen="50.0")
    assert isinstance(result, Kept)
    draft = DraftValue.objects.get(unit=melati)
    assert (draft.text, draft.by) == (text, wati)
    assert draft.reason == result.reason != ""
    assert value_of(melati, "admissions") == 50


def test_a_right_number_replaces_the_refused_one(ward_form: Form, melati: Unit, wati: User) -> None:
    type_in(ward_form, "admissions", "5o", unit=melati, by=wati)
    saved(type_in(ward_form, "admissions", "50", unit=melati, by=wati))
    assert not DraftValue.objects.exists()


def test_the_second_save_of_a_changed_cell_shows_both_values(
    ward_form: Form, melati: Unit, wati: User, ani: User
) -> None:
    saved(type_in(ward_form, "admissions", "50", unit=melati, by=wati))
    result = type_in(ward_form, "admissions", "55", unit=melati, by=ani, seen="")
    assert isinstance(result, Conflict)
    assert (result.mine.value, result.theirs.value, result.by) == (55, 50, "Wati")
    assert value_of(melati, "admissions") == 50
    saved(type_in(ward_form, "admissions", "55", unit=melati, by=ani, seen="50.0"))
    assert value_of(melati, "admissions") == 55


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_what_is_submitted_or_approved_is_locked_in_the_form(
    ward_form: Form, melati: Unit, ani: User, state: State
) -> None:
    submission_of(ward_form, melati, state)
    with pytest.raises(CellLockedError):
        type_in(ward_form, "admissions", "50", unit=melati, by=ani)


def test_what_is_approved_is_locked_on_every_path_with_a_person(
    ward_form: Form, melati: Unit, mawar: Unit, ani: User
) -> None:
    submission_of(ward_form, melati, State.APPROVED)
    admissions = DataElement.objects.get(code="admissions")
    revenue = DataElement.objects.get(code="revenue")
    with pytest.raises(ValueRefusedError, match="Melati"):
        save_values([NewValue(melati, admissions, MARCH, 1)], by=ani)
    save_values([NewValue(melati, admissions, MARCH.shifted(1), 1)], by=ani)
    save_values([NewValue(mawar, admissions, MARCH, 1)], by=ani)
    save_values([NewValue(melati, revenue, MARCH, 1)], by=ani)
    save_values([NewValue(melati, admissions, MARCH, 1)], by=None)
    save_values([NewValue(melati, admissions, MARCH, 1)], by=ani)  # nothing changes


def test_who_may_not_enter_is_refused(ward_form: Form, mawar: Unit, wati: User, rina: User) -> None:
    for stranger in (wati, rina):
        with pytest.raises(PermissionDenied):
            type_in(ward_form, "admissions", "50", unit=mawar, by=stranger)


def test_a_note_is_kept_with_its_history(ward_form: Form, melati: Unit, wati: User) -> None:
    cell = {"form_element": form_element(ward_form, "admissions"), "unit": melati, "period": MARCH}
    save_note(**cell, text="dengue", follow_up=True, by=wati)
    save_note(**cell, text="dengue outbreak", follow_up=False, by=wati)
    note = CellNote.objects.get()
    assert (note.text, note.follow_up) == ("dengue outbreak", False)
    assert note.history.count() == 2
    save_note(**cell, text=" ", follow_up=False, by=wati)
    assert not CellNote.objects.exists()


def test_why_a_number_was_refused_is_said_in_the_language_of_the_reader(
    ward_form: Form, melati: Unit, wati: User
) -> None:
    type_in(ward_form, "beds", "2o", unit=melati, by=wati, language="id")
    type_in(ward_form, "admissions", "1,050", unit=melati, by=wati, language="id")  # a number in English
    with override("en"):
        cells = {c.element.code: c for c in read_sheet(form=ward_form, unit=melati, period=MARCH).cells}
        assert cells["beds"].refused_because == "“2o” is not a number; write it like 1,234"
        assert cells["admissions"].refused_because != ""
        assert cells["discharged_alive"].refused_because == ""
    with override("id"):
        cells = {c.element.code: c for c in read_sheet(form=ward_form, unit=melati, period=MARCH).cells}
        assert cells["beds"].refused_because == "“2o” bukan angka; tulis seperti 1.234"
