"""Many at once: nothing lost, nobody counted twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from hospitals.models import Hospital
from indicators.models import DataValue
from surveys.actions import invite
from surveys.models import Access, AddressCount, Answer, Campaign, PublishMark, Response
from surveys.publishing import publish_marked
from tests.surveys.conftest import make_campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("definitions")]

THREADS = 8


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Callable:
    """`crowd(do, 20)`: calls do(0) … do(19) from several threads, each with its own connection."""
    monkeypatch.setattr("surveys.answering.announce", lambda _campaign: None)

    def run(do: Callable[[int], int], times: int) -> list[int]:
        def once(number: int) -> int:
            try:
                return do(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(once, range(times), timeout=60))

    return run


def send(token: str, key: str, **body: object) -> int:
    data = json.dumps({"key": key, **body})
    address = reverse("survey_save", args=[token])
    return Client().post(address, data, content_type="application/json").status_code


def test_of_many_phones_with_one_single_use_link_one_gets_through(hospital: Hospital, crowd: Callable):
    campaign = make_campaign(hospital, "exit_survey", access=Access.INVITATIONS)
    (token,) = invite(campaign=campaign, number=1)
    codes = crowd(
        lambda number: send(token, f"{number:040}", answers={"q1": [3, 4]}, submit=True), 2 * THREADS
    )
    assert Counter(codes) == {200: 1, 409: 2 * THREADS - 1}
    assert Response.objects.count() == Answer.objects.count() == PublishMark.objects.count() == 1


def test_first_messages_of_one_phone_that_overtake_each_other_are_one_person(
    hospital: Hospital, crowd: Callable
):
    token = make_campaign(hospital, "exit_survey").link_token
    codes = crowd(lambda number: send(token, "k" * 40, answers={f"q{number % 5 + 1}": [3, 4]}), 2 * THREADS)
    assert set(codes) == {200}
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 5


def test_everybody_is_counted_while_it_is_being_published(hospital: Hospital, crowd: Callable):
    campaign = make_campaign(hospital, "exit_survey")
    answers = {f"q{n}": [3, 4] for n in range(1, 6)}

    def do(number: int) -> int:
        if number % 10 == 9:
            publish_marked(campaign_id=campaign.pk)
            return 200
        return send(campaign.link_token, f"{number:040}", answers=answers, submit=True)

    assert set(crowd(do, 60)) == {200}
    publish_marked(campaign_id=campaign.pk)
    assert Response.objects.filter(submitted=True).count() == 54
    stored = dict(DataValue.objects.values_list("element__code", "value"))
    assert stored["exit_survey_respondents"] == 54
    assert stored["exit_survey_expectation_weight"] == 54 * 5 * 4
    assert AddressCount.objects.get().respondents == 54


def test_the_limit_of_an_address_holds_for_a_crowd(hospital: Hospital, crowd: Callable):
    campaign = make_campaign(hospital, "exit_survey", most_per_address_per_hour=10)
    assert Campaign.objects.count() == 1
    codes = crowd(
        lambda number: send(campaign.link_token, f"{number:040}", answers={"q1": [3, 4]}), 3 * THREADS
    )
    assert Counter(codes) == {200: 10, 429: 3 * THREADS - 10}
