"""What is wrong, or unlikely, in the figures of a form. Pure functions: no database, no request.

A *hard* problem refuses submission; a *soft* one asks for a confirmation with a reason. Every problem
says what is wrong, where, and how to mend it. Numbers that were not given are not judged: a check
speaks only when everything it needs is known. "Not applicable" counts as nothing (0) in sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal
from zlib import crc32

from django.utils.translation import gettext as _

from indicators.answers import EMPTY, Answer
from indicators.models import Status
from indicators.totals import disagreement

Severity = Literal["hard", "soft"]

#: From how many of the last 12 months on a unit's own past says what is usual.
FEWEST_MONTHS = 6
#: Distance from the median, in robust standard deviations, from which a number is unlikely
#: (Iglewicz and Hoaglin's modified z-score).
UNLIKELY = 3.5
#: The MAD of a normal distribution times this is its standard deviation.
MAD_TO_SD = 1.4826
#: A series that hardly moves would call every change unlikely: spread is at least this share of the median.
LEAST_SPREAD = 0.1
ROUNDING = 1e-6
#: The check of totals and their parts.
PARTS = "parts"


@dataclass(frozen=True)
class Problem:
    """`elements` are the codes of the cells it is about; `numbers` what was judged, so that a
    confirmation holds for these numbers only."""

    check: str
    severity: Severity
    elements: tuple[str, ...]
    message: str
    mend: str
    numbers: str = ""

    @property
    def key(self) -> str:
        return f"{self.check}:{','.join(self.elements)}"[:200]

    @property
    def mark(self) -> str:
        """Tells it apart on a page: letters and digits only."""
        return f"{crc32((self.key + self.numbers).encode()):x}"


@dataclass(frozen=True)
class Figures:
    """One unit and month. `values`: numbers by element code; `not_applicable`, `not_collected`: codes
    answered so; `month_before`: its numbers; `past`: numbers of up to 12 months before, per code."""

    values: Mapping[str, float]
    days: int
    not_applicable: frozenset[str] = frozenset()
    not_collected: frozenset[str] = frozenset()
    month_before: Mapping[str, float] = field(default_factory=dict)
    past: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def get(self, code: str) -> float | None:
        """The number; 0 where it does not apply; None where it is not known."""
        return 0.0 if code in self.not_applicable else self.values.get(code)

    def total(self, codes: Iterable[str]) -> float | None:
        """Sum of what all of `codes` say; None when one is not known."""
        numbers = [self.get(code) for code in codes]
        known = [number for number in numbers if number is not None]
        return sum(known) if len(known) == len(numbers) else None

    def answer(self, code: str) -> Answer:
        if code in self.not_applicable:
            return Answer(None, Status.NOT_APPLICABLE)
        if code in self.not_collected:
            return Answer(None, Status.NOT_COLLECTED)
        return Answer(self.values[code], Status.REPORTED) if code in self.values else EMPTY


@dataclass(frozen=True)
class Names:
    """How the language of the person calls elements and writes numbers."""

    elements: Mapping[str, str]
    number: Callable[[float], str] = "{:g}".format

    def sum_of(self, codes: Sequence[str]) -> str:
        return " + ".join(self.elements.get(code, code) for code in codes)

    def of(self, code: str) -> str:
        return self.elements.get(code, code)


def find_problems(
    *,
    figures: Figures,
    checks: Iterable[Mapping[str, Any]],
    required: Iterable[str],
    totals: Mapping[str, Sequence[str]],
    codes: Iterable[str],
    names: Names,
) -> list[Problem]:
    """All problems of a form, hard ones first. `checks` are tables of `entry.form_definitions`, `totals`
    the parts that the unit keeps of each total."""
    found = [
        *missing(figures, required, names),
        *parts_and_totals(figures, totals, names),
    ]
    for check in checks:
        if check["kind"] in _CHECKS:
            found.extend(_CHECKS[check["kind"]](figures, check, names))
    for code in codes:
        found.extend(unlike_the_past(figures, code, names))
    return sorted(found, key=lambda problem: problem.severity == "soft")


def missing(figures: Figures, required: Iterable[str], names: Names) -> Iterator[Problem]:
    for code in required:
        if figures.answer(code) == EMPTY:
            yield Problem(
                "missing",
                "hard",
                (code,),
                _("%(name)s is not filled in.") % {"name": names.of(code)},
                _("Give the number; 0 if there was nothing; or say “not applicable” or “not collected”."),
            )


def parts_and_totals(
    figures: Figures, totals: Mapping[str, Sequence[str]], names: Names
) -> Iterator[Problem]:
    """A total that was typed is what its parts add up to, once all that the unit keeps are known."""
    for total, parts in totals.items():
        answers = {part: figures.answer(part) for part in parts}
        if (found := disagreement(total, figures.answer(total), answers, parts)) is None:
            continue
        yield Problem(
            PARTS,
            "soft",
            (total, *parts),
            found.in_words(names.of(total), names.number),
            _(
                "Mend the part that is wrong, or clear the total: it then follows from the parts. Or say why "
                "both are right."
            ),
            found.seen,
        )


def balance(figures: Figures, check: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """result = plus − minus: the census of a ward must close."""
    stated, plus, minus = (
        figures.get(check["result"]),
        figures.total(check["plus"]),
        figures.total(check["minus"]),
    )
    if stated is None or plus is None or minus is None:
        return
    follows = plus - minus
    if abs(stated - follows) <= ROUNDING:
        return
    off = stated - follows
    yield Problem(
        "balance",
        "hard",
        (check["result"], *check["plus"], *check["minus"]),
        _("%(name)s says %(stated)s, but %(follows)s follows from the other numbers: %(off)s too many.")
        % {
            "name": names.of(check["result"]),
            "stated": names.number(stated),
            "follows": names.number(follows),
            "off": names.number(off),
        }
        if off > 0
        else _("%(name)s says %(stated)s, but %(follows)s follows from the other numbers: %(off)s too few.")
        % {
            "name": names.of(check["result"]),
            "stated": names.number(stated),
            "follows": names.number(follows),
            "off": names.number(-off),
        },
        _("It must be %(plus)s − (%(minus)s). Compare each of them with the register.")
        % {"plus": names.sum_of(check["plus"]), "minus": names.sum_of(check["minus"])},
        f"{stated:g}|{follows:g}",
    )


def at_most(figures: Figures, check: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """these ≤ factor × of (× days of the month)."""
    part, whole = figures.total(check["these"]), figures.total(check["of"]) if check["of"] else 1.0
    if part is None or whole is None or any(code in figures.not_applicable for code in check["of"]):
        return
    whole_in_month = whole * (figures.days if check["per_day"] else 1)
    limit = whole_in_month * check["factor"]
    if part <= limit + ROUNDING:
        return
    words = {
        "these": names.sum_of(check["these"]),
        "part": names.number(part),
        "limit": names.number(limit),
        "of": names.sum_of(check["of"]),
        "days": figures.days,
        "percent": names.number(round(100 * part / whole_in_month, 1)) if whole_in_month else "",
    }
    if check["per_day"] and check["of"] and whole_in_month:
        message = _("%(these)s: %(part)s, that is %(percent)s%% of %(of)s × %(days)s days.") % words
    elif check["per_day"]:
        message = _("%(these)s: %(part)s; this month allows %(limit)s.") % words
    else:
        message = _("%(these)s: %(part)s, more than %(of)s: %(limit)s.") % words
    yield Problem(
        "at_most",
        check["severity"],
        (*check["these"], *check["of"]),
        message,
        _("Look for a digit too many, or for numbers that stand in each other's place."),
        f"{part:g}|{limit:g}",
    )


def carried_over(figures: Figures, check: Mapping[str, Any], names: Names) -> Iterator[Problem]:
    """The month starts with what the month before ended with."""
    start, end = figures.get(check["start"]), figures.month_before.get(check["end"])
    if start is None or end is None or abs(start - end) <= ROUNDING:
        return
    yield Problem(
        "carried_over",
        "soft",
        (check["start"],),
        _("%(name)s says %(start)s, but last month ended with %(end)s.")
        % {"name": names.of(check["start"]), "start": names.number(start), "end": names.number(end)},
        _("Compare with the census of the last day of last month; one of the two is wrong."),
        f"{start:g}|{end:g}",
    )


def unlike_the_past(figures: Figures, code: str, names: Names) -> Iterator[Problem]:
    """Far from the unit's own last 12 months, by median and MAD: one wrong month does not hide another."""
    value, past = figures.values.get(code), list(figures.past.get(code, ()))[-12:]
    if value is None or len(past) < FEWEST_MONTHS:
        return
    middle = median(past)
    spread = max(MAD_TO_SD * median(abs(number - middle) for number in past), LEAST_SPREAD * abs(middle), 1.0)
    if abs(value - middle) <= UNLIKELY * spread:
        return
    yield Problem(
        "unlike_the_past",
        "soft",
        (code,),
        _("%(name)s says %(value)s; usual here is about %(middle)s (%(low)s to %(high)s in the last months).")
        % {
            "name": names.of(code),
            "value": names.number(value),
            "middle": names.number(middle),
            "low": names.number(min(past)),
            "high": names.number(max(past)),
        },
        _("Look for a typing error. If the number is right, say why it is so different."),
        f"{value:g}|{middle:g}",
    )


_CHECKS: dict[str, Callable[[Figures, Mapping[str, Any], Names], Iterator[Problem]]] = {
    "balance": balance,
    "at_most": at_most,
    "carried_over": carried_over,
}
