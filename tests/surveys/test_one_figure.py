"""A survey has one figure: its page, the command, and the scorecard say the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from io import StringIO

import pytest
from django.core.management import call_command

from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, save_values
from indicators.engine.rounding import as_shown
from indicators.models import DataElement, DataValue, IndicatorFormula, IndicatorValue
from indicators.periods import Period
from scorecard.actions import recompute_scores
from surveys.actions import copy_questionnaire, edit_questionnaire, save_tally
from surveys.analysis.summary import PairedSummary, SingleSummary
from surveys.answering import Given, save_paper
from surveys.models import Campaign, PublishMark, Questionnaire
from surveys.publishing import publish_marked
from surveys.questionnaire_content import content_of_row
from surveys.questionnaire_sync import sync_questionnaires
from surveys.reports import report_of
from surveys.tally_files import Tally, TallyLine
from tests.surveys.conftest import make_campaign
from tests.surveys.scales import edit_fields

pytestmark = pytest.mark.usefixtures("definitions")

SEGMENT = {"referral_readiness": "after"}
YEAR = Period.parse("2026")
ALL_YEAR = {"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2026, 12, 31)}


def type_in(
    campaign: Campaign,
    answers: Mapping[str, int],
    by: User,
    *,
    people: int,
    day: str,
    unit: Unit | None = None,
) -> None:
    paired = campaign.questionnaire.is_paired
    given = Given(answers={item: (answer, 4 if paired else None) for item, answer in answers.items()})
    for _ in range(people):
        save_paper(
            campaign=campaign,
            given=given,
            unit=unit or campaign.unit,
            answered_on=dt.date.fromisoformat(day),
            by=by,
        )
    publish_marked(campaign_id=campaign.pk)


def items(**answers: int) -> dict[str, int]:
    """Nine items, all answered 4 unless said otherwise; 0: skipped."""
    return {code: n for code, n in ({f"q{n}": 4 for n in range(1, 10)} | answers).items() if n}


def in_scorecard(unit: Unit, indicator: str, period: Period = YEAR) -> float | None:
    recompute_scores(hospital_id=unit.hospital_id)
    rows = IndicatorValue.objects.filter(unit=unit, indicator__code=indicator, period=period)
    return rows.values_list("value", flat=True).get()


def on_page(campaign: Campaign) -> float:
    summary = report_of(campaign, segment=None, siblings=[campaign], with_comments=False).summary
    if isinstance(summary, PairedSummary):
        return summary.overall.conformity_percent
    assert isinstance(summary, SingleSummary)
    if summary.public_satisfaction is not None:
        return float(summary.public_satisfaction.index)
    return summary.overall.satisfied_percent


def by_command(campaign: Campaign) -> float:
    out = StringIO()
    code = campaign.questionnaire.code
    call_command("survey_analysis", hospital="RSA", questionnaire=code, as_json=True, stdout=out)
    overall = json.loads(out.getvalue())["overall"]
    return overall.get("index", overall.get("conformity_percent", overall.get("satisfied_percent")))


@pytest.fixture
def skm(hospital: Hospital) -> Campaign:
    return make_campaign(hospital, "skm", **ALL_YEAR)


def test_an_item_that_half_of_the_people_skipped_weighs_no_less(skm: Campaign, ani: User):
    type_in(skm, items(q1=2), ani, people=5, day="2026-03-10")
    type_in(skm, items(q1=0), ani, people=5, day="2026-03-11")
    by_hand = 25 * (2 + 8 * 4) / 9  # all answers together would give 25 · 330/85 = 97.06
    assert in_scorecard(skm.unit, "skm_index") == pytest.approx(by_hand)
    assert on_page(skm) == by_command(skm) == as_shown(by_hand, 2) == 94.44
    out = StringIO()
    call_command("survey_analysis", hospital="RSA", questionnaire="skm", stdout=out)
    assert "94.44" in out.getvalue()


def test_months_and_units_are_pooled_item_by_item(skm: Campaign, ani: User, melati: Unit, mawar: Unit):
    type_in(skm, items(q1=1), ani, people=5, day="2026-01-10", unit=melati)
    type_in(skm, items(q1=3), ani, people=15, day="2026-02-10", unit=melati)
    type_in(skm, items(q1=0, q2=2), ani, people=10, day="2026-02-10", unit=mawar)
    # q1: (5·1 + 15·3)/20 = 2.5; q2: (20·4 + 10·2)/30
    by_hand = 25 * (2.5 + 100 / 30 + 7 * 4) / 9
    assert in_scorecard(skm.unit, "skm_index") == pytest.approx(by_hand)
    assert on_page(skm) == as_shown(by_hand, 2)
    assert in_scorecard(melati, "skm_index", Period.parse("2026-01")) == pytest.approx(25 * 33 / 9)
    assert in_scorecard(mawar, "skm_index") == pytest.approx(25 * (2 + 7 * 4) / 8), "nobody: q1"


def test_an_item_that_nobody_answered_is_left_out_and_the_page_says_so(
    skm: Campaign, ani: User, as_person: Callable
):
    type_in(skm, items(q4=0, q5=2), ani, people=6, day="2026-03-10")
    by_hand = 25 * (2 + 7 * 4) / 8
    assert in_scorecard(skm.unit, "skm_index") == pytest.approx(by_hand)
    assert on_page(skm) == as_shown(by_hand, 2)
    page = as_person(ani).get(f"/hospitals/RSA/surveys/{skm.pk}/", headers={"accept-language": "en"}).text
    assert "Of 8 of 9 items: the others were answered by nobody." in page


def own_version(hospital: Hospital, leave_out: int, add: int) -> Questionnaire:
    """The SKM without its last items, and with some of the hospital's own."""
    original = Questionnaire.objects.get(code="skm", hospital=None)
    copy = copy_questionnaire(original=original, hospital=hospital)
    content = content_of_row(copy)
    (dimension,) = content["dimensions"]
    del dimension["items"][9 - leave_out :]
    dimension["items"] += [
        {"code": f"q{n}", "text_en": f"Own {n}", "text_id": f"Sendiri {n}"} for n in range(10, 10 + add)
    ]
    return edit_questionnaire(questionnaire=copy, content=content)


