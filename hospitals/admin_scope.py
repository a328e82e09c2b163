"""What an administrator sees in the Django admin: the hospitals she administers, and what all share.

Django's own permissions play no part: whoever is staff and administers a hospital as a whole works
on that hospital, a superuser on all of them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest

from hospitals.access import administered_hospitals
from hospitals.models import Hospital, Unit, User


def administers_something(request: HttpRequest) -> bool:
    """Asked for every model on the start page, answered by the database once."""
    if not hasattr(request, "_administers_something"):
        request._administers_something = administered_hospitals(request.user).exists()  # type: ignore[attr-defined]
    return request._administers_something  # type: ignore[attr-defined]


def narrowed(request: HttpRequest, rows: QuerySet[Any], path: str, *, shared: bool) -> QuerySet[Any]:
    """Rows whose hospital (at the lookup `path`, "" for hospitals themselves) the person administers.

    `shared` adds those without a hospital, which are shipped with Imbang.
    """
    if request.user.is_superuser:
        return rows
    mine = Q(**{f"{path or 'pk'}__in": administered_hospitals(request.user)})
    if shared:
        return rows.filter(mine | Q(**{f"{path}__isnull": True}))
    # A person has several roles, and is one row.
    return rows.filter(mine).distinct() if "memberships" in path else rows.filter(mine)


class Scoped:
    """For admins and inlines alike. What is shared is shown and not changed; nothing is deleted."""

    #: Lookup from a row to its hospital; "" where the rows are hospitals.
    hospital_path = "hospital"
    #: Whether rows without a hospital are everybody's to see.
    has_shared_rows = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)  # type: ignore[misc]
        return narrowed(request, rows, self.hospital_path, shared=self.has_shared_rows)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers_something(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return administers_something(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return administers_something(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers_something(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what the person administers."""
        offered = db_field.remote_field.model
        path = _PATH_OF.get(offered)
        if path is None and any(field.name == "hospital" for field in offered._meta.fields):
            path = "hospital"
        if path is not None:
            shared = offered not in _PATH_OF
            kwargs["queryset"] = narrowed(request, offered._default_manager.all(), path, shared=shared)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


_PATH_OF: dict[type[Model], str] = {Hospital: "", Unit: "hospital", User: "memberships__unit__hospital"}


class ScopedAdmin(Scoped, admin.ModelAdmin):
    pass


class ScopedInline(Scoped, admin.TabularInline):
    extra = 0
