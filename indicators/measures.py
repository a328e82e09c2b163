"""Numbers as people read them: rounded as they were judged, in the language of the page, with their unit.

The one place that knows the units of measure of the definition files in words.
"""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from indicators.engine.rounding import as_shown

#: Keeps a number and its unit on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
RUPIAH, PERCENT = "IDR", "%"

_CONTEXT = "unit of measure"
UNITS_IN_WORDS = {
    "%": "%",
    "IDR": "Rp",
    "ratio": "",
    "activities": pgettext_lazy(_CONTEXT, "activities"),
    "anaesthetics": pgettext_lazy(_CONTEXT, "anaesthetics"),
    "answers": pgettext_lazy(_CONTEXT, "answers"),
    "bed days": pgettext_lazy(_CONTEXT, "bed days"),
    "beds": pgettext_lazy(_CONTEXT, "beds"),
    "births": pgettext_lazy(_CONTEXT, "births"),
    "cases": pgettext_lazy(_CONTEXT, "cases"),
    "complaints": pgettext_lazy(_CONTEXT, "complaints"),
    "days": pgettext_lazy(_CONTEXT, "days"),
    "deaths": pgettext_lazy(_CONTEXT, "deaths"),
    "employees": pgettext_lazy(_CONTEXT, "employees"),
    "facilities": pgettext_lazy(_CONTEXT, "facilities"),
    "hospitals": pgettext_lazy(_CONTEXT, "hospitals"),
    "infections": pgettext_lazy(_CONTEXT, "infections"),
    "initiatives": pgettext_lazy(_CONTEXT, "initiatives"),
    "items": pgettext_lazy(_CONTEXT, "items"),
    "minutes": pgettext_lazy(_CONTEXT, "minutes"),
    "observations": pgettext_lazy(_CONTEXT, "observations"),
    "operations": pgettext_lazy(_CONTEXT, "operations"),
    "patient days": pgettext_lazy(_CONTEXT, "patient days"),
    "patients": pgettext_lazy(_CONTEXT, "patients"),
    "per 10,000": pgettext_lazy(_CONTEXT, "per 10,000"),
    "per 1000": pgettext_lazy(_CONTEXT, "per 1000"),
    "percentage points": pgettext_lazy(_CONTEXT, "percentage points"),
    "points": pgettext_lazy(_CONTEXT, "points"),
    "referrals": pgettext_lazy(_CONTEXT, "referrals"),
    "respondents": pgettext_lazy(_CONTEXT, "respondents"),
    "results": pgettext_lazy(_CONTEXT, "results"),
    "times": pgettext_lazy(_CONTEXT, "times"),
    "tissues": pgettext_lazy(_CONTEXT, "tissues"),
    "visits": pgettext_lazy(_CONTEXT, "visits"),
    "visits per day": pgettext_lazy(_CONTEXT, "visits per day"),
}


def unit_in_words(unit_of_measure: str) -> str:
    """The unit in the language of the page; one that a hospital added itself stays as it wrote it."""
    return str(UNITS_IN_WORDS.get(unit_of_measure, unit_of_measure))


def number(value: float, decimals: int) -> str:
    """`value` rounded to `decimals` places, with the separators of the language: 1.234,56 or 1,234.56."""
    # "or" turns a rounded-away negative into a plain nought.
    shown = as_shown(value, decimals) or 0.0
    return number_format(shown, decimals, use_l10n=True, force_grouping=True).replace("-", MINUS)


def short_number(value: float, decimals: int) -> str:
    """The same without noughts at the end: what 75.00 says, 75 says as well."""
    shown = as_shown(value, decimals)
    fewest = next(d for d in range(decimals + 1) if as_shown(shown, d) == shown or d == decimals)
    return number(shown, fewest)


def signed(value: float, decimals: int) -> str:
    """With a plus or a minus; nought has neither."""
    shown = as_shown(value, decimals)
    return f"+{number(shown, decimals)}" if shown > 0 else number(shown, decimals)


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


def _with_unit(text: str, unit_of_measure: str) -> str:
    unit = unit_in_words(unit_of_measure)
    if unit == PERCENT:
        return f"{text}%"
    return f"{text}{NO_BREAK}{unit}" if unit else text
