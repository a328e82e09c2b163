"""What a data element, an indicator and a standard must say in a definition file."""

from __future__ import annotations

import datetime as dt
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


class RangeTable(Schema):
    indicator: Code
    ideal_low: float | None = None
    ideal_high: float | None = None
    worst_low: float | None = None
    worst_high: float | None = None
    steps: list[StepTable] = []
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
        return self


class StandardTable(Schema):
    code: Code
    name: Bilingual
    extends: Code | None = None
    source: str
    secondary: bool = False
    range: list[RangeTable] = []


def _refuse_bad_formula(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        raise ValueError(f"“{text}”: {error}") from error
