"""Why an indicator has no value, and what stands behind the one it has, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.engine.compute import Reason
from indicators.formula import alternatives_of, parse
from indicators.models import DataElement
from indicators.models.indicator_value import StoredIndicator


def missing_codes(row: StoredIndicator, expression: str) -> list[str]:
    """Codes of the data elements that were missing, read from the bits of `missing`."""
    codes = parse(expression).codes
    return [code for bit, code in enumerate(codes) if row.missing >> bit & 1]


def inputs_of(expression: str) -> list[str]:
    """Codes of the elements a formula needs in its preferred form."""
    return list(alternatives_of(parse(expression))[0].codes)


def explain_gap(reason: int, codes: list[str], elements: Mapping[str, DataElement]) -> str:
    """One sentence that says why there is no value and what would mend it."""
    names = get_text_list([elements[code].name if code in elements else code for code in codes], _("and"))
    match Reason(reason):
        case Reason.MISSING:
            return _("Not reported: %(names)s.") % {"names": names}
        case Reason.NOT_COLLECTED:
            return _("Marked as not collected: %(names)s.") % {"names": names}
        case Reason.NOT_APPLICABLE:
            return _("Marked as not applicable.")
        case Reason.NO_CASES:
            return _("No cases in this period: there is nothing to divide by.")
        case Reason.NOT_TOGETHER:
            return _("The numbers it needs were never reported for the same month.")
        case Reason.NOT_OPEN:
            return _("The unit was not open in this period, or in the one it is compared with.")
        case Reason.NOT_APPROVED:
            return _("Not reported, or not approved yet: %(names)s.") % {"names": names}
    return ""


def basis_of(row: StoredIndicator, expression: str) -> list[str]:
    """Codes of the elements the value stands on, when the formula offers a choice; else nothing.

    Only those are named that not every alternative uses.
    """
    alternatives = alternatives_of(parse(expression))
    if len(alternatives) < 2 or row.value is None or row.is_as_reported:
        return []
    common = set.intersection(*(set(alternative.codes) for alternative in alternatives))
    return [code for code in alternatives[row.alternative].codes if code not in common]
