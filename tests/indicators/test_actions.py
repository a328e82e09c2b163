"""`save_values`: the one way a number gets into the database."""

import pytest
from django.utils import translation

from hospitals.models import Hospital, Unit, User
from indicators import marks
from indicators.actions import NewValue, Saved, ValueRefusedError, refuse_impossible, save_values
from indicators.models import DataElement, DataValue, RecomputeMark, Status
from indicators.periods import Period

MARCH, APRIL = Period.parse("2009-03"), Period.parse("2009-04")


@pytest.fixture
def beds(definitions: None) -> DataElement:
    return DataElement.objects.get(code="beds")


@pytest.fixture
def absence(definitions: None) -> DataElement:
    """An element of which a share above 100 % cannot be true."""
    return DataElement.objects.create(
        code="share",
        name_en="Share",
        name_id="Bagian",
        over_time="sum",
        over_units="sum",
        minimum=0,
        maximum=100,
    )


def marked() -> set[tuple[int | None, int | None, Period | None]]:
    return set(RecomputeMark.objects.values_list("unit_id", "element_id", "period"))


def test_a_new_value_is_kept_with_who_and_why(melati: Unit, beds: DataElement, wati: User) -> None:
    saved = save_values([NewValue(melati, beds, MARCH, 10)], by=wati, why="monthly form")
    assert saved == Saved(created=1, changed=0, removed=0, unchanged=0)
    row = DataValue.objects.get()
    assert (row.unit, row.element, row.period, row.value, row.status) == (
        melati,
        beds,
        MARCH,
        10,
        Status.REPORTED,
    )
    history = DataValue.history.get()
    assert (history.history_user, history.history_change_reason) == (wati, "monthly form")
    assert (history.history_type, history.value) == ("+", 10)


def test_a_change_keeps_what_was_there_before(melati: Unit, beds: DataElement, wati: User, sri: User) -> None:
    save_values([NewValue(melati, beds, MARCH, 10)], by=wati)
    assert save_values([NewValue(melati, beds, MARCH, 12)], by=sri).changed == 1
    assert DataValue.objects.get().value == 12
    newest, oldest = DataValue.history.all()
    assert (newest.value, newest.history_user, newest.history_type) == (12, sri, "~")
    assert (oldest.value, oldest.history_user) == (10, wati)


def test_an_unchanged_value_writes_nothing(melati: Unit, beds: DataElement, wati: User) -> None:
    save_values([NewValue(melati, beds, MARCH, 10)], by=wati)
    RecomputeMark.objects.all().delete()
    saved = save_values([NewValue(melati, beds, MARCH, 10)], by=wati)
    assert saved == Saved(created=0, changed=0, removed=0, unchanged=1)
    assert DataValue.history.count() == 1
    assert not RecomputeMark.objects.exists()


def test_a_reason_takes_the_place_of_a_number(melati: Unit, beds: DataElement) -> None:
    save_values([NewValue(melati, beds, MARCH, 10)], by=None)
    save_values([NewValue(melati, beds, MARCH, None, Status.NOT_COLLECTED)], by=None)
    row = DataValue.objects.get()
    assert (row.value, row.status) == (None, Status.NOT_COLLECTED)


def test_a_value_can_be_taken_back_and_its_history_remains(
    melati: Unit, beds: DataElement, sri: User
) -> None:
    save_values([NewValue(melati, beds, MARCH, 10)], by=None)
    saved = save_values([NewValue(melati, beds, MARCH, None, None)], by=sri, why="wrong ward")
    assert saved.removed == 1
    assert not DataValue.objects.exists()
    removal = DataValue.history.first()
    assert (removal.history_type, removal.history_user) == ("-", sri)
    assert (removal.history_change_reason, removal.value) == ("wrong ward", 10)


def test_taking_back_what_is_not_there_changes_nothing(melati: Unit, beds: DataElement) -> None:
    saved = save_values([NewValue(melati, beds, MARCH, None, None)], by=None)
    assert saved == Saved(0, 0, 0, 0)
    assert not RecomputeMark.objects.exists()


def test_of_two_values_for_the_same_place_the_later_counts(melati: Unit, beds: DataElement) -> None:
    save_values([NewValue(melati, beds, MARCH, 10), NewValue(melati, beds, MARCH, 11)], by=None)
    assert DataValue.objects.get().value == 11


