"""What is wrong in the text of a form: on which line, and what to write instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from entry.form_definitions import CHECKS, FormElementTable, FormTable, SectionTable
from entry.form_sync import ElementFault
from entry.toml_lines import Place, lines_of
from indicators.definition_files import Bilingual

#: More would not be read; the rest is said when these are mended.
MOST_FAULTS = 10


class Lines:
    """The lines of a text, asked for by places of its form."""

    def __init__(self, text: str, form: Place) -> None:
        self.lines = lines_of(text)
        self.form = form

    def say(self, place: Place, sentence: str) -> str:
        """The sentence with the line of the place, or of what surrounds it."""
        inside = [part for part in place if part not in CHECKS]
        while inside and (*self.form, *inside) not in self.lines:
            inside.pop()
        line = self.lines.get((*self.form, *inside))
        if line is None:
            return sentence[:1].upper() + sentence[1:]
        return _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": sentence}


def unreadable(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Why a text is no TOML."""
    reason, found = (
        str(error),
        re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error)),
    )
    said = reason[: found.start()] if found else reason
    mend = next((hint for begin, hint in _hints().items() if said.startswith(begin)), "")
    if not found or not found[1]:
        mend = _(
            "The text ends too early: a bracket or a quotation mark is not closed, or a value is missing."
        )
    mend = mend or _("Something is missing or too much here.")
    lines = text.split("\n")
    number = min(int(found[1]), len(lines)) if found and found[1] else len(lines)
    return _("Line %(line)s cannot be read: “%(text)s”. %(mend)s (TOML: %(reason)s)") % {
        "line": number,
        "text": lines[number - 1].strip()[:80],
        "mend": mend,
        "reason": said,
    }


def _hints() -> dict[str, str]:
    """How to mend what `tomllib` says, by how that begins."""
    value = _(
        "After = comes a text in quotation marks, a number, true or false, a list in [ ] or a table in { }."
    )
    ends = _("A text ends with the quotation mark it begins with, on the same line.")
    brackets = _("What is opened with [ or { has to be closed, with as many ] or }; commas stand between.")
    twice = _("This stands here a second time; take one away.")
    return {
        "Invalid value": value,
        "Expected '=' after a key": _("A key is followed by = and what it is to be."),
        "Invalid initial character": _("Begin the line with a key, or with [[form.section]]."),
        "Expected ']": brackets,
        "Unclosed": brackets,
        "Unterminated": ends,
        'Expected "': ends,
        "Illegal character": ends,
        "Expected newline": _("One thing to a line; a comma or a quotation mark may be missing."),
        "Cannot overwrite": twice,
        "Duplicate": twice,
        "Cannot declare": twice,
        "Unescaped": ends,
    }


def faults_in_words(error: ValidationError, lines: Lines) -> list[str]:
    """One sentence for each fault that the schema of forms found."""
    return [lines.say(*_fault(fault)) for fault in error.errors()[:MOST_FAULTS]]


