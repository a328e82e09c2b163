"""A form as the text of a definition file, for administrators who read, copy and change one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from entry.form_definitions import FormTable
from entry.form_faults import Lines, faults_in_words, unreadable
from entry.models import Form


class FormTextError(ValueError):
    """The text is no form; `faults` are sentences that say where, why and what would be right."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


def read_form(text: str) -> tuple[FormTable, Lines]:
    """Read the text of one form, with or without the heading `[[form]]`; with it, what stands where."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormTextError([unreadable(error, text)]) from error
    except RecursionError as error:
        raise FormTextError([_("Too many brackets stand inside each other.")]) from error
    tables = content.get("form", [content])
    lines = Lines(text, ("form", 0) if "form" in content else ())
    if not isinstance(tables, list) or len(tables) != 1 or ("form" in content and len(content) > 1):
        raise FormTextError([_("One form is wanted here: [[form]] stands once, and all else below it.")])
    try:
        return FormTable.model_validate(tables[0]), lines
    except ValidationError as error:
        raise FormTextError(faults_in_words(error, lines)) from error


def write_form_text(form: Form) -> str:
    """The text from which `read_form` makes the same form."""
    lines = [
        "[[form]]",
        f"code = {_text(form.code)}",
        f"name = {_both(form.name_en, form.name_id)}",
    ]
    if form.help_en or form.help_id:
        lines.append(f"help = {_both(form.help_en, form.help_id)}")
    lines += [
        f"unit_kinds = {_list(form.unit_kinds)}",
        f"due_day = {form.due_day}",
        f"approval_steps = {form.approval_steps}",
    ]
    for section in form.sections.order_by("position"):
        lines += ["", "[[form.section]]", f"code = {_text(section.code)}"]
        lines.append(f"name = {_both(section.name_en, section.name_id)}")
        if section.help_en or section.help_id:
            lines.append(f"help = {_both(section.help_en, section.help_id)}")
        lines.append("elements = [")
        for e in section.form_elements.select_related("element").order_by("position"):
            required = "" if e.required else ", required = false"
            lines.append(f"  {{ code = {_text(e.element.code)}{required} }},")
        lines.append("]")
    for check in form.checks:
        lines += ["", "[[form.check]]", *_check_lines(check)]
    return "\n".join(lines) + "\n"


def _check_lines(check: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} = {_list(value) if isinstance(value, list) else _text(value)}" for key, value in check.items()
    ]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return f'"{escaped}"'


def _list(values: list[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _both(english: str, indonesian: str) -> str:
    return f"{{ en = {_text(english)}, id = {_text(indonesian)} }}"
