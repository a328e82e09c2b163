"""Names of fields of the paper-form page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from surveys.models import Item

register = template.Library()


@register.simple_tag
def field_name(item: Item, side: str) -> str:
    """`q1-reality`: what the field of an item and side is called."""
    return f"{item.code}-{side}"


@register.filter
def at(values: Mapping[str, Any], name: str) -> Any:
    """`{{ typed|at:name }}`: the value under a computed name; nothing where there is none."""
    return values.get(name, "")