def _fault(fault: Mapping[str, Any]) -> tuple[Place, str]:
    place: Place = tuple(fault["loc"])
    given: Mapping[str, Any] = fault.get("ctx") or {}
    key = str(next((part for part in reversed(place) if isinstance(part, str)), _("the form")))
    match fault["type"]:
        case "missing":
            return place, _("“%(key)s” is missing; add for example: %(example)s") % {
                "key": key,
                "example": _EXAMPLES.get(key, f'{key} = "…"'),
            }
        case "union_tag_not_found":
            return place, _("“%(key)s” is missing; add for example: %(example)s") % {
                "key": "kind",
                "example": 'kind = "at_most"',
            }
        case "extra_forbidden":
            known = _known(place[:-1])
            return place, _("“%(key)s” is not known here. %(known)s") % {
                "key": key,
                "known": _meant(key, known) or _("Known are: %s.") % ", ".join(known),
            }
        case "union_tag_invalid":
            return (*place, "kind"), _("“%(key)s” has to be one of: %(allowed)s.") % {
                "key": "kind",
                "allowed": ", ".join(CHECKS),
            }
        case "literal_error":
            allowed = ", ".join(re.findall(r"\w+", given["expected"].replace(" or ", " ")))
            return place, _("“%(key)s” has to be one of: %(allowed)s.") % {"key": key, "allowed": allowed}
        case "less_than_equal":
            return place, _("“%(key)s” is at most %(limit)s.") % {"key": key, "limit": given["le"]}
        case "greater_than_equal":
            return place, _("“%(key)s” is at least %(limit)s.") % {"key": key, "limit": given["ge"]}
        case "string_pattern_mismatch":
            return place, _(
                "“%(key)s” is written with small letters, digits and _ only, and begins with a letter."
            ) % {"key": key}
        case "string_too_long":
            return place, _("“%(key)s” is longer than %(most)s characters.") % {
                "key": key,
                "most": given["max_length"],
            }
        case "too_short" | "string_too_short":
            return place, _("“%(key)s” is empty; something has to stand in it.") % {"key": key}
    if fault["type"] in _contradictions():
        return (*place, *given["at"]), _contradictions()[fault["type"]] % given
    return place, _("“%(key)s” has to be %(wanted)s.") % {"key": key, "wanted": _wanted(fault["type"], key)}


def _contradictions() -> dict[str, str]:
    """The faults that `form_definitions` finds itself, by their type."""
    return {
        "element_twice": _("element “%(code)s” stands in the form twice; take one away."),
        "section_twice": _("section “%(code)s” stands in the form twice; give this one another code."),
        "check_missing": _("a check names “%(code)s”, which is not in the form; add it or change the check."),
        "no_limit": _("the check has nothing to compare with; add “of”, or per_day = true."),
    }


def _wanted(kind: str, key: str) -> str:
    if key in ("section", "check") and kind.startswith("list"):
        return _("tables below headings [[form.%s]]") % key
    for begin, words in {
        "int": _("a whole number"),
        "bool": _("true or false, without quotation marks"),
        "float": _("a number"),
        "finite": _("a number"),
        "greater_than": _("a number above 0"),
        "string": _("a text in quotation marks"),
        "list": _("a list in [ ]"),
    }.items():
        if kind.startswith(begin):
            return words
    return _("a table in { }, or below a heading in [[ ]]")


def _known(place: Place) -> list[str]:
    """The keys that may stand at a place."""
    table: type[BaseModel] = FormTable
    match place:
        case (*_, "name" | "help"):
            table = Bilingual
        case ("section", _, "elements", _):
            table = FormElementTable
        case ("section", *_):
            table = SectionTable
        case ("check", _, kind):
            table = CHECKS[str(kind)]
    return sorted(table.model_fields)


def _meant(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return _("Did you mean “%s”?") % close[0] if close else ""


def element_fault(fault: ElementFault, elements: Iterable[str], lines: Lines) -> str:
    """The sentence about an element that nobody can enter."""
    if fault.is_known:
        said = _("“%s” is computed from others and cannot be entered; take it out.") % fault.code
    else:
        said = _("there is no data element “%s”.") % fault.code
        said = f"{said} {_meant(fault.code, elements)}".strip()
    return lines.say(fault.place, said)


_EXAMPLES = {
    "code": 'code = "kitchen"',
    "name": 'name = { en = "Kitchen", id = "Dapur" }',
    "en": 'en = "Kitchen"',
    "id": 'id = "Dapur"',
    "unit_kinds": 'unit_kinds = ["ward"]',
    "section": "[[form.section]]",
    "elements": 'elements = [{ code = "beds" }]',
    "plus": 'plus = ["patients_start", "admissions"]',
    "these": 'these = ["patient_days"]',
    "others": 'others = ["transfers_out"]',
}
