"""Rows of definitions that hold from a day on, brought to what the files say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from indicators.definition_changes import FROZEN, Changed, Release
from indicators.definition_files import Loaded

Fields = Mapping[str, Any]
#: Fields that no figure depends on.
WORDS = {"source"}


def write_dated(
    model: type[models.Model],
    owner: Fields,
    wanted: Mapping[dt.date, Fields],
    item: Loaded[Any],
    release: Release,
    changes: list[Changed],
) -> None:
    """Create, change and end the dated rows of one `owner` so that they are as the files want them, by day.

    While closed years keep their figures, a row with an earlier day holds from the first open day on; one
    that is no longer shipped ends today; one that would have to change is refused.
    """
    name = f"{model._meta.model_name} {'.'.join(str(part.code) for part in owner.values())}"
    rows: list[Any] = list(model._default_manager.filter(**owner).order_by("valid_from"))
    standing = {row.shipped_day or row.valid_from: row for row in rows if not _has_ended(row)}
    for day in sorted(wanted):
        fields = wanted[day]
        row = standing.pop(day, None)
        if row is None:
            _begin(model, owner, day, wanted, rows, name, release, changes)
        elif differing := {field for field, value in fields.items() if getattr(row, field) != value}:
            if release.keeps_closed_years and differing - WORDS:
                raise item.error(f"{name} {day}", FROZEN)
            _set(row, fields)
            since = release.since(row.valid_from) if differing - WORDS else None
            changes.append(Changed(f"{name}: {', '.join(sorted(differing))}", since))
        if row is not None and row.valid_from != day and release.correct:
            _set(row, {"valid_from": day, "shipped_day": None})
            changes.append(Changed(f"{name}: from {day} on", release.since(day)))
    for day, row in standing.items():
        _end(row, item, f"{name} {day}", name, release, changes)


def _begin(
    model: type[models.Model],
    owner: Fields,
    day: dt.date,
    wanted: Mapping[dt.date, Fields],
    rows: list[Any],
    name: str,
    release: Release,
    changes: list[Changed],
) -> None:
    """A row that the files did not have before."""
    holds_from = max(day, release.opens)
    if any(day < other <= holds_from for other in wanted):
        # The years in which it would have held are closed.
        return
    fields = {
        **wanted[day],
        "valid_from": holds_from,
        "shipped_day": day if day != holds_from else None,
    }
    same_day = next((row for row in rows if row.valid_from == holds_from), None)
    if same_day is not None:
        # It ended, and comes back.
        _set(same_day, {**fields, "valid_until": None})
    else:
        model._default_manager.create(**owner, **fields)
    said = f"; the file says {day}" if day != holds_from else ""
    changes.append(Changed(f"{name}: new{said}", release.since(holds_from)))


def _end(row: Any, item: Loaded[Any], key: str, name: str, release: Release, changes: list[Changed]) -> None:
    """A row that the files have no longer."""
    if not release.keeps_closed_years or row.valid_from > release.today:
        since = release.since(row.valid_from)
        row.delete()
        changes.append(Changed(f"{name}: removed", since))
    elif hasattr(row, "valid_until"):
        _set(row, {"valid_until": release.today})
        changes.append(Changed(f"{name}: ends", release.since(release.today)))
    else:
        raise item.error(key, FROZEN)


def _has_ended(row: Any) -> bool:
    return getattr(row, "valid_until", None) is not None


def _set(row: Any, fields: Fields) -> None:
    for field, value in fields.items():
        setattr(row, field, value)
    row.save()
