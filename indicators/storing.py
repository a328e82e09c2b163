"""From computed indicators to what is to be stored of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.bulk import Difference, difference, in_list
from indicators.computing import Computed, part_of_years
from indicators.engine.slots import codes_of_slots
from indicators.models import ApprovedIndicatorValue, IndicatorValue, LeftOut

#: The fields that identify a stored indicator value.
KEY = ("unit", "indicator", "period")
#: The fields that identify what a value leaves out.
LEFT_OUT_KEY = ("unit", "indicator", "period", "approved", "part", "first_month")
#: What a result of approved numbers may have otherwise than one of all numbers.
_COMPARED = ("value", "reason", "missing", "present", "expected", "flags", "alternative")


def values_to_store(computed: Computed, verdicts: Mapping[str, np.ndarray]) -> Difference:
    """What makes the stored indicator values of the scope the computed ones.

    `verdicts` int [unit, year, 19] by indicator code, -1 for none.
    """
    rows = _rows(computed, verdicts, {code: r.worth_storing for code, r in computed.results.items()})
    return difference(IndicatorValue, KEY, rows, _where(computed))


def approved_values_to_store(
    computed: Computed, verdicts: Mapping[str, np.ndarray], approved_verdicts: Mapping[str, np.ndarray]
) -> Difference:
    """The same for those from approved numbers alone, where they differ."""
    approved, rows = computed.approved, {}
    if approved is not None:
        rows = _rows(approved, approved_verdicts, _differing(computed, approved, verdicts, approved_verdicts))
    return difference(ApprovedIndicatorValue, KEY, rows, _where(computed))


def left_out_to_store(
    computed: Computed, verdicts: Mapping[str, np.ndarray], approved_verdicts: Mapping[str, np.ndarray]
) -> Difference:
    """The same for what the values leave out, those of approved numbers as well."""
    columns: dict[str, list[np.ndarray]] = {}
    for code, result in computed.results.items():
        _add_left_out(columns, computed, code, result.worth_storing, approved=0)
    if (approved := computed.approved) is not None:
        differ = _differing(computed, approved, verdicts, approved_verdicts)
        for code in approved.results:
            _add_left_out(columns, approved, code, differ[code], approved=1)
    rows = {name: np.concatenate(arrays) for name, arrays in columns.items()}
    return difference(LeftOut, LEFT_OUT_KEY, rows, _where(computed))


def _differing(
    computed: Computed,
    approved: Computed,
    verdicts: Mapping[str, np.ndarray],
    approved_verdicts: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Where a value from approved numbers alone is another: bool [unit, year, 19] by indicator code."""
    years = part_of_years(computed, approved)
    differ = {}
    for code, result in approved.results.items():
        other, judged = computed.results[code], computed.judged[code]
        pairs = [(approved_verdicts[code], verdicts[code])]
        pairs += [(getattr(result, name), getattr(other, name)) for name in _COMPARED]
        pairs += zip(approved.judged[code], judged, strict=True)
        worth = result.worth_storing | other.worth_storing[:, years]
        differ[code] = worth & np.logical_or.reduce([differs(a, b[:, years]) for a, b in pairs])
    return differ


def _add_left_out(
    columns: dict[str, list[np.ndarray]], computed: Computed, code: str, worth: np.ndarray, *, approved: int
) -> None:
    """Add what the values of one indicator leave out, in those cells of the scope that are `worth` it."""
    asked, units, _periods = computed.cells
    found = computed.results[code].left_out
    found = found.where((asked & worth)[found.unit, found.year, found.slot])
    ids = units[:, 0, 0] if len(units) else np.zeros(0, np.int64)
    codes = codes_of_slots(computed.scope.years).astype(np.int64)
    count = len(found.unit)
    row = {
        "unit": ids[found.unit],
        "indicator": np.full(count, computed.catalogue.indicators[code].pk),
        "period": codes[found.year, found.slot],
        "approved": np.full(count, approved),
        "part": ids[found.part],
        "first_month": codes[found.year, found.first],
        "last_month": codes[found.year, found.last],
        "missing": found.missing,
    }
    for name, array in row.items():
        columns.setdefault(name, []).append(array)


def differs(these: np.ndarray, those: np.ndarray) -> np.ndarray:
    """Where two arrays differ; unknown is like unknown."""
    different: np.ndarray = (these != those) & ~((these != these) & (those != those))
    return different


def _where(computed: Computed) -> str:
    where = computed.stored_where()
    if computed.scope.whole:
        return where
    ids = [computed.catalogue.indicators[code].pk for code in computed.results]
    return f"{where} AND {in_list('indicator_id', ids)}"


def _rows(
    computed: Computed, verdicts: Mapping[str, np.ndarray], worth: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Columns of the rows to store: those cells of the scope that are `worth` it, by indicator code."""
    catalogue = computed.catalogue
    asked, units, periods = computed.cells
    columns: dict[str, list[np.ndarray]] = {}
    for code, result in computed.results.items():
        chosen = asked & worth[code]
        count = int(chosen.sum())
        judged = computed.judged[code]
        formulas = np.array([f.pk for f in catalogue.formulas[code]], np.int64)
        row = {
            "unit": units[chosen],
            "indicator": np.full(count, catalogue.indicators[code].pk),
            "period": periods[chosen],
            "value": result.value[chosen],
            "reason": result.reason[chosen],
            "missing": result.missing[chosen],
            "present": result.present[chosen],
            "expected": result.expected[chosen],
            "flags": result.flags[chosen],
            "alternative": result.alternative[chosen],
            "formula": formulas[result.version[chosen]],
            "reference_range": judged.range_key[chosen],
            "range_low": judged.range_low[chosen],
            "range_high": judged.range_high[chosen],
            "score": judged.score[chosen],
            "verdict": verdicts[code][chosen],
        }
        for name, array in row.items():
            columns.setdefault(name, []).append(array)
    return {name: np.concatenate(arrays) for name, arrays in columns.items()}
