"""From the shipped scorecard template to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from pydantic import Field, model_validator

from indicators.definition_changes import Changed, Release
from indicators.definition_files import Bilingual, Loaded, Schema, load_tables
from indicators.definition_schemas import Code
from indicators.following import shipped_together
from indicators.models import Indicator
from indicators.models.definition import ALWAYS
from scorecard.models import Objective, ObjectiveIndicator, Score, Template, TemplatePerspective


class ObjectiveTable(Schema):
    code: Code
    name: Bilingual
    weight: float = Field(ge=0)
    indicators: dict[Code, float] = Field(min_length=1)


class PerspectiveTable(Schema):
    code: Literal["financial", "customer", "internal_process", "learning_growth"]
    name: Bilingual
    weight: float = Field(ge=0)
    objective: list[ObjectiveTable] = Field(min_length=1)


class BandsTable(Schema):
    good: float = Field(le=100)
    fair: float = Field(ge=0)

    @model_validator(mode="after")
    def in_order(self) -> BandsTable:
        if self.good <= self.fair:
            raise ValueError("good must lie above fair")
        return self


class ScorecardTable(Schema):
    code: Code
    name: Bilingual
    source: str
    valid_from: dt.date = ALWAYS
    bands: BandsTable
    known_at_least: float = Field(default=0.5, ge=0, le=1)
    perspective: list[PerspectiveTable] = Field(min_length=1)


@transaction.atomic
def sync_templates(paths: Sequence[Path] | None = None, *, correct: bool = False) -> list[Changed]:
    """Bring the shipped scorecard templates into the database; the indicators must be there already.

    Returns what changed, template by template. A template that scores stand on is only changed when
    `correct` says so; otherwise a new one with a later day is wanted. One with a day in a closed year
    holds from the first open day on. Raises DefinitionError.
    """
    indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(hospital=None)}
    stored = {t.shipped_day or t.valid_from: t for t in Template.objects.filter(hospital=None)}
    release = Release(timezone.localdate(), correct, Score.objects.exists())
    items = load_tables("scorecard", ScorecardTable, paths)
    days = {item.table.valid_from for item in items}
    changes = []
    for item in sorted(items, key=lambda item: item.table.valid_from):
        _check(item, indicators)
        day = item.table.valid_from
        holds_from = max(day, release.opens)
        template = stored.get(day)
        stays = template is not None and (template.valid_from == day or release.keeps_closed_years)
        if template is not None and stays and _content(template) == _wanted(item.table):
            continue
        if template is None and any(day < other <= holds_from for other in days):
            # The years in which it would have held are closed.
            continue
        if template is not None and release.keeps_closed_years:
            raise item.error(
                "valid_from",
                "scores stand on these weights; add a template with a later valid_from, "
                "or say --correct to change past scores too",
            )
        with shipped_together():
            if template is not None:
                template.delete()
            _create(item.table, indicators, holds_from)
        said = f"; the file says {day}" if day != holds_from else ""
        changes.append(Changed(f"template {item.table.code} {holds_from}: new{said}", release.since(day)))
    return changes


def _check(item: Loaded[ScorecardTable], indicators: dict[str, Indicator]) -> None:
    for perspective in item.table.perspective:
        for objective in perspective.objective:
            for code, weight in objective.indicators.items():
                where = f"{perspective.code}.{objective.code}.indicators.{code}"
                if code not in indicators:
                    raise item.error(where, "there is no such indicator")
                if weight < 0:
                    raise item.error(where, "a weight cannot be negative")


def _create(table: ScorecardTable, indicators: dict[str, Indicator], holds_from: dt.date) -> None:
    template = Template.objects.create(
        code=table.code,
        name_en=table.name.en,
        name_id=table.name.id,
        source=table.source,
        valid_from=holds_from,
        shipped_day=table.valid_from if table.valid_from != holds_from else None,
        good_from=table.bands.good,
        fair_from=table.bands.fair,
        known_at_least=table.known_at_least,
    )
    for p, perspective in enumerate(table.perspective):
        its_perspective = TemplatePerspective.objects.create(
            template=template,
            code=perspective.code,
            name_en=perspective.name.en,
            name_id=perspective.name.id,
            weight=perspective.weight,
            position=p,
        )
        for o, objective in enumerate(perspective.objective):
            its_objective = Objective.objects.create(
                perspective=its_perspective,
                code=objective.code,
                name_en=objective.name.en,
                name_id=objective.name.id,
                weight=objective.weight,
                position=o,
            )
            ObjectiveIndicator.objects.bulk_create(
                ObjectiveIndicator(
                    objective=its_objective, indicator=indicators[code], weight=weight, position=i
                )
                for i, (code, weight) in enumerate(objective.indicators.items())
            )


def _wanted(table: ScorecardTable) -> Any:
    """A template as plain values, to compare what is shipped with what is stored."""
    return (
        table.code,
        (table.name.en, table.name.id, table.source),
        (table.bands.good, table.bands.fair, table.known_at_least),
        [
            (p.code, p.name.en, p.name.id, p.weight, [
                (o.code, o.name.en, o.name.id, o.weight, list(o.indicators.items())) for o in p.objective
            ])
            for p in table.perspective
        ],
    )  # fmt: skip


def _content(template: Template) -> Any:
    t = template
    return (
        t.code,
        (t.name_en, t.name_id, t.source),
        (t.good_from, t.fair_from, t.known_at_least),
        [
            (p.code, p.name_en, p.name_id, p.weight, [
                (o.code, o.name_en, o.name_id, o.weight, [
                    (w.indicator.code, w.weight)
                    for w in o.weighted_indicators.select_related("indicator").order_by("position")
                ])
                for o in p.objectives.order_by("position")
            ])
            for p in t.perspectives.order_by("position")
        ],
    )  # fmt: skip
