"""Numbers as people type and read them: 1.234,5 in Indonesian, 1,234.5 in English.

What could be read two ways is refused, never guessed: “1.5” is not fifteen.
"""

from __future__ import annotations

import re

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.answers import EMPTY, Answer
from indicators.models import DataElement, Status

#: What may be typed instead of a number, in either language.
NOT_APPLICABLE = frozenset({"NA", "N/A", "TB"})
NOT_COLLECTED = frozenset({"NC", "N/C", "TD"})
LONGEST = 200

_PATTERNS = {
    # language → digits, with or without grouping, and decimals
    "id": re.compile(r"^([−-]?)(\d{1,3}(?:[. \u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?$"),
    "en": re.compile(r"^([−-]?)(\d{1,3}(?:[, \u00a0\u202f]\d{3})+|\d+)(?:\.(\d+))?$"),
}
_EXAMPLE = {"id": ("1.234", "1.234,5"), "en": ("1,234", "1,234.5")}


class NotANumberError(ValueError):
    """What was typed cannot be read as a number of that language."""


def language_of(code: str | None) -> str:
    return "en" if (code or "id").startswith("en") else "id"


def read(text: str, *, language: str, decimals: int = 6) -> Answer:
    """Read what was typed. Raises NotANumberError with a sentence that shows the right way."""
    text = text.strip()
    if not text:
        return EMPTY
    if text.upper() in NOT_APPLICABLE:
        return Answer(None, Status.NOT_APPLICABLE)
    if text.upper() in NOT_COLLECTED:
        return Answer(None, Status.NOT_COLLECTED)
    match = _PATTERNS[language].match(text)
    if match is None:
        raise NotANumberError(
            _("“%(text)s” is not a number; write it like %(example)s")
            % {"text": text[:40], "example": _EXAMPLE[language][decimals > 0]}
        )
    sign, whole, part = match.groups()
    digits = re.sub(r"\D", "", whole)
    if part and len(part.rstrip("0")) > decimals:
        raise NotANumberError(
            _("“%(text)s” has decimals; write a whole number") % {"text": text[:40]}
            if decimals == 0
            else _("“%(text)s” has more than %(decimals)s decimals")
            % {"text": text[:40], "decimals": decimals}
        )
    number = float(f"{digits}.{part or 0}")
    return Answer(-number if sign and number else number, Status.REPORTED)


def short_word(status: Status) -> str:
    """What a cell shows, and takes, for an answer that is no number."""
    if status == Status.NOT_APPLICABLE:
        return pgettext("short for: not applicable", "NA")
    return pgettext("short for: not collected", "NC")


def write(value: float | None, *, decimals: int = 0) -> str:
    """A number in the language of the page, grouped; unneeded zeros are left out."""
    if value is None:
        return ""
    rounded = round(value, 6)
    places = max(decimals, 0)
    while places < 6 and round(rounded, places) != rounded:
        places += 1
    shown = 0 if rounded == int(rounded) else places
    return str(number_format(rounded, decimal_pos=shown, use_l10n=True, force_grouping=True))


def shown(answer: Answer, element: DataElement) -> str:
    """An answer as a person reads it in a cell."""
    match answer.status:
        case None:
            return ""
        case Status.REPORTED:
            return write(answer.value, decimals=element.decimals)
    return short_word(Status(answer.status))
