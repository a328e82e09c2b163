"""Changes that scores have to follow: of the tree, of formulas and ranges, and of data values that
were written one by one past `save_values`, which marks its own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save

from hospitals.models import Hospital, Unit
from indicators.marks import Change, mark_changed, mark_everything
from indicators.models import (
    DataElement,
    DataValue,
    Indicator,
    IndicatorFormula,
    ReferenceRange,
    Standard,
    StandardChoice,
)


def connect() -> None:
    for model, receiver in (
        (Unit, _unit_changed),
        (ReferenceRange, _range_changed),
        (IndicatorFormula, _formula_changed),
        (StandardChoice, _choice_changed),
        (Standard, _standard_changed),
        (DataValue, _value_changed),
        (DataElement, _definition_changed),
        (Indicator, _definition_changed),
    ):
        for signal in (post_save, post_delete):
            signal.connect(receiver, sender=model, dispatch_uid=f"recompute after {model.__name__}")


def _goes_with_hospital(signal: dict[str, Any]) -> bool:
    """Whether the row is deleted because its hospital is: then there is nothing left to follow."""
    return isinstance(signal.get("origin"), Hospital)


def _unit_changed(instance: Unit, created: bool = False, **signal: Any) -> None:
    """A new unit has no values yet; what it changes comes with them."""
    if not created and not _goes_with_hospital(signal):
        mark_everything([instance.hospital])


def _range_changed(instance: ReferenceRange, **signal: Any) -> None:
    if _goes_with_hospital(signal):
        return
    if instance.unit_id is not None:
        mark_everything(Hospital.objects.filter(units=instance.unit_id))
    else:
        mark_everything(Hospital.objects.filter(computation__isnull=False))


def _formula_changed(instance: IndicatorFormula, **signal: Any) -> None:
    if not _goes_with_hospital(signal):
        mark_everything(_whoever_uses(instance.indicator))


def _definition_changed(instance: DataElement | Indicator, created: bool = False, **signal: Any) -> None:
    """How it adds up, is derived, rounded or retired. Nothing stands on a new one yet."""
    if not created and not _goes_with_hospital(signal):
        mark_everything(_whoever_uses(instance))


def _whoever_uses(definition: DataElement | Indicator) -> QuerySet[Hospital]:
    """The hospitals with scores to which a definition belongs: all of them when it is shipped."""
    if definition.hospital_id is not None:
        return Hospital.objects.filter(pk=definition.hospital_id)
    return Hospital.objects.filter(computation__isnull=False)


def _standard_changed(instance: Standard, created: bool = False, **signal: Any) -> None:
    """Which standard it extends."""
    if not created:
        mark_everything(Hospital.objects.filter(computation__isnull=False))


def _choice_changed(instance: StandardChoice, **signal: Any) -> None:
    if not _goes_with_hospital(signal):
        mark_everything([instance.hospital])


def _value_changed(instance: DataValue, **signal: Any) -> None:
    """All periods: the value may be the first, or the last, that the unit reports of the element."""
    change = Change(instance.unit_id, instance.element_id)
    mark_changed(hospital_id=instance.unit.hospital_id, changes=[change])
