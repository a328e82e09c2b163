"""The overview of a hospital in a browser: charts, tables, phone, print, and scores that change."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, save_values
from indicators.models import DataElement
from indicators.periods import Period
from scorecard.actions import recompute_scores

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("numbers")]

MELATI_IN_JANUARY = "/hospitals/RSA/?unit=melati&period=2009-01"


def test_charts_are_drawn_when_they_come_into_view(budi: User, open_page: Callable[..., Page]):
    page = open_page("/hospitals/RSA/?period=2009", budi)
    expect(page.locator("[data-plotly=chart-scores] .main-svg").first).to_be_visible()
    bor = page.locator("[data-plotly=chart-bor]")
    expect(bor).not_to_have_attribute("data-plotly-drawn", "")
    bor.scroll_into_view_if_needed()
    expect(bor.locator(".bars .point")).to_have_count(1)
    expect(bor.locator(".shapelayer path").first).to_be_attached()


def test_the_table_of_a_chart_opens_with_the_keyboard(wati: User, open_page: Callable[..., Page]):
    page = open_page(MELATI_IN_JANUARY, wati)
    card = page.locator("#indicator-bor")
    expect(card.locator("table")).not_to_be_visible()
    card.locator(".table-of-chart summary").focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("row", name="Januari")).to_contain_text("80,00%")


@pytest.mark.parametrize("path", ["/hospitals/RSA/?period=2009", MELATI_IN_JANUARY])
def test_a_phone_scrolls_in_one_direction_only(path: str, budi: User, open_page: Callable[..., Page]):
    page = open_page(path, budi, width=390)
    expect(page.locator("[data-plotly-drawn]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_new_scores_come_in_without_a_reload(
    hospital: Hospital, melati: Unit, wati: User, open_page: Callable[..., Page]
):
    days = DataElement.objects.get(code="patient_days")
    save_values([NewValue(melati, days, Period.parse("2009-01"), 155.0)], by=wati)
    page = open_page(MELATI_IN_JANUARY, wati)
    page.evaluate("window.stayed = true")
    for _twice in range(2):  # it asks again and again while the change waits
        with page.expect_response("**/freshness/**"):
            expect(page.locator("#freshness")).to_contain_text("sedang dihitung")
    expect(page.locator("#indicator-bor")).to_contain_text("80,00%")
    recompute_scores(hospital_id=hospital.pk)
    expect(page.locator("#indicator-bor")).to_contain_text("50,00%")
    expect(page.locator("#freshness")).to_contain_text("Skor sudah mutakhir")
    expect(page.locator("[data-plotly=chart-scores][data-plotly-drawn]")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_light_or_dark_is_remembered(budi: User, open_page: Callable[..., Page]):
    page = open_page("/hospitals/RSA/", budi)
    page.get_by_role("button", name="Terang atau gelap").click()
    page.get_by_role("button", name="Gelap", exact=True).click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_period_is_chosen_and_can_be_shared(budi: User, open_page: Callable[..., Page]):
    page = open_page("/hospitals/RSA/?period=2009", budi)
    page.get_by_role("link", name="Bulan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Maret 2009")
    page.get_by_label("Periode", exact=True).select_option("2009-02")
    page.get_by_role("combobox", name="Unit").select_option("melati")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bangsal Melati Februari 2009")
    assert "period=2009-02" in page.url
    assert "unit=melati" in page.url


def test_paper_has_the_figures_and_not_the_buttons(budi: User, open_page: Callable[..., Page]):
    page = open_page("/hospitals/RSA/?period=2009", budi)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Cetak")).not_to_be_visible()
    expect(page.locator(".choosers")).not_to_be_visible()
    expect(page.locator("#indicator-bor .indicator-value")).to_be_visible()


def test_indicators_outside_the_score_come_when_somebody_scrolls_there(
    hospital: Hospital, budi: User, open_page: Callable[..., Page]
):
    numbers = {"cash": 70.0, "short_term_securities": 0.0, "current_liabilities": 100.0}
    january = Period.parse("2009-01")
    elements = {code: DataElement.objects.get(code=code) for code in numbers}
    save_values([NewValue(hospital.root, elements[c], january, v) for c, v in numbers.items()], by=budi)
    recompute_scores(hospital_id=hospital.pk)
    page = open_page("/hospitals/RSA/?period=2009-01", budi)
    expect(page.locator("#indicator-cash_ratio")).to_have_count(0)
    page.keyboard.press("End")
    expect(page.locator("#indicator-cash_ratio .indicator-value")).to_have_text("0,70")
    expect(page.locator("[data-plotly=chart-cash_ratio][data-plotly-drawn]")).to_be_visible()
