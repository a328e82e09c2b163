"""Everything that the administration lets somebody change, one field after another, whatever there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from entry.admin_forms import MonthField
from hospitals.models import Hospital
from indicators.admin_forms import CodesField
from indicators.closed_years import FIELD, KEEP

DAYS = ["2025-07-01", "2026-02-01", ""]
MONTHS = ["2025-02", "2026-07"]
#: What is typed into fields whose text means something, by the end of the field's name.
TEXTS = {
    "derived": ["own_cases * 3", "cases * 2", "days * 2", "own_double * 2", ""],
    "expression": ["own_cases / patients"],
}


class Try(NamedTuple):
    """What is sent to change one field of a row, or, without a field, to take the row away."""

    address: str
    field: str
    sent: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.address} {self.field}={self.sent.get(self.field)!r}"


def tries(page: Client, hospital: Hospital) -> Iterator[Try]:
    """One for each row of the hospital that the administration knows, field of it, and other content."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for row in model._default_manager.all():
            if not _is_of(row, hospital):
                continue
            address = reverse(f"{name}_change", args=[row.pk])
            answer = page.get(address)
            if answer.status_code == 200:
                yield from _of_page(address, answer.context)
            yield Try(reverse(f"{name}_delete", args=[row.pk]), "", {"post": "yes"})
        yield Try(
            reverse(f"{name}_changelist"),
            "",
            {
                "action": "delete_selected",
                "post": "yes",
                "_selected_action": [r.pk for r in model._default_manager.all()],
            },
        )


def send(page: Client, attempt: Try) -> bool:
    """Whether it was taken; where closed years are asked about, they stay."""
    answer = page.post(attempt.address, attempt.sent)
    if answer.status_code == 200 and FIELD in _asked(answer.context):
        answer = page.post(attempt.address, attempt.sent | {FIELD: KEEP})
    return answer.status_code == 302


def _asked(context: Any) -> str:
    """The faults of the forms of a page, by their fields."""
    if not context or "adminform" not in context:
        return ""
    inlines = [inline.formset.errors for inline in context["inline_admin_formsets"]]
    return f"{context['adminform'].form.errors.as_json()} {inlines}"


def _is_of(row: Model, hospital: Hospital) -> bool:
    """Whether the hospital is what the row belongs to, by whichever way there is."""
    if isinstance(row, Hospital):
        return row == hospital
    for name in ("hospital", "unit", "from_unit", "perspective", "template"):
        if (above := getattr(row, name, None)) is not None:
            return _is_of(above, hospital)
    return False


def _of_page(address: str, context: Any) -> Iterator[Try]:
    shown = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        shown += [inline.formset.management_form, *inline.formset.forms]
    content, fields = {}, {}
    for form in shown:
        for bound in form:
            if (sent := _as_sent(bound.field, bound.value())) is not None:
                content[bound.html_name] = sent
            if not bound.is_hidden:
                fields[bound.html_name] = bound
    for name, bound in fields.items():
        for other in _others(name, bound.field, bound.value()):
            sent = {key: text for key, text in content.items() if key != name}
            yield Try(address, name, sent if other is False else sent | {name: other})


def _as_sent(field: forms.Field, value: Any) -> Any:
    """As a browser sends what a page shows; None: not at all."""
    match field:
        case forms.BooleanField():
            return "on" if value else None
        case CodesField():
            return ", ".join(value or ())
        case MonthField():
            return str(value or "")
    return value


def _others(name: str, field: forms.Field, value: Any) -> list[Any]:
    """Other content of a field."""
    for end, texts in TEXTS.items():
        if name.endswith(end):
            return texts
    match field:
        case forms.BooleanField():
            return [False if value else "on"]
        case forms.DateField():
            return DAYS
        case MonthField():
            return MONTHS
        case CodesField():
            return ["cases, visits"]
        case forms.ModelChoiceField():
            return [row.pk for row in field.queryset if row.pk != value][:3]
        case forms.MultipleChoiceField():
            return []
        case forms.ChoiceField():
            return [code for code, _words in field.choices if code not in (value, "")][:2]
        case forms.FloatField() | forms.IntegerField():
            return [int(value or 0) + 1, ""]
    if name == "definition":
        # Another kind of unit; an element less; one that may be left out.
        kinds = value.replace('"ward"', '"department"')
        without = "\n".join(line for line in value.splitlines() if '"patients"' not in line)
        return [kinds, without, value.replace('"patients" }', '"patients", required = false }')]
    # Words: no figure depends on them.
    return []
