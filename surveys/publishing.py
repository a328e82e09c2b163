"""From answers to data values: the sums of a survey, by unit and period, through the one pipeline.

Nothing is added to what was published before; the sums are always taken anew, so that publishing
twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from hospitals.models import Unit, User
from indicators.actions import NewValue, Saved, save_values
from indicators.models import DataElement, Status
from indicators.periods import Period
from surveys.models import Campaign, PublishMark
from surveys.sums import publishable, sums_of_year


@transaction.atomic
def publish_marked(*, campaign_id: int) -> Saved | None:
    """Publish what the marks of a campaign say has changed, and remove them. Safe to repeat.

    Campaigns that add up are locked first: of two workers the later one reads the later answers. None
    when nothing was marked.
    """
    campaign = Campaign.objects.select_related("questionnaire", "unit__hospital").get(pk=campaign_id)
    lock_campaigns(campaign)
    marks = list(PublishMark.objects.filter(campaign=campaign))
    if not marks:
        return None
    saved = publish(campaign, {(mark.unit_id, mark.period) for mark in marks}, by=None)
    PublishMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return saved


def lock_campaigns(campaign: Campaign) -> None:
    """Hold the campaigns that are published together with `campaign` until the transaction ends.

    Answers can still come in: `no_key` does not block rows that refer to them.
    """
    together = Campaign.objects.filter(
        unit__hospital_id=campaign.unit.hospital_id, questionnaire__code=campaign.questionnaire.code
    )
    list(together.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))


def publish(campaign: Campaign, where: Iterable[tuple[int, Period]], *, by: User | None) -> Saved:
    """Save the sums of the years and units that `where` lies in.

    One more answer can move the months beside it into another group, so that a year is always
    published whole; months that stand in a group published elsewhere, and those without answers that
    `where` names, are taken back.
    """
    questionnaire, hospital = campaign.questionnaire, campaign.unit.hospital
    codes: dict[str, str] = questionnaire.publishes
    elements = {e.code: e for e in DataElement.objects.filter(hospital=None, code__in=codes.values())}
    touched: dict[tuple[int, int], set[Period]] = defaultdict(set)
    for unit_id, period in where:
        touched[unit_id, period.year].add(period)
    units = Unit.objects.in_bulk({unit_id for unit_id, _year in touched})
    values: list[NewValue] = []
    for (unit_id, year), periods in sorted(touched.items()):
        by_period = sums_of_year(hospital, questionnaire, unit_id, year)
        standing = publishable(by_period)
        for period in sorted(periods | by_period.keys()):
            sums = standing.get(period)
            for name, code in codes.items():
                if code not in elements:
                    continue
                value, status = (None, None) if sums is None else (float(sums[name]), Status.REPORTED)
                values.append(NewValue(units[unit_id], elements[code], period, value, status))
    return save_values(values, by=by, why=f"survey {questionnaire.code}")
