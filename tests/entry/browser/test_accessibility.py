"""The pages of the forms for everybody: axe without violations, wide and narrow, both languages."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from entry.actions import take_form_away
from entry.models import DraftValue, Form
from hospitals.models import Unit, User
from indicators.models import DataElement
from indicators.periods import Period
from tests.entry.browser.conftest import state_of
from tests.entry.conftest import RIGHT, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    before = f"/forms/RSA/inpatient_ward/melati/{last_month.shifted(-1)}/"  # the form begins with last month
    overview = f"/forms/RSA/?year={last_month.year}"
    for url in ("/forms/", overview, table, files, before, sheet, f"{sheet}blank/"):
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


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "id", "light"), (390, "en", "dark")])
def test_axe_finds_nothing_when_something_is_the_matter(
    a_year_behind: Form,
    melati: Unit,
    wati: User,
    last_month: Period,
    sign_in: Callable[..., BrowserContext],
    width: int,
    language: str,
    scheme: str,
) -> None:
    """Refused, waiting for the network, in conflict, submitted, taken away."""

    def nothing_is_found(state: str) -> None:
        found = Axe().run(page).response["violations"]
        assert not [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found], state
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state

    window = sign_in(wati, language=language, width=width)
    page = window.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/forms/RSA/inpatient_ward/melati/{last_month}/")
    page.locator("#cell-beds").fill("2o")
    page.keyboard.press("Enter")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "refused")
    nothing_is_found("refused")
    window.set_offline(True)
    page.locator("#cell-patient_days").fill("465")
    page.keyboard.press("Enter")
    page.locator("[data-entry-submit] button").press("Enter")
    expect(page.locator("[data-entry-submit] [role=alert]")).to_be_visible()
    nothing_is_found("waiting")
    window.set_offline(False)
    expect(state_of(page, "patient_days")).to_have_attribute("data-state", "saved")
    fill(melati, {"admissions": 55}, last_month)
    page.locator("#cell-admissions").fill("60")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-conflict")).to_be_visible()
    nothing_is_found("conflict")
    page.locator("[data-conflict-keep=theirs]").press("Enter")
    page.locator("#cell-beds").fill("20")
    page.keyboard.press("Enter")
    expect(state_of(page, "beds")).to_have_attribute("data-state", "saved")
    fill(melati, RIGHT, last_month)
    page.reload()
    page.locator("[data-entry-submit] button").press("Enter")
    expect(page.locator(".alert-success")).to_be_visible()
    nothing_is_found("submitted")
    take_form_away(form=a_year_behind, unit=melati.hospital.root)
    page.reload()
    expect(page.locator(".alert-info")).to_be_visible()
    nothing_is_found("taken away")
