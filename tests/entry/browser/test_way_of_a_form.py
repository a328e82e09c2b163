"""One form from the first key to the director's overview, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from entry.models import Confirmation, Form, State, Submission
from hospitals.models import Unit, User
from indicators.models import DataValue, IndicatorValue
from indicators.periods import Period
from tests.entry.browser.conftest import caught_up, paste, state_of, stored, tab_to, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


def enter(page: Page, code: str, text: str) -> None:
    """Type into the focused cell, which must be `code`, and go on with Enter."""
    assert page.evaluate("document.activeElement.dataset.element") == code
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.alone
def test_a_form_is_filled_returned_mended_approved_and_reaches_the_director(
    a_year_behind: Form,
    melati: Unit,
    wati: User,
    sri: User,
    budi: User,
    last_month: Period,
    sign_in: SignIn,
    worker: None,
) -> None:
    window = sign_in(wati)
    page = window.new_page()
    page.goto("/forms/")
    tab_to(page, f"a.entry-item[href*='{last_month}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{last_month}/")

    tab_to(page, "#cell-beds")
    enter(page, "beds", "20")
    enter(page, "patients_start", "10")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "saved")
    enter(page, "admissions", "5o")
    expect(state_of(page, "admissions")).to_have_attribute("data-state", "refused")
    page.keyboard.press("ArrowUp")
    enter(page, "admissions", "50")
    expect(state_of(page, "admissions")).to_have_attribute("data-state", "saved")

    window.set_offline(True)
    enter(page, "transfers_in", "2")
    enter(page, "transfers_out", "1")
    enter(page, "discharged_alive", "48")
    expect(state_of(page, "discharged_alive")).to_have_attribute("data-state", "waiting")
    expect(page.locator("[data-entry-queue]")).to_be_visible()
    assert stored(melati, "transfers_in", last_month) is None
    window.set_offline(False)
    expect(state_of(page, "discharged_alive")).to_have_attribute("data-state", "saved")
    assert stored(melati, "transfers_in", last_month) == 2

    enter(page, "deaths_under_48h_men", "1")
    enter(page, "deaths_under_48h_women", "0")
    expect(page.locator("#cell-deaths_under_48h")).to_have_value("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    enter(page, "deaths_48h_or_more", "2")
    enter(page, "patients_end", "36")  # 26 too many
    for _class in range(7):
        page.keyboard.press("ArrowDown")
    enter(page, "patient_days", "2.492")  # 402% of 20 beds x 31 days
    hard = page.locator(".entry-problem-hard")
    expect(hard).to_have_count(1)
    expect(hard).to_contain_text("26")
    soft = page.locator(".entry-problem-soft")
    expect(soft.first).to_be_visible()

    tab_to(page, "[data-entry-submit] button")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".alert-warning")).to_be_visible()
    assert not Submission.objects.filter(state=State.SUBMITTED).exists()

    tab_to(page, "#cell-patients_end")
    enter(page, "patients_end", "10")
    expect(page.locator(".entry-problem-hard")).to_have_count(0)
    while page.locator(".entry-problem-soft").count():
        before = page.locator(".entry-problem-soft").count()
        tab_to(page, ".entry-confirm input[name=reason]")
        page.keyboard.type("gempa bumi")
        page.keyboard.press("Enter")
        expect(page.locator(".entry-problem-soft")).to_have_count(before - 1)
    assert set(Confirmation.objects.values_list("reason", flat=True)) == {"gempa bumi"}
    page.reload()
    tab_to(page, "[data-entry-submit] button")
    page.keyboard.press("Enter")
    until(lambda: Submission.objects.filter(state=State.SUBMITTED).exists())
    expect(page.locator("#cell-beds")).not_to_be_editable()

    head = sign_in(sri).new_page()
    head.goto("/forms/")
    head.locator(f"a.entry-item[href*='{last_month}']").press("Enter")
    head.locator("#return-reason").fill("hari perawatan?")
    head.locator("#return-reason").press("Enter")
    until(lambda: Submission.objects.get().state == State.RETURNED)

    until(caught_up)
    director = sign_in(budi).new_page()
    overview = f"/hospitals/RSA/?period={last_month}&unit=melati"
    director.goto(overview)

    page.goto("/forms/")
    expect(page.locator(".entry-item-reason")).to_contain_text("hari perawatan?")
    tab_to(page, f"a.entry-item[href*='{last_month}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{last_month}/")
    tab_to(page, "#cell-patient_days")
    enter(page, "patient_days", "465")
    expect(state_of(page, "patient_days")).to_have_attribute("data-state", "saved")
    expect(page.locator("#live")).to_contain_text("75,00%" if last_month.days == 31 else "77,50%")
    bor = IndicatorValue.objects.filter(unit=melati, indicator__code="bor", period=last_month)
    took = until(lambda: round(bor.get().value or 0) in (75, 78))
    assert took < 5
    director.reload()
    expect(director.locator("body")).to_contain_text("75,00" if last_month.days == 31 else "77,50")
    page.reload()
    tab_to(page, "[data-entry-submit] button")
    page.keyboard.press("Enter")
    until(lambda: Submission.objects.get().state == State.SUBMITTED)

    head.goto("/forms/")
    head.locator(f"a.entry-item[href*='{last_month}']").press("Enter")
    tab_to(head, "form[action$='/approve/'] button")
    head.keyboard.press("Enter")
    until(lambda: Submission.objects.get().state == State.APPROVED)


def test_what_was_typed_offline_is_sent_after_the_tab_was_closed(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    window = sign_in(wati)
    page = window.new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    window.set_offline(True)
    page.locator("#cell-beds").focus()
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "waiting")
    page.close()
    window.set_offline(False)
    assert stored(melati, "beds", last_month) is None
    window.new_page().goto("/forms/")
    until(lambda: stored(melati, "beds", last_month) == 21)


def test_two_people_on_one_cell_are_asked(
    a_year_behind: Form, melati: Unit, wati: User, ani: User, last_month: Period, sign_in: SignIn
) -> None:
    url = f"/forms/RSA/inpatient_ward/melati/{last_month}/"
    one, other = sign_in(wati).new_page(), sign_in(ani).new_page()
    one.goto(url)
    other.goto(url)
    one.locator("#cell-admissions").fill("50")
    one.keyboard.press("Enter")
    expect(state_of(one, "admissions")).to_have_attribute("data-state", "saved")
    other.locator("#cell-admissions").fill("55")
    other.keyboard.press("Enter")
    dialog = other.locator("#entry-conflict")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Wati")
    expect(dialog.locator("[data-conflict-theirs]")).to_have_text("50")
    expect(dialog.locator("[data-conflict-mine]")).to_have_text("55")
    assert stored(melati, "admissions", last_month) == 50
    dialog.locator("[data-conflict-keep=mine]").press("Enter")
    until(lambda: stored(melati, "admissions", last_month) == 55)


def test_a_block_from_a_spreadsheet_is_pasted_down_the_form(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    page = sign_in(wati, language="en").new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    paste(page, "20\r\n10\r\n1,050\r\n2\r\n")
    # Every cell saves by itself, in whatever order the answers come.
    for code, number in (("beds", 20), ("patients_start", 10), ("admissions", 1050), ("transfers_in", 2)):
        until(lambda code=code, number=number: stored(melati, code, last_month) == number)


def test_not_applicable_is_given_with_the_keyboard(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    page = sign_in(wati).new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-transfers_in").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#details-transfers_in [data-answer=NA]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(state_of(page, "transfers_in")).to_have_attribute("data-state", "saved")
    row = DataValue.objects.get(unit=melati, element__code="transfers_in", period=last_month)
    assert (row.value, row.status) == (None, 1)


def test_what_was_typed_offline_into_a_form_that_was_submitted_meanwhile_is_shown_and_let_go(
    a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn
) -> None:
    window = sign_in(wati)
    page = window.new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    window.set_offline(True)
    page.locator("#cell-beds").focus()
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    Submission.objects.create(form=a_year_behind, unit=melati, period=last_month, state=State.SUBMITTED)
    window.set_offline(False)
    expect(state_of(page, "beds")).to_have_attribute("data-state", "locked")
    expect(page.locator("#cell-beds")).to_have_value("21")
    expect(page.locator("[data-entry-queue]")).to_contain_text("menunggu keputusan Anda: 1.")
    page.reload()
    expect(state_of(page, "beds")).to_have_attribute("data-state", "locked")
    state_of(page, "beds").locator("button").press("Enter")
    expect(page.locator("#cell-beds")).to_have_value("")
    expect(page.locator("[data-entry-queue]")).to_be_hidden()
