"""Changes that scores have to follow: of the tree, of formulas and ranges, and of data values that
were written one by one past `save_values`, which marks its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save

from hospitals.models import Hospital, Unit
from indicators.following import follow, followed, goes_with_hospital, whoever_uses
from indicators.marks import Change, mark_changed
from indicators.models import (
    ConfirmedResults,
    DataElement,
    DataValue,
    FormerDecimals,
    Identity,
    Indicator,
    IndicatorFormula,
    JudgedUnder,
    ReferenceRange,
    Standard,
    StandardChoice,
)


def connect() -> None:
    # Nothing is expected before its first day.
    follow(Hospital, lambda hospital: Hospital.objects.filter(pk=hospital.pk, computation__isnull=False))
    follow(Unit, lambda unit: Hospital.objects.filter(pk=unit.hospital_id, computation__isnull=False))
    follow(DataElement, whoever_uses)
    follow(Indicator, whoever_uses)
    follow(IndicatorFormula, lambda formula: whoever_uses(formula.indicator))
    follow(FormerDecimals, lambda former: whoever_uses(former.indicator))
    follow(ReferenceRange, _judged_by)
    follow(Identity, lambda identity: Hospital.objects.filter(computation__isnull=False))
    follow(Standard, lambda standard: Hospital.objects.filter(computation__isnull=False))
    follow(StandardChoice, lambda choice: [choice.hospital])
    follow(JudgedUnder, lambda order: [order.hospital])
    followed.update({DataValue, ConfirmedResults})
    for signal in (post_save, post_delete):
        signal.connect(_confirmed, sender=ConfirmedResults, dispatch_uid="scores follow ConfirmedResults")
        signal.connect(_value_changed, sender=DataValue, dispatch_uid="scores follow DataValue")


def _judged_by(range_: ReferenceRange) -> Iterable[Hospital]:
    if range_.unit_id is not None:
        return Hospital.objects.filter(units=range_.unit_id)
    return Hospital.objects.filter(computation__isnull=False)


def _value_changed(instance: DataValue, **signal: Any) -> None:
    """All periods: the value may be the first, or the last, that the unit reports of the element."""
    if goes_with_hospital(signal):
        return
    change = Change(instance.unit_id, instance.element_id)
    mark_changed(hospital_id=instance.unit.hospital_id, changes=[change])


def _confirmed(instance: ConfirmedResults, **signal: Any) -> None:
    if not goes_with_hospital(signal):
        change = Change(instance.unit_id, period=instance.period)
        mark_changed(hospital_id=instance.unit.hospital_id, changes=[change])
