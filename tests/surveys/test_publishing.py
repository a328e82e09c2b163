"""Answers become data values of their unit and month, and the scorecard follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from hospitals.models import Hospital, Unit
from indicators.models import DataElement, DataValue, IndicatorValue
from indicators.periods import Period, month_of
from scorecard.actions import recompute_scores
from scorecard.celery import app
from surveys.answering import Given, save_answers
from surveys.models import Campaign, PublishMark
from surveys.publishing import publish, publish_marked
from surveys.tasks import sweep_surveys


def stored(unit: Unit) -> dict[str, float | None]:
    return dict(DataValue.objects.filter(unit=unit).values_list("element__code", "value"))


def test_sums_of_all_items_are_published_for_the_month(
    exit_survey: Campaign, hospital: Hospital, answered: Callable
):
    answered(exit_survey, 6)
    publish_marked(campaign_id=exit_survey.pk)
    assert stored(hospital.root) == {
        "exit_survey_respondents": 6,
        "exit_survey_reality_weight": 6 * 5 * 3,
        "exit_survey_expectation_weight": 6 * 5 * 4,
    }
    assert set(DataValue.objects.values_list("period", flat=True)) == {month_of(timezone.localdate())}
    assert not PublishMark.objects.exists()


def test_what_is_retired_is_not_published(exit_survey: Campaign, hospital: Hospital, answered: Callable):
    DataElement.objects.filter(code="exit_survey_respondents").update(retired_from=timezone.localdate())
    answered(exit_survey, 6)
    publish_marked(campaign_id=exit_survey.pk)
    assert stored(hospital.root).keys() == {"exit_survey_reality_weight", "exit_survey_expectation_weight"}


def test_publishing_twice_changes_nothing_and_a_second_campaign_adds_up(
    exit_survey: Campaign, by_invitation: Campaign, hospital: Hospital, answered: Callable
):
    answered(exit_survey, 5)
    publish_marked(campaign_id=exit_survey.pk)
    assert publish_marked(campaign_id=exit_survey.pk) is None
    again = publish(exit_survey, [(hospital.root.pk, month_of(timezone.localdate()))], by=None)
    assert (again.created, again.changed, again.removed, again.unchanged) == (0, 0, 0, 3)
    other = Campaign.objects.get(pk=by_invitation.pk)
    other.access = "open_link"
    answered(other, 1, first=100)
    publish_marked(campaign_id=other.pk)
    assert stored(hospital.root)["exit_survey_respondents"] == 6


def test_half_a_pair_adds_nothing(exit_survey: Campaign, hospital: Hospital):
    given = Given(answers={"q1": (3, 4), "q2": (4, None)}, submit=True)
    for person in "abcde":
        save_answers(campaign=exit_survey, given=given, key=person * 40)
    publish_marked(campaign_id=exit_survey.pk)
    assert stored(hospital.root)["exit_survey_reality_weight"] == 5 * 3


def test_the_state_before_a_referral_system_is_compared_and_not_published(
    definitions: None, hospital: Hospital, answered: Callable
):
    from tests.surveys.conftest import make_campaign

    before = make_campaign(hospital, "referral_readiness", segment="before")
    after = make_campaign(hospital, "referral_readiness", segment="after")
    answered(before, 6, reality=1)
    answered(after, 6, reality=4, first=10)
    for each in (before, after):
        publish_marked(campaign_id=each.pk)
    assert stored(hospital.root) == {
        "referral_readiness_answers": 30,
        "referral_readiness_ready_answers": 30,
    }


def test_the_customer_perspective_follows(exit_survey: Campaign, hospital: Hospital, answered: Callable):
    answered(exit_survey, 5)
    publish_marked(campaign_id=exit_survey.pk)
    recompute_scores(hospital_id=hospital.pk)
    value = IndicatorValue.objects.get(
        unit=hospital.root,
        indicator__code="exit_survey_conformity",
        period=month_of(timezone.localdate()),
    )
    assert value.value == 75


def test_months_without_a_survey_are_owed_by_nobody(
    exit_survey: Campaign, hospital: Hospital, answered: Callable
):
    """Once asked, patients need not be asked every month: the year is not incomplete."""
    answered(exit_survey, 5)
    publish_marked(campaign_id=exit_survey.pk)
    recompute_scores(hospital_id=hospital.pk)
    year = Period.of_year(timezone.localdate().year)
    row = IndicatorValue.objects.get(
        unit=hospital.root, indicator__code="exit_survey_conformity", period=year
    )
    assert row.value == pytest.approx(75)  # 3 of 4
    assert (row.present, row.expected) == (1, 1)


def test_a_crowd_sends_one_message_and_the_sweep_finds_the_rest(
    exit_survey: Campaign,
    answered: Callable,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable,
):
    sent: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_options: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        answered(exit_survey, 10)
    assert sent == ["surveys.tasks.publish_campaign"]
    PublishMark.objects.update(created_at=timezone.now() - dt.timedelta(seconds=10))
    from django.core.cache import cache

    cache.clear()
    sweep_surveys()
    assert len(sent) == 2


def test_a_broker_that_is_away_loses_nothing(
    exit_survey: Campaign,
    answered: Callable,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable,
):
    def fail(*_arguments: object, **_options: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(app, "send_task", fail)
    with django_capture_on_commit_callbacks(execute=True):
        answered(exit_survey, 1)
    assert PublishMark.objects.count() == 1
