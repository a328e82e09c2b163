"""The cast of the demonstration: one sign-in per role, and a stranger from another hospital."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo.synthetic import SYNTHETIC_CODE
from hospitals.actions import give_role
from hospitals.models import Role, Unit, User

#: Of every demo sign-in, printed at each start; `prepare_demo` refuses to run in production.
PASSWORD = "imbang-demo"  # noqa: S105


@dataclass(frozen=True)
class Person:
    """`at` names units as hospital code and unit code; the root unit has its hospital's code."""

    username: str
    first_name: str
    last_name: str
    role: Role
    at: tuple[tuple[str, str], ...]

    @property
    def sees(self) -> str:
        """Where they belong, in one line: hospital, or hospital/unit."""
        return ", ".join(hospital if unit == hospital else f"{hospital}/{unit}" for hospital, unit in self.at)


_SYNTHETIC = (SYNTHETIC_CODE, SYNTHETIC_CODE)
_EVERYWHERE = (_SYNTHETIC, ("RSIABK", "RSIABK"), ("RSDS", "RSDS"))

PEOPLE = (
    Person("admin", "Agus", "Administrator", Role.ADMINISTRATOR, _EVERYWHERE),
    Person("direktur", "Dewi", "Direktur", Role.DIRECTOR, (_SYNTHETIC,)),
    Person("wadir", "Wahyu", "Wakil Direktur", Role.MANAGER, (_SYNTHETIC,)),
    Person("manajer", "Made", "Manajer", Role.MANAGER, ((SYNTHETIC_CODE, "inpatient"),)),
    Person("keuangan", "Kirana", "Kepala Keuangan", Role.APPROVER, ((SYNTHETIC_CODE, "finance"),)),
    Person("kepala", "Kartika", "Kepala Ruangan", Role.APPROVER, ((SYNTHETIC_CODE, "melati"),)),
    Person("petugas", "Putri", "Petugas Ruangan", Role.DATA_ENTRY, ((SYNTHETIC_CODE, "melati"),)),
    Person("dinkes", "Dimas", "Dinas Kesehatan", Role.VIEWER, _EVERYWHERE),
    Person("direktur-rsiabk", "Ratna", "Direktur RSIABK", Role.DIRECTOR, (("RSIABK", "RSIABK"),)),
)


@transaction.atomic
def add_people() -> int:
    """Make the sign-ins that do not exist yet; those that do stay as they are. Returns how many."""
    theirs = User.objects.filter(username__in=[person.username for person in PEOPLE])
    existing = set(theirs.values_list("username", flat=True))
    missing = [person for person in PEOPLE if person.username not in existing]
    if not missing:
        return 0
    # Hashing is slow by design; the password is the same and public.
    hashed = make_password(PASSWORD)
    units = {(unit.hospital.code, unit.code): unit for unit in Unit.objects.select_related("hospital")}
    for person in missing:
        user = User.objects.create(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            password=hashed,
            is_staff=person.role == Role.ADMINISTRATOR,
        )
        for place in person.at:
            give_role(user=user, unit=units[place], role=person.role)
    return len(missing)