def test_a_first_report_of_a_year_marks_the_year_and_a_later_one_its_month(
    melati: Unit, beds: DataElement
) -> None:
    """From the first report of a year on the unit keeps the element in all of it, and in the year after."""
    save_values([NewValue(melati, beds, MARCH, 10)], by=None)
    assert marked() == {(melati.pk, beds.pk, Period.of_year(MARCH.year))}
    RecomputeMark.objects.all().delete()
    save_values([NewValue(melati, beds, APRIL, 10)], by=None)
    assert marked() == {(melati.pk, beds.pk, APRIL)}


def test_a_report_that_is_taken_back_marks_all_periods(melati: Unit, beds: DataElement) -> None:
    """The year it was of may be no year of the hospital any more."""
    save_values([NewValue(melati, beds, month, 10) for month in (MARCH, APRIL)], by=None)
    RecomputeMark.objects.all().delete()
    save_values([NewValue(melati, beds, MARCH, None, None)], by=None)
    assert marked() == {(melati.pk, beds.pk, None)}


def test_years_that_begin_leave_one_mark_each(hospital: Hospital, beds: DataElement) -> None:
    months = [Period.month(year, month) for year in range(1990, 2010) for month in range(1, 13)]
    save_values([NewValue(hospital.root, beds, months[0], 1)], by=None)
    RecomputeMark.objects.all().delete()
    saved = save_values([NewValue(hospital.root, beds, month, 2) for month in months], by=None)
    assert saved.created == 239
    assert {period for _unit, _element, period in marked()} == {
        *months[:12],
        *(Period.of_year(year) for year in range(1991, 2010)),
    }


def test_many_changes_leave_one_mark_for_the_whole_hospital(hospital: Hospital, beds: DataElement) -> None:
    months = [Period.month(year, month) for year in range(1990, 2010) for month in range(1, 13)]
    save_values([NewValue(hospital.root, beds, month, 1) for month in months], by=None)
    RecomputeMark.objects.all().delete()
    save_values([NewValue(hospital.root, beds, month, 2) for month in months], by=None)
    assert marked() == {(None, None, None)}


def test_each_hospital_gets_its_own_marks(melati: Unit, kenanga: Unit, beds: DataElement) -> None:
    save_values([NewValue(unit, beds, MARCH, 1) for unit in (melati, kenanga)], by=None)
    found = set(RecomputeMark.objects.values_list("hospital__code", "unit__code"))
    assert found == {("RSA", "melati"), ("RSB", "kenanga")}


def test_the_worker_is_told_after_the_commit(
    melati: Unit,
    beds: DataElement,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: pytest.FixtureRequest,
) -> None:
    told: list[int] = []
    monkeypatch.setattr(marks, "announce", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        save_values([NewValue(melati, beds, MARCH, 1)], by=None)
        assert told == []
    assert told == [melati.hospital_id]


def test_a_dead_broker_disturbs_nobody(melati: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr("scorecard.celery.app.send_task", refuse)
    marks.announce(melati.hospital_id)


@pytest.mark.parametrize(
    ("value", "status", "reason"),
    [
        (None, Status.REPORTED, "give a number"),
        (1.0, Status.NOT_APPLICABLE, "give a number"),
        (1.0, None, "give a number"),
        (-1.0, Status.REPORTED, "Share cannot be less than 0"),
        (100.5, Status.REPORTED, "Share cannot be more than 100"),
        (1e16, Status.REPORTED, "too large to be true"),
        (float("nan"), Status.REPORTED, "too large to be true"),
        (float("inf"), Status.REPORTED, "too large to be true"),
    ],
)
def test_what_cannot_be_true_is_refused(
    absence: DataElement, value: float | None, status: Status | None, reason: str
) -> None:
    with translation.override("en"), pytest.raises(ValueRefusedError, match=reason):
        refuse_impossible(element=absence, value=value, status=status)


def test_one_impossible_value_keeps_all_out(melati: Unit, absence: DataElement) -> None:
    with pytest.raises(ValueRefusedError):
        save_values([NewValue(melati, absence, MARCH, 50), NewValue(melati, absence, APRIL, 101)], by=None)
    assert not DataValue.objects.exists()


def test_the_edges_of_what_is_possible_are_possible(absence: DataElement) -> None:
    for value in (0, 100):
        refuse_impossible(element=absence, value=value, status=Status.REPORTED)
