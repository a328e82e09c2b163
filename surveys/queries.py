"""Reading surveys: campaigns somebody may see, and what was answered as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from hospitals.access import Ability, Person, visible_units
from hospitals.models import Hospital
from hospitals.tree import UnitTree
from indicators.hooks import Span
from indicators.periods import Period
from surveys.analysis.counts import Answers, Counts
from surveys.item_elements import elements_by_item
from surveys.models import Answer, Campaign, Item, Questionnaire, Response, TallyCount, TallySheet
from surveys.sums import Place, without
from surveys.tally_files import Form


def questionnaires_for(hospital: Hospital) -> QuerySet[Questionnaire]:
    """The versions a new campaign of a hospital can use, those shipped and its own."""
    return Questionnaire.objects.filter(Q(hospital=None) | Q(hospital=hospital), retired=False)


def newest_questionnaire(hospital: Hospital, code: str) -> Questionnaire | None:
    """The newest version of a questionnaire; a hospital's own comes before the shipped one."""
    found = questionnaires_for(hospital).filter(code=code)
    return found.filter(hospital=hospital).order_by("version").last() or found.order_by("version").last()


def tally_form(questionnaire: Questionnaire) -> Form:
    """What a tally of this questionnaire may speak of."""
    items = {item.code: item.text for item in questionnaire.items.all()}
    return Form(items=items, points=questionnaire.points, is_paired=questionnaire.is_paired)


def visible_campaigns(user: Person, ability: Ability = "view") -> QuerySet[Campaign]:
    """The campaigns of units where `user` has `ability`; a campaign's page shows all its units."""
    return Campaign.objects.filter(unit__in=visible_units(user, ability)).select_related(
        "questionnaire", "unit__hospital"
    )


@dataclass(frozen=True, eq=False)
class Collected:
    """What some campaigns have collected with one questionnaire.

    `tallied` are counts that came as such, `answers` what single people answered; `people` are those
    people, row by row, as (unit id, segment, characteristics). `left_out` campaigns were answered on
    another scale.
    """

    questionnaire: Questionnaire
    items: list[Item]
    tallied: Counts | None
    answers: Answers | None
    people: list[tuple[int, str, dict[str, str]]]
    left_out: int = 0

    @property
    def counts(self) -> Counts:
        """All of it together."""
        if self.answers is None:
            return self.tallied if self.tallied is not None else _no_counts(self)
        counts = self.answers.counts()
        return counts if self.tallied is None else counts + self.tallied

    @property
    def tallied_respondents(self) -> int:
        return self.tallied.respondents if self.tallied is not None else 0


def collect(
    campaigns: Iterable[Campaign],
    *,
    segment: str | None = None,
    year: int | None = None,
    few: Iterable[Place] = (),
) -> Collected | None:
    """What was submitted to `campaigns`, one segment or year of it where that is said, without the `few`.

    Items are told apart by their codes, so that versions of a questionnaire with the same scale can
    be read together; the newest version that was answered names them, and those that only older ones
    asked come after them. None without a campaign. Seven queries.
    """
    campaigns = list(campaigns)
    if not campaigns:
        return None
    ids = [campaign.pk for campaign in campaigns]
    responses = Response.objects.filter(campaign__in=ids, submitted=True)
    sheets = TallySheet.objects.filter(campaign__in=ids)
    responses, sheets = without(responses, sheets, few)
    if segment is not None:
        responses, sheets = responses.filter(segment=segment), sheets.filter(segment=segment)
    if year is not None:
        responses = responses.filter(answered_on__year=year)
        codes = Period.of_year(year).code, Period.of_year(year + 1).code
        sheets = sheets.filter(period__gte=codes[0], period__lt=codes[1])
    answered = {
        pk
        for found in (responses, sheets)
        for pk in found.order_by().values_list("campaign", flat=True).distinct()
    }
    newest = max(
        (c.questionnaire for c in campaigns if c.pk in answered or not answered),
        key=lambda q: (q.hospital_id or 0, q.version, q.pk),
    )
    scale = newest.kind, newest.points
    same = [c.pk for c in campaigns if (c.questionnaire.kind, c.questionnaire.points) == scale]
    responses, sheets = responses.filter(campaign__in=same), sheets.filter(campaign__in=same)
    left_out = len(answered - set(same))
    items = _items(newest, {c.questionnaire_id for c in campaigns if c.pk in answered & set(same)})
    answers, people = _answers(newest, items, responses)
    return Collected(newest, items, _tallied(newest, items, sheets), answers, people, left_out)


