"""Pages of indicator values over REST: nothing twice, nothing left out, the same cost everywhere."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospitals.actions import add_unit
from hospitals.models import Unit, UnitKind, User
from indicators.periods import Period

VALUES = "/api/v1/indicator-values/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}

pytestmark = pytest.mark.usefixtures("numbers")

ORDERINGS = ["", "period", "-period", "value", "-value", "score", "-score"]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("page_size", ["5", "40"])
def test_pages_hold_every_row_once_in_order(ordering: str, page_size: str, ani: User, api_as: Callable):
    asked = {"page_size": page_size, "indicator": "bor"} | ({"ordering": ordering} if ordering else {})
    client, pages = api_as(ani), []
    answer = client.get(VALUES, asked, **ENGLISH).json()
    pages.append(answer["results"])
    while answer["next"]:
        answer = client.get(answer["next"], **ENGLISH).json()
        pages.append(answer["results"])
    assert all(len(page) == int(page_size) for page in pages[:-1])
    rows = [row for page in pages for row in page]
    everything = client.get(VALUES, {"indicator": "bor", "page_size": "1000"}).json()["results"]
    key = ["hospital", "unit", "indicator", "period"]
    assert sorted([row[k] for k in key] for row in rows) == sorted(
        [row[k] for k in key] for row in everything
    )
    if name := ordering.removeprefix("-"):
        numbers = [Period.parse(row[name]).code if name == "period" else row[name] for row in rows]
        known = [number for number in numbers if number is not None]
        assert known == sorted(known, reverse=ordering.startswith("-"))
        assert None not in numbers[: len(known)], "rows without a number come last"


def test_a_cursor_is_of_one_ordering(ani: User, api_as: Callable):
    address = api_as(ani).get(VALUES, {"page_size": "1", "ordering": "score"}).json()["next"]
    answer = api_as(ani).get(address.replace("ordering=score", "ordering=value"), **ENGLISH)
    assert answer.json() == {"cursor": ["This cursor belongs to another ordering."]}


def test_a_cursor_of_somebody_else_opens_nothing(ani: User, wati: User, api_as: Callable):
    address = api_as(ani).get(VALUES, {"page_size": "1"}).json()["next"]
    rows = api_as(wati).get(address.replace("page_size=1", "page_size=1000")).json()["results"]
    assert {row["unit"] for row in rows} <= {"melati"}


def queries_of(client: object, **parameters: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(VALUES, parameters).status_code == 200  # type: ignore[attr-defined]
    return len(queries)


def test_rows_cost_fifteen_queries_however_many_they_are(melati: Unit, ani: User, api_as: Callable):
    client = api_as(ani)
    # Access 2, units 1, rows 1, their units, hospitals, indicators, their decimals and formulas 5,
    # element names 1, what is left out with its units 2, who confirmed what 1, which periods are over 1,
    # values of a year before 1.
    assert queries_of(client, page_size="1") == queries_of(client, page_size="1000") == 15
    for number in range(10):
        add_unit(parent=melati, code=f"room-{number}", name=f"Room {number}", kind=UnitKind.SERVICE)
    assert queries_of(client, page_size="1000") == 15
    assert queries_of(client, page_size="1000", hospital="RSA", verdict="good", period_kind="month") == 15
    assert queries_of(client, page_size="1000", indicator="bor,toi") == 16, "the codes are looked up"
