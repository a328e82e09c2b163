"""The administration in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hospitals.models import Hospital, User
from tests.indicators.test_closed_years import (
    _in_november,  # noqa: F401 - holds in all tests of this file
    scored,  # noqa: F401 - a fixture
)
from tests.indicators.test_closed_years_in_editors import own  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_question_about_closed_years_is_a_line_to_read(
    width: int,
    open_page: Callable[..., Page],
    own,  # noqa: F811
    hospital: Hospital,
    joko: User,
) -> None:
    page = open_page(f"/admin/indicators/indicator/{own.pk}/change/", joko, width=width)
    page.locator("#formulas-group .add-row a").click()
    page.locator("#id_formulas-1-expression").fill("90 * cases / patients")
    page.locator("#id_formulas-1-valid_from").fill("2024-01-01")
    page.locator("[name=_save]").click()
    label = page.locator("#id_formulas-1-closed_years label").first
    label.scroll_into_view_if_needed()
    box = label.bounding_box()
    assert box is not None
    assert box["width"] > 250
