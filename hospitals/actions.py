"""Writes that make hospitals, their trees and the people in them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hospitals.models import Hospital, Membership, Role, Unit, UnitKind, User


@transaction.atomic
def create_hospital(
    *,
    code: str,
    name: str,
    kind: str = "",
    city: str = "",
    currency: str = "IDR",
    begins_on: dt.date | None = None,
    is_synthetic: bool = False,
) -> Hospital:
    """Make a hospital together with the root unit that stands for the whole of it.

    Raises ValidationError when the code is taken or malformed.
    """
    hospital = Hospital(
        code=code,
        name=name,
        kind=kind,
        city=city,
        currency=currency,
        begins_on=begins_on,
        is_synthetic=is_synthetic,
    )
    hospital.full_clean()
    hospital.save()
    Unit.objects.create(hospital=hospital, parent=None, code=code, name=name, kind=UnitKind.HOSPITAL)
    return hospital


@transaction.atomic
def add_unit(
    *,
    parent: Unit,
    code: str,
    name: str,
    kind: str,
    opened_on: dt.date | None = None,
    closed_on: dt.date | None = None,
    position: int = 0,
) -> Unit:
    """Hang a unit below `parent`. Raises ValidationError when it does not fit there."""
    unit = Unit(
        hospital_id=parent.hospital_id,
        parent=parent,
        code=code,
        name=name,
        kind=kind,
        opened_on=opened_on,
        closed_on=closed_on,
        position=position,
    )
    unit.full_clean()
    unit.save()
    return unit


def give_role(*, user: User, unit: Unit, role: Role) -> Membership:
    """Let `user` act as `role` at `unit` and below. Giving it twice changes nothing."""
    membership, _created = Membership.objects.get_or_create(user=user, unit=unit, role=role)
    return membership


@transaction.atomic
def change_unit(
    *,
    unit: Unit,
    parent: Unit,
    name: str,
    kind: str,
    opened_on: dt.date | None,
    closed_on: dt.date | None,
    position: int,
) -> Unit:
    """Say anew what a unit is and where it hangs. Raises ValidationError when it does not fit there."""
    unit.parent, unit.name, unit.kind = parent, name, kind
    unit.opened_on, unit.closed_on, unit.position = opened_on, closed_on, position
    unit.full_clean()
    unit.save()
    return unit
