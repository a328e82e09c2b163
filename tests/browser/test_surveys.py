"""A patient's phone, and what the manager sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from hospitals.models import Hospital, User
from indicators.periods import month_of
from scorecard.actions import recompute_scores
from surveys.models import Answer, Campaign, Response
from surveys.publishing import publish_marked
from tests.browser.test_accessibility import faults
from tests.surveys.conftest import make_campaign
from tests.surveys.people import answer_all

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("definitions")]


@pytest.fixture
def exit_survey(definitions: None, hospital: Hospital) -> Campaign:
    return make_campaign(hospital, "exit_survey")


@pytest.fixture
def phone(chromium: Browser, live_server) -> Iterator[Page]:
    """390 px wide, touched, and allowed to complain about a lost network."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, locale="id"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def answer(page: Page, item: str, reality: str, expectation: str) -> None:
    step = page.locator(f"[data-item={item}]")
    expect(step).to_be_visible()
    step.get_by_role("group", name="Kenyataan").get_by_text(reality, exact=True).tap()
    step.get_by_role("group", name="Harapan").get_by_text(expectation, exact=True).tap()
    page.get_by_role("button", name="Lanjut").tap()


def test_a_patient_answers_through_a_lost_network_and_the_scorecard_moves(
    exit_survey: Campaign, hospital: Hospital, ani: User, phone: Page, open_page: Callable[..., Page]
):
    answer_all(exit_survey, 5, reality=4, expectation=4)
    publish_marked(campaign_id=exit_survey.pk)
    recompute_scores(hospital_id=hospital.pk)
    overview = f"/hospitals/RSA/?period={month_of(timezone.localdate())}"
    before = open_page(overview, ani).locator("#indicator-exit_survey_conformity")
    expect(before).to_contain_text("100,0%")

    phone.goto(f"/s/{exit_survey.link_token}/")
    phone.get_by_label("Jenis perawatan").select_option(label="Rawat inap")
    phone.get_by_role("button", name="Lanjut").tap()
    answer(phone, "q1", "Tidak setuju", "Setuju")
    answer(phone, "q2", "Tidak setuju", "Setuju")
    expect(phone.locator("[data-state=saved]")).to_be_visible()
    phone.reload()
    expect(phone.locator("[data-item=q3]")).to_be_visible()

    phone.context.set_offline(True)
    for item in ("q3", "q4", "q5"):
        answer(phone, item, "Tidak setuju", "Setuju")
    phone.get_by_label("lain").fill("Antrean panjang")
    phone.get_by_role("button", name="Kirim jawaban").tap()
    expect(phone.locator("[data-state=sending]")).to_be_visible()
    assert Response.objects.filter(submitted=True).count() == 5
    assert phone.evaluate("document.documentElement.scrollWidth") == 390

    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    mine = Response.objects.order_by("pk").last()
    assert mine is not None
    assert mine.submitted
    assert (mine.segment, mine.comment) == ("inpatient", "Antrean panjang")
    given = Answer.objects.filter(response=mine).values_list("reality", "expectation")
    assert list(given) == [(2, 3)] * 5
    phone.reload()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()

    page = open_page(f"/hospitals/RSA/surveys/{exit_survey.pk}/", ani)
    expect(page.locator("[data-respondents]")).to_have_text("6")
    # Reality 5·5·4 + 5·2 = 110 of the expected 5·5·4 + 5·3 = 115.
    expect(page.locator("[data-conformity]")).to_have_text("95,7%")
    expect(page.locator("[data-plotly-drawn]").first).to_be_visible()

    publish_marked(campaign_id=exit_survey.pk)
    recompute_scores(hospital_id=hospital.pk)
    after = open_page(overview, ani).locator("#indicator-exit_survey_conformity")
    expect(after).to_contain_text("95,7%")


def test_all_questions_at_once_and_in_english(exit_survey: Campaign, open_page: Callable[..., Page]):
    page = open_page(f"/s/{exit_survey.link_token}/?lang=en", width=390)
    page.get_by_role("button", name="All questions on one page").click()
    for item in ("q1", "q2", "q3", "q4", "q5"):
        page.locator(f'[name="{item}-reality"][value="3"]').check()
        page.locator(f'[name="{item}-expectation"][value="4"]').check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Answer.objects.filter(response__submitted=True).count() == 5
    page.get_by_role("button", name="Somebody else answers on this phone").click()
    expect(page.get_by_role("button", name="Next")).to_be_visible()
    expect(page.locator("[data-place]")).to_have_text("0 / 5")


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "id"), (1280, True, "en")])
def test_the_questionnaire_is_accessible(
    exit_survey: Campaign, open_page: Callable[..., Page], width: int, dark: bool, language: str
):
    page = open_page(f"/s/{exit_survey.link_token}/", width=width, dark=dark, language=language)
    assert not faults(page)
    page.locator("[data-mode]").click()
    assert not faults(page)


@pytest.mark.parametrize(("width", "dark", "language"), [(390, True, "id"), (1280, False, "en")])
def test_the_managers_pages_are_accessible_and_fit(
    exit_survey: Campaign,
    joko: User,
    open_page: Callable[..., Page],
    width: int,
    dark: bool,
    language: str,
):
    answer_all(exit_survey, 6, characteristics={"segment": "inpatient"})
    of_campaign = f"/hospitals/RSA/surveys/{exit_survey.pk}/"
    for path in (
        "/hospitals/RSA/surveys/",
        "/hospitals/RSA/surveys/new/",
        of_campaign,
        f"{of_campaign}poster/",
        f"{of_campaign}paper/",
        f"{of_campaign}tally/",
        "/hospitals/RSA/surveys/questionnaires/",
        f"/hospitals/RSA/surveys/questionnaires/{exit_survey.questionnaire_id}/",
    ):
        page = open_page(path, joko, width=width, dark=dark, language=language)
        assert not faults(page), path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        page.context.close()


def test_paper_forms_go_by_keyboard_alone(exit_survey: Campaign, ani: User, open_page: Callable[..., Page]):
    page = open_page(f"/hospitals/RSA/surveys/{exit_survey.pk}/paper/", ani)
    for reality in ("3", "2"):
        page.locator("[data-digit]").first.focus()
        page.keyboard.type(f"{reality}4" * 5)
        page.keyboard.press("Enter")
        expect(page.locator("tbody th").first).to_be_visible()
        expect(page.get_by_text(re.compile(" ".join([f"{reality}4"] * 5)))).to_be_visible()
    assert Response.objects.filter(submitted=True, source="paper").count() == 2
