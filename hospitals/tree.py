"""The unit tree of one hospital, held in memory: it is small, and everything walks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hospitals.models import Hospital, Unit


@dataclass(frozen=True)
class UnitTree:
    """Units in depth-first order (parents before their children), with their positions.

    `units[i]` has its parent at `parents[i]` (-1 for the root) and stands `depths[i]` steps below it.
    """

    units: tuple[Unit, ...]
    parents: tuple[int, ...]
    depths: tuple[int, ...]

    @classmethod
    def of(cls, hospital: Hospital) -> UnitTree:
        # By this way they know the hospital without another query.
        return cls.from_units(hospital.units.order_by("position", "code"))

    @classmethod
    def down_to(cls, unit: Unit) -> UnitTree:
        """Only `unit` and what it hangs below. A query for each parent that was not fetched with it."""
        line = [unit]
        while (parent := line[-1].parent) is not None:
            if Unit.hospital.is_cached(unit):
                parent.hospital = unit.hospital
            line.append(parent)
        return cls.from_units(line)

    @classmethod
    def from_units(cls, units: Iterable[Unit]) -> UnitTree:
        """Order `units` of one hospital; those whose parent is not among them are left out."""
        children: dict[int | None, list[Unit]] = {}
        for unit in units:
            children.setdefault(unit.parent_id, []).append(unit)
        ordered: list[Unit] = []
        parents: list[int] = []
        depths: list[int] = []

        def visit(unit: Unit, parent: int, depth: int) -> None:
            index = len(ordered)
            ordered.append(unit)
            parents.append(parent)
            depths.append(depth)
            for child in children.get(unit.pk, ()):
                visit(child, index, depth + 1)

        for root in children.get(None, ()):
            visit(root, -1, 0)
        return cls(tuple(ordered), tuple(parents), tuple(depths))

    def index_of(self) -> dict[int, int]:
        """Unit id → position."""
        return {unit.pk: index for index, unit in enumerate(self.units)}

    def path(self, index: int) -> Iterator[int]:
        """The position itself, then its parents up to the root."""
        while index >= 0:
            yield index
            index = self.parents[index]

    def below(self, index: int) -> list[int]:
        """The position itself and everything below it."""
        found = [index]
        for position in range(index + 1, len(self.units)):
            if self.depths[position] <= self.depths[index]:
                break
            found.append(position)
        return found
