"""The pages of the scorecard: who sees what, and in how many queries. The numbers are in `numbers`."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hospitals.actions import give_role
from hospitals.models import Hospital, Role, Unit, User
from indicators.actions import NewValue, save_values
from indicators.marks import EVERYTHING, mark_changed
from indicators.models import Computation, DataElement
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.pages import text_of

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
MELATI = "/hospitals/RSA/?unit=melati&period=2009-01"

pytestmark = pytest.mark.usefixtures("numbers")


class TestHome:
    def test_who_sees_one_hospital_lands_on_it(self, budi: User, as_person: Callable):
        assert as_person(budi).get("/").url == "/hospitals/RSA/"

    def test_who_sees_several_chooses(self, budi: User, other_hospital: Hospital, as_person: Callable):
        give_role(user=budi, unit=other_hospital.root, role=Role.VIEWER)
        text = text_of(as_person(budi).get("/", **ENGLISH))
        assert "RSUD Anggrek" in text
        assert "RSUD Bakung" in text
        # 186 patient days of 310 bed days: 60 % scores 57.1 between 40 (0) and 75 (100).
        assert "2009 · 1 of 29 indicators" in text

    def test_the_list_costs_the_same_however_long_it_is(
        self, superuser: User, other_hospital: Hospital, as_person: Callable, django_assert_num_queries
    ):
        client = as_person(superuser)
        with django_assert_num_queries(5):
            client.get("/")

    def test_without_a_role_there_is_a_friendly_page(self, dewi: User, as_person: Callable):
        answer = as_person(dewi).get("/", **ENGLISH)
        assert answer.status_code == 200
        assert "Welcome, Dewi" in text_of(answer)


class TestOverview:
    def test_it_says_value_range_score_verdict_and_completeness(self, wati: User, as_person: Callable):
        text = text_of(as_person(wati).get(MELATI, **ENGLISH))
        assert "Bangsal Melati January 2009" in text
        assert "80.00% score 100.0 Ideal: 75–85%" in text
        assert "1 of 1 entries" in text
        assert "Good" in text

    def test_numbers_and_words_are_indonesian_first(self, wati: User, as_person: Callable):
        text = text_of(as_person(wati).get(MELATI, HTTP_ACCEPT_LANGUAGE="id"))
        assert "Bangsal Melati Januari 2009" in text
        assert "80,00% skor 100,0 Ideal: 75–85%" in text
        assert "Baik" in text

    def test_every_chart_has_its_table(self, wati: User, as_person: Callable):
        page = as_person(wati).get(MELATI).content.decode()
        charts = re.findall(r'data-plotly="(chart-[\w-]+)"', page)
        assert {"chart-scores", "chart-bor"} <= set(charts)
        assert page.count("<table") == len(charts)
        for chart in charts:
            assert f'<script id="{chart}" type="application/json">' in page

    def test_a_gap_is_explained(self, budi: User, as_person: Callable):
        text = text_of(as_person(budi).get("/hospitals/RSA/?period=2009", **ENGLISH))
        assert "Current ratio Not reported: Current assets and Current liabilities." in text
        assert "indicators without a value" in text

    def test_a_ward_is_not_told_that_it_has_no_balance_sheet(self, wati: User, as_person: Callable):
        assert "Current ratio" not in text_of(as_person(wati).get(MELATI, **ENGLISH))

    def test_incomplete_numbers_are_marked(self, budi: User, as_person: Callable):
        text = text_of(as_person(budi).get("/hospitals/RSA/?period=2009", **ENGLISH))
        assert re.search(r"incomplete: \d+ of \d+ entries", text)

    def test_made_up_data_is_labelled(self, hospital: Hospital, budi: User, as_person: Callable):
        client = as_person(budi)
        assert "Data buatan" not in text_of(client.get("/hospitals/RSA/"))
        hospital.is_synthetic = True
        hospital.save()
        assert "Data buatan" in text_of(client.get("/hospitals/RSA/"))

    def test_without_a_period_it_shows_the_latest_year(self, budi: User, as_person: Callable):
        assert "RSUD Anggrek 2009" in text_of(as_person(budi).get("/hospitals/RSA/"))

    def test_a_clerk_lands_on_her_ward(self, wati: User, as_person: Callable):
        assert "Bangsal Melati 2009" in text_of(as_person(wati).get("/hospitals/RSA/"))

    def test_only_visible_units_can_be_chosen(self, rina: User, inap: Unit, as_person: Callable):
        rina.memberships.all().delete()
        give_role(user=rina, unit=inap, role=Role.VIEWER)
        page = as_person(rina).get("/hospitals/RSA/").content.decode()
        assert re.findall(r'<option value="(\w+)"', page.split('id="choose-unit"')[1]) == [
            "inap",
            "melati",
            "mawar",
        ]

    @pytest.mark.parametrize("period", ["850", "2009-13", "banana", "2009-Q5"])
    def test_what_is_no_period_is_not_found(self, period: str, budi: User, as_person: Callable):
        assert as_person(budi).get("/hospitals/RSA/", {"period": period}).status_code == 404

    @pytest.mark.parametrize("period", ["1950", "2008-12", "2031-Q1", "2999"])
    def test_a_period_without_numbers_says_so(self, period: str, budi: User, as_person: Callable):
        answer = as_person(budi).get("/hospitals/RSA/", {"period": period}, **ENGLISH)
        assert answer.status_code == 200
        assert "There are no numbers for" in text_of(answer)

    def test_a_hospital_without_numbers_says_so(self, hospital: Hospital, budi: User, as_person: Callable):
        hospital.root.scores.all().delete()
        Computation.objects.all().delete()
        assert "No scores yet" in text_of(as_person(budi).get("/hospitals/RSA/", **ENGLISH))

    @pytest.mark.parametrize("period", ["2009", "2009-S1", "2009-Q1", "2009-03"])
    def test_it_costs_the_same_number_of_queries_for_every_place(
        self, period: str, budi: User, wati: User, as_person: Callable
    ):
        counts = {}
        for person, unit in ((budi, "RSA"), (budi, "melati"), (wati, "melati")):
            client = as_person(person)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get("/hospitals/RSA/", {"period": period, "unit": unit})
            counts[person.username, unit] = len(queries)
        # Three more for the whole hospital: which indicators that nobody reported have a range.
        assert counts == {("budi", "RSA"): 35, ("budi", "melati"): 32, ("wati", "melati"): 32}

    def test_there_is_no_script_in_the_page_but_our_own(self, budi: User, as_person: Callable):
        page = as_person(budi).get("/hospitals/RSA/").content.decode()
        for attributes in re.findall(r"<script([^>]*)>", page):
            assert 'type="application/json"' in attributes or 'src="/static/' in attributes
        assert not re.search(r"<[^>]+\son\w+=", page)


class TestOtherIndicators:
    def test_what_no_objective_weighs_is_a_part_fetched_later(
        self, hospital: Hospital, budi: User, as_person: Callable
    ):
        # Cash ratio: (70 + 0) / 100
        numbers = {"cash": 70.0, "short_term_securities": 0.0, "current_liabilities": 100.0}
        values = [
            NewValue(hospital.root, DataElement.objects.get(code=code), Period.parse("2009-01"), value)
            for code, value in numbers.items()
        ]
        save_values(values, by=None)
        recompute_scores(hospital_id=hospital.pk)
        client = as_person(budi)
        page = client.get("/hospitals/RSA/?period=2009-01", **ENGLISH).content.decode()
        assert "indicator-cash_ratio" not in page
        address = re.search(r'hx-get="(/hospitals/RSA/others/[^"]*)"', page).group(1)
        part = client.get(unescape(address), headers={"HX-Request": "true", "Accept-Language": "en"})
        assert "Cash ratio" in text_of(part)
        assert "0.70" in text_of(part)
        assert "<html" not in part.content.decode()
        assert "<html" in client.get(unescape(address)).content.decode()

    @pytest.mark.parametrize("period", ["", "1950", "banana"])
    def test_without_numbers_there_is_no_part(self, period: str, budi: User, as_person: Callable):
        assert as_person(budi).get("/hospitals/RSA/others/", {"period": period}).status_code == 404


class TestStrangers:
    @pytest.mark.parametrize(
        "path",
        [
            "/hospitals/RSA/",
            "/hospitals/RSA/?unit=melati&period=2009-01",
            "/hospitals/RSA/freshness/",
            "/hospitals/RSA/others/?period=2009",
            "/hospitals/nowhere/",
        ],
    )
    def test_another_hospital_is_not_there(self, path: str, tono: User, dewi: User, as_person: Callable):
        for stranger in (tono, dewi):
            assert as_person(stranger).get(path).status_code == 404

    def test_another_ward_is_not_there(self, wati: User, as_person: Callable):
        for unit in ("mawar", "inap", "RSA", "kenanga", "nowhere"):
            assert as_person(wati).get("/hospitals/RSA/", {"unit": unit}).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/", "/hospitals/RSA/", "/hospitals/RSA/others/", "/hospitals/RSA/freshness/"]
    )
    def test_nobody_sees_anything_without_signing_in(self, path: str, client: Client):
        assert client.get(path).url == f"/login/?next={path}"

    def test_pages_are_only_read(self, budi: User, as_person: Callable):
        assert as_person(budi).post("/hospitals/RSA/").status_code == 405


class TestFreshness:
    def test_waiting_changes_are_told_and_asked_for_again_soon(
        self, hospital: Hospital, budi: User, as_person: Callable
    ):
        mark_changed(hospital_id=hospital.pk, changes=[EVERYTHING])
        answer = as_person(budi).get("/hospitals/RSA/freshness/", **ENGLISH)
        assert "are being computed" in text_of(answer)
        assert "every 1s" in answer.content.decode()
        assert "HX-Trigger" not in answer.headers

    def test_the_page_is_told_when_the_scores_have_changed(
        self, hospital: Hospital, budi: User, as_person: Callable
    ):
        client = as_person(budi)
        seen = Computation.objects.get(hospital=hospital).computed_at.isoformat()
        assert "HX-Trigger" not in client.get("/hospitals/RSA/freshness/", {"seen": seen}).headers
        mark_changed(hospital_id=hospital.pk, changes=[EVERYTHING])
        recompute_scores(hospital_id=hospital.pk)
        answer = client.get("/hospitals/RSA/freshness/", {"seen": seen}, **ENGLISH)
        assert "scores-changed" in answer.headers["HX-Trigger"]
        assert "up to date" in text_of(answer)

    @pytest.mark.parametrize("seen", ["", "nonsense", "2026-99-99T00:00:00"])
    def test_a_strange_moment_counts_as_not_seen(self, seen: str, budi: User, as_person: Callable):
        answer = as_person(budi).get("/hospitals/RSA/freshness/", {"seen": seen})
        assert "HX-Trigger" in answer.headers


class TestErrorPages:
    def test_what_is_not_there_is_told_in_house_style(self, budi: User, as_person: Callable):
        answer = as_person(budi).get("/nowhere/", **ENGLISH)
        assert answer.status_code == 404
        assert "This page does not exist" in text_of(answer)

    @pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "500.html"])
    def test_every_error_page_can_be_shown_without_a_request(self, name: str):
        from django.template.loader import render_to_string

        assert "<h1" in render_to_string(name)
