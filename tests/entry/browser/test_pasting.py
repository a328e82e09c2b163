"""A block copied from a spreadsheet lands in the cells it belongs to, or is refused with a word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from entry.actions import assign_form
from entry.models import Form, Scope
from hospitals.models import Unit, User
from indicators.periods import Period
from tests.entry.browser.conftest import paste, state_of, stored, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


@pytest.fixture
def page(a_year_behind: Form, melati: Unit, wati: User, last_month: Period, sign_in: SignIn) -> Page:
    page = sign_in(wati, language="en").new_page()
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    return page


def told(page: Page):
    return page.locator("[data-entry-told]")


def test_a_column_with_its_totals_is_no_conflict_with_oneself(
    page: Page, melati: Unit, last_month: Period
) -> None:
    """Men 1, women 2, together 4: stored as pasted, and the check says that they do not add up."""
    paste(page, "1\n2\n4\n", "deaths_under_48h_men")
    until(lambda: stored(melati, "deaths_under_48h", last_month) == 4)
    expect(page.locator("#cell-deaths_under_48h")).to_have_value("4")
    expect(page.locator("#said-deaths_under_48h")).to_contain_text("add up to 3")
    expect(page.locator("#entry-conflict")).to_be_hidden()


def test_of_labels_beside_numbers_the_numbers_are_taken(page: Page, melati: Unit, last_month: Period) -> None:
    paste(page, "Beds\t20\nClass 1\t10\n\t\nIn\t1,050\n")
    until(lambda: stored(melati, "transfers_in", last_month) == 1050)
    assert stored(melati, "beds", last_month) == 20
    assert stored(melati, "patients_start", last_month) == 10
    assert stored(melati, "admissions", last_month) is None
    expect(told(page)).to_have_text("Pasted: 3.")


def test_of_two_columns_of_numbers_none_is_taken(page: Page, melati: Unit, last_month: Period) -> None:
    paste(page, "20\t21\n10\t11\n")
    expect(told(page)).to_contain_text("several columns")
    expect(page.locator("#cell-beds")).to_have_value("")


def test_a_block_keeps_its_rows_where_a_unit_does_not_keep_one_of_them(
    a_year_behind: Form, melati: Unit, mawar: Unit, ani: User, last_month: Period, sign_in: SignIn
) -> None:
    """Melati has no VIP class: its number of that row is left out, and the next one stays in its row."""
    not_kept = ["patient_days_vip"]
    month = {"first_month": last_month, "scope": Scope.THIS_UNIT}
    assign_form(form=a_year_behind, unit=melati, not_kept=not_kept, **month)
    page = sign_in(ani, language="en").new_page()
    page.goto(f"/forms/RSA/inpatient_ward/table/{last_month}/")
    paste(page, "1\t4\n2\t5\n3\t6\n", "patient_days_vvip", "melati")
    expect(told(page)).to_have_text("Pasted: 5. Left out because no open cell is there: 1.")
    until(lambda: stored(mawar, "patient_days_class_1", last_month) == 6)
    assert stored(mawar, "patient_days_vip", last_month) == 5
    assert stored(melati, "patient_days_class_1", last_month) == 3
    assert stored(melati, "patient_days_vip", last_month) is None


def test_what_does_not_fit_is_counted_and_what_is_no_number_is_marked(
    page: Page, melati: Unit, last_month: Period
) -> None:
    paste(page, "7\nabc\n9\n10\n", "patient_days_class_3")
    expect(told(page)).to_have_text("Pasted: 3. Left out because no open cell is there: 1.")
    expect(state_of(page, "patient_days_special")).to_have_attribute("data-state", "refused")
    expect(page.locator("#said-patient_days_special")).to_be_empty()  # not said twice
    until(lambda: stored(melati, "patient_days", last_month) == 9)
