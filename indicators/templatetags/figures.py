"""Numbers and periods in templates."""

from decimal import Decimal

from django import template

from indicators import measures, period_names
from indicators.periods import Period

register = template.Library()


@register.filter
def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """`{{ 46.293|number:2 }}` → 46,29; a dash for what is not known."""
    return "–" if value is None else measures.number(float(value), decimals)


@register.filter
def period_name(period: Period) -> str:
    """`{{ period|period_name }}` → Maret 2009."""
    return period_names.period_name(period)


@register.filter
def months_so_far(period: Period, through: Period) -> str:
    """`{{ period|months_so_far:through }}` → Januari–Oktober 2026."""
    return period_names.months_so_far(period, through)
