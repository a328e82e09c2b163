"""RSUD Anggrek with the results that the first study printed of 2009."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement
from indicators.periods import Period

#: By data element; t / (AvLOS + TOI) is 38.18, AvLOS / (AvLOS + TOI) 27.82 %.
PRINTED = {"bor_percent": 46.29, "avlos_days": 2.66, "bto_times": 6.63, "toi_days": 6.9}
YEAR = Period.of_year(2009)


@pytest.fixture
def report(definitions: None) -> Callable[..., None]:
    """`report(unit, bto_times=38.2)`: results as reported of 2009, or of another `period`."""

    def save(unit: Unit, period: Period = YEAR, **results: float) -> None:
        elements = {e.code: e for e in DataElement.objects.filter(code__in=results)}
        save_values((NewValue(unit, elements[c], period, float(v)) for c, v in results.items()), by=None)

    return save


@pytest.fixture
def printed(hospital: Hospital, report: Callable[..., None]) -> Hospital:
    report(hospital.root, **PRINTED)
    return hospital
