"""Why an indicator has no value, and what stands behind the one it has, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.engine.reasons import Flag, Reason
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


#: So many of the parts that a value leaves out are named in a sentence.
NAMED_IN_A_SENTENCE = 3


def place_in_range(distance: float | None) -> str | None:
    """For programs: where a value lies that is so far outside its range; None where it has none."""
    if distance is None:
        return None
    return "inside" if distance == 0 else "below" if distance < 0 else "above"


def explain_gap(
    reason: int, codes: list[str], elements: Mapping[str, DataElement], left_out: Sequence[str] = ()
) -> str:
    """One sentence that says why there is no value and what would mend it.

    `left_out`: what every part lacks, in words, where the inputs were never known together.
    """
    names = enumerated([elements[code].name if code in elements else code for code in codes])
    match Reason(reason):
        case Reason.MISSING:
            return _("Not reported: %(names)s.") % {"names": names}
        case Reason.NOT_COLLECTED:
            return _("Marked as not collected: %(names)s.") % {"names": names}
        case Reason.NOT_APPLICABLE:
            return _("Marked as not applicable.")
        case Reason.NO_CASES:
            return _("No cases in this period: there is nothing to divide by.")
        case Reason.NOT_TOGETHER if left_out:
            return _("Its numbers were never known together: %(parts)s.") % {"parts": listed(left_out)}
        case Reason.NOT_TOGETHER:
            return _("The numbers it needs were never reported for the same month.")
        case Reason.NOT_OPEN:
            return _("The unit was not open in this period, or in the one it is compared with.")
        case Reason.NOT_APPROVED:
            return _("Not reported, or not approved yet: %(names)s.") % {"names": names}
    return ""


#: Of more elements than this the first ones are named, and how many more there are.
MOST_NAMED = 4


def enumerated(names: Sequence[str]) -> str:
    """ "Beds, cases and deaths"; a survey has two dozen elements, of which only the first are named."""
    if len(names) > MOST_NAMED:
        names = [*names[:2], _("%(number)s more") % {"number": len(names) - 2}]
    return str(get_text_list(list(names), _("and")))


def listed(parts: Sequence[str]) -> str:
    """The first of them; of more, how many more there are."""
    named = "; ".join(parts[:NAMED_IN_A_SENTENCE])
    more = len(parts) - NAMED_IN_A_SENTENCE
    return named if more <= 0 else _("%(parts)s; and %(count)s more") % {"parts": named, "count": more}


def basis_of(row: StoredIndicator, expression: str) -> list[str]:
    """Codes of the elements the value stands on, when the formula offers a choice; else nothing.

    Only those are named that not every alternative uses; where some months stand on one choice and some
    on another, those of both.
    """
    alternatives = alternatives_of(parse(expression))
    if len(alternatives) < 2 or row.value is None or row.is_as_reported:
        return []
    common = set.intersection(*(set(alternative.codes) for alternative in alternatives))
    first = 0 if row.flags & Flag.MIXED else row.alternative
    taken = [code for alternative in alternatives[first : row.alternative + 1] for code in alternative.codes]
    return [code for code in dict.fromkeys(taken) if code not in common]
