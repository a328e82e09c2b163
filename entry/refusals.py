"""Why what somebody typed into a cell is no number of it."""

from __future__ import annotations

from django.utils.translation import get_language

from entry.models import DraftValue
from entry.typed_numbers import NotANumberError, language_of, read
from indicators.actions import ValueRefusedError, refuse_impossible
from indicators.answers import Answer
from indicators.models import DataElement


class TypingRefusedError(ValueError):
    """The message says why, in the language of the person."""


def read_for(element: DataElement, text: str, *, language: str) -> Answer:
    """What was typed, as an answer that the element can have. Raises TypingRefusedError."""
    try:
        answer = read(text, language=language, decimals=element.decimals)
        if answer.status is not None:
            refuse_impossible(element=element, value=answer.value, status=answer.status)
    except (NotANumberError, ValueRefusedError) as refused:
        raise TypingRefusedError(str(refused)) from refused
    return answer


def reason_of(draft: DraftValue, element: DataElement) -> str:
    """Why a draft was refused, in the language of who reads it, who need not be the one who typed it."""
    try:
        read_for(element, draft.text, language=language_of(get_language()))
    except TypingRefusedError as refused:
        return str(refused)
    return draft.reason  # 1,5 is a number in the language of the reader, and was none in that of the writer
