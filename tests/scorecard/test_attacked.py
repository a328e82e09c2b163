"""Small hospitals that attack the arithmetic, from saved numbers to stored rows, points and verdicts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from hospitals.models import Unit
from indicators.models import Verdict
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.indicators.engine.reference import answer
from tests.indicators.engine.uneven import HERE, Case, case_of, expected_of, facts_of, shipped
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows
from tests.scorecard.test_uneven import TODAY
from tests.scorecard.test_uneven_forms import _differences, report
from tests.scorecard.uneven_hospitals import period_of, save_facts, stored_of

CONTENTS = tomllib.loads((HERE / "attacked.toml").read_text())["case"]
#: What only the database knows of.
IN_DATABASE = {"forms", "approved", "then", "begins", "marked", "points"}
PLAIN = [case_of(each) for each in CONTENTS if not IN_DATABASE & each.keys()]
BATCHES = 6


def wrong_of(content: dict, code: str) -> list[tuple]:
    case = case_of(content)
    today = min(case.world.today, TODAY)
    acts = content.get("then", [])
    units = report(case, {key: each for key, each in content.items() if key != "then"}, code=code)
    hospital = units["root"].hospital
    wrong: list[tuple] = []
    for act in [acts] if isinstance(acts, str) else acts:
        changes = facts_of(act)
        save_facts(units, {k: float(v) if v[-1].isdigit() else v for k, v in changes})
        recompute_scores(hospital_id=hospital.pk, today=today)
        found = stored_rows(hospital)
        if found != rows_from_scratch(hospital, today):
            wrong.append((case.name, act, "bit by bit", "not as from scratch"))
    wrong.extend((case.name, *each) for each in _differences(units, case, content))
    wrong.extend((case.name, *each) for each in _points(units, content))
    if stored_rows(hospital) != rows_from_scratch(hospital, today):
        wrong.append((case.name, "bit by bit", "not as from scratch"))
    return wrong


def _points(units: dict[str, Unit], content: dict) -> Iterator[tuple[str, str]]:
    told = content.get("points", "").strip().splitlines()
    for line in told:
        unit, indicator, when, points, verdict = line.split()
        (asked,) = expected_of(f"{unit} {indicator} {when} 0")
        row = stored_of(units, (asked,))[units[unit].pk, indicator, period_of(asked)]
        assert Period.parse(when) == row.period
        found = "-" if row.score is None else f"{row.score:.1f}"
        word = "-" if row.verdict is None else Verdict(row.verdict).name.lower()
        if (found, word) != (points, verdict):
            yield line, f"{found} {word}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_comes_out_of_the_database(definitions: None, batch: int) -> None:
    wrong = []
    for number, content in enumerate(CONTENTS[batch::BATCHES]):
        wrong.extend(wrong_of(content, f"attacked-{number}"))
    assert wrong == []


@pytest.mark.parametrize("case", PLAIN, ids=[case.name for case in PLAIN])
def test_each_plain_one_comes_out_of_the_reference(case: Case) -> None:
    _elements, formulas = shipped()
    for expected in case.expected:
        found = answer(case.world, formulas[expected.indicator], expected.unit, expected.year, expected.span)
        assert expected.agrees_with(found.value), (expected, found)
        assert expected.agrees_how_much_is_known(found.present, found.expected) or (
            found.value is None and "/" not in expected.known
        ), (expected, found)
        assert expected.reason in ("", found.reason), (expected, found)
