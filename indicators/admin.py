"""Definitions, ranges and chosen standards in the Django admin.

What is shipped with Imbang is shown and comes from files; a hospital adds its own. What is dated is
never changed once it holds: a later one takes over, and past scores stay what they were.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from hospitals.admin_scope import Scoped, ScopedAdmin, administers_something
from indicators.admin_forms import (
    DataElementForm,
    FormulaForm,
    FormulaFormSet,
    IndicatorForm,
    RangeForm,
    StandardChoiceForm,
)
from indicators.closed_years import ANEW, FIELD
from indicators.definition_changes import keep_decimals
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    OverTime,
    OverUnits,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.models.definition import first_open_day
from indicators.scoring_tables import write_steps


def _first_open_day() -> dt.date:
    return first_open_day(timezone.localdate())


class _Dated:
    """Rows that hold from a day on: added, never changed, taken back only before that day.

    They hold from the beginning of this year, unless somebody says another day; closed years that have
    figures follow only if that is said by name: see `indicators.closed_years`.
    """

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "valid_from" and field is not None:
            field.initial = _first_open_day
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        starts = getattr(obj, "valid_from", None)
        return administers_something(request) and starts is not None and starts > timezone.localdate()


class DefinitionAdmin(ScopedAdmin):
    has_shared_rows = True
    list_display = ["code", "name", "unit_of_measure", "hospital", "retired_from"]
    list_filter = [
        ("hospital", admin.RelatedOnlyFieldListFilter),
        ("retired_from", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["hospital"]
    search_fields = ["code", "name_en", "name_id"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        shipped = obj is not None and obj.hospital_id is None
        return not shipped and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Formulas and files name a definition by its code.
        return ["hospital", "code"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if hospital := form.base_fields.get("hospital"):
            hospital.required = True
        return form


@admin.register(DataElement)
class DataElementAdmin(DefinitionAdmin):
    form = DataElementForm
    exclude = ["is_as_reported"]


class FormulaInline(_Dated, Scoped, admin.StackedInline):
    """Below each other: the question about closed years is a sentence, and has no room beside others."""

    extra = 0
    model = IndicatorFormula
    hospital_path = "indicator__hospital"
    has_shared_rows = True
    form = FormulaForm
    formset = FormulaFormSet
    fields = ["expression", "valid_from", FIELD]

    class Media:
        css = {"all": ["admin.css"]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        own = obj is None or obj.hospital_id is not None
        return own and administers_something(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)


@admin.register(Indicator)
class IndicatorAdmin(DefinitionAdmin):
    form = IndicatorForm
    inlines = [FormulaInline]
    exclude = ["as_reported"]
    list_display = ["code", "name", "perspective", "unit_of_measure", "hospital", "retired_from"]
    list_filter = ["perspective", *DefinitionAdmin.list_filter]

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: bool) -> None:
        """A new indicator gets the data element that holds its result as reported."""
        if not change:
            shared = ("hospital", "code", "name_en", "name_id", "unit_of_measure", "decimals", "source")
            obj.as_reported = DataElement.objects.create(
                **{name: getattr(obj, name) for name in shared},
                over_time=OverTime.LAST,
                over_units=OverUnits.NONE,
                is_as_reported=True,
            )
        elif "decimals" in form.changed_data and form.cleaned_data[FIELD] == ANEW:
            obj.former_decimals.all().delete()
        elif "decimals" in form.changed_data:
            keep_decimals(obj, before=form.initial["decimals"], until=_first_open_day())
        super().save_model(request, obj, form, change)


@admin.register(Standard)
class StandardAdmin(ScopedAdmin):
    """Standards come from files; which one a hospital follows is chosen in its own list."""

    list_display = ["code", "name", "extends", "secondary"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return admin.ModelAdmin.get_queryset(self, request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReferenceRange)
class ReferenceRangeAdmin(_Dated, ScopedAdmin):
    """Ranges of the standards to look at; a hospital's or unit's own to add."""

    form = RangeForm
    hospital_path = "unit__hospital"
    has_shared_rows = True
    list_display = ["indicator", "standard", "unit", "ideal_low", "ideal_high", "valid_from", "valid_until"]
    list_filter = ["standard", ("unit", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["indicator", "standard", "unit"]
    search_fields = ["indicator__code", "indicator__name_en", "indicator__name_id"]

    def get_fields(self, request: HttpRequest, obj: ReferenceRange | None = None) -> Any:
        points = ["worst_low", "ideal_low", "ideal_high", "worst_high"]
        places = ["indicator", "standard", "unit"] if obj else ["indicator", "unit"]
        steps = ["scoring_table", "steps_closed"] if obj is None or obj.steps else []
        asked = [FIELD] if obj is None else []
        return [*places, *points, *steps, "per_year", "valid_from", *asked, "source"]

    @admin.display(description=gettext_lazy("scoring table"))
    def scoring_table(self, obj: ReferenceRange) -> str:
        return format_html("<pre>{}</pre>", write_steps(obj.steps))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if unit := form.base_fields.get("unit"):
            unit.required = True
        return form


@admin.register(StandardChoice)
class StandardChoiceAdmin(_Dated, ScopedAdmin):
    form = StandardChoiceForm
    fields = ["hospital", "standard", "valid_from"]
    list_display = ["hospital", "standard", "valid_from"]
    list_filter = [("hospital", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["hospital", "standard"]

    def get_fields(self, request: HttpRequest, obj: StandardChoice | None = None) -> Any:
        return [*self.fields, FIELD] if obj is None else self.fields
