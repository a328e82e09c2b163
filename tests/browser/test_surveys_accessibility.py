"""axe finds nothing on the pages of surveys, and nothing sticks out of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hospitals.models import User
from surveys.models import Campaign
from tests.browser.test_accessibility import faults
from tests.surveys.people import answer_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
