"""Pages of Chromium in which somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from hospitals.models import Hospital, User
from surveys.models import Campaign
from tests.chromium import PATIENCE_MS
from tests.surveys.conftest import make_campaign


def _is_fault(message: ConsoleMessage) -> bool:
    """Chromium looks for an icon where a page, as those of the Django admin, names none."""
    return message.type == "error" and not message.location.get("url", "").endswith("/favicon.ico")


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_page("/", budi, width=390, dark=True, language="en")`; fails on errors in the page's console."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(
        path: str, user: User | None = None, *, width: int = 1280, dark: bool = False, language: str = "id"
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=language,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def exit_survey(definitions: None, hospital: Hospital) -> Campaign:
    return make_campaign(hospital, "exit_survey")
