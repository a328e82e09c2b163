"""Indicator values and freshness over REST. The numbers are those of the cast, see `numbers`."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospitals.actions import add_unit, give_role
from hospitals.models import Hospital, Role, Unit, UnitKind, User
from indicators.actions import NewValue, save_values
from indicators.marks import EVERYTHING, mark_changed
from indicators.models import DataElement, Indicator, IndicatorValue
from indicators.periods import Period, PeriodKind
from indicators.queries import begins_with_or_after, ends_with_or_before, of_kinds
from scorecard.actions import recompute_scores

VALUES = "/api/v1/indicator-values/"
FRESHNESS = "/api/v1/freshness/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}

pytestmark = pytest.mark.usefixtures("numbers")


@pytest.fixture
def ask(api_as: Callable) -> Callable[..., list[dict]]:
    """`ask(wati, indicator="bor")`: all rows of the first page."""

    def get(user: User, **parameters: str | list[str]) -> list[dict]:
        answer = api_as(user).get(VALUES, {"page_size": "1000"} | parameters, **ENGLISH)
        assert answer.status_code == 200, answer.json()
        return answer.json()["results"]

    return get


def column(rows: list[dict], name: str) -> set:
    return {row[name] for row in rows}


def test_a_row_says_everything_about_a_value(wati: User, ask: Callable):
    assert ask(wati, indicator="bor", period="2009-01") == [
        {
            "hospital": "RSA",
            "unit": "melati",
            "indicator": "bor",
            "period": "2009-01",
            "value": 80.0,
            "unit_of_measure": "%",
            "reason": None,
            "completeness": 1.0,
            "present": 1,
            "expected": 1,
            "range": {"low": 75.0, "high": 85.0},
            "score": 100.0,
            "verdict": "good",
            "as_reported": False,
            "basis": [],
            "missing": [],
        }
    ]


def test_a_gap_says_what_is_missing(ani: User, ask: Callable):
    (row,) = ask(ani, indicator="bor", unit="mawar", period="2009-01")
    assert (row["value"], row["score"], row["verdict"]) == (None, None, None)
    assert row["missing"] == ["patient_days"]
    assert row["reason"] == "Not reported: Patient days."


def test_the_reason_is_in_the_language_of_the_client(ani: User, api_as: Callable):
    asked = {"indicator": "bor", "unit": "mawar", "period": "2009-01"}
    (row,) = api_as(ani).get(VALUES, asked).json()["results"]
    assert "Hari perawatan" in row["reason"], "Indonesian unless something else is asked for"


def test_a_choice_of_formula_says_what_the_value_stands_on(melati: Unit, wati: User, ask: Callable):
    element = DataElement.objects.get(code="discharged_alive")
    deaths = DataElement.objects.filter(code__in=["deaths_under_48h", "deaths_48h_or_more"])
    january = Period.parse("2009-01")
    values = [NewValue(melati, element, january, 31), *(NewValue(melati, d, january, 0) for d in deaths)]
    save_values(values, by=wati)
    recompute_scores(hospital_id=melati.hospital_id)
    (row,) = ask(wati, indicator="avlos", period="2009-01")
    assert row["value"] == 8.0, "248 patient days / 31 discharges"
    assert row["basis"] == ["patient_days"]


def test_a_ward_clerk_sees_her_ward_only(wati: User, ask: Callable):
    assert column(ask(wati), "unit") == {"melati"}


def test_a_director_sees_the_hospital_and_no_other(budi: User, ask: Callable):
    rows = ask(budi)
    assert column(rows, "hospital") == {"RSA"}
    assert column(rows, "unit") == {"RSA", "inap", "melati", "mawar"}


def test_without_a_role_there_are_no_rows(dewi: User, ask: Callable):
    assert ask(dewi) == []


@pytest.mark.parametrize(
    "place",
    [{"hospital": "RSB"}, {"hospital": "nowhere"}, {"unit": "kenanga"}, {"unit": "mawar"}, {"unit": "RSA"}],
)
def test_what_is_not_hers_is_not_found(place: dict, wati: User, api_as: Callable):
    answer = api_as(wati).get(VALUES, place, **ENGLISH)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "There is no such hospital or unit, or it is not yours to see."}


def test_a_unit_is_looked_for_in_the_hospital_that_is_named(budi: User, kenanga: Unit, api_as: Callable):
    give_role(user=budi, unit=kenanga, role=Role.VIEWER)
    assert api_as(budi).get(VALUES, {"hospital": "RSA", "unit": "kenanga"}).status_code == 404
    assert api_as(budi).get(VALUES, {"hospital": "RSB", "unit": "kenanga"}).status_code == 200


def test_filters_take_several_codes_either_way(ani: User, ask: Callable):
    by_comma = ask(ani, unit="melati,mawar", indicator="bor,toi")
    repeated = ask(ani, unit=["melati", "mawar"], indicator=["bor", "toi"])
    assert by_comma == repeated
    assert column(by_comma, "unit") == {"melati", "mawar"}
    assert column(by_comma, "indicator") == {"bor", "toi"}


def test_perspective(ani: User, ask: Callable):
    assert "bor" in column(ask(ani, perspective="internal_process"), "indicator")
    assert ask(ani, perspective="financial") == []


@pytest.mark.parametrize(
    ("kind", "periods"),
    [
        ("month", {"2009-01", "2009-02", "2009-03"}),
        ("quarter", {"2009-Q1"}),
        ("semester", {"2009-S1"}),
        ("year", {"2009"}),
    ],
)
def test_period_kind(kind: str, periods: set[str], wati: User, ask: Callable):
    found = ask(wati, indicator="bor", period_kind=kind, has_value="true")
    assert column(found, "period") == periods


def test_from_and_to_keep_what_lies_wholly_between(wati: User, ask: Callable):
    found = ask(wati, indicator="bor", has_value="true", period_from="2009-02", period_to="2009-06")
    assert column(found, "period") == {"2009-02", "2009-03"}
    found = ask(wati, indicator="bor", has_value="true", period_from="2009", period_to="2009-S1")
    assert column(found, "period") == {"2009-01", "2009-02", "2009-03", "2009-Q1", "2009-S1"}


def test_verdict_and_has_value(ani: User, ask: Callable):
    good = ask(ani, unit="melati", indicator="bor", period_kind="month", verdict="good")
    assert column(good, "period") == {"2009-01", "2009-02"}
    poor = ask(ani, unit="melati", indicator="bor", period_kind="month", verdict="poor,fair")
    assert column(poor, "period") == {"2009-03"}
    gaps = ask(ani, unit="mawar", period="2009-01", has_value="false")
    assert gaps
    assert column(gaps, "value") == {None}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("indicator", "bro", "There is no indicator “bro”."),
        ("perspective", "finance", "not one of: financial, customer, internal_process, learning_growth"),
        ("period", "2009-13", "“2009-13” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009."),
        ("period_from", "March", "is not a period"),
        ("period_to", "99999999999999999999", "is not a period"),
        ("period_kind", "week", "not one of: month, quarter, semester, year"),
        ("verdict", "excellent", "not one of: good, fair, poor"),
        ("has_value", "yes", "Write true or false."),
        ("ordering", "hospital", "Order by one of: period, -period, value, -value, score, -score."),
        ("page_size", "1001", "Write a whole number from 1 to 1000."),
        ("cursor", "made-up", "Take the cursor from the address in “next”."),
        ("perod", "2009", "There is no such parameter; did you mean “period”?"),
        ("colour", "blue", "There is no such parameter; there are: cursor,"),
        ("unit", "a\0b", "This is not a code."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(
    name: str, value: str, message: str, ani: User, api_as: Callable
):
    answer = api_as(ani).get(VALUES, {name: value}, **ENGLISH)
    assert answer.status_code == 400
    assert list(answer.json()) == [name]
    assert message in answer.json()[name][0]


def test_a_parameter_that_can_have_one_value_is_not_given_twice(ani: User, api_as: Callable):
    answer = api_as(ani).get(f"{VALUES}?period=2009&period=2010", **ENGLISH)
    assert answer.status_code == 400
    assert answer.json() == {"period": ["Give this parameter once."]}


def test_an_indicator_of_another_hospital_does_not_exist_here(
    ani: User, other_hospital: Hospital, api_as: Callable
):
    bor = Indicator.objects.get(code="bor")
    element = DataElement.objects.create(
        hospital=other_hospital, code="own", over_time="last", over_units="none"
    )
    Indicator.objects.create(
        hospital=other_hospital, code="own", perspective=bor.perspective, as_reported=element
    )
    assert api_as(ani).get(VALUES, {"indicator": "own"}).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(method: str, joko: User, api_as: Callable):
    assert getattr(api_as(joko), method)(VALUES, {}).status_code == 405


ORDERINGS = ["", "period", "-period", "value", "-value", "score", "-score"]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("page_size", ["5", "40"])
def test_pages_hold_every_row_once_in_order(
    ordering: str, page_size: str, ani: User, ask: Callable, api_as: Callable
):
    asked = {"page_size": page_size, "indicator": "bor"} | ({"ordering": ordering} if ordering else {})
    client, pages = api_as(ani), []
    answer = client.get(VALUES, asked, **ENGLISH).json()
    pages.append(answer["results"])
    while answer["next"]:
        answer = client.get(answer["next"], **ENGLISH).json()
        pages.append(answer["results"])
    assert all(len(page) == int(page_size) for page in pages[:-1])
    rows = [row for page in pages for row in page]
    everything = ask(ani, indicator="bor")
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
    assert column(rows, "unit") <= {"melati"}


def queries_of(client: object, **parameters: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(VALUES, parameters).status_code == 200  # type: ignore[attr-defined]
    return len(queries)


def test_rows_cost_nine_queries_however_many_they_are(melati: Unit, ani: User, api_as: Callable):
    client = api_as(ani)
    # Access 2, units 1, rows 1, their units, hospitals, indicators and formulas 4, element names 1.
    assert queries_of(client, page_size="1") == queries_of(client, page_size="1000") == 9
    for number in range(10):
        add_unit(parent=melati, code=f"room-{number}", name=f"Room {number}", kind=UnitKind.SERVICE)
    assert queries_of(client, page_size="1000") == 9
    assert queries_of(client, page_size="1000", hospital="RSA", verdict="good", period_kind="month") == 9
    assert queries_of(client, page_size="1000", indicator="bor,toi") == 10, "the codes are looked up"


FEW = ["2008-12", "2008-Q4", "2008", "2009-01", "2009-03", "2009-Q1", "2009-S1", "2009-S2", "2009", "2010-01"]


@pytest.mark.parametrize("edge", [*FEW, "1950", "2999-12"])
def test_conditions_on_periods_agree_with_the_calendar(edge: str, melati: Unit):
    bor = IndicatorValue.objects.filter(indicator__code="bor")[0]
    IndicatorValue.objects.all().delete()
    for text in FEW:
        bor.pk = (melati.pk, bor.indicator_id, Period.parse(text))
        bor.save(force_insert=True)
    stored = [Period.parse(text) for text in FEW]
    limit = Period.parse(edge)

    def kept(rows):
        return {row.period for row in rows}

    rows = IndicatorValue.objects.all()
    assert kept(rows.filter(begins_with_or_after(limit))) == {p for p in stored if p.start >= limit.start}
    assert kept(rows.filter(ends_with_or_before(limit))) == {p for p in stored if p.end <= limit.end}
    for kind in PeriodKind:
        assert kept(of_kinds(rows, [kind])) == {p for p in stored if p.kind == kind}


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
