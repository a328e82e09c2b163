"""Reading and writing many rows at once, on either database."""

import numpy as np
import pytest

from hospitals.models import Unit
from indicators.bulk import carry_out, difference, in_list, read_columns, write_columns
from indicators.models import DataElement, DataValue, IndicatorValue, LeftOut
from indicators.periods import Period

KEY = ("unit", "indicator", "period")
NAN = float("nan")


def columns(values: dict[int, float], verdict: int = 2) -> dict[str, np.ndarray]:
    """Rows of unit 1 and indicator 1: a value by period number."""
    count = len(values)
    whole = {
        "reason": 0,
        "missing": 0,
        "present": 1,
        "expected": 1,
        "flags": 0,
        "alternative": 0,
        "formula": 1,
    }
    return {
        "unit": np.ones(count, np.int64),
        "indicator": np.ones(count, np.int64),
        "period": np.array(list(values)),
        "value": np.array(list(values.values()), float),
        **{name: np.full(count, number) for name, number in whole.items()},
        "reference_range": np.full(count, -1),
        "range_low": np.full(count, NAN),
        "range_high": np.full(count, 85.0),
        "score": np.full(count, NAN),
        "verdict": np.full(count, verdict),
    }


@pytest.fixture(autouse=True)
def _without_checks_of_keys(db: None) -> None:
    """The rows here point at units that are not there; nothing else is asked."""


def stored() -> dict[str, tuple[float | None, int | None]]:
    return {str(r.period): (r.value, r.verdict) for r in IndicatorValue.objects.all()}


def test_missing_numbers_become_null_and_come_back() -> None:
    assert write_columns(IndicatorValue, columns({200901: 80.5, 200902: NAN}, verdict=-1)) == 2
    assert stored() == {"2009-01": (80.5, None), "2009-02": (None, None)}
    row = IndicatorValue.objects.get(period="2009-01")
    assert (row.reference_range_id, row.range_low, row.range_high) == (None, None, 85)
    read = read_columns(IndicatorValue, ("period", "value", "verdict"), "1 = 1")
    order = np.argsort(read["period"])
    np.testing.assert_equal(read["value"][order], [80.5, NAN])
    assert read["verdict"].tolist() == [-1, -1]


def test_nothing_written_and_nothing_read() -> None:
    assert write_columns(IndicatorValue, columns({})) == 0
    read = read_columns(IndicatorValue, ("period", "value"), in_list("unit_id", []))
    assert (len(read["period"]), len(read["value"])) == (0, 0)


def test_only_rows_that_differ_are_written() -> None:
    write_columns(
        IndicatorValue, columns({200901: 1, 200902: 2, 200903: NAN, 200904: 4, 200905: 5, 200906: 6})
    )
    wanted = columns({200901: 1, 200902: 2.5, 200903: NAN, 200904: 4, 200906: 6, 200907: 7})
    assert carry_out(difference(IndicatorValue, KEY, wanted, "unit_id = 1")) == 2
    assert {period: value for period, (value, _verdict) in stored().items()} == {
        "2009-01": 1,
        "2009-02": 2.5,
        "2009-03": None,
        "2009-04": 4,
        "2009-06": 6,
        "2009-07": 7,
    }
    assert carry_out(difference(IndicatorValue, KEY, wanted, "unit_id = 1")) == 0


def test_rows_outside_are_left_alone_and_nothing_wanted_empties_the_inside() -> None:
    write_columns(IndicatorValue, columns({200901: 1, 200902: 2, 200903: 3}))
    carry_out(difference(IndicatorValue, KEY, columns({}), "period <= 200902"))
    assert list(stored()) == ["2009-03"]
    assert carry_out(difference(IndicatorValue, KEY, columns({200901: 9}), "period <= 200902")) == 1
    assert stored()["2009-01"][0] == 9


def test_when_most_differs_all_is_written_anew() -> None:
    write_columns(IndicatorValue, columns({200901: 1, 200902: 2, 200903: 3}))
    assert (
        carry_out(difference(IndicatorValue, KEY, columns({200901: 1, 200902: 8, 200903: 9}), "unit_id = 1"))
        == 3
    )
    assert [value for value, _verdict in stored().values()] == [1, 8, 9]


def test_data_values_are_read_as_numbers(definitions: None, melati: Unit) -> None:
    beds = DataElement.objects.get(code="beds")
    DataValue.objects.create(unit=melati, element=beds, period=Period.parse("2009-Q1"), value=10.25)
    DataValue.objects.create(unit=melati, element=beds, period=Period.parse("2009-Q2"), status=1)
    read = read_columns(
        DataValue, ("unit", "element", "period", "value", "status"), in_list("unit_id", [melati.pk])
    )
    order = np.argsort(read["period"])
    assert read["period"][order].tolist() == [200921, 200922]
    np.testing.assert_equal(read["value"][order], [10.25, NAN])
    assert read["status"][order].tolist() == [0, 1]
    assert read["unit"].tolist() == [melati.pk] * 2


def test_rows_whose_ids_have_grown_large_are_told_apart_as_well() -> None:
    """The key of what is left out has six fields: ids of a database in use for years fill a number."""
    key = ("unit", "indicator", "period", "approved", "part", "first_month")

    def left_out(missing: list[int]) -> dict[str, np.ndarray]:
        return {
            "unit": np.full(2, 10**9),
            "indicator": np.full(2, 10**8),
            "period": np.full(2, 202500),
            "approved": np.zeros(2, np.int64),
            "part": np.array([10**9 + 1, 10**9 + 2]),
            "first_month": np.full(2, 202501),
            "last_month": np.full(2, 202512),
            "missing": np.array(missing),
        }

    where = in_list("unit_id", [10**9])
    carry_out(difference(LeftOut, key, left_out([1, 2]), where))
    found = difference(LeftOut, key, left_out([1, 3]), where)
    assert found.new["part"].tolist() == [10**9 + 2]
    carry_out(found)
    assert read_columns(LeftOut, ("missing",), where)["missing"].tolist() == [1, 3]
