"""From the identities of the definition files to the database; closed years keep what judged them.

An identity has no day of its own in the files: one that changes holds from the first open day on, and one
that is dropped ends today.
"""

from __future__ import annotations

from collections.abc import Sequence

from indicators.definition_changes import Changed, Release
from indicators.definition_files import Loaded
from indicators.definition_schemas import IdentityTable
from indicators.models import Identity
from indicators.models.definition import ALWAYS


def sync_identities(
    loaded: Sequence[Loaded[IdentityTable]], release: Release, changes: list[Changed]
) -> None:
    """Make, end and replace the rows, so that those that hold on are as the files say."""
    standing = {row.code: row for row in Identity.objects.filter(valid_until=None)}
    for item in loaded:
        wanted = item.table.model_dump(include={"indicators", "implied", "slack"})
        row = standing.pop(item.table.code, None)
        if row is None or any(getattr(row, field) != value for field, value in wanted.items()):
            _begin(item.table.code, wanted, row, release, changes)
        elif release.correct and row.valid_from > ALWAYS:
            _hold_always(row, release, changes)
    for row in standing.values():
        _end(row, release, changes)


def _begin(
    code: str, wanted: dict[str, object], before: Identity | None, release: Release, changes: list[Changed]
) -> None:
    holds_from = release.opens
    Identity.objects.filter(code=code, valid_from__gte=holds_from).delete()
    for earlier in Identity.objects.filter(code=code):
        if earlier.valid_until is None or earlier.valid_until > holds_from:
            earlier.valid_until = holds_from
            earlier.save()
    Identity.objects.create(code=code, valid_from=holds_from, **wanted)
    said = "new" if before is None else "changed"
    changes.append(Changed(f"identity {code}: {said}", release.since(holds_from)))


def _hold_always(row: Identity, release: Release, changes: list[Changed]) -> None:
    Identity.objects.filter(code=row.code).exclude(pk=row.pk).delete()
    row.valid_from = ALWAYS
    row.save()
    changes.append(Changed(f"identity {row.code}: from {ALWAYS} on", release.since(ALWAYS)))


def _end(row: Identity, release: Release, changes: list[Changed]) -> None:
    if not release.keeps_closed_years:
        Identity.objects.filter(code=row.code).delete()
        changes.append(Changed(f"identity {row.code}: removed", release.since(ALWAYS)))
        return
    row.valid_until = release.today
    row.save()
    changes.append(Changed(f"identity {row.code}: ends", release.since(release.today)))
