"""From the shipped form definitions to the database. Forms that hospitals made are not touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from entry.form_definitions import FormTable
from entry.models import Form, FormElement, FormSection
from entry.toml_lines import Place
from hospitals.models import Hospital
from indicators.definition_files import Loaded, load_tables, refuse_twice
from indicators.marks import mark_everything
from indicators.models import DataElement


@transaction.atomic
def sync_forms(paths: Sequence[Path] | None = None) -> list[str]:
    """Bring the shipped forms into the database; the data elements must be there already.

    Returns one line per form that changed. A form that is no longer shipped is retired. Raises
    DefinitionError, and changes nothing, when a file is wrong.
    """
    elements = {element.code: element for element in DataElement.objects.filter(hospital=None)}
    stored = {form.code: form for form in Form.objects.filter(hospital=None)}
    changes: list[str] = []
    for position, item in enumerate(refuse_twice(load_tables("form", FormTable, paths))):
        _check(item, elements)
        form = stored.pop(item.table.code, None)
        if form is not None and _content(form) == _wanted(item.table, position):
            continue
        write_form(form, item.table, position=position, elements=elements)
        changes.append(f"form {item.table.code}: {'new' if form is None else 'changed'}")
    for form in stored.values():
        if not form.retired:
            form.retired = True
            form.save()
            changes.append(f"form {form.code}: retired")
    if changes:
        # Elements are written in bulk, which sends no signals.
        mark_everything(Hospital.objects.filter(units__form_assignments__isnull=False).distinct())
    return changes


def _check(item: Loaded[FormTable], elements: Mapping[str, DataElement]) -> None:
    for _place, code, is_known in faults_of(item.table, elements):
        reason = (
            f"“{code}” is derived and cannot be entered" if is_known else f"there is no data element “{code}”"
        )
        raise item.error("section.elements", reason)


class ElementFault(NamedTuple):
    """An element that nobody can enter: it `is_known`, and derived from others, or there is none."""

    place: Place
    code: str
    is_known: bool


def faults_of(table: FormTable, elements: Mapping[str, DataElement]) -> Iterator[ElementFault]:
    for place, element in table.places:
        known = elements.get(element.code)
        if known is None or known.derived:
            yield ElementFault((*place, "code"), element.code, known is not None)


def _fields(table: FormTable, position: int) -> dict[str, Any]:
    return {
        "name_en": table.name.en,
        "name_id": table.name.id,
        "help_en": table.help.en if table.help else "",
        "help_id": table.help.id if table.help else "",
        "unit_kinds": list(table.unit_kinds),
        "due_day": table.due_day,
        "approval_steps": table.approval_steps,
        "checks": [check.model_dump() for check in table.check],
        "position": position,
        "retired": False,
    }


def write_form(
    form: Form | None,
    table: FormTable,
    *,
    position: int,
    elements: Mapping[str, DataElement],
    hospital: Hospital | None = None,
) -> Form:
    """Make a form, shipped or a hospital's own, or bring `form` to what `table` says."""
    fields = _fields(table, position)
    if form is None:
        form = Form.objects.create(code=table.code, hospital=hospital, **fields)
    else:
        for name, value in fields.items():
            setattr(form, name, value)
        form.save()
        form.sections.all().delete()
    for s, section in enumerate(table.section):
        row = FormSection.objects.create(
            form=form,
            code=section.code,
            name_en=section.name.en,
            name_id=section.name.id,
            help_en=section.help.en if section.help else "",
            help_id=section.help.id if section.help else "",
            position=s,
        )
        FormElement.objects.bulk_create(
            FormElement(
                form=form,
                section=row,
                element=elements[element.code],
                required=element.required,
                position=e,
            )
            for e, element in enumerate(section.elements)
        )
    return form


def _wanted(table: FormTable, position: int) -> Any:
    """A shipped form as plain values, to compare it with what is stored."""
    sections = [
        (
            (s.code, s.name.en, s.name.id, s.help.en if s.help else "", s.help.id if s.help else ""),
            [(e.code, e.required) for e in s.elements],
        )
        for s in table.section
    ]
    return _fields(table, position), sections


def _content(form: Form) -> Any:
    names = ("name_en", "name_id", "help_en", "help_id", "unit_kinds", "due_day", "approval_steps")
    fields = {name: getattr(form, name) for name in (*names, "checks", "position", "retired")}
    sections = [
        (
            (s.code, s.name_en, s.name_id, s.help_en, s.help_id),
            [
                (e.element.code, e.required)
                for e in s.form_elements.select_related("element").order_by("position")
            ],
        )
        for s in form.sections.order_by("position")
    ]
    return fields, sections
