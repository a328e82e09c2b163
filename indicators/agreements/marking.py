"""Marking results as reported that contradict each other when they are computed: without points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from hospitals.tree import UnitTree
from indicators.agreements.contradictions import Agreement, find_contradictions
from indicators.agreements.definitions import agreeing_with
from indicators.catalogue import Catalogue
from indicators.engine.compute import Flag, Result
from indicators.engine.scoring import Judged
from indicators.engine.slots import codes_of_slots, days_of_slots
from indicators.models import ConfirmedResults
from indicators.reading import Given

#: Unit, year and slot as positions, one entry per cell.
Cells = tuple[np.ndarray, ...]


def with_agreeing(codes: Iterable[str], catalogue: Catalogue) -> list[str]:
    """`codes`, and those of the indicators whose results hang together with theirs."""
    found = dict.fromkeys(codes)
    others = agreeing_with(found, catalogue.agreements) & catalogue.indicator_rules.keys()
    return list(found | dict.fromkeys(sorted(others)))


def mark_contradictions(
    results: Mapping[str, Result],
    judged: dict[str, Judged],
    given: Given,
    years: range,
    judged_on: np.ndarray,
) -> None:
    """Flag the results as reported that contradict others, and take their scores away.

    Arrays [unit, year, 19] by indicator code, which are changed; `judged_on` [year, 19]: the day whose
    definitions judge each. What somebody has confirmed is left as it is. Reads the confirmations, and only
    where something contradicts.
    """
    if sum(bool((result.flags & Flag.AS_REPORTED).any()) for result in results.values()) < 3:
        return
    for dated in given.catalogue.agreements:
        agreement, holds = dated.agreement, dated.holds_on_days(judged_on)
        codes = [code for code in agreement.indicators if code in results]
        if len(codes) < 3:
            continue
        reported = {code: results[code].flags & Flag.AS_REPORTED > 0 for code in codes}
        cells: Cells = np.nonzero(holds & (np.sum(list(reported.values()), axis=0) >= 3))
        if not len(cells[0]):
            continue
        figures = {c: np.where(reported[c][cells], results[c].value[cells], np.nan) for c in codes}
        found = find_contradictions(agreement, figures, days_of_slots(years)[cells[1:]].astype(float))
        open_ = found.anywhere
        if open_.any():
            open_ = open_ & ~_confirmed(agreement, figures, cells, open_, given.catalogue.tree, years)
        for code, contradicts in found.contradicts.items():
            at = tuple(axis[contradicts & open_] for axis in cells)
            if len(at[0]):
                flags, score = results[code].flags.copy(), judged[code].score.copy()
                flags[at] |= Flag.CONTRADICTS
                score[at] = np.nan
                results[code].flags = flags
                judged[code] = judged[code]._replace(score=score)


def _confirmed(
    agreement: Agreement,
    figures: Mapping[str, np.ndarray],
    cells: Cells,
    asked: np.ndarray,
    tree: UnitTree,
    years: range,
) -> np.ndarray:
    """Which of the `asked` cells somebody has confirmed, with the figures they have: bool [cell]."""
    rows = ConfirmedResults.objects.filter(unit__in=tree.units, agreement=agreement.code)
    stored = {(row.unit_id, row.period.code): row for row in rows}
    confirmed = np.zeros(len(asked), bool)
    codes = codes_of_slots(years)
    for n in np.flatnonzero(asked) if stored else ():
        unit, year, slot = (axis[n] for axis in cells)
        row = stored.get((tree.units[unit].pk, int(codes[year, slot])))
        values = {code: float(array[n]) for code, array in figures.items() if not np.isnan(array[n])}
        confirmed[n] = row is not None and row.holds_for(values)
    return confirmed
