"""Over REST: whether scores have caught up with the numbers."""

from collections.abc import Callable

import pytest

from hospitals.models import Hospital, User
from indicators.marks import EVERYTHING, mark_changed

FRESHNESS = "/api/v1/freshness/"

pytestmark = pytest.mark.usefixtures("numbers")


def test_freshness_says_that_all_is_in_the_scores(ani: User, api_as: Callable):
    answer = api_as(ani).get(FRESHNESS, {"hospital": "RSA"}).json()
    assert answer["hospital"] == "RSA"
    assert answer["up_to_date"] is True
    assert answer["computed_at"]
    assert answer["waiting_since"] is None


def test_freshness_says_since_when_something_waits(hospital: Hospital, wati: User, api_as: Callable):
    mark_changed(hospital_id=hospital.pk, changes=[EVERYTHING])
    answer = api_as(wati).get(FRESHNESS, {"hospital": "RSA"}).json()
    assert answer["up_to_date"] is False
    assert answer["waiting_since"] > answer["computed_at"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"hospital": ""}, 400),
        ({"hospital": "RSA", "unit": "melati"}, 400),
        ({"hospital": "RSB"}, 404),
        ({"hospital": "nowhere"}, 404),
        ({"hospital": "a\0b"}, 400),
        ({"hospital": "x" * 65}, 400),
    ],
)
def test_freshness_refuses(asked: dict, status: int, ani: User, api_as: Callable):
    assert api_as(ani).get(FRESHNESS, asked).status_code == status


def test_freshness_costs_five_queries(ani: User, api_as: Callable, django_assert_num_queries: Callable):
    with django_assert_num_queries(5):
        api_as(ani).get(FRESHNESS, {"hospital": "RSA"})
