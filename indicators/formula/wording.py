"""A formula as people read it: the names of data elements instead of their codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from indicators.formula.nodes import Days, Element, First, Mean, Node, Number, Operation, YearAgo

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def in_words(tree: Node, names: Mapping[str, str]) -> str:
    """The formula with `names` (code → name of the data element) and × ÷ − for the signs.

    A code without a name stays as it is.
    """
    match tree:
        case Number(value):
            return number_format(int(value) if value == int(value) else value, use_l10n=True)
        case Element(code, years_ago):
            name = names.get(code, code)
            return _year_ago(name) if years_ago else name
        case Days():
            return _("days in the period")
        case First(options):
            # The least of all binds: what stands beside it must not be read into it.
            return "(" + f" {_('or else')} ".join(in_words(option, names) for option in options) + ")"
        case Mean(parts):
            listed = "; ".join(in_words(part, names) for part in parts)
            return _("mean of (%(parts)s)") % {"parts": listed}
        case YearAgo(of):
            return _year_ago(_bracketed(of, names, 3))
        case Operation(sign, left, right):
            # a − (b − c) and a ÷ (b × c) keep their brackets, a + b + c needs none.
            binds = _BINDS[sign]
            second = _bracketed(right, names, binds + (sign in "-/"))
            return f"{_bracketed(left, names, binds)} {_SIGNS[sign]} {second}"
    raise TypeError(tree)


def _bracketed(node: Node, names: Mapping[str, str], binds: int) -> str:
    text = in_words(node, names)
    if isinstance(node, Operation) and _BINDS[node.sign] < binds:
        return f"({text})"
    return text


def _year_ago(text: str) -> str:
    return _("%(what)s a year earlier") % {"what": text}
