"""A campaign of each kind of link at RSUD Anggrek, open today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.utils import timezone

from hospitals.models import Hospital
from surveys.actions import open_campaign
from surveys.models import Access, Campaign, Questionnaire, Response
from tests.surveys.people import answer_all


@pytest.fixture(autouse=True)
def _forget_announcements() -> None:
    cache.clear()


def make_campaign(hospital: Hospital, questionnaire: str | Questionnaire, **fields: object) -> Campaign:
    """An open campaign with a shipped questionnaire, named by its code, or with one of the hospital's own."""
    if isinstance(questionnaire, str):
        questionnaire = Questionnaire.objects.get(code=questionnaire, hospital=None)
    today = timezone.localdate()
    campaign = Campaign.objects.create(
        **{
            "questionnaire": questionnaire,
            "unit": hospital.root,
            "name": f"{questionnaire.code} campaign",
            "starts_on": today - dt.timedelta(days=3),
            "ends_on": today + dt.timedelta(days=3),
            **fields,
        }
    )
    open_campaign(campaign=campaign)
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def campaign(definitions: None, hospital: Hospital) -> Campaign:
    """SERVQUAL with one link for everybody."""
    return make_campaign(hospital, "servqual")


@pytest.fixture
def exit_survey(definitions: None, hospital: Hospital) -> Campaign:
    """Five paired items."""
    return make_campaign(hospital, "exit_survey", name="Kasir")


@pytest.fixture
def by_invitation(definitions: None, hospital: Hospital) -> Campaign:
    """The exit survey with single-use links."""
    return make_campaign(hospital, "exit_survey", access=Access.INVITATIONS)


@pytest.fixture
def employees(definitions: None, hospital: Hospital) -> Campaign:
    return make_campaign(hospital, "employee_satisfaction")


@pytest.fixture
def answered() -> Callable[..., list[Response]]:
    """`answered(campaign, 6)`: six people send everything in, reality 3 and expectation 4."""
    return answer_all
