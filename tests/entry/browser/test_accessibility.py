"""The pages of the forms for everybody: axe without violations, wide and narrow, both languages."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from entry.models import DraftValue, Form
from hospitals.models import Unit, User
from indicators.models import DataElement
from indicators.periods import Period
from tests.entry.conftest import RIGHT, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.mark.parametrize(("width", "language"), [(1280, "id"), (390, "en")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    a_year_behind: Form,
    melati: Unit,
    mawar: Unit,
    ani: User,
    last_month: Period,
    sign_in: Callable[..., BrowserContext],
    width: int,
    language: str,
) -> None:
    fill(melati, {**RIGHT, "patients_end": 36, "patient_days": 2492}, last_month)
    beds = DataElement.objects.get(code="beds")
    DraftValue.objects.create(unit=melati, element=beds, period=last_month, text="2o", reason="no", by=ani)
    fill(mawar, {"transfers_in": 9, "transfers_out": 0}, last_month)
    page = sign_in(ani, language=language, width=width).new_page()
    sheet = f"/forms/RSA/inpatient_ward/melati/{last_month}/"
    table = f"/forms/RSA/inpatient_ward/table/{last_month}/"
    files = "/forms/RSA/inpatient_ward/"
    for url in ("/forms/", f"/forms/RSA/?year={last_month.year}", table, files, sheet, f"{sheet}blank/"):
        page.goto(url)
        if url == sheet:
            page.locator("#cell-admissions").focus()
            page.keyboard.press("Alt+ArrowDown")
            page.locator("#details-admissions form").wait_for()
        found = Axe().run(page).response["violations"]
        assert not [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found], url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url


def test_axe_finds_nothing_in_the_preview_of_a_file(
    a_year_behind: Form, melati: Unit, ani: User, last_month: Period, sign_in: Callable[..., BrowserContext]
) -> None:
    page = sign_in(ani, width=390).new_page()
    page.goto("/forms/RSA/inpatient_ward/")
    lines = "".join(
        f"melati,{code},{last_month},{n}\n" for code, n in {**RIGHT, "patients_end": 36, "beds": 5}.items()
    )
    content = f"unit,element,period,value\n{lines}".encode()
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("form[enctype] button").press("Enter")
    page.locator(".entry-problem-hard").wait_for()
    assert page.locator(".entry-problem-soft").count()
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
