"""How little is known, in words."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.measures import PERCENT, measured

NOT_ENOUGH_KNOWN = gettext_lazy("Not enough known")


def known_in_words(share: float) -> str:
    """Rounded down: what is said to be half of the weight is half of it."""
    return _("%(share)s of the weight") % {"share": percent_down(share)}


def percent_down(share: float) -> str:
    return measured(math.floor(100 * share + 1e-6), 0, PERCENT)
