"""Numbers over REST: sent in by the hospital information system, and read again.

The numbers are those of the cast, see `numbers`; the forms those of `ward_form`, from January 2026 on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from entry.models import Form, State
from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, DataValue, RecomputeMark, Status
from indicators.periods import Period
from tests.entry.conftest import MARCH, submission_of

VALUES = "/api/v1/data-values/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}

Send = Callable[..., Any]


def one(unit: str = "melati", element: str = "patient_days", period: str = "2026-03", **rest: Any) -> dict:
    return {"unit": unit, "element": element, "period": period} | (rest or {"value": 465})


@pytest.fixture
def send(api_as: Callable) -> Send:
    """`send(wati, one(), one(element="beds", value=20))` sends values of RSUD Anggrek."""

    def post(user: User, *values: Any, **body: Any) -> Any:
        sent = {"hospital": "RSA", "values": list(values)} | body
        return api_as(user).post(VALUES, sent, format="json", **ENGLISH)

    return post


@pytest.mark.usefixtures("definitions")
class TestSending:
    def test_a_value_is_saved_with_its_history_and_scores_will_follow(
        self, melati: Unit, wati: User, send: Send
    ) -> None:
        RecomputeMark.objects.all().delete()
        answer = send(wati, one())
        assert answer.status_code == 200
        assert answer.json() == {"created": 1, "changed": 0, "withdrawn": 0, "unchanged": 0}
        row = DataValue.objects.get(unit=melati, element__code="patient_days", period=MARCH)
        assert row.value == 465.0
        history = row.history.get()
        assert (history.history_user, history.history_change_reason) == (wati, "API")
        assert RecomputeMark.objects.filter(hospital=melati.hospital).exists()

    def test_sending_again_changes_nothing(self, wati: User, send: Send) -> None:
        send(wati, one())
        assert send(wati, one()).json() == {"created": 0, "changed": 0, "withdrawn": 0, "unchanged": 1}
        assert DataValue.history.count() == 1

    @pytest.mark.parametrize(
        ("status", "stored"),
        [("not_applicable", Status.NOT_APPLICABLE), ("not_collected", Status.NOT_COLLECTED)],
    )
    def test_why_there_is_no_number_is_another_answer(
        self, status: str, stored: Status, wati: User, send: Send
    ) -> None:
        send(wati, one(status=status))
        assert DataValue.objects.get().status == stored
        assert DataValue.objects.get().value is None

    def test_what_was_reported_can_be_taken_back(self, wati: User, send: Send) -> None:
        send(wati, one())
        assert send(wati, one(status="withdrawn")).json()["withdrawn"] == 1
        assert not DataValue.objects.exists()

    def test_without_a_unit_it_is_the_whole_hospitals(
        self, hospital: Hospital, ani: User, send: Send
    ) -> None:
        value = {"element": "competitors", "period": "2026", "value": 3}
        assert send(ani, value).status_code == 200
        assert DataValue.objects.get().unit == hospital.root

    def test_a_dry_run_says_what_would_change_and_saves_nothing(self, wati: User, send: Send) -> None:
        assert send(wati, one(), dry_run=True).json()["created"] == 1
        assert not DataValue.objects.exists()

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (one(unit="nowhere"), "there is no unit “nowhere” in this hospital"),
            (one(unit="mawar"), "there is no unit “mawar” in this hospital"),
            ({"element": "patient_days", "period": "2026-03", "value": 1}, "say which unit"),
            (one(element="nothing"), "there is no data element “nothing”"),
            (one(period="2026-3"), "“2026-3” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009"),
            (one(period="1930-03"), "“1930-03”: years are taken from 1950 to 2999"),
            (one(period="2099"), "2099 lies in the future"),
            (one(value="465"), "the value has to be a number, not a text"),
            (one(value=True), "the value has to be a number, not a text"),
            (one(value=-1), "Patient days cannot be less than 0"),
            (one(value=1e300), "the number is too large to be true; look for digits too many"),
            (one(value=10**400), "the number is too large to be true; look for digits too many"),
            (one(value=None), "give a number, or “not applicable” or “not collected” instead"),
            (one(value=3, status="not_collected"), "give a number, or “not applicable”"),
            (one(value=3, status="perhaps"), "the status is one of: reported, not_applicable"),
            (one(value=3, colour="red"), "there is no field “colour”"),
            (one(period=2026, value=3), "“period” has to be a text"),
            (7, "write an object with unit, element, period and value"),
        ],
    )
    def test_what_cannot_be_meant_is_named_by_its_position_and_nothing_is_saved(
        self, value: Any, said: str, mawar: Unit, wati: User, send: Send
    ) -> None:
        answer = send(wati, one(element="beds", value=20), value)
        assert answer.status_code == 400
        assert list(answer.json()["values"]) == ["1"]
        assert said in answer.json()["values"]["1"][0]
        assert not DataValue.objects.exists()

    def test_the_same_value_twice_is_refused(self, wati: User, send: Send) -> None:
        answer = send(wati, one(), one(value=466))
        assert answer.json() == {"values": {"1": ["repeats number 0 of the list"]}}

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({"hospital": ""}, "hospital"),
            ({"hospital": 7}, "hospital"),
            ({"values": []}, "values"),
            ({"values": "patient_days"}, "values"),
            ({"values": [{}] * 10_001}, "values"),
            ({"dry_run": "yes"}, "dry_run"),
            ({"dryrun": True}, "dryrun"),
        ],
    )
    def test_what_is_missing_or_unknown_is_named(self, body: dict, name: str, wati: User, send: Send) -> None:
        answer = send(wati, one(), **body)
        assert (answer.status_code, list(answer.json())) == (400, [name])

    def test_a_form_that_is_being_checked_keeps_its_numbers(
        self, filled: Form, melati: Unit, wati: User, send: Send
    ) -> None:
        submission_of(filled, melati, State.APPROVED)
        answer = send(wati, one(value=400))
        assert answer.status_code == 409
        assert "is locked: the form is approved" in answer.json()["detail"]
        assert DataValue.objects.get(unit=melati, element__code="patient_days").value == 465.0

    def test_only_those_who_enter_numbers_send_any(
        self, rina: User, budi: User, tono: User, send: Send
    ) -> None:
        for person in (rina, budi, tono):
            assert send(person, one()).status_code == 404
        assert not DataValue.objects.exists()

    @pytest.mark.parametrize("with_session", [True, False])
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b'{"hospital": "RSA", "values": [{"value": NaN}]}', 400),
            (b"[" * 100_000, 400),
            (b'"' + b"a" * 5_000_001 + b'"', 413),
            (b"\xff\xfe", 400),
            (b"[]", 400),
        ],
    )
    def test_a_body_that_is_none_gets_a_sentence(
        self, body: bytes, status: int, with_session: bool, wati: User, api_as: Callable
    ) -> None:
        client = api_as(wati)
        if not with_session:
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(wati)[1]}")
        answer = client.post(VALUES, body, content_type="application/json", **ENGLISH)
        assert answer.status_code == status
        assert answer.json()["detail"]


@pytest.mark.usefixtures("numbers")
class TestReading:
    def rows(self, api_as: Callable, user: User, **asked: str) -> list[dict]:
        answer = api_as(user).get(VALUES, asked, **ENGLISH)
        assert answer.status_code == 200, answer.json()
        return answer.json()["results"]

    def test_a_row_says_everything_about_a_value(self, wati: User, api_as: Callable) -> None:
        assert self.rows(api_as, wati, element="patient_days", period="2009-01") == [
            {
                "hospital": "RSA",
                "unit": "melati",
                "element": "patient_days",
                "period": "2009-01",
                "value": 248.0,
                "status": "reported",
            }
        ]

    def test_a_missing_number_says_why(self, mawar: Unit, ani: User, api_as: Callable) -> None:
        element = DataElement.objects.get(code="patient_days")
        value = NewValue(mawar, element, Period.parse("2009-01"), None, Status.NOT_COLLECTED)
        save_values([value], by=None)
        (row,) = self.rows(api_as, ani, unit="mawar", element="patient_days")
        assert (row["value"], row["status"]) == (None, "not_collected")

    def test_periods_narrow_the_list(self, ani: User, api_as: Callable) -> None:
        rows = self.rows(api_as, ani, element="beds", period_from="2009-02", period_to="2009-03")
        assert {row["period"] for row in rows} == {"2009-02", "2009-03"}

    def test_pages_hold_every_row_once(self, ani: User, api_as: Callable) -> None:
        client = api_as(ani)
        answer = client.get(VALUES, {"page_size": "2"}).json()
        rows = answer["results"]
        while answer["next"]:
            answer = client.get(answer["next"]).json()
            rows += answer["results"]
        keys = [(row["unit"], row["element"], row["period"]) for row in rows]
        assert len(keys) == len(set(keys)) == DataValue.objects.filter(unit__hospital__code="RSA").count()

    def test_an_unknown_element_is_refused(self, ani: User, api_as: Callable) -> None:
        answer = api_as(ani).get(VALUES, {"element": "patientdays"}, **ENGLISH)
        assert answer.json() == {"element": ["There is no data element “patientdays”."]}
