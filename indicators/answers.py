"""What a cell holds: a number, the reason there is none, or nothing."""

from __future__ import annotations

from typing import NamedTuple

from indicators.models import DataValue, Status


class Answer(NamedTuple):
    """A number, or why there is none; `status` None: the cell is empty."""

    value: float | None
    status: Status | None

    @property
    def canonical(self) -> str:
        """The same in every language, for comparing what was seen with what is there: "", "NA", "NC",
        or the number."""
        match self.status:
            case None:
                return ""
            case Status.NOT_APPLICABLE:
                return "NA"
            case Status.NOT_COLLECTED:
                return "NC"
        return repr(float(self.value or 0))


EMPTY = Answer(None, None)


def answer_of(row: DataValue | None) -> Answer:
    """What is stored for a cell."""
    return EMPTY if row is None else Answer(row.value, Status(row.status))
