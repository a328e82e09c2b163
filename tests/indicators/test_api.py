"""Indicator values over REST. The numbers are those of the cast, see `numbers`."""

import datetime as dt
from collections.abc import Callable

import pytest

from hospitals.actions import give_role
from hospitals.models import Hospital, Role, Unit, User
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, Indicator, LeftOut
from indicators.periods import Period
from scorecard.actions import recompute_scores

VALUES = "/api/v1/indicator-values/"
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


@pytest.fixture
def january_of_mawar(mawar: Unit) -> Unit:
    """Mawar counts its patients, though not in January: a gap of that month."""
    counted = {
        "patient_days": 280.0,
        "discharged_alive": 40.0,
        "deaths_under_48h": 0.0,
        "deaths_48h_or_more": 0.0,
    }
    elements = {e.code: e for e in DataElement.objects.filter(code__in=counted)}
    february = Period.parse("2009-02")
    save_values([NewValue(mawar, elements[c], february, v) for c, v in counted.items()], by=None)
    recompute_scores(hospital_id=mawar.hospital_id)
    return mawar


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
            "compared_through": None,
            "reason": None,
            "completeness": 1.0,
            "present": 1,
            "expected": 1,
            "range": {"low": 75.0, "high": 85.0},
            "place": "inside",
            "distance": 0.0,
            "score": 100.0,
            "verdict": "good",
            "than_last_year": None,
            "as_reported": False,
            "contradicts": None,
            "unapproved": False,
            "basis": [],
            "missing": [],
            "left_out": [],
        }
    ]


def test_a_value_outside_its_range_says_on_which_side_and_how_far(ani: User, ask: Callable):
    """Melati in March: 50 % where 75 to 85 % is ideal."""
    (row,) = ask(ani, indicator="bor", unit="melati", period="2009-03")
    assert (row["place"], row["distance"], row["verdict"]) == ("below", -25.0, "poor")


def test_a_gap_lies_nowhere(melati: Unit, ani: User, ask: Callable):
    """In April the beds of Melati are known and its patient days are not."""
    beds = DataElement.objects.get(code="beds")
    save_values([NewValue(melati, beds, Period.parse("2009-04"), 10.0)], by=None)
    recompute_scores(hospital_id=melati.hospital_id)
    (row,) = ask(ani, indicator="bor", unit="melati", period="2009-04")
    assert (row["place"], row["distance"], row["than_last_year"]) == (None, None, None)


def test_a_value_says_whether_it_is_better_than_last_year(melati: Unit, ani: User, ask: Callable):
    """March 2009: 50 %, 25 points below the range. March 2010: 60.2 %. April 2010 has no April before."""
    elements = {e.code: e for e in DataElement.objects.filter(code__in=["beds", "patient_days"])}
    for month, days in (("2010-03", 186.6), ("2010-04", 186.6)):
        numbers = {"beds": 10.0, "patient_days": days}
        values = [NewValue(melati, elements[c], Period.parse(month), v) for c, v in numbers.items()]
        save_values(values, by=None)
    recompute_scores(hospital_id=melati.hospital_id, today=dt.date(2010, 5, 3))
    rows = ask(ani, indicator="bor", unit="melati")
    found = {row["period"]: row["than_last_year"] for row in rows}
    assert (found["2010-03"], found["2010-04"]) == ("better", None)
    # Not over: 61.2 % so far, against 69.7 % of January to April 2009, farther below the range.
    assert found["2010"] == "worse"


def test_what_a_value_leaves_out_is_said(melati: Unit, mawar: Unit, ani: User, ask: Callable):
    """Patient days are the first element of the formula."""
    LeftOut.objects.all().delete()
    january = Period.parse("2009-01")
    bor = Indicator.objects.get(code="bor")
    LeftOut.objects.create(
        unit=mawar.parent, indicator=bor, period=january, approved=0, part=mawar, missing=1,
        first_month=january, last_month=january,
    )  # fmt: skip
    (row,) = ask(ani, indicator="bor", unit="inap", period="2009-01")
    assert row["left_out"] == [
        {
            "unit": "mawar",
            "first_month": "2009-01",
            "last_month": "2009-01",
            "missing": ["patient_days"],
        }
    ]


def test_a_gap_says_what_is_missing(january_of_mawar: Unit, ani: User, ask: Callable):
    (row,) = ask(ani, indicator="bor", unit="mawar", period="2009-01")
    assert (row["value"], row["score"], row["verdict"]) == (None, None, None)
    assert row["missing"] == ["patient_days"]
    assert row["reason"] == "Not reported: Patient days."


def test_the_reason_is_in_the_language_of_the_client(january_of_mawar: Unit, ani: User, api_as: Callable):
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


def test_a_director_sees_the_hospital_and_no_other(january_of_mawar: Unit, budi: User, ask: Callable):
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


def test_filters_take_several_codes_either_way(january_of_mawar: Unit, ani: User, ask: Callable):
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


def test_verdict_and_has_value(january_of_mawar: Unit, ani: User, ask: Callable):
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
        ("period_from", "1930-03", "“1930-03”: years are taken from 1950 to 2999."),
        ("period_to", "99999999999999999999", "is not a period"),
        ("period_kind", "week", "not one of: month, quarter, semester, year"),
        ("verdict", "excellent", "not one of: good, fair, poor"),
        ("has_value", "yes", "Write true or false."),
        ("ordering", "hospital", "Order by one of: period, -period, value, -value, score, -score."),
        ("page_size", "1001", "Write a whole number from 1 to 1000."),
        ("cursor", "made-up", "Take the cursor from the address in “next”."),
        ("perod", "2009", "There is no such parameter; did you mean “period”?"),
        ("colour", "blue", "There is no such parameter; there are: approved_only,"),
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
