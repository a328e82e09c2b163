"""What a REST client may ask, and a clear refusal of everything else.

A mistyped filter that is silently ignored answers with everything; so what is not known is refused.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import Filter
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

#: How the schema describes the refusal.
WRONG_PARAMETER = OpenApiResponse(description="A parameter is unknown or malformed; the answer names it.")
#: Chooses the form of any answer; the REST framework reads it itself.
ALWAYS_KNOWN = frozenset({"format"})


def refuse_unknown(given: QueryDict, *, known: Collection[str], several: Collection[str] = ()) -> None:
    """Raise ValidationError for parameters that are not `known`, or repeated without being `several`."""
    problems = {}
    for name, values in given.lists():
        if name not in known and name not in ALWAYS_KNOWN:
            problems[name] = [_unknown(name, known)]
        elif len(values) > 1 and name not in several:
            problems[name] = [_("Give this parameter once.")]
    if problems:
        raise ValidationError(problems)


def _unknown(name: str, known: Collection[str]) -> str:
    if near := get_close_matches(name, known, n=1):
        return _("There is no such parameter; did you mean “%(near)s”?") % {"near": near[0]}
    return _("There is no such parameter; there are: %(known)s.") % {"known": ", ".join(sorted(known))}


class CodesField(forms.Field):
    """Codes given as `?name=a&name=b` or `?name=a,b`; cleans to a list in the order given."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        codes = [code.strip() for part in value or () for code in part.split(",")]
        if any("\0" in code for code in codes):
            raise forms.ValidationError(_("This is not a code."))
        return list(dict.fromkeys(code for code in codes if code))


class ParameterFilter(Filter):
    """A filter that describes itself in the schema."""

    schema: dict[str, Any] = {"type": "string"}

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, help_text=help_text, **kwargs)
        set_override(self, "field", {**self.schema, "description": help_text})


class CodesFilter(ParameterFilter):
    """Keeps rows whose field has one of the codes."""

    field_class: type[forms.Field] = CodesField
    schema = {"type": "array", "items": {"type": "string"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="in", **kwargs)


class ChoiceCodesField(CodesField):
    """Codes out of a closed list."""

    def __init__(self, *, among: Collection[str], **kwargs: Any) -> None:
        self.among = tuple(among)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        codes = super().clean(value)
        for code in codes:
            if code not in self.among:
                raise forms.ValidationError(
                    _("“%(code)s” is not one of: %(choices)s.")
                    % {"code": code, "choices": ", ".join(self.among)}
                )
        return codes


class ChoiceCodesFilter(CodesFilter):
    field_class = ChoiceCodesField

    def __init__(self, *args: Any, among: Collection[str], **kwargs: Any) -> None:
        self.schema = {"type": "array", "items": {"type": "string", "enum": list(among)}}
        super().__init__(*args, among=among, **kwargs)


class TrueFalseField(forms.Field):
    """`true` or `false`, and nothing that only looks like it."""

    def clean(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        if str(value).lower() not in ("true", "false"):
            raise forms.ValidationError(_("Write true or false."))
        return str(value).lower() == "true"


class TrueFalseFilter(ParameterFilter):
    field_class = TrueFalseField
    schema = {"type": "boolean"}


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter's backend, which refuses what it does not know before it filters."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filters = self.get_filterset_class(view, queryset)
        filters = filters.base_filters if filters else {}
        paging = {p["name"] for p in view.paginator.get_schema_operation_parameters(view)}
        refuse_unknown(
            request.query_params,
            known={*filters, *paging},
            several={name for name, one in filters.items() if isinstance(one, CodesFilter)},
        )
        return super().filter_queryset(request, queryset, view)
