"""Contradictions in the language of the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from indicators.agreements.contradictions import Contradiction
from indicators.measures import measured
from indicators.models import ConfirmedResults, Indicator

if TYPE_CHECKING:
    from indicators.agreements.reading import Mark

#: Indicators by code.
Named = Mapping[str, Indicator]


def contradiction_in_words(contradiction: Contradiction, named: Named) -> str:
    """What is said beside the value: "contradicts AvLOS and TOI, which imply 38.18 times"."""
    return _("contradicts %(others)s, which imply %(implied)s") % _words(contradiction, named)


def question_in_words(contradiction: Contradiction, named: Named) -> str:
    return _("%(name)s %(value)s contradicts %(others)s, which imply %(implied)s.") % _words(
        contradiction, named
    )


def confirmed_in_words(confirmed: ConfirmedResults) -> str:
    if confirmed.by is None:
        return _("Confirmed: %(why)s") % {"why": confirmed.why}
    return _("Confirmed by %(who)s: %(why)s") % {"who": confirmed.by, "why": confirmed.why}


def no_points_in_words() -> str:
    return _("It has no points until somebody confirms it with a reason.")


def in_one_line(mark: Mark) -> str:
    """For commands: "as reported; contradicts AvLOS and TOI, which imply 38.18 times"."""
    said = _("as reported; %(contradicts)s") % {"contradicts": mark.in_words}
    return f"{said}. {confirmed_in_words(mark.confirmed) if mark.confirmed else no_points_in_words()}"


def _words(contradiction: Contradiction, named: Named) -> dict[str, str]:
    indicator = named[contradiction.indicator]
    others = [_short(named[code]) for code in contradiction.standing]

    def shown(value: float) -> str:
        return measured(value, indicator.decimals, indicator.unit_of_measure)

    return {
        "name": _short(indicator),
        "value": shown(contradiction.value),
        "others": get_text_list(others, _("and")),
        "implied": shown(contradiction.implied),
    }


def _short(indicator: Indicator) -> str:
    return indicator.abbreviation or indicator.name
