"""Signing in over REST, and the lists of hospitals and units."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from hospitals.actions import add_unit
from hospitals.models import Hospital, Unit, UnitKind, User
from tests.cast import PASSWORD, person

LOGIN = "/api/v1/auth/login/"
UNITS = "/api/v1/units/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(username: str, password: str = PASSWORD, **headers: str):
    return APIClient().post(LOGIN, {"username": username, "password": password}, format="json", **headers)


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_is_given_for_name_and_password(wati: User):
    answer = sign_in("wati")
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiry"}
    assert with_token(answer.json()["token"]).get(UNITS).status_code == 200


def test_a_form_is_taken_as_well_as_json(wati: User):
    assert Client().post(LOGIN, {"username": "wati", "password": PASSWORD}).status_code == 200


def test_only_a_digest_of_the_token_is_stored(wati: User):
    token = sign_in("wati").json()["token"]
    stored = AuthToken.objects.get()
    assert token not in (stored.digest, stored.token_key)
    assert len(stored.token_key) < len(token) / 2


def test_a_token_expires(wati: User):
    token = sign_in("wati").json()["token"]
    AuthToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1))
    assert with_token(token).get(UNITS).status_code == 401


def test_a_token_lasts_twelve_hours(wati: User):
    expiry = dt.datetime.fromisoformat(sign_in("wati").json()["expiry"])
    assert abs(expiry - timezone.now() - dt.timedelta(hours=12)) < dt.timedelta(minutes=1)


def test_a_token_of_somebody_who_left_is_refused(wati: User):
    token = sign_in("wati").json()["token"]
    User.objects.update(is_active=False)
    assert with_token(token).get(UNITS).status_code == 401


def test_somebody_who_left_gets_no_token(wati: User):
    User.objects.update(is_active=False)
    assert sign_in("wati").status_code == 400


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(wati: User):
    wrong, unknown = sign_in("wati", "guess", **ENGLISH), sign_in("nobody", "guess", **ENGLISH)
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json() == {"detail": "User name or password is wrong."}


@pytest.mark.parametrize(
    "body", ["", "[]", '"text"', "{", '{"username": ["wati"]}', '{"username": "wati\\u0000"}']
)
def test_a_malformed_body_is_refused_politely(body: str, wati: User):
    answer = APIClient().post(LOGIN, body, content_type="application/json")
    assert answer.status_code == 400
    assert isinstance(answer.json(), dict)


def test_guessing_at_one_name_is_slowed_down(wati: User):
    answers = [sign_in("wati", f"guess-{number}").status_code for number in range(11)]
    assert answers == [400] * 10 + [429]
    late = sign_in("WATI ")
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 60


def test_other_people_can_still_sign_in_meanwhile(wati: User, sri: User):
    for number in range(11):
        sign_in("wati", f"guess-{number}")
    assert sign_in("sri").status_code == 200


def test_guessing_at_many_names_from_one_address_is_slowed_down(db: None):
    answers = [sign_in(f"name-{number}", "guess").status_code for number in range(61)]
    assert answers[-1] == 429


def test_a_forged_proxy_header_does_not_make_a_new_address(db: None):
    answers = [
        sign_in(f"name-{number}", "guess", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").status_code
        for number in range(61)
    ]
    assert answers[-1] == 429


def test_signing_out_ends_this_token_only(wati: User):
    first, second = (sign_in("wati").json()["token"] for _ in range(2))
    assert with_token(first).post("/api/v1/auth/logout/").status_code == 204
    assert with_token(first).get(UNITS).status_code == 401
    assert with_token(second).get(UNITS).status_code == 200


def test_signing_out_everywhere_ends_all_tokens_of_the_person(wati: User, sri: User):
    first, second = (sign_in("wati").json()["token"] for _ in range(2))
    others = sign_in("sri").json()["token"]
    assert with_token(first).post("/api/v1/auth/logoutall/").status_code == 204
    assert with_token(second).get(UNITS).status_code == 401
    assert with_token(others).get(UNITS).status_code == 200


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token nonsense", "Token \xff\xfe", "Token é" * 50])
def test_a_malformed_token_is_refused_politely(header: str, db: None):
    answer = APIClient().get(UNITS, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_a_browser_session_works_too(wati: User, as_person: Callable[[User], Client]):
    assert as_person(wati).get(UNITS).status_code == 200


def test_a_browser_session_cannot_write_without_a_csrf_token(wati: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(wati)
    assert client.post(UNITS).status_code == 403


@pytest.mark.parametrize("address", [LOGIN, "/api/v1/auth/logout/", "/api/v1/auth/logoutall/"])
def test_signing_in_and_out_rejects_get(address: str, db: None):
    assert APIClient().get(address).status_code in (401, 405)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [UNITS, "/api/v1/hospitals/"])
def test_the_lists_are_read_only(address: str, method: str, joko: User, api_as: Callable):
    assert getattr(api_as(joko), method)(address, {}).status_code == 405


def test_hospitals_are_those_with_a_role(
    hospital: Hospital, other_hospital: Hospital, wati: User, api_as: Callable
):
    answer = api_as(wati).get("/api/v1/hospitals/").json()
    assert answer == {
        "next": None,
        "results": [
            {
                "code": "RSA",
                "name": "RSUD Anggrek",
                "kind": "",
                "city": "Bandung",
                "currency": "IDR",
                "is_synthetic": False,
            }
        ],
    }


def test_units_are_those_with_a_role(wati: User, api_as: Callable):
    assert api_as(wati).get(UNITS).json()["results"] == [
        {
            "hospital": "RSA",
            "code": "melati",
            "name": "Bangsal Melati",
            "kind": "ward",
            "parent": "inap",
            "opened_on": None,
            "closed_on": None,
        }
    ]


def test_the_root_unit_has_no_parent(budi: User, api_as: Callable):
    first = api_as(budi).get(UNITS).json()["results"][0]
    assert (first["code"], first["parent"]) == ("RSA", None)


def test_without_a_role_the_lists_are_empty(hospital: Hospital, dewi: User, api_as: Callable):
    assert api_as(dewi).get(UNITS).json()["results"] == []
    assert api_as(dewi).get("/api/v1/hospitals/").json()["results"] == []


def test_units_are_filtered_by_kind_and_hospital(budi: User, api_as: Callable):
    answer = api_as(budi).get(UNITS, {"hospital": "RSA", "kind": "ward,department"}).json()
    assert {unit["code"] for unit in answer["results"]} == {"inap", "melati", "mawar"}


def test_a_hospital_of_others_and_one_that_is_not_there_get_the_same_answer(
    budi: User, other_hospital: Hospital, api_as: Callable
):
    answers = [api_as(budi).get(UNITS, {"hospital": code}) for code in ("RSB", "nowhere")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_a_mistyped_parameter_is_refused_and_the_right_one_suggested(budi: User, api_as: Callable):
    answer = api_as(budi).get(UNITS, {"hospitl": "RSA"}, **ENGLISH)
    assert answer.status_code == 400
    assert answer.json() == {"hospitl": ["There is no such parameter; did you mean “hospital”?"]}


def test_a_mistyped_kind_is_refused(budi: User, api_as: Callable):
    answer = api_as(budi).get(UNITS, {"kind": "warf"}, **ENGLISH)
    assert answer.status_code == 400
    assert "ward" in answer.json()["kind"][0]


def test_pages_follow_each_other_without_a_gap(budi: User, melati: Unit, api_as: Callable):
    for number in range(5):
        add_unit(parent=melati, code=f"room-{number}", name=f"Room {number}", kind=UnitKind.SERVICE)
    client = api_as(budi)
    codes, address = [], f"{UNITS}?page_size=4"
    while address:
        page = client.get(address).json()
        assert len(page["results"]) <= 4
        codes += [unit["code"] for unit in page["results"]]
        address = page["next"]
    assert codes == ["RSA", "inap", "melati", "mawar", *(f"room-{number}" for number in range(5))]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", "0"),
        ("page_size", "1001"),
        ("page_size", "ten"),
        ("page_size", "²"),
        ("page_size", ""),
        ("cursor", "nonsense"),
        ("cursor", "a:b:c"),
        ("ordering", "name"),
        ("hospital", "a\0b"),
    ],
)
def test_a_malformed_parameter_is_named(name: str, value: str, budi: User, api_as: Callable):
    answer = api_as(budi).get(UNITS, {name: value})
    assert answer.status_code == 400
    assert list(answer.json()) == [name]


def test_units_cost_the_same_number_of_queries_however_many_there_are(
    melati: Unit, budi: User, api_as: Callable, django_assert_num_queries: Callable
):
    for number in range(30):
        add_unit(parent=melati, code=f"room-{number}", name=f"Room {number}", kind=UnitKind.SERVICE)
    with django_assert_num_queries(3):
        assert len(api_as(budi).get(UNITS).json()["results"]) == 34


def test_hospitals_cost_three_queries(budi: User, api_as: Callable, django_assert_num_queries: Callable):
    with django_assert_num_queries(3):
        api_as(budi).get("/api/v1/hospitals/")


def test_a_token_costs_two_queries(wati: User, django_assert_num_queries: Callable):
    client = with_token(sign_in("wati").json()["token"])
    with django_assert_num_queries(2 + 3):
        client.get(UNITS)


def test_the_name_in_the_token_is_the_persons_own(melati: Unit, wati: User):
    other = person("lina", "Lina")
    assert with_token(sign_in(other.username).json()["token"]).get(UNITS).json()["results"] == []
