"""What the database itself refuses about hospitals, units and roles."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hospitals.actions import add_unit, create_hospital
from hospitals.models import Hospital, Membership, Role, Unit, UnitKind, User
from hospitals.tree import UnitTree


def refused(constraint: str, write: Callable[[], object]) -> None:
    """Fail unless the database refuses `write` because of `constraint`."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    # SQLite names the columns instead of a unique rule.
    assert constraint in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


def test_a_hospital_comes_with_the_unit_that_stands_for_it(hospital: Hospital):
    assert (hospital.root.code, hospital.root.name) == ("RSA", "RSUD Anggrek")
    assert hospital.root.kind == UnitKind.HOSPITAL
    assert hospital.root.is_root


@pytest.mark.parametrize("code", ["RSA", "", "rs a", "-rsa", "rś", "x" * 33])
def test_a_hospital_code_that_is_taken_or_malformed_is_refused(code: str, hospital: Hospital):
    with pytest.raises(ValidationError) as refusal:
        create_hospital(code=code, name="Another")
    assert list(refusal.value.message_dict) == ["code"]
    assert Hospital.objects.count() == 1


def test_a_unit_code_is_taken_once_per_hospital(melati: Unit, kenanga: Unit):
    with pytest.raises(ValidationError):
        add_unit(parent=melati.hospital.root, code="melati", name="Again", kind=UnitKind.WARD)
    refused(
        "unit_code_once_per_hospital",
        lambda: Unit.objects.create(
            hospital=melati.hospital, parent=melati, code="melati", name="Again", kind=UnitKind.WARD
        ),
    )
    same = add_unit(parent=kenanga, code="melati", name="Of the other hospital", kind=UnitKind.WARD)
    assert same.pk


def test_a_hospital_has_one_root_unit(hospital: Hospital):
    refused(
        "one_root_unit_per_hospital",
        lambda: Unit.objects.create(hospital=hospital, code="top", name="Top", kind=UnitKind.HOSPITAL),
    )


def test_only_the_root_unit_is_a_hospital(hospital: Hospital, melati: Unit):
    refused(
        "only_the_root_unit_is_a_hospital",
        lambda: Unit.objects.create(
            hospital=hospital, parent=melati, code="x", name="X", kind=UnitKind.HOSPITAL
        ),
    )
    refused(
        "only_the_root_unit_is_a_hospital",
        lambda: Unit.objects.filter(pk=hospital.root.pk).update(kind=UnitKind.WARD),
    )


def test_a_unit_closes_after_it_opened(melati: Unit):
    melati.opened_on, melati.closed_on = dt.date(2009, 3, 1), dt.date(2009, 2, 28)
    refused("unit_closes_after_it_opened", melati.save)
    melati.closed_on = dt.date(2009, 3, 1)
    melati.save()


def test_a_unit_is_open_from_its_first_to_its_last_day(melati: Unit):
    melati.opened_on, melati.closed_on = dt.date(2009, 3, 1), dt.date(2009, 3, 31)
    february = (dt.date(2009, 2, 1), dt.date(2009, 2, 28))
    march = (dt.date(2009, 3, 1), dt.date(2009, 3, 31))
    assert not melati.is_open_in(*february)
    assert melati.is_open_in(*march)
    assert melati.is_open_in(dt.date(2009, 3, 31), dt.date(2009, 4, 30))
    melati.opened_on = melati.closed_on = None
    assert melati.is_open_in(*february), "unknown days count as open"


def test_a_parent_in_another_hospital_is_refused(melati: Unit, kenanga: Unit):
    melati.parent = kenanga
    with pytest.raises(ValidationError) as refusal:
        melati.full_clean()
    assert list(refusal.value.message_dict) == ["parent"]


def test_a_unit_is_not_part_of_itself(inap: Unit, melati: Unit):
    inap.parent = melati
    with pytest.raises(ValidationError) as refusal:
        inap.full_clean()
    assert list(refusal.value.message_dict) == ["parent"]


def test_a_role_is_given_once(wati: User, melati: Unit):
    refused(
        "membership_given_once",
        lambda: Membership.objects.create(user=wati, unit=melati, role=Role.DATA_ENTRY),
    )
    Membership.objects.create(user=wati, unit=melati, role=Role.APPROVER)


def test_a_unit_with_parts_is_not_removed(inap: Unit):
    with pytest.raises(IntegrityError):
        inap.delete()


def test_the_tree_stands_parents_first(hospital: Hospital):
    tree = UnitTree.of(hospital)
    assert [unit.code for unit in tree.units] == ["RSA", "inap", "melati", "mawar"]
    assert (tree.parents, tree.depths) == ((-1, 0, 1, 1), (0, 1, 2, 2))
    assert list(tree.path(2)) == [2, 1, 0]
    assert tree.below(1) == [1, 2, 3]
    assert tree.below(2) == [2]


def test_the_tree_down_to_a_ward_leaves_out_its_neighbours(melati: Unit):
    assert [unit.code for unit in UnitTree.down_to(melati).units] == ["RSA", "inap", "melati"]


def test_a_person_is_shown_by_name_and_else_by_user_name(budi: User):
    assert str(budi) == "dr. Budi"
    budi.first_name = ""
    assert str(budi) == "budi"


@pytest.mark.parametrize("slip", [dt.date(26, 5, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_a_day_with_a_slip_of_the_year_is_refused(slip: dt.date, hospital: Hospital, melati: Unit):
    hospital.begins_on = slip
    with pytest.raises(ValidationError, match=r"begins_on.*tahunnya"):
        hospital.full_clean()
    for name in ("opened_on", "closed_on"):
        kept = getattr(melati, name)
        setattr(melati, name, slip)
        with pytest.raises(ValidationError, match=rf"{name}.*tahunnya"):
            melati.full_clean()
        setattr(melati, name, kept)
    melati.opened_on = dt.date(1898, 1, 12)
    melati.full_clean()
