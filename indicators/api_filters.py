"""REST: what rows of units and periods are asked for by."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django_filters import FilterSet
from rest_framework.exceptions import NotFound, ValidationError

from hospitals.places import NoSuchPlaceError, find_units
from hospitals.query_parameters import CodesFilter, ParameterFilter
from indicators.models import DataElement, Indicator
from indicators.periods import Period
from indicators.queries import begins_with_or_after, ends_with_or_before
from indicators.written_periods import read_period


class PeriodParameter(forms.Field):
    def clean(self, value: Any) -> Period | None:
        if value in (None, ""):
            return None
        try:
            return read_period(str(value))
        except ValueError as error:
            raise forms.ValidationError(f"{error}.") from error


class PeriodFilter(ParameterFilter):
    field_class = PeriodParameter


class UnitsAndPeriodsFilter(FilterSet):
    """Rows that each belong to a unit, a period, and an indicator or data element.

    `named` is the filter by codes of `model`, and `no_such` what is said of an unknown one.
    """

    named: ClassVar[str]
    model: ClassVar[type[Indicator] | type[DataElement]]
    no_such: ClassVar[Any]

    hospital = CodesFilter(help_text="Hospital codes.")
    unit = CodesFilter(help_text="Unit codes; the hospital's own code is the whole of it.")
    period = PeriodFilter(help_text="Exactly this one: `2009-03`, `2009-Q1`, `2009-S1` or `2009`.")
    period_from = PeriodFilter(
        method="begun_since", help_text="Periods of any length that begin no earlier than this one."
    )
    period_to = PeriodFilter(
        method="ended_by", help_text="Periods of any length that end no later than this one."
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Hospitals and units narrow what the person sees; the other filters narrow that."""
        chosen = dict(self.form.cleaned_data)
        try:
            units = find_units(self.request.user, hospitals=chosen.pop("hospital"), units=chosen.pop("unit"))
        except NoSuchPlaceError as error:
            raise NotFound(str(error)) from error
        queryset = queryset.filter(unit__in=[unit.pk for unit in units])
        if codes := chosen.pop(self.named):
            theirs = Q(hospital=None) | Q(hospital__in={unit.hospital_id for unit in units})
            found = self.model._default_manager.filter(theirs, code__in=codes)
            known = dict(found.values_list("pk", "code"))
            if unknown := [code for code in codes if code not in known.values()]:
                raise ValidationError({self.named: [self.no_such % {"code": unknown[0]}]})
            queryset = queryset.filter(**{f"{self.named}__in": list(known)})
        for name, value in chosen.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def begun_since(self, rows: QuerySet, name: str, period: Period) -> QuerySet:
        return rows.filter(begins_with_or_after(period))

    def ended_by(self, rows: QuerySet, name: str, period: Period) -> QuerySet:
        return rows.filter(ends_with_or_before(period))
