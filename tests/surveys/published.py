"""The published survey tables, and tally files made of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

TABLES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "demo" / "cases" / "budi_kemuliaan.toml").read_text(encoding="utf-8")
)

#: Questionnaire by the name of its table.
TABLE_OF = {"servqual": "servqual", "exit_survey": "exit_survey", "employee_satisfaction": "employee_survey"}
MISPRINTED = [17, 4, 197, 28]


def table(questionnaire: str) -> dict[str, Any]:
    return TABLES[TABLE_OF[questionnaire]][0]


def tally_text(questionnaire: str, *, misprinted: bool = False) -> str:
    """The published counts as a tally file; `misprinted` with the impossible counts of q5."""
    lines = ["item,answer,expectation_count,reality_count"]
    for number, item in enumerate(table(questionnaire)["items"], 1):
        reality = item[2]
        expectation = item[3] if isinstance(item[3], list) else [""] * len(reality)
        if misprinted and number == 5:
            expectation = MISPRINTED
        for answer, (expected, real) in enumerate(zip(expectation, reality, strict=True), 1):
            lines.append(f"q{number},{answer},{expected},{real}")
    return "\n".join(lines) + "\n"
