"""Hospitals, their units, people and roles in the Django admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hospitals.access import administered_hospitals
from hospitals.actions import create_hospital
from hospitals.admin_scope import Scoped, ScopedAdmin, ScopedInline, administers_something
from hospitals.forms import AdminSignInForm
from hospitals.models import Hospital, Membership, Unit, UnitKind, User
from hospitals.tree import UnitTree

admin.site.login_form = AdminSignInForm


@admin.register(Hospital)
class HospitalAdmin(ScopedAdmin):
    hospital_path = ""
    list_display = ["name", "code", "city", "kind", "is_synthetic"]
    search_fields = ["name", "code", "city"]
    fields = ["code", "name", "kind", "city", "currency", "begins_on", "is_synthetic"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Links, files and programs name a hospital by its code.
        return ["code"] if obj else []

    def save_model(self, request: HttpRequest, obj: Hospital, form: Any, change: bool) -> None:
        """A new hospital gets its root unit, and the root unit follows the hospital's name."""
        if change:
            super().save_model(request, obj, form, change)
            Unit.objects.filter(hospital=obj, parent__isnull=True).update(name=obj.name)
            return
        made = create_hospital(
            code=obj.code,
            name=obj.name,
            kind=obj.kind,
            city=obj.city,
            currency=obj.currency,
            begins_on=obj.begins_on,
            is_synthetic=obj.is_synthetic,
        )
        obj.pk, obj._state.adding = made.pk, False


class _TreeChangeList(ChangeList):
    """Units under their parents instead of side by side."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown = {unit.pk: unit for unit in self.result_list}
        rows = []
        for hospital in sorted({unit.hospital for unit in shown.values()}, key=lambda h: h.name):
            tree = UnitTree.of(hospital)
            for unit, depth in zip(tree.units, tree.depths, strict=True):
                if unit.pk in shown:
                    shown[unit.pk].depth = depth
                    rows.append(shown[unit.pk])
        self.result_list = rows


@admin.register(Unit)
class UnitAdmin(ScopedAdmin):
    list_display = ["indented_name", "code", "kind", "hospital", "opened_on", "closed_on"]
    list_filter = [("hospital", admin.RelatedOnlyFieldListFilter), "kind"]
    list_select_related = ["hospital"]
    list_per_page = 500
    search_fields = ["name", "code"]
    fields = ["hospital", "parent", "code", "name", "kind", "opened_on", "closed_on", "position"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _TreeChangeList

    @admin.display(description=_("unit"))
    def indented_name(self, unit: Unit) -> str:
        return "\u2003" * getattr(unit, "depth", 0) + unit.name

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        if obj is None:
            return []
        # The root unit is the hospital: it has its name and code, and no place in the tree to choose.
        return ["hospital", "parent", "code", "name", "kind"] if obj.is_root else ["hospital", "code"]

    def get_form(
        self, request: HttpRequest, obj: Unit | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if parent := form.base_fields.get("parent"):
            parent.required = True
            if obj is not None:
                parent.queryset = parent.queryset.filter(hospital=obj.hospital_id).exclude(pk=obj.pk)
        if opened_on := form.base_fields.get("opened_on"):
            opened_on.help_text = _("The first day of work; earlier months are refused. Empty: none is.")
        if closed_on := form.base_fields.get("closed_on"):
            closed_on.help_text = _("The last day of work: no form is asked for after its month.")
        if kind := form.base_fields.get("kind"):
            kind.choices = [choice for choice in kind.choices if choice[0] != UnitKind.HOSPITAL]
        return form


class MembershipInline(ScopedInline):
    model = Membership
    hospital_path = "unit__hospital"
    fields = ["unit", "role"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is None and not request.user.is_superuser:
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class PersonAdmin(Scoped, UserAdmin):
    """People with a role in the hospital. Whoever also has one elsewhere is changed by a superuser."""

    hospital_path = "memberships__unit__hospital"
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "last_name", "email", "is_active"]
    list_filter = ["is_active"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    _fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    _superuser_fieldsets = ((_("Django admin"), {"fields": ("is_staff", "is_superuser")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        return self._fieldsets + (self._superuser_fieldsets if request.user.is_superuser else ())

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Not of a superuser, nor of somebody with a role elsewhere: a new password would open both."""
        if request.user.is_superuser or obj is None:
            return administers_something(request)
        elsewhere = obj.memberships.exclude(unit__hospital__in=administered_hospitals(request.user))
        return administers_something(request) and not obj.is_superuser and not elsewhere.exists()


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Roles by unit; given at the person, taken away in either place."""

    hospital_path = "unit__hospital"
    list_display = ["user", "role", "unit", "hospital"]
    list_filter = ["role", ("unit__hospital", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "unit__hospital"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "unit__name"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)

    @admin.display(description=_("hospital"))
    def hospital(self, membership: Membership) -> str:
        return membership.unit.hospital.name
