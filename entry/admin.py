"""Forms and their assignments in the Django admin. Numbers and submissions are not changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from entry.admin_forms import FormAssignmentForm, FormForm
from entry.form_text import write_form_text
from entry.models import Form, FormAssignment
from hospitals.admin_scope import ScopedAdmin, administers_something


@admin.register(Form)
class FormAdmin(ScopedAdmin):
    """Shipped forms are shown, and copied from; a hospital writes its own."""

    has_shared_rows = True
    form = FormForm
    list_display = ["code", "name", "hospital", "due_day", "approval_steps", "retired"]
    list_filter = [("hospital", admin.RelatedOnlyFieldListFilter), "retired"]
    list_select_related = ["hospital"]
    search_fields = ["code", "name_en", "name_id"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        shipped = obj is not None and obj.hospital_id is None
        return not shipped and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shipped = obj is not None and obj.hospital_id is None
        return ["hospital", "as_text" if shipped else "definition", "retired"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return []
        return ["hospital", "as_text", "retired"] if obj.hospital_id is None else ["hospital"]

    @admin.display(description="TOML")
    def as_text(self, obj: Form) -> str:
        return write_form_text(obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if hospital := form.base_fields.get("hospital"):
            hospital.required = True
        return form

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Form, form: Any, change: bool) -> None:
        written = form.write()
        obj.pk = written.pk
        Form.objects.filter(pk=written.pk).update(retired=form.cleaned_data.get("retired", False))
        obj.refresh_from_db()


@admin.register(FormAssignment)
class FormAssignmentAdmin(ScopedAdmin):
    hospital_path = "unit__hospital"
    form = FormAssignmentForm
    list_display = ["form", "unit", "scope", "first_month", "last_month"]
    # Only what stands in their own list: another hospital's forms are not named.
    list_filter = [
        ("form", admin.RelatedOnlyFieldListFilter),
        ("unit__hospital", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["form", "unit"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)
