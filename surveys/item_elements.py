"""The data elements in which an index takes the sums of every item: `skm_weight_q1`, `skm_answers_q1`, …

Sums of all items together would let an item that many skipped weigh less than the others.
"""

from __future__ import annotations

from collections.abc import Mapping

#: What is added up item by item, by its name among the sums.
BY_ITEM = ("weight", "answers")
#: So many items an index has room for: the nine of the regulation and three of the hospital's own.
MOST_ITEMS = 12
ITEMS = tuple(f"q{number}" for number in range(1, MOST_ITEMS + 1))


def elements_by_item(publishes: Mapping[str, str]) -> dict[str, str]:
    """Name of the sum → code of the data element, from what a questionnaire with an index publishes."""
    found = {name: code for name, code in publishes.items() if name not in BY_ITEM}
    for name in BY_ITEM:
        if name in publishes:
            found |= {of_item(name, item): of_item(publishes[name], item) for item in ITEMS}
    return found


def of_item(name: str, item: str) -> str:
    return f"{name}_{item}"
