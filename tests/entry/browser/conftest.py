"""Windows of Chromium, a worker beside the live server, and a ward with a year behind it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from entry.models import Form
from hospitals.models import Unit, User
from indicators.models import DataValue, RecomputeMark
from indicators.periods import Period, month_of
from tests.cast import PASSWORD
from tests.entry.conftest import RIGHT, fill

ROOT = Path(__file__).parents[3]
LONGEST_MS = 15_000


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A real Celery worker on the database of the tests."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "celery", "-A", "scorecard", "worker", "--loglevel", "warning"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(
        [*command, *quiet], env=environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
    )
    yield
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def last_month() -> Period:
    return month_of(timezone.localdate()).shifted(-1)


@pytest.fixture
def a_year_behind(ward_form: Form, melati: Unit, last_month: Period) -> Form:
    """The ward form, with twelve quiet months of ward Melati before the last one."""
    ward_form.assignments.update(first_month=last_month)
    for n in range(1, 13):
        fill(melati, RIGHT, last_month.shifted(-n))
    return ward_form


@pytest.fixture
def sign_in(chromium: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """`sign_in(wati)`: a browser window of its own in which Wati is signed in; keyboard only."""
    contexts = []

    def open_window(user: User, *, language: str = "id", width: int = 1280) -> BrowserContext:
        User.objects.filter(pk=user.pk).update(language=language)
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, locale=language
        )
        context.set_default_timeout(LONGEST_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto("/login/")
        page.keyboard.type(user.username) if page.evaluate(
            "document.activeElement.name === 'username'"
        ) else page.fill("[name=username]", user.username)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        page.close()
        return context

    yield open_window
    for context in contexts:
        context.close()


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _n in range(most):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with Tab")


def until(holds: Callable[[], bool], seconds: float = 20.0) -> float:
    """Wait until it holds; returns the seconds it took."""
    started = time.monotonic()
    while not holds():
        if time.monotonic() - started > seconds:
            raise AssertionError("it never came about")
        time.sleep(0.05)
    return time.monotonic() - started


def caught_up() -> bool:
    return not RecomputeMark.objects.exists()


def stored(unit: Unit, code: str, period: Period) -> float | None:
    row = DataValue.objects.filter(unit=unit, element__code=code, period=period).first()
    return row.value if row else None


def state_of(page: Page, code: str):
    return page.locator(f"#state-{code}")


def paste(page: Page, text: str, code: str = "beds", unit: str = "") -> None:
    """As from a spreadsheet, into the cell, of a `unit` of a table, and those after it."""
    in_table = f"[data-element={code}][data-column={unit}]"
    page.locator(in_table if unit else f"#cell-{code}").focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