def _items(newest: Questionnaire, versions: set[int]) -> list[Item]:
    """The items of the newest version, and those that only another of the answered `versions` has."""
    found = Item.objects.filter(questionnaire__in={newest.pk, *versions}).select_related("dimension")
    items = {item.code: item for item in found.order_by("questionnaire__version", "position")}
    own = {item.code: item for item in found if item.questionnaire_id == newest.pk}
    return sorted((items | own).values(), key=lambda item: (item.code not in own, item.position))


def _answers(
    questionnaire: Questionnaire, items: list[Item], responses: QuerySet[Response]
) -> tuple[Answers | None, list[tuple[int, str, dict[str, str]]]]:
    rows = list(responses.order_by("pk").values_list("pk", "unit_id", "segment", "characteristics"))
    if not rows:
        return None, []
    row_of = {pk: row for row, (pk, *_rest) in enumerate(rows)}
    column_of = {item.code: column for column, item in enumerate(items)}
    reality = np.full((len(rows), len(items)), np.nan)
    expectation = np.full_like(reality, np.nan)
    given = Answer.objects.filter(response__in=responses.order_by())
    for response_id, code, expected, real in given.values_list(
        "response_id", "item__code", "expectation", "reality"
    ).iterator(chunk_size=20_000):
        # A response sent in between the two queries is not in the rows yet.
        row, column = row_of.get(response_id), column_of.get(code)
        if row is not None and column is not None:
            reality[row, column] = np.nan if real is None else real
            expectation[row, column] = np.nan if expected is None else expected
    answers = Answers(
        codes=tuple(item.code for item in items),
        dimensions=tuple(item.dimension.code for item in items),
        points=questionnaire.points,
        reality=reality,
        expectation=expectation if questionnaire.is_paired else None,
    )
    return answers, [tuple(rest) for _pk, *rest in rows]


def _tallied(questionnaire: Questionnaire, items: list[Item], sheets: QuerySet[TallySheet]) -> Counts | None:
    respondents = list(sheets.order_by().values_list("respondents", flat=True))
    if not respondents:
        return None
    column_of = {item.code: column for column, item in enumerate(items)}
    reality = np.zeros((len(items), questionnaire.points), np.int64)
    expectation = np.zeros_like(reality)
    given = TallyCount.objects.filter(sheet__in=sheets.order_by())
    for code, answer, expected, real in given.values_list(
        "item__code", "answer", "expectation_count", "reality_count"
    ):
        if code in column_of and answer <= questionnaire.points:
            reality[column_of[code], answer - 1] += real
            expectation[column_of[code], answer - 1] += expected or 0
    return Counts(
        codes=tuple(item.code for item in items),
        dimensions=tuple(item.dimension.code for item in items),
        respondents=sum(respondents),
        reality=reality,
        expectation=expectation if questionnaire.is_paired else None,
    )


def _no_counts(collected: Collected) -> Counts:
    empty = np.zeros((len(collected.items), collected.questionnaire.points), np.int64)
    return Counts(
        codes=tuple(item.code for item in collected.items),
        dimensions=tuple(item.dimension.code for item in collected.items),
        respondents=0,
        reality=empty,
        expectation=empty if collected.questionnaire.is_paired else None,
    )


def last_item_number(questionnaire: Questionnaire) -> int:
    """The highest number an item of any version has had: a code that was left out is not given again.

    Other hospitals' own versions are not asked: an index has room for few.
    """
    theirs = Q(questionnaire__hospital=None) | Q(questionnaire__hospital=questionnaire.hospital_id)
    items = Item.objects.filter(theirs, questionnaire__code=questionnaire.code)
    codes = items.values_list("code", flat=True)
    return max((int(code.removeprefix("q")) for code in codes), default=0)


def nothing_expected(tree: UnitTree) -> dict[str, dict[int, list[Span]]]:
    """The data elements that surveys fill, of no unit in any month: asking people is no monthly duty.

    How far a survey has come says its campaign.
    """
    theirs = Q(hospital=None) | Q(hospital=tree.units[0].hospital_id)
    published = Questionnaire.objects.filter(theirs).values_list("index", "publishes")
    codes = {code for _index, together in published for code in together.values()}
    codes |= {code for index, together in published if index for code in elements_by_item(together).values()}
    return {code: {} for code in codes}
