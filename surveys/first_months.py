"""Surveys of the past: refused before hospital or unit began, asked about far before all that is known.

The campaign keeps the answer. Every way in calls this: campaign, paper form, file of paper forms, tally.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from hospitals.models import Unit
from indicators.begins import ValueRefusedError, hospital_begins, refuse_before_begin
from indicators.first_months import questions_about
from indicators.periods import Period
from indicators.questions import UnansweredError
from surveys.models import Campaign


def refuse_other_times(*, unit: Unit, period: Period) -> None:
    """Raise ValueRefusedError for a period to come, or one that ended before hospital or unit began."""
    if period.start > timezone.localdate():
        raise ValueRefusedError(_("The period lies in the future."))
    begins = hospital_begins(unit.hospital, unit.hospital.root)
    refuse_before_begin(unit=unit, period=period, hospital_begins=begins)


def check_period(campaign: Campaign, *, unit: Unit, period: Period) -> None:
    """Whether answers of `period` can be taken. Raises ValueRefusedError; UnansweredError for what lies far
    before all that is known while the campaign does not say why."""
    refuse_other_times(unit=unit, period=period)
    if not campaign.past_because and (questions := questions_about(unit.hospital, [period])):
        raise UnansweredError(questions)


def in_words(error: Exception) -> str:
    """What is said where answers are typed; a question is answered where the campaign is edited."""
    if isinstance(error, UnansweredError):
        return f"{error} " + _("Whoever manages the campaign says there why it lies so far back.")
    return str(error)
