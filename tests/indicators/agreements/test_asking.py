"""Results that contradict each other are asked about on every way in: REST, files, the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from entry.actions import NotReadyError, assign_form, confirm, submit
from entry.models import Form, FormElement, FormSection, Scope
from entry.queries.sheet import read_sheet
from hospitals.models import Hospital, Unit, User
from indicators.agreements.actions import take_back_confirmation
from indicators.models import ConfirmedResults, DataElement, DataValue, IndicatorValue
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.indicators.agreements.conftest import PRINTED, YEAR

pytestmark = pytest.mark.usefixtures("definitions")

CODE = "bed_use:RSA:2009"
SENTENCES = (
    "RSUD Anggrek, 2009: BOR 46.29% contradicts AvLOS and TOI, which imply 27.82%. "
    "BTO 6.63\N{NO-BREAK SPACE}times contradicts AvLOS and TOI, which imply 38.18\N{NO-BREAK SPACE}times."
)


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


class TestRest:
    @pytest.fixture
    def send(self, api_as: Callable[[User], APIClient], ani: User) -> Callable[..., Any]:
        def post(results: dict[str, float] = PRINTED, **body: Any) -> Any:
            values = [{"element": code, "period": "2009", "value": v} for code, v in results.items()]
            sent = {"hospital": "RSA", "values": values} | body
            return api_as(ani).post("/api/v1/data-values/", sent, format="json", HTTP_ACCEPT_LANGUAGE="en")

        return post

    def test_they_come_back_with_the_question_and_nothing_is_saved(self, hospital: Hospital, send: Callable):
        answer = send()
        assert answer.status_code == 409
        (question,) = answer.json()["questions"]
        assert question == {
            "code": CODE,
            "text": SENTENCES,
            "values": [0, 1, 2, 3],
        }
        assert not DataValue.objects.exists()

    def test_sent_again_with_the_answer_they_are_taken(self, hospital: Hospital, ani: User, send: Callable):
        answer = send(answers={CODE: "beds of the nursery were not counted"})
        assert answer.status_code == 200
        assert answer.json()["created"] == 4
        row = ConfirmedResults.objects.get()
        assert (row.unit, row.period, row.by) == (hospital.root, YEAR, ani)
        assert row.why == "beds of the nursery were not counted"
        assert send().status_code == 200, "what is confirmed is not asked again"

    def test_one_that_contradicts_what_is_stored_is_asked_about(self, hospital: Hospital, send: Callable):
        assert send({"avlos_days": 6.13, "toi_days": 2.03, "bor_percent": 75.12}).status_code == 200
        assert send({"bto_times": 30.01}).status_code == 409
        assert send({"bto_times": 44.73}).status_code == 200

    def test_an_empty_answer_is_none(self, hospital: Hospital, send: Callable):
        assert send(answers={CODE: " "}).status_code == 409
        assert send(answers=["x"]).status_code == 400

    def test_a_dry_run_asks_as_well_and_confirms_nothing(self, hospital: Hospital, send: Callable):
        assert send(dry_run=True).status_code == 409
        assert send(dry_run=True, answers={CODE: "so it is"}).status_code == 200
        assert not ConfirmedResults.objects.exists()

    def test_rows_and_scores_say_it(self, printed: Hospital, api_as: Callable[[User], APIClient], ani: User):
        recompute_scores(hospital_id=printed.pk)
        rows = api_as(ani).get("/api/v1/indicator-values/?hospital=RSA&period=2009&unit=RSA").json()
        by_code = {row["indicator"]: row for row in rows["results"]}
        scores = api_as(ani).get("/api/v1/scores/?hospital=RSA&period=2009").json()
        lines = {line["code"]: line for line in scores["indicators"]}
        for found in (by_code, lines):
            said = found["bto"]["contradicts"]
            assert said == {
                "indicators": ["avlos", "toi"],
                "implied": pytest.approx(365 / 9.56),
                "question": CODE,
            }
            assert (found["bto"]["value"], found["bto"]["score"], found["bto"]["verdict"]) == (
                6.63,
                None,
                None,
            )
            assert found["toi"]["contradicts"] is None


class TestCommands:
    @pytest.fixture
    def import_file(self, tmp_path: Path, hospital: Hospital) -> Callable[..., str]:
        def run(*options: str) -> str:
            file, errors = tmp_path / "results.csv", io.StringIO()
            lines = [f",{code},2009,{value}" for code, value in PRINTED.items()]
            file.write_text("\n".join(["unit,element,period,value", *lines]))
            try:
                call_command(
                    "import_values",
                    str(file),
                    "--hospital",
                    "RSA",
                    *options,
                    stdout=io.StringIO(),
                    stderr=errors,
                )
            except CommandError as error:
                return f"{errors.getvalue()}{error}"
            return ""

        return run

    def test_a_file_is_refused_with_the_questions(self, import_file: Callable[..., str]):
        said = import_file()
        assert f"{CODE}: {SENTENCES}" in said
        assert f"--confirm {CODE} --why TEXT" in said
        assert not DataValue.objects.exists()

    @pytest.mark.parametrize("code", [CODE, "bed_use"])
    def test_a_file_is_taken_with_a_reason(self, import_file: Callable[..., str], code: str):
        assert import_file("--confirm", code, "--why", "so printed") == ""
        row = ConfirmedResults.objects.get()
        assert (row.why, row.by) == ("so printed", None)
        assert DataValue.objects.count() == 4

    def test_without_a_reason_or_for_another_question_it_is_not(self, import_file: Callable[..., str]):
        assert "--why" in import_file("--confirm", CODE)
        assert CODE in import_file("--confirm", "bed_use:RSA:2008", "--why", "so printed")
        assert not DataValue.objects.exists()

    def test_the_scores_command_says_it(self, printed: Hospital, ani: User):
        recompute_scores(hospital_id=printed.pk)
        out = io.StringIO()
        call_command("scores", "--hospital", "RSA", "--period", "2009", stdout=out)
        said = "as reported; contradicts AvLOS and TOI, which imply 38.18\N{NO-BREAK SPACE}times."
        assert f"{said} It has no points until somebody confirms it with a reason." in out.getvalue()


class TestPage:
    @pytest.fixture
    def address(self, printed: Hospital) -> str:
        recompute_scores(hospital_id=printed.pk)
        return "/hospitals/RSA/results/?agreement=bed_use&unit=RSA&period=2009"

    def get(self, client: Client, address: str) -> Any:
        return client.get(address, headers={"accept-language": "en"})

    def test_the_overview_shows_the_mark_and_leads_there(
        self, address: str, as_person: Callable[[User], Client], ani: User, budi: User
    ):
        page = self.get(as_person(ani), "/hospitals/RSA/?period=2009").text
        assert "contradicts AvLOS and TOI, which imply 38.18\N{NO-BREAK SPACE}times" in page
        assert address.replace("&", "&amp;") in page
        page = self.get(as_person(budi), "/hospitals/RSA/?period=2009").text
        assert "contradicts AvLOS and TOI" in page
        assert "/results/?" not in page, "a director does not enter numbers"

    def test_the_overview_counts_what_waits_for_somebody(
        self, printed: Hospital, as_person: Callable, budi: User
    ):
        recompute_scores(hospital_id=printed.pk)
        page = self.get(as_person(budi), "/hospitals/RSA/?period=2009").text
        assert "2 results contradict others, no points until they are confirmed" in page
        assert page.count("It has no points until somebody confirms it with a reason.") >= 2

    def test_it_shows_all_four_and_asks_why(self, address: str, as_person: Callable, ani: User, budi: User):
        page = self.get(as_person(ani), address).text
        for text in (
            "46.29%",
            "2.66\N{NO-BREAK SPACE}days",
            "6.63\N{NO-BREAK SPACE}times",
            "6.90\N{NO-BREAK SPACE}days",
            "which imply 27.82%",
            'name="why"',
        ):
            assert text in page
        assert 'name="why"' not in self.get(as_person(budi), address).text

    def test_a_reason_confirms_and_can_be_taken_back(
        self, address: str, printed: Hospital, as_person: Callable, ani: User
    ):
        client = as_person(ani)
        seen = self.get(client, address).context["question"].seen
        assert client.post(address, {"seen": seen, "why": ""}).status_code == 422
        assert client.post(address, {"seen": "bor=1.0", "why": "so it is"}).status_code == 422
        assert not ConfirmedResults.objects.exists()
        assert client.post(address, {"seen": seen, "why": "so it is"}).status_code == 302
        recompute_scores(hospital_id=printed.pk)
        bto = IndicatorValue.objects.get(unit=printed.root, indicator__code="bto", period=YEAR)
        assert bto.score == 0
        page = self.get(client, "/hospitals/RSA/?period=2009").text
        assert "Confirmed by" in page
        assert "so it is" in page
        client.post(address, {"take_back": "1"})
        assert not ConfirmedResults.objects.exists()

    def test_who_may_not_enter_confirms_nothing(
        self, address: str, as_person: Callable, budi: User, tono: User
    ):
        assert as_person(budi).post(address, {"seen": "", "why": "x"}).status_code == 404
        assert as_person(tono).get(address).status_code == 404
        assert not ConfirmedResults.objects.exists()

    def test_where_nothing_contradicts_there_is_no_page(
        self, hospital: Hospital, melati: Unit, as_person: Callable, ani: User
    ):
        for asked in (
            "agreement=bed_use&unit=melati&period=2009",
            "agreement=x&unit=RSA&period=2009",
            "period=x",
        ):
            assert as_person(ani).get(f"/hospitals/RSA/results/?{asked}").status_code == 404


class TestForm:
    """A hospital's own form of the results of a ward, whose counts are lost."""

    @pytest.fixture
    def form(self, hospital: Hospital, melati: Unit) -> Form:
        form = Form.objects.create(
            hospital=hospital, code="results", name_en="Results", name_id="Hasil", approval_steps=1
        )
        section = FormSection.objects.create(form=form, code="all", name_en="All", name_id="Semua")
        for position, element in enumerate(DataElement.objects.filter(code__in=PRINTED)):
            FormElement.objects.create(form=form, section=section, element=element, position=position)
        assign_form(form=form, unit=melati, first_month=Period.month(2009, 1), scope=Scope.THIS_UNIT)
        return form

    def test_the_question_stands_in_the_form_until_it_is_answered(
        self, form: Form, melati: Unit, wati: User, report: Callable
    ):
        january = Period.month(2009, 1)
        report(melati, january, **PRINTED)
        place = {"form": form, "unit": melati, "period": january}
        (problem,) = read_sheet(**place).open_problems
        assert (problem.severity, set(problem.elements)) == ("soft", set(PRINTED))
        assert "contradicts AvLOS and TOI" in problem.message
        with pytest.raises(NotReadyError):
            submit(**place, by=wati)
        confirm(**place, check_key=problem.key, numbers=problem.numbers, reason="so it is", by=wati)
        assert (row := ConfirmedResults.objects.get()).why == "so it is"
        assert (row.unit, row.period, row.by) == (melati, january, wati)
        assert read_sheet(**place).open_problems == []
        report(melati, january, bto_times=7)
        assert len(read_sheet(**place).open_problems) == 1

    def test_what_is_taken_back_on_its_page_is_asked_again_in_the_form(
        self, form: Form, melati: Unit, wati: User, report: Callable
    ):
        place = {"form": form, "unit": melati, "period": Period.month(2009, 1)}
        report(melati, place["period"], **PRINTED)
        (problem,) = read_sheet(**place).open_problems
        confirm(**place, check_key=problem.key, numbers=problem.numbers, reason="as printed", by=wati)
        take_back_confirmation(confirmed=ConfirmedResults.objects.get(), by=wati)
        assert [again.key for again in read_sheet(**place).open_problems] == [problem.key]
        with pytest.raises(NotReadyError):
            submit(**place, by=wati)
        confirm(**place, check_key=problem.key, numbers=problem.numbers, reason="I looked again", by=wati)
        submit(**place, by=wati)
