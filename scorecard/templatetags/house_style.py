"""What every page draws the same way: icons and verdicts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Verdict
from scorecard import charts
from scorecard.presenters.verdicts import NOT_ENOUGH_KNOWN

if TYPE_CHECKING:
    # Checks of a start load all tags, and what computes is for the pages that show it.
    from scorecard.presenters.indicator_chart import Table

register = template.Library()

_CELL_CLASSES = {verdict: f' class="cell-{verdict.code}"' for verdict in Verdict}
#: A verdict is told by word and shape; the colour only repeats it.
VERDICT_ICONS = {Verdict.GOOD: "circle-check", Verdict.FAIR: "alert-triangle", Verdict.POOR: "alert-octagon"}


class _Compact(DjangoJSONEncoder):
    """Without blanks between the parts: a page holds forty figures."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "separators": (",", ":")})


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of static/src/icons.txt; `extra` adds css classes. Says nothing to a screen reader."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def plotly_template() -> SafeString:
    """What all charts of a page share; once in every page with charts."""
    return json_script(charts.TEMPLATE, "plotly-template", encoder=_Compact)


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Head and body of the table of a chart. Not a template: a page has a thousand of these cells."""
    head = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in table.head))
    rows = []
    for name, cells in table.rows:
        rows.append(f'<tr><th scope="row">{escape(name)}</th>')
        for text, verdict in cells:
            mark = "" if verdict is None else _CELL_CLASSES[verdict]
            rows.append(f"<td{mark}>{escape(text)}</td>")
        rows.append("</tr>")
    body = SafeString("".join(rows))  # every text in it was escaped above
    return format_html("<thead><tr>{}</tr></thead><tbody>{}</tbody>", head, body)


@register.simple_tag
def figure_json(figure: dict, name: str) -> SafeString:
    """A figure for static/src/charts.js, which draws it into `<div data-plotly="chart-NAME">`."""
    return json_script(figure, f"chart-{name}", encoder=_Compact)


@register.simple_tag
def verdict(value: Verdict | None, extra: str = "", *, thin: bool = False) -> SafeString:
    """A verdict as shape, word and colour. `thin`: there is none because too little is known."""
    return _verdict(value, extra, thin, get_language())


@lru_cache(maxsize=128)
def _verdict(value: Verdict | None, extra: str, thin: bool, language: str | None) -> SafeString:
    if value is None:
        shape, word = ("help-circle", NOT_ENOUGH_KNOWN) if thin else ("circle-dashed", _("Not scored"))
        return format_html('<span class="verdict verdict-none {}">{}{}</span>', extra, icon(shape), word)
    return format_html(
        '<span class="verdict verdict-{} {}">{}{}</span>',
        value.code,
        extra,
        icon(VERDICT_ICONS[value]),
        value.label,
    )
