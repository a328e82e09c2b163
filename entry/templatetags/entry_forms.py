"""Answers, places and units of measure in the templates of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from entry import presenters
from entry.queries.work import Item
from entry.typed_numbers import shown
from entry.views.places import Place
from indicators import measures
from indicators.answers import Answer
from indicators.models import DataElement, Status

if TYPE_CHECKING:
    # Checks of a start load all tags, and what computes is for the pages that show it.
    from entry.queries.live import LiveIndicator

register = template.Library()

register.filter("unit_in_words", measures.unit_in_words)


@register.filter
def answer_text(answer: Answer, element: DataElement) -> str:
    """An answer in words; a dash where there is none."""
    match answer.status:
        case None:
            return "–"
        case Status.NOT_APPLICABLE:
            return _("not applicable")
        case Status.NOT_COLLECTED:
            return _("not collected")
    return shown(answer, element)


@register.simple_tag
def place_url(name: str, place: Place, **more: Any) -> str:
    """`{% place_url "submit" place %}`: an address of one form, unit and month."""
    return reverse(f"entry:{name}", kwargs={**place.codes, **more})


@register.filter
def item_url(item: Item) -> str:
    return reverse("entry:sheet", kwargs=Place(item.form, item.unit, item.period).codes)


@register.filter
def way(why: str) -> str:
    """How a number came in, in words."""
    return presenters.way_of(why)


@register.filter
def live_value(live: LiveIndicator) -> str:
    if live.value is None:
        return "–"
    return measures.measured(live.value, live.indicator.decimals, live.indicator.unit_of_measure)


@register.filter
def live_ideal(live: LiveIndicator) -> str:
    return measures.ideal_in_words(
        live.low, live.high, live.indicator.decimals, live.indicator.unit_of_measure
    )


@register.filter
def item_of(words: dict, key: Any) -> Any:
    return words[key]
