"""A patient's phone, and what the manager sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from hospitals.models import Hospital, User
from indicators.periods import month_of
from scorecard.actions import recompute_scores
from surveys.actions import close_campaign, invite
from surveys.models import Access, Answer, Campaign, Response
from surveys.publishing import publish_marked
from surveys.views import answering
from tests.surveys.conftest import make_campaign
from tests.surveys.people import answer_all

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("definitions")]


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


CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys())
    found[name] = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
  return found;
}"""


REGISTRATIONS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def kept(page: Page) -> list[str]:
    """The paths that the worker has kept on this phone."""
    return [path for paths in page.evaluate(CACHES).values() for path in paths]


def wait_until_kept(page: Page, path: str) -> None:
    wait_for(page, lambda: {path, "/static/app.css", "/static/answering.js"} <= set(kept(page)))


def wait_for(page: Page, happened: Callable[[], bool]) -> None:
    """Until a worker, which works on its own, has done it."""
    for _attempt in range(100):
        if happened():
            return
        page.wait_for_timeout(100)
    pytest.fail("the worker did not do it")


def test_a_page_reloaded_without_a_network_comes_back_with_its_answers(
    exit_survey: Campaign, hospital: Hospital, phone: Page
):
    path = f"/s/{exit_survey.link_token}/"
    phone.goto(f"{path}?lang=id")
    wait_until_kept(phone, path)
    phone.get_by_role("button", name="Lanjut").tap()
    answer(phone, "q1", "Setuju", "Sangat setuju")
    phone.context.set_offline(True)
    answer(phone, "q2", "Setuju", "Sangat setuju")
    phone.reload()
    expect(phone.locator("[data-item=q3]")).to_be_visible()
    expect(phone.locator("[data-place]")).to_have_text("2 / 5")
    assert phone.evaluate("getComputedStyle(document.querySelector('.survey-step')).borderRadius") != "0px"
    for item in ("q3", "q4", "q5"):
        answer(phone, item, "Setuju", "Sangat setuju")
    phone.get_by_role("button", name="Kirim jawaban").tap()
    expect(phone.locator("[data-state=sending]")).to_be_visible()
    assert not Response.objects.filter(submitted=True).exists()
    phone.reload()

    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    assert Answer.objects.filter(response__submitted=True).count() == 5
    wait_for(phone, lambda: not kept(phone))
    wait_for(phone, lambda: phone.evaluate(REGISTRATIONS) == 0)


def test_the_worker_keeps_the_opened_page_and_its_files_and_nothing_else(
    exit_survey: Campaign, hospital: Hospital, ani: User, phone: Page
):
    path = f"/s/{exit_survey.link_token}/"
    phone.goto(path)
    wait_until_kept(phone, path)
    for other in ("/login/", "/healthz", "/s/another-link-that-nobody-has/"):
        phone.goto(other)
    phone.goto(path)
    assert {name for name in kept(phone) if not name.startswith("/static/")} == {path}
    phone.context.set_offline(True)
    with pytest.raises(PlaywrightError):
        phone.goto("/login/")
    with pytest.raises(PlaywrightError):
        phone.goto("/s/another-link-that-nobody-has/")


def test_a_page_that_arrives_after_its_answers_were_sent_is_not_kept(
    exit_survey: Campaign, phone: Page, monkeypatch: pytest.MonkeyPatch
):
    asked, may_answer, given = Event(), Event(), Event()
    render = answering.render

    def late_for_the_worker(request: HttpRequest, template: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if template == "surveys/answer.html" and request.headers["Sec-Fetch-Mode"] != "navigate":
            asked.set()
            may_answer.wait(60)
            given.set()
        return render(request, template, *args, **kwargs)

    monkeypatch.setattr(answering, "render", late_for_the_worker)
    phone.goto(f"/s/{exit_survey.link_token}/")
    wait_for(phone, asked.is_set)
    phone.get_by_role("button", name="Lanjut").tap()
    for item in ("q1", "q2", "q3", "q4", "q5"):
        answer(phone, item, "Setuju", "Sangat setuju")
    phone.get_by_role("button", name="Kirim jawaban").tap()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    wait_for(phone, lambda: phone.evaluate(REGISTRATIONS) == 0)
    may_answer.set()
    wait_for(phone, given.is_set)
    for _look in range(20):
        phone.wait_for_timeout(100)
        assert not [path for path in kept(phone) if not path.startswith("/static/")]
    assert not kept(phone)


def test_a_closed_survey_is_kept_on_no_phone(exit_survey: Campaign, phone: Page):
    path = f"/s/{exit_survey.link_token}/"
    phone.goto(path)
    wait_until_kept(phone, path)
    close_campaign(campaign=exit_survey)
    phone.reload()
    expect(phone.get_by_text("Survei ini sudah ditutup")).to_be_visible()
    wait_for(phone, lambda: not kept(phone))


def test_a_single_use_link_leaves_nothing_for_the_next_person_on_the_phone(hospital: Hospital, phone: Page):
    campaign = make_campaign(hospital, "exit_survey", access=Access.INVITATIONS)
    mine, yours = (f"/s/{token}/" for token in invite(campaign=campaign, number=2))
    phone.goto(mine)
    wait_until_kept(phone, mine)
    phone.get_by_role("button", name="Lanjut").tap()
    answer(phone, "q1", "Setuju", "Sangat setuju")
    phone.goto(yours)
    expect(phone.locator("[data-place]")).to_have_text("0 / 5")
    phone.goto(mine)
    expect(phone.locator("[data-place]")).to_have_text("1 / 5")
    for _step in range(4):
        phone.get_by_role("button", name="Lanjut").tap()
    phone.get_by_role("button", name="Kirim jawaban").tap()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    wait_for(phone, lambda: mine not in kept(phone))
    phone.context.set_offline(True)
    phone.goto(yours)
    expect(phone.locator("[data-place]")).to_have_text("0 / 5")
    with pytest.raises(PlaywrightError):
        phone.goto(mine)


def test_without_a_worker_all_works_as_before(exit_survey: Campaign, chromium: Browser, live_server):
    """As on a plain http address of the house, where browsers have none."""
    context = chromium.new_context(base_url=live_server.url, service_workers="block", locale="id")
    page = context.new_page()
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto(f"/s/{exit_survey.link_token}/")
    page.get_by_role("button", name="Semua pertanyaan").click()
    page.locator('[name="q1-reality"][value="3"]').check()
    page.locator('[name="q1-expectation"][value="4"]').check()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    context.close()


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


def test_paper_forms_go_by_keyboard_alone(exit_survey: Campaign, ani: User, open_page: Callable[..., Page]):
    page = open_page(f"/hospitals/RSA/surveys/{exit_survey.pk}/paper/", ani)
    for reality in ("3", "2"):
        page.locator("[data-digit]").first.focus()
        page.keyboard.type(f"{reality}4" * 5)
        page.keyboard.press("Enter")
        expect(page.locator("tbody th").first).to_be_visible()
        expect(page.get_by_text(re.compile(" ".join([f"{reality}4"] * 5)))).to_be_visible()
    assert Response.objects.filter(submitted=True, source="paper").count() == 2
