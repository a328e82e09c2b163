"""What bringing the definition files into the database changes, and in which years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from indicators.models import Indicator, IndicatorValue
from indicators.models.definition import ALWAYS, first_open_day


@dataclass(frozen=True)
class Changed:
    """One row that changed. `since`: the day from which stored figures follow; None where none do."""

    what: str
    since: dt.date | None = None

    def __str__(self) -> str:
        if self.since is None:
            return self.what
        years = "all years" if self.since <= ALWAYS else f"{self.since.year} and later"
        return f"{self.what} (figures of {years})"


@dataclass(frozen=True)
class Release:
    """How one reading of the files is to be taken: what there is `today`, and whether it `corrects`.

    Where figures are stored, years that are closed (any past calendar year) keep them unless what was
    shipped was wrong and `correct` says so.
    """

    today: dt.date
    correct: bool
    has_figures: bool

    @classmethod
    def of_today(cls, *, correct: bool) -> Release:
        return cls(timezone.localdate(), correct, IndicatorValue.objects.exists())

    @property
    def keeps_closed_years(self) -> bool:
        return self.has_figures and not self.correct

    @property
    def opens(self) -> dt.date:
        """The first day whose figures may change."""
        return first_open_day(self.today) if self.keeps_closed_years else ALWAYS

    def since(self, day: dt.date) -> dt.date | None:
        """From when figures follow what holds from `day` on."""
        return max(day, self.opens) if self.has_figures else None


def keep_decimals(indicator: Indicator, *, before: int, until: dt.date) -> None:
    """Values are judged as they are shown: those of the years before a change stay as they were shown.

    Of several changes in a year, the first says what the years before had.
    """
    indicator.former_decimals.get_or_create(until=until, defaults={"decimals": before})


#: Why what would change closed years is refused, where no later day can be found for it.
FROZEN = (
    "values are stored that may stand on it; add one with a later valid_from, "
    "or say --correct to change past periods too"
)
NEW_CODE = (
    "values are stored that mean what it meant; give what it means now a code of its own and the formula a "
    "later valid_from, or say --correct to change past periods too"
)
