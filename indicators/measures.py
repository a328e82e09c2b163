"""Numbers as people read them: rounded as they were judged, in the language of the page, with their unit.

The one place that knows the units of measure of the definition files in words.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from indicators.engine.rounding import as_shown

#: Keeps a number and its unit on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
RUPIAH, PERCENT = "IDR", "%"

UNITS_IN_WORDS = {
    "%": "%",
    "IDR": "Rp",
    "ratio": "",
    "activities": pgettext_lazy("unit of measure", "activities"),
    "anaesthetics": pgettext_lazy("unit of measure", "anaesthetics"),
    "answers": pgettext_lazy("unit of measure", "answers"),
    "bed days": pgettext_lazy("unit of measure", "bed days"),
    "beds": pgettext_lazy("unit of measure", "beds"),
    "births": pgettext_lazy("unit of measure", "births"),
    "cases": pgettext_lazy("unit of measure", "cases"),
    "complaints": pgettext_lazy("unit of measure", "complaints"),
    "days": pgettext_lazy("unit of measure", "days"),
    "deaths": pgettext_lazy("unit of measure", "deaths"),
    "employees": pgettext_lazy("unit of measure", "employees"),
    "facilities": pgettext_lazy("unit of measure", "facilities"),
    "hospitals": pgettext_lazy("unit of measure", "hospitals"),
    "infections": pgettext_lazy("unit of measure", "infections"),
    "initiatives": pgettext_lazy("unit of measure", "initiatives"),
    "items": pgettext_lazy("unit of measure", "items"),
    "minutes": pgettext_lazy("unit of measure", "minutes"),
    "observations": pgettext_lazy("unit of measure", "observations"),
    "operations": pgettext_lazy("unit of measure", "operations"),
    "patient days": pgettext_lazy("unit of measure", "patient days"),
    "patients": pgettext_lazy("unit of measure", "patients"),
    "per 10,000": pgettext_lazy("unit of measure", "per 10,000"),
    "per 1000": pgettext_lazy("unit of measure", "per 1000"),
    "percentage points": pgettext_lazy("unit of measure", "percentage points"),
    "points": pgettext_lazy("unit of measure", "points"),
    "referrals": pgettext_lazy("unit of measure", "referrals"),
    "respondents": pgettext_lazy("unit of measure", "respondents"),
    "results": pgettext_lazy("unit of measure", "results"),
    "times": pgettext_lazy("unit of measure", "times"),
    "tissues": pgettext_lazy("unit of measure", "tissues"),
    "visits": pgettext_lazy("unit of measure", "visits"),
    "visits per day": pgettext_lazy("unit of measure", "visits per day"),
}


def unit_in_words(unit_of_measure: str) -> str:
    """The unit in the language of the page; one that a hospital added itself stays as it wrote it."""
    return str(UNITS_IN_WORDS.get(unit_of_measure, unit_of_measure))


def number_format(decimals: int) -> Callable[[float], str]:
    """How numbers are written in the language of the page; for columns of numbers.

    Asking for the language takes longer than writing a number, and a page has thousands of them.
    """
    thousands, point = get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")

    def write(value: float) -> str:
        shown = as_shown(value, decimals)
        whole, _point, fraction = f"{abs(shown):,.{decimals}f}".partition(".")
        text = whole.replace(",", thousands)
        if fraction:
            text += point + fraction
        return MINUS + text if shown < 0 else text

    return write


def number(value: float, decimals: int) -> str:
    """`value` rounded to `decimals` places, with the separators of the language: 1.234,56 or 1,234.56."""
    return number_format(decimals)(value)


def short_number(value: float, decimals: int) -> str:
    """The same without noughts at the end: what 75.00 says, 75 says as well."""
    shown = as_shown(value, decimals)
    fewest = next(d for d in range(decimals + 1) if as_shown(shown, d) == shown or d == decimals)
    return number(shown, fewest)


def rupiah(value: float, decimals: int = 0) -> str:
    """Rp 1.500.000; from a thousand million on in words, Rp 66,76 miliar."""
    sign, amount = (MINUS if value < 0 else ""), abs(value)
    if amount >= 1e12:
        text = _("%(amount)s trillion") % {"amount": number(amount / 1e12, 2)}
    elif amount >= 1e9:
        text = _("%(amount)s billion") % {"amount": number(amount / 1e9, 2)}
    else:
        text = number(amount, decimals)
    return f"{sign}Rp{NO_BREAK}{text}".replace(" ", NO_BREAK)


def measured_apart(value: float, decimals: int, unit_of_measure: str) -> tuple[str, str]:
    """Number and unit, to be set in two sizes; % and Rp belong to the number."""
    if unit_of_measure in (RUPIAH, PERCENT):
        return measured(value, decimals, unit_of_measure), ""
    return number(value, decimals), unit_in_words(unit_of_measure)


def measured(value: float, decimals: int, unit_of_measure: str) -> str:
    """A number with its unit: 46,29%, 2,66 hari, Rp 1.500.000."""
    if unit_of_measure == RUPIAH:
        return rupiah(value, decimals)
    return _with_unit(number(value, decimals), unit_of_measure)


def ideal_in_words(low: float | None, high: float | None, decimals: int, unit_of_measure: str) -> str:
    """The ideal range: "75–85%", "at least 80%", "at most 25 per 1000"; empty where there is none."""
    texts = [
        None
        if edge is None
        else rupiah(edge, decimals)
        if unit_of_measure == RUPIAH
        else short_number(edge, decimals)
        for edge in (low, high)
    ]
    unit = "" if unit_of_measure == RUPIAH else unit_of_measure
    match texts:
        case [None, None]:
            return ""
        case [str(only), None]:
            return _("at least %(edge)s") % {"edge": _with_unit(only, unit)}
        case [None, str(only)]:
            return _("at most %(edge)s") % {"edge": _with_unit(only, unit)}
        case [first, last]:
            return _with_unit(f"{first}–{last}" if first != last else str(first), unit)
    return ""


def place_in_words(distance: float, decimals: int, unit_of_measure: str) -> str:
    """Where a value lies: "inside", or how far below or above its ideal range."""
    if distance == 0:
        return _("inside")
    # A difference of percentages is no percentage.
    unit = "percentage points" if unit_of_measure == PERCENT else unit_of_measure
    shown = {"distance": measured(abs(distance), decimals, unit)}
    return _("%(distance)s below") % shown if distance < 0 else _("%(distance)s above") % shown


def _with_unit(text: str, unit_of_measure: str) -> str:
    unit = unit_in_words(unit_of_measure)
    if unit == PERCENT:
        return f"{text}%"
    return f"{text}{NO_BREAK}{unit}" if unit else text
