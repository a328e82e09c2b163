"""Totals and their parts: one rule for every way in. Pure; `parts` are answers of a unit and period by code.

A total that nobody typed is the sum of its parts, once all that the unit keeps are known. It is never
stored: a stored total is one that somebody typed, and it stands, whatever its parts say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from indicators.answers import EMPTY, Answer
from indicators.models import Status

#: Sums of numbers with decimals are equal up to this.
ROUNDING = 0.001


def sum_of_parts(parts: Mapping[str, Answer], kept: Collection[str]) -> Answer:
    """What the parts that the unit keeps add up to; EMPTY while one of them is silent.

    One that is not collected leaves the total not collected. What is not applicable adds nothing; when
    no part is applicable, neither is the total.
    """
    answers = [parts.get(code, EMPTY) for code in kept]
    statuses = {answer.status for answer in answers}
    if not answers or None in statuses:
        return EMPTY
    if Status.NOT_COLLECTED in statuses:
        return Answer(None, Status.NOT_COLLECTED)
    known = [answer.value for answer in answers if answer.value is not None]
    return Answer(sum(known), Status.REPORTED) if known else Answer(None, Status.NOT_APPLICABLE)


def total_of(typed: Answer, parts: Mapping[str, Answer], kept: Collection[str]) -> Answer:
    """The total: what was typed for itself, else the sum of the parts that the unit keeps."""
    return sum_of_parts(parts, kept) if typed.status is None else typed


@dataclass(frozen=True)
class Disagreement:
    """A total that was typed and what its parts add up to. `values` are the numbers that were compared, by
    code: what does not apply counts as nothing."""

    stated: float
    added: float
    values: Mapping[str, float]

    @property
    def seen(self) -> str:
        """The numbers it is about, told apart from any others."""
        return "|".join(f"{value!r}" for _code, value in sorted(self.values.items()))

    def in_words(self, name: str, number: Callable[[float], str]) -> str:
        return _("%(name)s says %(stated)s, but its parts add up to %(added)s.") % {
            "name": name,
            "stated": number(self.stated),
            "added": number(self.added),
        }


def disagreement(
    total: str, typed: Answer, parts: Mapping[str, Answer], kept: Collection[str]
) -> Disagreement | None:
    """How the total `total` (a code) that was typed differs from its parts, where they are known; else None.

    A total that is not applicable counts as nothing.
    """
    stated = 0.0 if typed.status == Status.NOT_APPLICABLE else typed.value
    added = sum_of_parts(parts, kept).value
    if stated is None or added is None or abs(stated - added) <= ROUNDING:
        return None
    return Disagreement(stated, added, {total: stated} | {code: parts[code].value or 0.0 for code in kept})


class Part(Protocol):
    """What has to be known of a data element that has parts or is one."""

    @property
    def code(self) -> str: ...

    @property
    def parts(self) -> Sequence[str]: ...

    @property
    def derived(self) -> str: ...

    @property
    def unit_of_measure(self) -> str: ...

    @property
    def over_time(self) -> str: ...

    @property
    def over_units(self) -> str: ...


def fault_of_parts(total: Part, elements: Mapping[str, Part]) -> str:
    """Why the parts of `total` cannot add up to it, in the language of the person; empty when they do."""
    if total.parts and total.derived:
        return _("what is derived cannot be a total as well")
    for number, code in enumerate(total.parts):
        part, names = elements.get(code), {"code": code, "total": total.code}
        if code == total.code:
            return _("“%(code)s” is a part of itself") % names
        if part is None:
            return _("there is no data element “%(code)s”") % names
        if code in total.parts[:number]:
            return _("“%(code)s” is named twice") % names
        if part.parts:
            return _("“%(code)s” is a total itself; name its parts instead") % names
        if part.derived:
            return _("“%(code)s” is derived itself") % names
        if (part.over_time, part.over_units) != (total.over_time, total.over_units):
            return _("“%(code)s” adds up over time or units in another way than “%(total)s”") % names
        if part.unit_of_measure != total.unit_of_measure:
            return _("“%(code)s” has another unit of measure than “%(total)s”") % names
    others = (element for element in elements.values() if element.code != total.code)
    if total.parts and (outer := next((o for o in others if total.code in o.parts), None)):
        return _("“%(code)s” is a part of “%(total)s”, and cannot have parts") % {
            "code": total.code,
            "total": outer.code,
        }
    return ""
