"""The one place that decides who sees and does what.

A role is given at a unit and holds for everything below it; without a role nothing is visible.
Every page, endpoint and command that acts for a person narrows its query here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from hospitals.models import Hospital, Membership, Role, Unit, User
from hospitals.tree import UnitTree

Ability = Literal["view", "enter", "approve", "manage", "administer"]

#: Which roles carry which ability. Whoever may do more may also look.
ROLES_WITH: dict[Ability, frozenset[str]] = {
    "view": frozenset(Role.values),
    "enter": frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.APPROVER, Role.DATA_ENTRY}),
    "approve": frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.APPROVER}),
    "manage": frozenset({Role.ADMINISTRATOR, Role.DIRECTOR, Role.MANAGER}),
    "administer": frozenset({Role.ADMINISTRATOR}),
}

Person = User | AnonymousUser


def unit_ids_with(user: Person, ability: Ability) -> set[int]:
    """Ids of all units where `user` has `ability`, inherited downwards. Two queries at most.

    A superuser has every ability everywhere.
    """
    if not user.is_authenticated:
        return set()
    if user.is_superuser:
        return set(Unit.objects.values_list("pk", flat=True))
    given = set(
        Membership.objects.filter(user=user, role__in=ROLES_WITH[ability]).values_list("unit_id", flat=True)
    )
    if not given:
        return set()
    hospitals = Hospital.objects.filter(units__in=given)
    pairs = Unit.objects.filter(hospital__in=hospitals).values_list("pk", "parent_id")
    return _with_descendants(given, pairs)


def _with_descendants(given: set[int], pairs: Iterable[tuple[int, int | None]]) -> set[int]:
    children: dict[int | None, list[int]] = {}
    for unit_id, parent_id in pairs:
        children.setdefault(parent_id, []).append(unit_id)
    reached: set[int] = set()
    waiting = list(given)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in reached:
            reached.add(unit_id)
            waiting.extend(children.get(unit_id, ()))
    return reached


def visible_units(user: Person, ability: Ability = "view") -> QuerySet[Unit]:
    """The units where `user` has `ability`. A superuser has every ability everywhere."""
    if user.is_authenticated and user.is_superuser:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=unit_ids_with(user, ability))


def visible_hospitals(user: Person, ability: Ability = "view") -> QuerySet[Hospital]:
    """The hospitals in which `user` has `ability` at some unit at least."""
    return Hospital.objects.filter(units__in=visible_units(user, ability)).distinct()


def administered_hospitals(user: Person) -> QuerySet[Hospital]:
    """The hospitals that `user` administers as a whole: the role is given at the root unit."""
    roots = visible_units(user, "administer").filter(parent__isnull=True)
    return Hospital.objects.filter(pk__in=roots.values("hospital"))


def can(user: Person, ability: Ability, unit: Unit) -> bool:
    """Whether `user` has `ability` at `unit`."""
    return visible_units(user, ability).filter(pk=unit.pk).exists()


class VisibleUnit(NamedTuple):
    """A unit and how many visible units it hangs below."""

    unit: Unit
    depth: int


def visible_branches(user: Person, hospital: Hospital) -> list[VisibleUnit]:
    """The units of `hospital` that `user` sees, parents before their children. Three queries at most.

    Whoever sees one ward only gets that ward at depth 0, whatever it hangs below.
    """
    visible = set(visible_units(user).filter(hospital=hospital).values_list("pk", flat=True))
    tree = UnitTree.of(hospital)
    depths: dict[int, int] = {}
    found = []
    for index, unit in enumerate(tree.units):
        if unit.pk in visible:
            depths[index] = depths.get(tree.parents[index], -1) + 1
            unit.hospital = hospital
            found.append(VisibleUnit(unit, depths[index]))
    return found


def top_units(user: Person) -> list[Unit]:
    """The visible units that hang below no other visible one, by hospital. Three queries at most."""
    visible = list(
        visible_units(user).select_related("hospital").order_by("hospital__name", "position", "code")
    )
    ids = {unit.pk for unit in visible}
    return [unit for unit in visible if unit.parent_id not in ids]
