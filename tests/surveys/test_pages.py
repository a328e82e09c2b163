"""The managers' pages: who sees them, and what they show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hospitals.models import Hospital, User
from surveys.actions import invite
from surveys.answering import Given, save_answers, save_paper
from surveys.links import hash_of_link
from surveys.models import Campaign, Invitation, Questionnaire
from tests.pages import text_of
from tests.surveys.conftest import make_campaign

SignIn = Callable[[User], Client]


def addresses(campaign: Campaign) -> dict[str, str]:
    """Every address of the room that belongs to somebody, by name."""
    of_campaign = {"code": "RSA", "pk": campaign.pk}
    of_questionnaire = {"code": "RSA", "pk": campaign.questionnaire_id}
    return {
        **{
            name: reverse(name, kwargs={"code": "RSA"})
            for name in ("surveys", "survey_campaign_new", "survey_sample", "survey_questionnaires")
        },
        **{
            name: reverse(name, kwargs=of_campaign)
            for name in (
                "survey_campaign",
                "survey_campaign_edit",
                "survey_switch",
                "survey_poster",
                "survey_invitations",
                "survey_paper",
                "survey_paper_upload",
                "survey_tally",
            )
        },
        "survey_paper_remove": reverse("survey_paper_remove", kwargs={**of_campaign, "response": 1}),
        **{
            name: reverse(name, kwargs=of_questionnaire)
            for name in ("survey_questionnaire", "survey_questionnaire_copy", "survey_questionnaire_edit")
        },
    }


def test_every_address_of_the_room_is_in_the_walk(campaign: Campaign):
    from surveys.urls import urlpatterns

    names = {pattern.name for pattern in urlpatterns} - {"survey_answer", "survey_save", "survey_worker"}
    assert names == set(addresses(campaign))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(campaign: Campaign, tono: User, dewi: User, as_person: SignIn, method: str):
    for person in (tono, dewi):
        for name, address in addresses(campaign).items():
            found = getattr(as_person(person), method)(address)
            assert found.status_code in (404, 405), (person, name)
            assert "SERVQUAL" not in found.text


def test_nobody_sees_them_without_signing_in(campaign: Campaign):
    for name, address in addresses(campaign).items():
        assert Client().get(address).status_code in (302, 405), name


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("joko", set()),
        ("ani", {"survey_questionnaire_edit"}),
        (
            "rina",
            {
                "survey_campaign_new",
                "survey_campaign_edit",
                "survey_paper",
                "survey_tally",
                "survey_questionnaire_edit",
            },
        ),
    ],
)
def test_each_role_opens_its_pages(
    campaign: Campaign, as_person: SignIn, request: pytest.FixtureRequest, who: str, refused: set[str]
):
    client = as_person(request.getfixturevalue(who))
    never = {
        "survey_switch",
        "survey_invitations",
        "survey_paper_upload",
        "survey_paper_remove",
        "survey_questionnaire_copy",
    }
    for name, address in addresses(campaign).items():
        if name in never or (name == "survey_questionnaire_edit" and who == "joko"):
            continue
        if who == "rina" and name not in refused and name.startswith("survey_campaign_"):
            continue
        wanted = 404 if name in refused else 200
        assert client.get(address).status_code == wanted, name


def test_a_ward_clerk_sees_nothing_of_a_campaign_of_the_whole_hospital(
    campaign: Campaign, wati: User, as_person: SignIn
):
    assert as_person(wati).get(addresses(campaign)["survey_campaign"]).status_code == 404
    listed = as_person(wati).get(addresses(campaign)["surveys"])
    assert listed.status_code == 200
    assert campaign.name not in listed.text


def test_results_appear_from_five_people_on(
    exit_survey: Campaign, budi: User, as_person: SignIn, answered: Callable
):
    client, address = as_person(budi), addresses(exit_survey)["survey_campaign"]
    answered(exit_survey, 4)
    page = client.get(address, headers={"accept-language": "en"}).text
    assert "data-conformity" not in page
    assert "data-respondents>4<" in page
    answered(exit_survey, 1, first=10)
    page = client.get(address).text
    assert "data-conformity>75" in page


def test_the_analysis_page_has_charts_tables_and_cautions(
    campaign: Campaign, budi: User, as_person: SignIn, answered: Callable, django_assert_max_num_queries
):
    answered(campaign, 10, characteristics={"segment": "inpatient", "sex": "woman"})
    answered(campaign, 7, reality=2, first=20, characteristics={"segment": "outpatient", "sex": "woman"})
    answered(campaign, 3, reality=1, first=40, characteristics={"segment": "outpatient", "sex": "man"})
    client, address = as_person(budi), addresses(campaign)["survey_campaign"]
    with django_assert_max_num_queries(45):
        page = client.get(address, headers={"accept-language": "en"})
    text = page.text
    assert page.status_code == 200
    charts = text.count("data-plotly=")
    assert charts >= 7
    assert text.count('<details class="table-of-chart">') == charts + 2, "and the validity of both sides"
    assert 'id="plotly-template"' in text
    one = client.get(address, {"segment": "inpatient"}, headers={"accept-language": "en"}).text
    assert "data-conformity>75" in one


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_number_of_queries_grows_neither_with_people_nor_with_campaigns(
    campaign: Campaign, budi: User, as_person: SignIn, answered: Callable
):
    client = as_person(budi)
    page, listed = addresses(campaign)["survey_campaign"], addresses(campaign)["surveys"]
    others = [make_campaign(campaign.unit.hospital, "servqual", name="Another")]
    answered(campaign, 6, characteristics={"segment": "inpatient"})
    answered(others[0], 6, first=100)
    before = queries_of(client, page), queries_of(client, listed)
    answered(campaign, 20, first=50, characteristics={"segment": "inpatient"})
    for number in range(3):
        others.append(make_campaign(campaign.unit.hospital, "servqual", name=f"Another {number}"))
        answered(others[-1], 5, first=200 + 10 * number)
    after = queries_of(client, page), queries_of(client, listed)
    assert after == before
    assert max(before) <= 35


def test_a_small_segment_is_not_shown_alone(
    campaign: Campaign, budi: User, as_person: SignIn, answered: Callable
):
    answered(campaign, 10, characteristics={"segment": "inpatient"})
    answered(campaign, 3, reality=1, first=40, characteristics={"segment": "outpatient"})
    client, address = as_person(budi), addresses(campaign)["survey_campaign"]
    for segment in ("outpatient", "inpatient"):
        assert "data-conformity" not in client.get(address, {"segment": segment}).text


def test_a_manager_makes_opens_and_closes_a_campaign(
    definitions: None, hospital: Hospital, ani: User, as_person: SignIn
):
    client = as_person(ani)
    today = timezone.localdate().isoformat()
    form = {
        "questionnaire": Questionnaire.objects.get(code="skm").pk,
        "name": "SKM November",
        "unit": hospital.root.pk,
        "starts_on": today,
        "ends_on": today,
        "access": "open_link",
        "target_sample": 105,
        "most_per_address_per_hour": 1000,
    }
    made = client.post("/hospitals/RSA/surveys/new/", form)
    assert made.status_code == 302, made.text
    campaign = Campaign.objects.get()
    assert (campaign.created_by, campaign.is_open) == (ani, False)
    switch = addresses(campaign)["survey_switch"]
    client.post(switch, {"to": "open"})
    campaign.refresh_from_db()
    assert campaign.is_open
    client.post(switch, {"to": "closed"})
    campaign.refresh_from_db()
    assert not campaign.is_open


def test_the_calculator_gives_the_published_sample(hospital: Hospital, ani: User, as_person: SignIn):
    given = {
        "population": 1200,
        "precision_percent": 5,
        "z": 2.58,
        "proportion_percent": 96,
        "allowance_percent": 10,
    }
    text = text_of(as_person(ani).get("/hospitals/RSA/surveys/sample/", given))
    assert "95" in text
    assert "105" in text


def test_single_use_links_are_shown_once_as_slips(by_invitation: Campaign, ani: User, as_person: SignIn):
    page = as_person(ani).post(addresses(by_invitation)["survey_invitations"], {"number": 3})
    assert page.text.count('class="survey-slip"') == page.text.count("survey-qr") == 3
    assert Invitation.objects.count() == 3


def test_the_response_rate_is_of_the_links_not_of_the_paper_forms(
    by_invitation: Campaign, ani: User, as_person: SignIn
):
    """One of four links was used; five paper forms came on top."""
    tokens = invite(campaign=by_invitation, number=4)
    given = Given(answers={"q1": (3, 4)}, submit=True)
    link = Invitation.objects.get(token_hash=hash_of_link(tokens[0]))
    save_answers(campaign=by_invitation, given=given, key="k" * 40, invitation=link)
    today = timezone.localdate()
    for _form in range(5):
        save_paper(campaign=by_invitation, given=given, unit=by_invitation.unit, answered_on=today, by=ani)
    page = as_person(ani).get(addresses(by_invitation)["survey_campaign"], headers={"accept-language": "en"})
    assert "4 links given out, response rate 25.0%." in page.text
    assert "data-respondents>6<" in page.text


def test_the_boxes_of_units_have_the_look_of_the_house(
    definitions: None, hospital: Hospital, ani: User, as_person: SignIn
):
    page = as_person(ani).get("/hospitals/RSA/surveys/new/").text
    assert page.count('class="form-check mb-1"') == page.count('name="units"') == 3
    assert '<div id="id_units"' not in page


def test_the_poster_carries_the_link_as_a_qr_code(campaign: Campaign, ani: User, as_person: SignIn):
    page = as_person(ani).get(addresses(campaign)["survey_poster"]).text
    assert campaign.link_token in page
    assert "survey-qr" in page


def test_a_segment_has_to_be_one_of_the_questionnaire(
    definitions: None, hospital: Hospital, ani: User, as_person: SignIn
):
    day = timezone.localdate().isoformat()
    form = {
        "questionnaire": Questionnaire.objects.get(code="employee_satisfaction").pk,
        "name": "Karyawan",
        "unit": hospital.root.pk,
        "starts_on": day,
        "ends_on": day,
        "access": "open_link",
        "most_per_address_per_hour": 1000,
    }
    client = as_person(ani)
    assert client.post("/hospitals/RSA/surveys/new/", form | {"segment": "inpatient"}).status_code == 200
    assert client.post("/hospitals/RSA/surveys/new/", form | {"segment": ""}).status_code == 302
