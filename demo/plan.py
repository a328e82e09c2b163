"""A hospital as it is to be loaded: its tree and its facts, as plain data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indicators.periods import Period
from surveys.tally_files import TallyLine

#: Why there is no number: "NA" not applicable, "NC" not collected, as in value files.
Absent = Literal["NA", "NC"]
Kind = Literal["department", "ward", "clinic", "service"]


class Fact(NamedTuple):
    """A number of a unit, element and period, or why there is none. `unit` "" is the whole hospital.

    `note` goes into the history of the value.
    """

    unit: str
    element: str
    period: Period
    value: float | None
    absent: Absent | None = None
    note: str = ""


@dataclass(frozen=True)
class UnitPlan:
    """A unit below `parent`, the code of a unit that comes earlier; "" is the hospital itself."""

    code: str
    name: str
    kind: Kind
    parent: str = ""
    opened_on: dt.date | None = None


class TallyPlan(NamedTuple):
    """The counts of a survey of the whole hospital and a year; its sums become data values by themselves."""

    questionnaire: str
    segment: str
    year: int
    respondents: int
    lines: tuple[TallyLine, ...]


class RespondentPlan(NamedTuple):
    """One person's `answers`, (reality, expectation) per item in order, None where it was left out.

    `share_of_days` says when: 0 on the first day of the campaign's first month, 1 today or on its last.
    """

    unit: str
    share_of_days: float
    answers: tuple[tuple[int, int] | None, ...]
    characteristics: dict[str, str]
    comment: str = ""


class CampaignPlan(NamedTuple):
    """A survey that people are answering, in `units` of `unit`."""

    questionnaire: str
    name: str
    unit: str
    units: tuple[str, ...]
    segment: str
    first_month: Period
    last_month: Period
    population: int
    target_sample: int
    respondents: tuple[RespondentPlan, ...]


class FormPlan(NamedTuple):
    """A form that `unit` fills (`only`), or the units below it that the form is made for; of itself, or of
    the whole hospital. `not_kept` are parts of totals that it does not keep."""

    form: str
    unit: str
    first_month: Period
    only: bool = False
    of_hospital: bool = False
    not_kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class HospitalPlan:
    """`standard` is the code of the standard it compares itself with."""

    code: str
    name: str
    kind: str
    city: str
    standard: str
    is_synthetic: bool
    units: tuple[UnitPlan, ...]
    facts: tuple[Fact, ...]
    tallies: tuple[TallyPlan, ...] = ()
    campaigns: tuple[CampaignPlan, ...] = ()
    forms: tuple[FormPlan, ...] = ()
