"""What a data element, an indicator and a standard must say in a definition file."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from indicators.definition_files import Bilingual, Schema
from indicators.formula import FormulaError, parse
from indicators.formula.parse import RESERVED
from indicators.models.definition import ALWAYS

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class ElementTable(Schema):
    code: Code
    name: Bilingual
    help: Bilingual | None = None
    unit_of_measure: str = Field(max_length=64)
    over_time: Literal["sum", "last", "mean"]
    over_units: Literal["sum", "none"] = "sum"
    decimals: int = Field(default=0, ge=0, le=6)
    minimum: float | None = None
    maximum: float | None = None
    derived: str = ""
    #: Many hospitals do not have it: a formula that adds it also offers the sum without it.
    optional: bool = False
    parts: list[Code] = []
    source: str
    secondary: bool = False
    checked: dt.date

    @model_validator(mode="after")
    def understandable(self) -> ElementTable:
        if self.code in RESERVED:
            raise ValueError(f"“{self.code}” has a meaning of its own in formulas")
        if self.derived:
            _refuse_bad_formula(self.derived)
        return self


class FormulaTable(Schema):
    expression: str = Field(max_length=1000)
    valid_from: dt.date = ALWAYS
    #: The expression that was shipped before and was wrong: where it is stored it is replaced, for closed
    #: years too.
    corrects: str = ""

    @model_validator(mode="after")
    def understandable(self) -> FormulaTable:
        _refuse_bad_formula(self.expression)
        return self


class IndicatorTable(Schema):
    code: Code
    perspective: Literal["financial", "customer", "internal_process", "learning_growth"]
    abbreviation: str = Field(default="", max_length=20)
    name: Bilingual
    why: Bilingual
    unit_of_measure: str = Field(max_length=64)
    decimals: int = Field(ge=0, le=6)
    direction: Literal["within", "higher", "lower"]
    as_reported: Code | Literal[""] = ""
    source: str
    secondary: bool = False
    checked: dt.date
    formulas: list[FormulaTable] = Field(min_length=1)


class StepTable(Schema):
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    points: float = Field(ge=0, le=100)

    @model_validator(mode="after")
    def in_order(self) -> StepTable:
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError("from lies above to")
        return self


def refuse_overlaps(steps: Sequence[StepTable]) -> None:
    """A value lies in one step, or on the edge where two of them meet."""

    def begin(step: StepTable) -> float:
        return -math.inf if step.from_ is None else step.from_

    ordered = sorted(steps, key=begin)
    for step, following in pairwise(ordered):
        end = math.inf if step.to is None else step.to
        if begin(following) < end:
            raise ValueError(f"the steps to {step.points:g} and {following.points:g} points overlap")


class RangeTable(Schema):
    indicator: Code
    ideal_low: float | None = None
    ideal_high: float | None = None
    worst_low: float | None = None
    worst_high: float | None = None
    steps: list[StepTable] = []
    steps_closed: Literal["below", "above", ""] = ""
    per_year: bool = False
    valid_from: dt.date = ALWAYS
    source: str = ""

    @model_validator(mode="after")
    def in_order(self) -> RangeTable:
        if self.ideal_low is None and self.ideal_high is None and not self.steps:
            raise ValueError("needs ideal_low, ideal_high or steps")
        points = (self.worst_low, self.ideal_low, self.ideal_high, self.worst_high)
        known = [point for point in points if point is not None]
        if known != sorted(known):
            raise ValueError("must rise: worst_low, ideal_low, ideal_high, worst_high")
        refuse_overlaps(self.steps)
        return self


class StandardTable(Schema):
    code: Code
    name: Bilingual
    extends: Code | None = None
    source: str
    secondary: bool = False
    range: list[RangeTable] = []

    @model_validator(mode="after")
    def one_range_a_day(self) -> StandardTable:
        seen = set()
        for r in self.range:
            if (r.indicator, r.valid_from) in seen:
                since = "without valid_from" if r.valid_from == ALWAYS else f"from {r.valid_from} on"
                raise ValueError(f"range of “{r.indicator}”: two of them {since}; which one holds?")
            seen.add((r.indicator, r.valid_from))
        return self


class SlackTable(Schema):
    """Formulas over the figure itself: how far below and above it the quantity meant may lie."""

    less: str
    more: str


class IdentityTable(Schema):
    """Indicators of which any two imply the others."""

    code: Code
    name: Bilingual
    source: str
    checked: dt.date
    indicators: list[Code] = Field(min_length=3)
    implied: dict[Code, list[str]]
    slack: dict[Code, SlackTable] = {}

    @model_validator(mode="after")
    def complete(self) -> IdentityTable:
        for code in self.indicators:
            others = {frozenset(pair) for pair in combinations(set(self.indicators) - {code}, 2)}
            for text in self.implied.get(code, []):
                _refuse_bad_formula(text)
                others.discard(frozenset(parse(text).codes))
            if others or len(self.implied.get(code, [])) != math.comb(len(self.indicators) - 1, 2):
                raise ValueError(f"“{code}” needs one formula for each pair of the others")
        for code, slack in self.slack.items():
            for text in (slack.less, slack.more):
                _refuse_bad_formula(text)
                if not set(parse(text).codes) <= {code}:
                    raise ValueError(f"“{text}” speaks of other figures than “{code}”")
        return self


def _refuse_bad_formula(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        raise ValueError(f"“{text}”: {error}") from error
