"""Conditions on stored periods, beside the calendar."""

import pytest

from hospitals.models import Unit
from indicators.models import IndicatorValue
from indicators.periods import Period, PeriodKind
from indicators.queries import begins_with_or_after, ends_with_or_before, of_kinds

pytestmark = pytest.mark.usefixtures("numbers")

FEW = ["2008-12", "2008-Q4", "2008", "2009-01", "2009-03", "2009-Q1", "2009-S1", "2009-S2", "2009", "2010-01"]


@pytest.mark.parametrize("edge", [*FEW, "1950", "2999-12"])
def test_conditions_on_periods_agree_with_the_calendar(edge: str, melati: Unit):
    bor = IndicatorValue.objects.filter(indicator__code="bor")[0]
    IndicatorValue.objects.all().delete()
    for text in FEW:
        bor.pk = (melati.pk, bor.indicator_id, Period.parse(text))
        bor.save(force_insert=True)
    stored = [Period.parse(text) for text in FEW]
    limit = Period.parse(edge)

    def kept(rows):
        return {row.period for row in rows}

    rows = IndicatorValue.objects.all()
    assert kept(rows.filter(begins_with_or_after(limit))) == {p for p in stored if p.start >= limit.start}
    assert kept(rows.filter(ends_with_or_before(limit))) == {p for p in stored if p.end <= limit.end}
    for kind in PeriodKind:
        assert kept(of_kinds(rows, [kind])) == {p for p in stored if p.kind == kind}
