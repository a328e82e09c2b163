"""No page breaks a rule of axe: contrast, names, roles, order of headings."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from hospitals.models import User

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("numbers")]


def faults(page: Page) -> str:
    """What axe has to say, with everything unfolded and drawn; empty when nothing."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => part.open = true)")
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, False, "id"), (390, True, "en")])
@pytest.mark.parametrize(
    "path", ["/hospitals/RSA/?period=2009", "/hospitals/RSA/?unit=melati&period=2009-01"]
)
def test_the_overview(
    path: str, width: int, dark: bool, language: str, budi: User, open_page: Callable[..., Page]
):
    page = open_page(path, budi, width=width, dark=dark, language=language)
    page.locator("[data-plotly-drawn]").first.wait_for()
    assert not faults(page)


@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page(dark: bool, open_page: Callable[..., Page]):
    assert not faults(open_page("/login/?next=/", dark=dark))


@pytest.mark.parametrize("path", ["/", "/account/", "/account/password/"])
def test_the_pages_of_a_person(path: str, superuser: User, open_page: Callable[..., Page]):
    assert not faults(open_page(path, superuser))


def test_the_page_of_who_has_no_role(dewi: User, open_page: Callable[..., Page]):
    assert not faults(open_page("/", dewi))
