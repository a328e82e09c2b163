"""Signing in with the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hospitals.models import User
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


def test_the_keyboard_is_enough(numbers: None, budi: User, open_page: Callable[..., Page]):
    page = open_page("/hospitals/RSA/?period=2009")
    page.keyboard.type("budi")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nama pengguna atau kata sandi salah")
    page.keyboard.type(PASSWORD)  # the cursor waits in the field of the password
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("RSUD Anggrek 2009")


def test_another_language_is_one_click_away(budi: User, open_page: Callable[..., Page]):
    page = open_page("/login/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Sign in")
    assert page.locator("html").get_attribute("lang") == "en"
