"""People who answer whole questionnaires."""

from __future__ import annotations

from surveys.answering import Given, save_answers
from surveys.models import Campaign, Response


def answer_all(
    campaign: Campaign,
    people: int,
    *,
    reality: int = 3,
    expectation: int = 4,
    characteristics: dict[str, str] | None = None,
    first: int = 0,
) -> list[Response]:
    """Everybody gives the same answer to every item; `first` keeps their keys apart from earlier ones."""
    codes = campaign.questionnaire.items.values_list("code", flat=True)
    second = expectation if campaign.questionnaire.is_paired else None
    given = Given(
        answers=dict.fromkeys(codes, (reality, second)), characteristics=characteristics or {}, submit=True
    )
    return [
        save_answers(campaign=campaign, given=given, key=f"person-{number:040}")
        for number in range(first, first + people)
    ]
