"""Whom a letter about a form of a hospital goes to: each to the few it concerns, and to nobody twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entry.models import Occasion
from entry.queries.work import Item
from hospitals.models import Hospital, Membership, Role, Unit
from hospitals.tree import UnitTree


@dataclass(frozen=True)
class Recipients:
    """`people`: unit id → role → ids of those who have it there, can sign in and have an address."""

    tree: UnitTree
    positions: Mapping[int, int]
    people: Mapping[int, Mapping[str, set[int]]]

    @classmethod
    def of(cls, hospital: Hospital) -> Recipients:
        tree = UnitTree.of(hospital)
        rows = Membership.objects.filter(unit__hospital=hospital, user__is_active=True)
        people: dict[int, dict[str, set[int]]] = {}
        for unit_id, role, user_id in rows.exclude(user__email="").values_list("unit_id", "role", "user_id"):
            people.setdefault(unit_id, {}).setdefault(role, set()).add(user_id)
        return cls(tree, tree.index_of(), people)

    def of_item(self, item: Item, occasion: Occasion) -> set[int]:
        """Ids of the people who are written to about `item`."""
        match occasion:
            case Occasion.BEFORE:
                return self._who_fill(item.filled_by)
            case Occasion.AFTER:
                return self._who_fill(item.filled_by) | self._nearest(item.filled_by.pk, Role.APPROVER)
        if item.asked is None:
            return set()
        return self._nearest(item.asked.unit_id, Role.APPROVER, Role.MANAGER, without=item.asked.not_by)

    def _who_fill(self, unit: Unit) -> set[int]:
        """The clerks of the unit and of those above it; where there is none, its head or manager."""
        clerks = set[int]().union(*(self._with(at, Role.DATA_ENTRY) for at in self._path(unit.pk)))
        return clerks or self._nearest(unit.pk, Role.APPROVER, Role.MANAGER)

    def _nearest(self, unit_id: int, *roles: Role, without: frozenset[int] = frozenset()) -> set[int]:
        """Those of the unit itself, else of the first one above it that has any left."""
        for at in self._path(unit_id):
            if found := set[int]().union(*(self._with(at, role) for role in roles)) - without:
                return found
        return set()

    def _with(self, unit_id: int, role: Role) -> set[int]:
        return self.people.get(unit_id, {}).get(role, set())

    def _path(self, unit_id: int) -> list[int]:
        return [self.tree.units[index].pk for index in self.tree.path(self.positions[unit_id])]
