"""From answers to data values: the sums of a survey, by unit and period, through the one pipeline.

Nothing is added to what was published before; the sums are always taken anew, so that publishing
twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from hospitals.models import Unit, User
from indicators.actions import NewValue, Saved, save_values
from indicators.begins import hospital_begins, lies_before_begin
from indicators.formula import parse
from indicators.models import DataElement, DataValue, IndicatorFormula, Status
from indicators.periods import Period
from surveys.item_elements import BY_ITEM, elements_by_item, of_item
from surveys.models import Campaign, PublishMark, Questionnaire, Response, TallySheet
from surveys.sums import Sums, publishable, sums_of_year


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
    `where` names, are taken back. Of a unit that was given a later first day since, what lies before it
    stays as it is, and so does what lies after an element was retired.
    """
    questionnaire, hospital = campaign.questionnaire, campaign.unit.hospital
    published = Published.of(questionnaire)
    touched: dict[tuple[int, int], set[Period]] = defaultdict(set)
    for unit_id, period in where:
        touched[unit_id, period.year].add(period)
    units = Unit.objects.in_bulk({unit_id for unit_id, _year in touched})
    begins = hospital_begins(hospital, hospital.root)
    values: list[NewValue] = []
    for (unit_id, year), periods in sorted(touched.items()):
        by_period = sums_of_year(hospital, questionnaire, unit_id, year)
        standing = publishable(by_period)
        codes, taken_back = published.codes_of_year(year, by_period)
        for period in sorted(periods | by_period.keys()):
            sums, unit = standing.get(period), units[unit_id]
            if sums is not None and lies_before_begin(unit=unit, period=period, hospital_begins=begins):
                continue
            for name, code in codes.items():
                if sums is not None and published.elements[code].is_retired_in(period):
                    continue
                value, status = (None, None) if sums is None else (float(sums[name]), Status.REPORTED)
                values.append(NewValue(unit, published.elements[code], period, value, status))
            for code in taken_back:
                values.append(NewValue(unit, published.elements[code], period, None, None))
    why = ": ".join(part for part in (f"survey {questionnaire.code}", campaign.past_because) if part)
    return save_values(values, by=by, why=why)


@dataclass(frozen=True)
class Published:
    """Which data elements take the sums of a questionnaire.

    An index is the mean of its items' means, and takes the sums of every item. Those of all items
    `together` are for years whose formula reads nothing else: in a hospital that ran before there were
    items, closed years keep their formula, and late answers are reckoned as the others of their year.
    """

    together: dict[str, str]
    by_item: dict[str, str]
    elements: dict[str, DataElement]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Published:
        together: dict[str, str] = questionnaire.publishes
        by_item = elements_by_item(together) if questionnaire.index else together
        codes = {*together.values(), *by_item.values()}
        elements = {e.code: e for e in DataElement.objects.filter(hospital=None, code__in=codes)}
        return cls(_known(together, elements), _known(by_item, elements), elements)

    def codes_of_year(self, year: int, by_period: Mapping[Period, Sums]) -> tuple[dict[str, str], set[str]]:
        """Code by name of the sum, and the codes that hold nothing any more."""
        only_together = set(self.together.values()) - set(self.by_item.values())
        only_by_item = set(self.by_item.values()) - set(self.together.values())
        if not only_together:
            return self.together, set()
        first = of_item("answers", "")
        asked = {name for sums in by_period.values() for name in sums if name.startswith(first)}
        if asked <= self.by_item.keys() and _reads(year, only_by_item):
            return self.by_item, only_together
        return self.together, only_by_item


def _reads(year: int, codes: set[str]) -> bool:
    """Whether a formula that holds in the year reads any of `codes`."""
    holding = IndicatorFormula.objects.filter(
        indicator__hospital=None, valid_from__lte=Period.of_year(year).end
    )
    return any(codes & set(parse(text).codes) for text in holding.values_list("expression", flat=True))


def _known(codes: Mapping[str, str], elements: Mapping[str, DataElement]) -> dict[str, str]:
    return {name: code for name, code in codes.items() if code in elements}


def _in_year(year: int) -> dict[str, int]:
    return {"period__gte": Period.of_year(year).code, "period__lt": Period.of_year(year + 1).code}


def mark_published_together() -> None:
    """Let what surveys published of this year over all items together be published item by item.

    Called when definitions are synced, because the elements of the items may have come with them.
    """
    year = timezone.localdate().year
    for questionnaire in Questionnaire.objects.filter(hospital=None).exclude(index="").order_by("version"):
        codes = [questionnaire.publishes[name] for name in BY_ITEM if name in questionnaire.publishes]
        together = DataValue.objects.filter(element__hospital=None, element__code__in=codes, **_in_year(year))
        theirs = {
            "campaign__unit__hospital__in": together.values("unit__hospital"),
            "campaign__questionnaire": questionnaire,
        }
        responses = Response.objects.filter(**theirs, submitted=True, answered_on__year=year)
        sheets = TallySheet.objects.filter(**theirs, **_in_year(year))
        places = {
            *responses.order_by().values_list("campaign", "unit").distinct(),
            *sheets.order_by().values_list("campaign", "unit").distinct(),
        }
        PublishMark.objects.bulk_create(
            PublishMark(campaign_id=campaign, unit_id=unit, period=Period.of_year(year))
            for campaign, unit in sorted(places)
        )
