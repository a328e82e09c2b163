"""From computed indicators to what is to be stored of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indicators.bulk import Difference, difference, in_list
from indicators.computing import Computed, part_of_years
from indicators.models import ApprovedIndicatorValue, IndicatorValue

#: The fields that identify a stored indicator value.
KEY = ("unit", "indicator", "period")
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
        years = part_of_years(computed, approved)
        differ = {}
        for code, result in approved.results.items():
            other, judged = computed.results[code], computed.judged[code]
            pairs = [(approved_verdicts[code], verdicts[code])]
            pairs += [(getattr(result, name), getattr(other, name)) for name in _COMPARED]
            pairs += zip(approved.judged[code], judged, strict=True)
            worth = result.worth_storing | other.worth_storing[:, years]
            differ[code] = worth & np.logical_or.reduce([differs(a, b[:, years]) for a, b in pairs])
        rows = _rows(approved, approved_verdicts, differ)
    return difference(ApprovedIndicatorValue, KEY, rows, _where(computed))


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
