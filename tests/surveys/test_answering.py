"""The public address of a campaign: what it takes, refuses and never tells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.actions import close_campaign, invite
from surveys.models import Answer, Campaign, Invitation, PublishMark, Response

KEY, OTHER_KEY = "k" * 40, "o" * 40


def send(token: str, body: Any, client: Client | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """What a phone sends; the status and what the site says."""
    data = body if isinstance(body, str) else json.dumps({"key": KEY} | body)
    found = (client or Client()).post(
        reverse("survey_save", args=[token]), data, content_type="application/json", **headers
    )
    return found.status_code, found.json()


def test_answers_are_saved_a_bit_at_a_time_and_count_when_sent_in(exit_survey: Campaign):
    token = exit_survey.link_token
    assert send(token, {"answers": {"q1": [3, 4]}}) == (200, {"status": "saved"})
    assert send(token, {"answers": {"q1": [2, 4], "q2": [3, 3]}}) == (200, {"status": "saved"})
    response = Response.objects.get()
    assert not response.submitted
    assert not PublishMark.objects.exists()
    assert send(token, {"comment": "Antre lama", "submit": True}) == (200, {"status": "submitted"})
    response.refresh_from_db()
    assert response.submitted
    assert response.comment == "Antre lama"
    given = dict(Answer.objects.values_list("item__code", "reality"))
    assert given == {"q1": 2, "q2": 3}
    assert PublishMark.objects.count() == 1


def test_the_same_message_twice_changes_nothing(exit_survey: Campaign):
    for _time in range(2):
        send(exit_survey.link_token, {"answers": {"q1": [3, 4]}})
    assert Response.objects.count() == Answer.objects.count() == 1


def test_what_was_sent_in_cannot_be_changed_or_sent_again(exit_survey: Campaign):
    body = {"answers": {"q1": [3, 4]}, "submit": True}
    assert send(exit_survey.link_token, body)[0] == 200
    changed = {"answers": {"q1": [1, 1]}, "submit": True}
    assert send(exit_survey.link_token, changed) == (409, {"status": "submitted"})
    assert Response.objects.get().answers.get().reality == 3
    assert PublishMark.objects.count() == 1


def test_two_phones_are_two_people(exit_survey: Campaign):
    send(exit_survey.link_token, {"answers": {"q1": [3, 4]}})
    send(exit_survey.link_token, {"answers": {"q1": [1, 4]}, "key": OTHER_KEY})
    assert Response.objects.count() == 2


def test_no_identity_and_no_secret_is_stored(exit_survey: Campaign):
    send(
        exit_survey.link_token,
        {"answers": {"q1": [3, 4]}, "characteristics": {"name": "Siti", "segment": "inpatient"}},
    )
    response = Response.objects.get()
    assert response.characteristics == {"segment": "inpatient"}
    assert response.segment == "inpatient"
    assert response.key_hash not in (None, KEY)
    stored = {field.name for field in Response._meta.fields}
    assert stored == {
        "id",
        "campaign",
        "unit",
        "source",
        "key_hash",
        "segment",
        "characteristics",
        "comment",
        "submitted",
        "answered_on",
    }


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        {"key": "short", "answers": {}},
        {"key": 5},
        {"answers": {"q1": [5, 4]}},
        {"answers": {"q1": [0, 4]}},
        {"answers": {"q1": ["3", 4]}},
        {"answers": {"q1": [True, 4]}},
        {"answers": {"q1": [3]}},
        {"answers": {"q1": 3}},
        {"answers": {"q99": [3, 4]}},
        {"answers": [1]},
        {"characteristics": "x"},
        {"comment": 1},
        {"unit": "mawar"},
        {"unit": "ma\0war"},
        {"answers": {"q\0": [3, 4]}},
        {"answers": {"\ud800": [3, 4]}},
        {"answers": {"q1": [3, None]}, "submit": True},
        {"submit": True},
        "x" * 60_000,
    ],
)
def test_what_does_not_fit_the_questionnaire_is_refused_and_nothing_kept(exit_survey: Campaign, body: Any):
    assert send(exit_survey.link_token, body) == (400, {"status": "not_understood"})
    assert not Response.objects.exists()


def test_a_campaign_that_was_closed_takes_nothing_and_says_so(exit_survey: Campaign):
    close_campaign(campaign=exit_survey)
    assert send(exit_survey.link_token, {"answers": {"q1": [3, 4]}}) == (410, {"status": "closed"})
    page = Client().get(reverse("survey_answer", args=[exit_survey.link_token]), {"lang": "en"})
    assert page.status_code == 410
    assert "This survey is closed" in page.text


@pytest.mark.parametrize(("starts", "ends"), [(1, 5), (-5, -1)])
def test_outside_its_days_a_campaign_takes_nothing(exit_survey: Campaign, starts: int, ends: int):
    today = timezone.localdate()
    Campaign.objects.update(starts_on=today + dt.timedelta(starts), ends_on=today + dt.timedelta(ends))
    assert send(exit_survey.link_token, {"answers": {"q1": [3, 4]}})[0] == 410


def test_a_link_that_was_never_given_leads_nowhere(exit_survey: Campaign):
    assert Client().get(reverse("survey_answer", args=["x" * 32])).status_code == 404
    assert Client().post(reverse("survey_save", args=["x" * 32])).status_code == 404


def test_links_are_too_long_to_be_guessed(by_invitation: Campaign):
    tokens = invite(campaign=by_invitation, number=20)
    assert len(set(tokens)) == 20
    assert min(len(token) for token in [*tokens, by_invitation.link_token]) >= 32


def test_only_hashes_of_single_use_links_are_stored(by_invitation: Campaign):
    (token,) = invite(campaign=by_invitation, number=1)
    assert Invitation.objects.get().token_hash != token


def test_a_single_use_link_takes_one_answer_whatever_the_phone(by_invitation: Campaign):
    (token,) = invite(campaign=by_invitation, number=1)
    body = {"answers": {"q1": [3, 4]}, "submit": True}
    assert send(token, body) == (200, {"status": "submitted"})
    assert send(token, body) == (409, {"status": "submitted"})
    assert send(token, body | {"key": OTHER_KEY}) == (409, {"status": "submitted"})
    assert Response.objects.count() == 1
    assert "has been used" in Client().get(reverse("survey_answer", args=[token]), {"lang": "en"}).text


def test_a_single_use_link_on_two_phones_is_one_person(by_invitation: Campaign):
    (token,) = invite(campaign=by_invitation, number=1)
    send(token, {"answers": {"q1": [3, 4]}})
    send(token, {"answers": {"q2": [3, 4]}, "key": OTHER_KEY})
    assert Response.objects.count() == 1


def test_nothing_leads_from_a_used_link_to_its_answers(by_invitation: Campaign):
    (token,) = invite(campaign=by_invitation, number=1)
    send(token, {"answers": {"q1": [3, 4]}, "submit": True})
    assert Response.objects.get().key_hash is None
    assert Invitation.objects.get().used


def test_a_campaign_with_single_use_links_cannot_be_answered_without_one(by_invitation: Campaign):
    address = reverse("survey_save", args=[by_invitation.link_token])
    assert Client().post(address, "{}", content_type="application/json").status_code == 404
    assert Client().get(reverse("survey_answer", args=[by_invitation.link_token])).status_code == 404


def test_a_link_of_one_campaign_does_not_open_another(by_invitation: Campaign, exit_survey: Campaign):
    (token,) = invite(campaign=by_invitation, number=1)
    send(token, {"answers": {"q1": [3, 4]}})
    assert not exit_survey.responses.exists()


def test_the_page_shows_no_answers_whoever_asks(exit_survey: Campaign):
    client = Client()
    send(exit_survey.link_token, {"answers": {"q1": [3, 4]}, "comment": "Rahasia"}, client)
    page = client.get(reverse("survey_answer", args=[exit_survey.link_token])).text
    assert "Rahasia" not in page
    assert " checked" not in page


def test_a_comment_is_kept_without_what_a_database_cannot_hold(exit_survey: Campaign):
    body = {"answers": {"q1": [3, 4]}, "comment": "Ba\0ik \ud800sekali", "submit": True}
    assert send(exit_survey.link_token, body)[0] == 200
    assert Response.objects.get().comment == "Baik sekali"


@pytest.mark.parametrize("token", ["a\0" * 20, "é" * 32, "x", "a" * 500])
def test_what_is_no_link_is_not_looked_up(
    exit_survey: Campaign, token: str, django_assert_num_queries: Callable
):
    with django_assert_num_queries(0):
        assert Client().get(reverse("survey_answer", args=[token])).status_code == 404


def test_a_flood_from_one_address_is_stopped_and_can_try_later(exit_survey: Campaign):
    Campaign.objects.update(most_per_address_per_hour=2)
    codes = [
        send(exit_survey.link_token, {"answers": {"q1": [3, 4]}, "key": f"{number:040}"})[0]
        for number in range(4)
    ]
    assert codes == [200, 200, 429, 429]
    # Whoever has begun can go on, and another address is not to blame.
    assert send(exit_survey.link_token, {"answers": {"q2": [3, 4]}, "key": f"{0:040}"})[0] == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert send(exit_survey.link_token, {"answers": {"q1": [3, 4]}, "key": f"{9:040}"}, **elsewhere)[0] == 200


def test_without_a_script_the_form_is_sent_in_whole(exit_survey: Campaign):
    form = {
        "key": KEY,
        "q1-reality": "3",
        "q1-expectation": "4",
        "about-segment": "outpatient",
        "comment": "Baik",
    }
    page = Client().post(reverse("survey_answer", args=[exit_survey.link_token]) + "?lang=en", form)
    assert "Thank you" in page.text
    response = Response.objects.get()
    assert (response.segment, response.comment, response.submitted) == ("outpatient", "Baik", True)


def test_the_page_speaks_both_languages(campaign: Campaign):
    address = reverse("survey_answer", args=[campaign.link_token])
    assert "Peralatan medis modern dan lengkap." in Client().get(address, {"lang": "id"}).text
    english = Client().get(address, {"lang": "en"}).text
    assert "The medical equipment is modern and complete." in english
    assert 'lang="en"' in english


def test_the_ward_of_a_poster_is_taken_up(exit_survey: Campaign, melati: Any):
    exit_survey.units.add(melati)
    assert send(exit_survey.link_token, {"answers": {"q1": [3, 4]}, "unit": "melati"})[0] == 200
    assert Response.objects.get().unit == melati


def test_only_a_page_in_which_can_be_answered_is_kept_by_the_phone(
    by_invitation: Campaign, exit_survey: Campaign
):
    (token,) = invite(campaign=by_invitation, number=1)
    for address in (f"/s/{token}/", f"/s/{exit_survey.link_token}/"):
        assert Client().get(address).headers["Imbang-Keep-Until"] == exit_survey.ends_on.isoformat()
    Invitation.objects.update(used=True)
    close_campaign(campaign=exit_survey)
    for address in (f"/s/{token}/", f"/s/{exit_survey.link_token}/"):
        assert "Imbang-Keep-Until" not in Client().get(address).headers


def test_the_worker_reaches_no_further_than_the_public_pages():
    """A browser lets a worker reach what lies below its own address; this one lies in /s/."""
    assert reverse("survey_worker") == "/s/worker.js"
    worker = Client().get("/s/worker.js")
    assert worker.headers["Content-Type"] == "text/javascript"
    assert "no-store" in worker.headers["Cache-Control"]
    assert "Service-Worker-Allowed" not in worker.headers
    assert "^/s/[A-Za-z0-9_-]{20,64}/$" in worker.text
