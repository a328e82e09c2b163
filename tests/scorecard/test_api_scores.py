"""Scores over REST. The numbers are those of the cast, see `numbers`."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from hospitals.models import Unit, User
from indicators.models import IndicatorValue
from scorecard.models import Template

SCORES = "/api/v1/scores/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
NOT_HERS = {"detail": "There is no such hospital or unit, or it is not yours to see."}


@pytest.mark.usefixtures("numbers")
class TestScores:
    @pytest.mark.parametrize("period", ["2009", "2009-S1", "2009-Q1", "2009-03"])
    def test_they_are_what_the_command_prints(self, period: str, budi: User, api_as: Callable):
        out = io.StringIO()
        call_command("scores", hospital="RSA", period=period, as_json=True, stdout=out)
        answer = api_as(budi).get(SCORES, {"hospital": "RSA", "period": period})
        assert answer.status_code == 200
        assert answer.json() == json.loads(out.getvalue())

    def test_a_ward_clerk_gets_her_ward(self, wati: User, api_as: Callable):
        asked = {"hospital": "RSA", "period": "2009-01", "unit": "melati"}
        answer = api_as(wati).get(SCORES, asked).json()
        (bor,) = (line for line in answer["indicators"] if line["code"] == "bor")
        assert answer["unit"] == "melati"
        assert (bor["value"], bor["score"], bor["verdict"]) == (80.0, 100.0, "good")

    @pytest.mark.parametrize(
        "place",
        [
            {"hospital": "RSA"},
            {"hospital": "RSA", "unit": "RSA"},
            {"hospital": "RSA", "unit": "inap"},
            {"hospital": "RSA", "unit": "mawar"},
            {"hospital": "RSA", "unit": "nowhere"},
            {"hospital": "RSB"},
            {"hospital": "RSB", "unit": "kenanga"},
            {"hospital": "nowhere"},
        ],
    )
    def test_what_is_not_hers_is_answered_like_what_is_not_there(
        self, place: dict, wati: User, api_as: Callable
    ):
        answer = api_as(wati).get(SCORES, place | {"period": "2009"}, **ENGLISH)
        assert (answer.status_code, answer.json()) == (404, NOT_HERS)

    def test_names_are_in_the_language_of_the_client(self, budi: User, api_as: Callable):
        asked = {"hospital": "RSA", "period": "2009"}
        indonesian = api_as(budi).get(SCORES, asked)
        english = api_as(budi).get(SCORES, asked, **ENGLISH)
        assert indonesian.headers["Content-Language"] == "id"
        names = [
            [line["name"] for line in answer.json()["indicators"] if line["code"] == "bor"]
            for answer in (indonesian, english)
        ]
        assert names[1] == ["Bed occupancy rate"]
        assert names[0] != names[1]

    def test_a_period_without_numbers_has_no_scores(self, budi: User, api_as: Callable):
        answer = api_as(budi).get(SCORES, {"hospital": "RSA", "period": "1950"}).json()
        assert answer["overall"]["score"] is None

    def test_a_unit_without_numbers_has_no_scores(self, mawar: Unit, budi: User, api_as: Callable):
        IndicatorValue.objects.filter(unit=mawar).delete()
        asked = {"hospital": "RSA", "unit": "mawar", "period": "2009"}
        assert api_as(budi).get(SCORES, asked).json()["overall"]["known"] == 0

    @pytest.mark.parametrize(("unit", "queries"), [("RSA", 22), ("mawar", 18), ("melati", 19)])
    def test_they_cost_the_same_queries_however_much_is_stored(
        self, unit: str, queries: int, budi: User, api_as: Callable, django_assert_num_queries: Callable
    ):
        """Three more for the whole hospital: which indicators that nobody reported have a range."""
        client = api_as(budi)
        with django_assert_num_queries(queries):
            client.get(SCORES, {"hospital": "RSA", "unit": unit, "period": "2009"})


@pytest.mark.parametrize(
    ("asked", "name", "message"),
    [
        ({"period": "2009"}, "hospital", "Say which hospital: hospital=CODE."),
        ({"hospital": "RSA"}, "period", "Say which period, for example period=2009-03."),
        ({"hospital": "RSA", "period": "2009-3"}, "period", "“2009-3” is not a period; write 2009-03,"),
        ({"hospital": "RSA", "period": ""}, "period", "is not a period"),
        ({"hospital": "RSA", "period": "1899"}, "period", "“1899”: years are taken from 1950 to 2999."),
        ({"hospital": "RSA", "period": "2009\0"}, "period", "is not a period"),
        ({"hospital": "", "period": "2009"}, "hospital", ""),
        ({"hospital": "RS\0", "period": "2009"}, "hospital", ""),
        ({"hospital": "RSA", "period": "2009", "unit": "a\0"}, "unit", ""),
        ({"hospital": "RSA", "period": "2009", "units": "melati"}, "units", "did you mean “unit”?"),
        ({"hospital": ["RSA", "RSB"], "period": "2009"}, "hospital", "Give this parameter once."),
    ],
)
def test_what_is_wrong_is_named(asked: dict, name: str, message: str, budi: User, api_as: Callable):
    answer = api_as(budi).get(SCORES, asked, **ENGLISH)
    assert answer.status_code == 400
    assert list(answer.json()) == [name]
    assert message in answer.json()[name][0]


def test_everything_wrong_is_named_at_once(budi: User, api_as: Callable):
    assert set(api_as(budi).get(SCORES).json()) == {"hospital", "period"}


def test_before_the_definitions_are_there_it_says_so(budi: User, api_as: Callable):
    assert not Template.objects.exists()
    answer = api_as(budi).get(SCORES, {"hospital": "RSA", "period": "2009"}, **ENGLISH)
    assert answer.status_code == 503
    assert answer.json() == {"detail": "No scorecard has been set up."}


def test_what_nobody_foresaw_is_logged_and_not_shown(
    budi: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_args: object, **_wanted: object) -> None:
        raise RuntimeError("the secret inner state")

    monkeypatch.setattr("scorecard.api.scorecard_of", fail)
    client = Client(raise_request_exception=False)
    client.force_login(budi)
    answer = client.get(SCORES, {"hospital": "RSA", "period": "2009"})
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert "secret" not in answer.content.decode()
    assert "the secret inner state" in caplog.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(method: str, joko: User, api_as: Callable):
    assert getattr(api_as(joko), method)(SCORES, {}).status_code == 405
