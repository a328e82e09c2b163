"""What a clerk is told while typing, and what a session that ends costs: nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from entry.models import Form, State, Submission
from hospitals.models import Unit, User
from indicators.periods import Period
from tests.cast import PASSWORD
from tests.entry.browser.conftest import state_of, stored, until
from tests.entry.conftest import RIGHT, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


def test_a_problem_is_said_under_its_cell_and_missing_numbers_are_one_quiet_line(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    page = sign_in(wati, language="en", width=390).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-admissions").fill("700")
    page.keyboard.press("Enter")
    expect(page.locator("#said-admissions")).to_contain_text("says 700; usual here is about 50")
    expect(page.locator(".entry-problem-missing")).to_contain_text("9 required cells are still empty")
    expect(page.locator(".entry-problem-hard")).to_have_count(0)
    expect(page.locator("[data-cell=beds]")).to_have_attribute("data-severity", "")
    page.locator("#cell-admissions").fill("50")
    page.keyboard.press("Enter")
    expect(page.locator("#said-admissions")).to_be_empty()


def test_an_opened_form_waits_for_the_first_number_that_is_wanting(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    fill(melati, {"beds": 20, "patients_start": 10}, last_month)
    page = sign_in(wati).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    expect(page.locator("#cell-admissions")).to_be_focused()


def test_walking_over_a_total_that_follows_its_parts_types_nothing_into_it(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    fill(melati, {"deaths_under_48h_men": 2, "deaths_under_48h_women": 1}, last_month)
    page = sign_in(wati).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-deaths_under_48h").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-deaths_under_48h")).to_have_value("3")
    page.locator("#cell-deaths_48h_or_more").focus()
    page.keyboard.press("Enter")  # no part of it is known
    expect(state_of(page, "deaths_48h_or_more")).to_be_empty()
    page.locator("#cell-deaths_under_48h_men").fill("4")
    page.keyboard.press("Enter")
    expect(page.locator("#cell-deaths_under_48h")).to_have_value("5")
    until(lambda: stored(melati, "deaths_under_48h_men", last_month) == 4)
    assert stored(melati, "deaths_under_48h", last_month) is None


def test_a_session_that_ends_while_typing_costs_nothing(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    window = sign_in(wati)
    page = window.new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-beds").fill("20")
    page.keyboard.press("Enter")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "saved")
    window.clear_cookies(name="sessionid")
    with page.expect_response("**/live/"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('entry-saved'))")
    expect(page.locator("[data-entry-queue] a")).to_be_visible()
    expect(page.locator("#live")).to_have_count(1)
    expect(page.locator("[name=password]")).to_have_count(0)
    page.locator("#cell-admissions").fill("50")
    page.keyboard.press("Enter")
    expect(state_of(page, "admissions")).to_have_attribute("data-state", "waiting")
    page.locator("[data-entry-queue] a").press("Enter")
    page.locator("[name=username]").fill("wati")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{last_month}/")
    expect(page.locator("[data-entry-queue]")).to_be_hidden()
    until(lambda: stored(melati, "admissions", last_month) == 50)


def test_who_signed_in_anew_in_another_tab_can_still_submit(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    fill(melati, RIGHT, last_month)
    window = sign_in(wati)
    page, other = window.new_page(), window.new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    window.clear_cookies(name="sessionid")
    other.goto("/login/")
    other.locator("[name=username]").fill("wati")
    other.locator("[name=password]").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/forms/")
    page.locator("[data-entry-submit] button").press("Enter")
    until(lambda: Submission.objects.filter(state=State.SUBMITTED).exists())


def test_a_double_click_submits_once(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    fill(melati, RIGHT, last_month)
    page = sign_in(wati).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("[data-entry-submit] button").dblclick()
    expect(page.locator("#cell-beds")).not_to_be_editable()
    assert len(sent) == 1
    assert Submission.objects.get().events.count() == 1


def test_the_table_counts_what_is_wrong_while_typing(
    a_year_behind: Form, melati: Unit, mawar: Unit, ani: User, last_month: Period, sign_in: SignIn
) -> None:
    for ward in (melati, mawar):
        fill(ward, RIGHT, last_month)
    page = sign_in(ani, language="en").new_page()
    page.goto(f"/forms/RSA/inpatient_ward/table/{last_month}/")
    expect(page.locator(".entry-wrong")).to_have_count(0)
    page.locator("[data-element=patients_end][data-column=mawar]").fill("36")
    page.keyboard.press("Enter")
    expect(page.locator(".entry-wrong")).to_have_text("1 question")
    assert page.evaluate("document.activeElement.dataset.element") == "length_of_stay_days"


def test_saving_a_number_moves_nothing_on_the_page_and_a_lost_network_is_told_by_name(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    window = sign_in(wati, language="en")
    page = window.new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.evaluate(
        """() => {
            window.shown = 0;
            const banner = document.querySelector("[data-entry-queue]");
            const look = () => (window.shown += !banner.hidden);
            new MutationObserver(look).observe(banner, { attributes: true });
        }"""
    )
    page.locator("#cell-beds").fill("20")
    page.keyboard.press("Enter")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "saved")
    assert page.evaluate("window.shown") == 0
    window.set_offline(True)
    page.locator("#cell-beds").fill("21")
    page.keyboard.press("Enter")
    expect(page.locator("[data-entry-queue]")).to_contain_text("Waiting to be sent: 1.")
    page.locator("[data-entry-submit] button").press("Enter")
    expect(page.locator("[data-entry-submit] [role=alert]")).to_contain_text("still to be sent: 1.")
    window.route("**/cells/**", lambda route: route.abort())
    window.set_offline(False)
    page.goto("/forms/")
    expect(page.locator("[data-entry-queue] a")).to_contain_text("Bangsal Melati: Inpatient ward, monthly")


def test_the_history_follows_while_it_is_open_and_keeps_the_comment_begun(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    page = sign_in(wati, language="en").new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-transfers_in").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator("#note-transfers_in").fill("no tra")
    page.locator("#details-transfers_in [data-answer=NA]").click()
    expect(page.locator("#history-transfers_in")).to_contain_text("not applicable")
    expect(page.locator("#note-transfers_in")).to_have_value("no tra")
    page.reload()
    expect(state_of(page, "transfers_in")).to_have_text("not applicable")


def test_who_has_given_a_reason_goes_on_with_the_next(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    fill(melati, {**RIGHT, "patient_days": 2492}, last_month)
    page = sign_in(wati).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    reasons = page.locator(".entry-confirm input[name=reason]")
    expect(reasons).to_have_count(2)
    reasons.first.focus()
    for left in (1, 0):
        page.keyboard.type("gempa bumi")
        page.keyboard.press("Enter")
        expect(page.locator(".entry-confirm")).to_have_count(left)
        aim = ".entry-confirm input[name=reason]" if left else "[data-entry-submit] button"
        expect(page.locator(aim)).to_be_focused()
    page.locator("[data-details=patient_days]").click()
    expect(page.locator("#history-patient_days")).to_contain_text("gempa bumi")
