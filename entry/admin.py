"""Forms and their assignments in the Django admin. Numbers and submissions are not changed here."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entry.admin_forms import FormAssignmentForm, FormForm, HistoryMoveForm, text_of
from entry.models import Form, FormAssignment, HistoryMove
from hospitals.admin_scope import ScopedAdmin, administers_something
from hospitals.dates import day_in_words
from hospitals.models import User
from indicators.begins import first_day, hospital_begins
from indicators.models import DataElement, DataValue
from indicators.period_names import period_name
from indicators.periods import nearest_month


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
        return ["hospital", *(["copy", "as_text"] if shipped else ["definition"]), "retired"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return []
        return ["hospital", "copy", "as_text", "retired"] if obj.hospital_id is None else ["hospital"]

    @admin.display(description=gettext_lazy("To change it"))
    def copy(self, obj: Form) -> str:
        address = f"{reverse('admin:entry_form_add')}?copy_of={obj.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Make an own form from this one"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Adding begins with the text of the form in `?copy_of=`, under another code."""
        asked = request.GET.get("copy_of", "")
        form = self.get_queryset(request).filter(pk=asked).first() if asked.isdecimal() else None
        if form is None:
            return {}
        form.code = f"{form.code}_own"
        return {"definition": text_of(form)}

    @admin.display(description="TOML")
    def as_text(self, obj: Form) -> str:
        return text_of(obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if hospital := form.base_fields.get("hospital"):
            hospital.required = True
        return form

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Form, form: Any, change: bool) -> None:
        before = {e.code: e for e in DataElement.objects.filter(form_elements__form=obj.pk)} if obj.pk else {}
        written = form.write()
        obj.pk = written.pk
        Form.objects.filter(pk=written.pk).update(retired=form.cleaned_data.get("retired", False))
        obj.refresh_from_db()
        kept = set(obj.form_elements.values_list("element__code", flat=True))
        self._say_what_stays(request, obj, [e for code, e in before.items() if code not in kept])

    def _say_what_stays(self, request: HttpRequest, form: Form, removed: list[DataElement]) -> None:
        """Taking an element off a form takes no number away; whoever does it should know."""
        values = DataValue.objects.filter(unit__hospital=form.hospital, element__in=removed)
        reported = set(values.order_by().values_list("element", flat=True).distinct())
        if names := sorted(element.name for element in removed if element.pk in reported):
            said = _("The form no longer asks for: %s. Numbers reported so far stay and count in the scores.")
            messages.warning(request, said % ", ".join(names))


@admin.register(FormAssignment)
class FormAssignmentAdmin(ScopedAdmin):
    hospital_path = "unit__hospital"
    form = FormAssignmentForm
    list_display = ["form", "unit", "speaks_of", "scope", "first_month", "last_month"]
    # Only what stands in their own list: another hospital's forms are not named.
    list_filter = [
        ("form", admin.RelatedOnlyFieldListFilter),
        ("unit__hospital", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["form", "unit", "speaks_of"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)

    def save_model(self, request: HttpRequest, obj: FormAssignment, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        hospital = obj.unit.hospital
        begins = hospital_begins(hospital, hospital.root)
        first = first_day(begins, obj.unit.opened_on, obj.speaks_of.opened_on if obj.speaks_of else None)
        if first is not None and obj.first_month < nearest_month(first):
            month = period_name(nearest_month(first))
            words = {"unit": obj.unit.name, "day": day_in_words(first), "month": month}
            said = _("“%(unit)s” began on %(day)s: nothing is asked for before %(month)s.")
            messages.warning(request, said % words)
        elements = obj.form.form_elements.values("element")
        if obj.speaks_of and DataValue.objects.filter(unit=obj.unit, element__in=elements).exists():
            words = {"unit": obj.unit.name, "of": obj.speaks_of.name}
            said = _("What “%(unit)s” reported of itself so far stays there.") % words
            link = _("Move it if it is to be “%(of)s”'s.") % words
            messages.warning(
                request,
                format_html('{} <a href="{}">{}</a>', said, reverse("admin:entry_historymove_add"), link),
            )


@admin.register(HistoryMove)
class HistoryMoveAdmin(ScopedAdmin):
    """Adding one moves the numbers; what was moved, why and by whom stays to be read."""

    hospital_path = "from_unit__hospital"
    form = HistoryMoveForm
    list_display = ["at", "form", "from_unit", "to_unit", "values", "by"]
    list_select_related = ["form", "from_unit", "to_unit", "by"]
    fields = ["form", "from_unit", "to_unit", "reason"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.fields, "elements", "values", "by", "at"] if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: HistoryMove, form: Any, change: bool) -> None:
        from entry.actions.history import move_history  # in every process it would load what computes

        made = move_history(
            form=obj.form,
            from_unit=obj.from_unit,
            to_unit=obj.to_unit,
            by=cast(User, request.user),
            reason=obj.reason,
        )
        obj.pk = made.pk
        obj.refresh_from_db()