@pytest.mark.parametrize(
    ("leave_out", "add", "by_hand"), [(2, 0, 25 * (1 + 6 * 4) / 7), (0, 1, 25 * (1 + 8 * 4 + 4) / 10)]
)
def test_an_own_questionnaire_with_fewer_or_more_items_has_its_index(
    hospital: Hospital, ani: User, leave_out: int, add: int, by_hand: float
):
    campaign = make_campaign(hospital, own_version(hospital, leave_out, add), **ALL_YEAR)
    answers = {f"q{n}": 4 for n in range(1, 10 - leave_out)} | {f"q{n}": 4 for n in range(10, 10 + add)}
    type_in(campaign, answers | {"q1": 1}, ani, people=5, day="2026-03-10")
    type_in(campaign, {c: 4 for c in answers if c != "q1"}, ani, people=5, day="2026-04-10")
    assert in_scorecard(hospital.root, "skm_index") == pytest.approx(by_hand)
    assert on_page(campaign) == by_command(campaign) == as_shown(by_hand, 2)


def test_two_versions_of_one_year_are_read_together(hospital: Hospital, skm: Campaign, ani: User):
    type_in(skm, items(q9=1), ani, people=5, day="2026-03-10")
    newer = make_campaign(hospital, own_version(hospital, 1, 0), **ALL_YEAR)
    type_in(newer, {f"q{n}": 2 for n in range(1, 9)}, ani, people=5, day="2026-04-10")
    by_hand = 25 * (8 * 3 + 1) / 9
    assert in_scorecard(hospital.root, "skm_index") == pytest.approx(by_hand)
    assert by_command(skm) == as_shown(by_hand, 2)


def test_an_index_has_room_for_twelve_items(hospital: Hospital, joko: User, as_person: Callable):
    copy = own_version(hospital, 0, 3)
    one_more = {"new-0-dimension": "service", "new-0-text_id": "Satu lagi", "new-0-text_en": "One more"}
    one_more["new-TOTAL_FORMS"] = "1"
    address = f"/hospitals/RSA/surveys/questionnaires/{copy.pk}/edit/"
    page = as_person(joko).post(address, edit_fields(copy) | one_more, headers={"accept-language": "en"})
    assert "room for items up to q12" in page.text
    assert copy.items.count() == 12


