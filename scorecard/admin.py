"""Scorecard templates in the Django admin.

A hospital's own template is a copy that takes over on a day to come. Until that day its weights can
be changed; from then on scores stand on it, and the next change is another copy.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from hospitals.admin_scope import ScopedAdmin, ScopedInline, administers_something
from hospitals.models import Hospital
from scorecard.models import Objective, ObjectiveIndicator, Template, TemplatePerspective
from scorecard.template_copies import copy_template


class TemplateForm(forms.ModelForm):
    copy_of = forms.ModelChoiceField(Template.objects.none(), required=False, label=capfirst(_("copy of")))

    class Meta:
        model = Template
        fields = ["hospital", "name_en", "name_id", "valid_from", "good_from", "fair_from", "known_at_least"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("copy_of", None)
        elif "hospital" in self.fields:
            self.fields["copy_of"].required = self.fields["hospital"].required = True
            # Weights change with a year; this year's have begun.
            self.fields["valid_from"].initial = dt.date(timezone.localdate().year + 1, 1, 1)

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come: weights of the past stay as they were."))
        return day


class _Pending:
    """Changed only while the template has not begun, and only where it is a hospital's own."""

    has_shared_rows = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return administers_something(request)
        template = _template_of(obj)
        pending = template.hospital_id is not None and template.valid_from > timezone.localdate()
        return pending and administers_something(request)


def _template_of(row: Template | TemplatePerspective | Objective | ObjectiveIndicator) -> Template:
    match row:
        case Template():
            return row
        case TemplatePerspective():
            return row.template
        case Objective():
            return row.perspective.template
    return row.objective.perspective.template


class PerspectiveInline(_Pending, ScopedInline):
    model = TemplatePerspective
    hospital_path = "template__hospital"
    fields = ["code", "name_en", "name_id", "weight", "objectives"]
    readonly_fields = ["code", "objectives"]

    @admin.display(description=_("objectives"))
    def objectives(self, perspective: TemplatePerspective) -> str:
        address = reverse("admin:scorecard_objective_changelist")
        return format_html(
            '<a href="{}?perspective__id__exact={}">{}</a>', address, perspective.pk, _("objectives")
        )


@admin.register(Template)
class TemplateAdmin(_Pending, ScopedAdmin):
    form = TemplateForm
    list_display = ["name", "hospital", "valid_from", "good_from", "fair_from", "known_at_least"]
    list_select_related = ["hospital"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Template | None = None) -> Any:
        if obj is None:
            return ["copy_of", "hospital", "name_en", "name_id", "valid_from"]
        bands = ["good_from", "fair_from", "known_at_least"]
        return ["hospital", "name_en", "name_id", "valid_from", *bands, "source"]

    def get_readonly_fields(self, request: HttpRequest, obj: Template | None = None) -> list[str]:
        return ["hospital"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Template | None = None) -> list[Any]:
        return [PerspectiveInline] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if copied := form.base_fields.get("copy_of"):
            copied.queryset = self.get_queryset(request)
        return form

    def save_model(self, request: HttpRequest, obj: Template, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        hospital: Hospital = form.cleaned_data["hospital"]
        made = copy_template(
            template=form.cleaned_data["copy_of"],
            hospital=hospital,
            valid_from=obj.valid_from,
            name_en=obj.name_en,
            name_id=obj.name_id,
        )
        obj.pk, obj._state.adding = made.pk, False


class WeightedIndicatorInline(_Pending, ScopedInline):
    model = ObjectiveIndicator
    hospital_path = "objective__perspective__template__hospital"
    fields = ["indicator", "weight", "position"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)


@admin.register(Objective)
class ObjectiveAdmin(_Pending, ScopedAdmin):
    hospital_path = "perspective__template__hospital"
    inlines = [WeightedIndicatorInline]
    list_display = ["name", "perspective", "template", "weight"]
    list_filter = [("perspective", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["perspective__template"]
    fields = ["perspective", "code", "name_en", "name_id", "weight", "position"]
    readonly_fields = ["perspective", "code"]

    @admin.display(description=_("template"))
    def template(self, objective: Objective) -> str:
        return str(objective.perspective.template)