@pytest.mark.parametrize(
    ("questionnaire", "indicator"),
    [
        ("servqual", "servqual_conformity"),
        ("exit_survey", "exit_survey_conformity"),
        ("employee_satisfaction", "employee_satisfaction"),
        ("information_system", "information_system_quality"),
        ("referral_readiness", "referral_readiness"),
    ],
)
def test_conformity_and_shares_pool_the_answers_in_both_places(
    hospital: Hospital, ani: User, questionnaire: str, indicator: str
):
    """100 · Σ reality/Σ expectation, and the share of all answers: what was skipped is in neither side."""
    campaign = make_campaign(hospital, questionnaire, segment=SEGMENT.get(questionnaire, ""), **ALL_YEAR)
    type_in(campaign, {"q1": 2, "q2": 4}, ani, people=5, day="2026-03-10")
    type_in(campaign, {"q2": 4, "q3": 1}, ani, people=6, day="2026-03-11")
    value = in_scorecard(hospital.root, indicator)
    of_pairs, of_all = 100 * (5 * 2 + 11 * 4 + 6 * 1) / (22 * 4), 100 * 11 / 22
    by_hand = of_pairs if campaign.questionnaire.is_paired else of_all
    assert value == pytest.approx(by_hand)
    assert on_page(campaign) == pytest.approx(by_hand)
    assert by_command(campaign) == pytest.approx(by_hand)


def test_the_few_who_wait_are_in_no_figure(skm: Campaign, ani: User, melati: Unit, mawar: Unit):
    type_in(skm, items(), ani, people=7, day="2026-03-10", unit=melati)
    type_in(skm, items(q1=1), ani, people=3, day="2026-03-10", unit=mawar)
    assert in_scorecard(skm.unit, "skm_index") == on_page(skm) == by_command(skm) == 100


def test_a_tally_is_published_item_by_item(skm: Campaign, ani: User):
    lines = [TallyLine(f"q{n}", 4, None, 10) for n in range(2, 10)] + [TallyLine("q1", 2, None, 5)]
    save_tally(campaign=skm, unit=skm.unit, period=YEAR, tally=Tally(lines=lines, respondents=10), by=ani)
    assert in_scorecard(skm.unit, "skm_index") == pytest.approx(25 * (2 + 32) / 9)
    values = DataValue.objects.filter(unit=skm.unit)
    assert values.get(element__code="skm_weight_q1").value == 10
    assert values.get(element__code="skm_answers_q10").value == 0
    assert not values.filter(element__code__in=["skm_weight", "skm_answers"]).exists()


def together(unit: Unit, period: str, weight: float, answers: float, by: User) -> None:
    """What was published before an index knew its items, and what programs may still send."""
    for code, value in (("skm_weight", weight), ("skm_answers", answers)):
        element = DataElement.objects.get(code=code)
        save_values([NewValue(unit, element, Period.parse(period), value)], by=by)


def test_sums_of_all_items_still_give_an_index(hospital: Hospital, ani: User):
    together(hospital.root, "2026-03", 270, 90, ani)
    assert in_scorecard(hospital.root, "skm_index") == 75


def test_a_closed_year_of_a_hospital_that_ran_before_keeps_its_formula(skm: Campaign, ani: User):
    """Where figures were stored, the formula of the items holds from the first open year on."""
    (formula,) = IndicatorFormula.objects.filter(expression__contains="skm_weight_q1")
    formula.valid_from = dt.date(2026, 1, 1)
    formula.save()
    for day in ("2025-04-10", "2026-04-10"):
        type_in(skm, items(q1=2), ani, people=5, day=day)
        type_in(skm, items(q1=0), ani, people=5, day=day)
    assert in_scorecard(skm.unit, "skm_index", Period.parse("2025")) == pytest.approx(25 * 330 / 85)
    assert in_scorecard(skm.unit, "skm_index") == pytest.approx(25 * 34 / 9)
    assert not DataValue.objects.filter(element__code="skm_weight_q1", period__lt="2026").exists()


def test_this_year_is_published_item_by_item_when_the_definitions_come(skm: Campaign, ani: User):
    type_in(skm, items(q1=2), ani, people=6, day="2026-02-10")
    DataValue.objects.filter(element__code__contains="_q").delete()
    together(skm.unit, "2026-02", 6 * 34, 54, ani)
    sync_questionnaires()
    assert PublishMark.objects.filter(campaign=skm).exists()
    publish_marked(campaign_id=skm.pk)
    values = DataValue.objects.filter(unit=skm.unit)
    assert values.get(element__code="skm_weight_q1").value == 12
    assert not values.filter(element__code="skm_weight").exists()
    sync_questionnaires()
    assert not PublishMark.objects.exists()
