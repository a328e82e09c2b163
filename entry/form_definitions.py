"""What a form must say in a definition file: sections, elements, who fills it, and its checks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicators.definition_files import Bilingual, Schema
from indicators.definition_schemas import Code

UnitKindName = Literal["hospital", "department", "ward", "clinic", "service"]


class FormElementTable(Schema):
    """`total_of`: the form adds these elements up; the total follows them while nobody types another."""

    code: Code
    required: bool = True
    total_of: list[Code] = []


class SectionTable(Schema):
    code: Code
    name: Bilingual
    help: Bilingual | None = None
    elements: list[FormElementTable] = Field(min_length=1)


class BalanceCheck(Schema):
    """`result` = the sum of `plus` less the sum of `minus`, or the form cannot be submitted."""

    kind: Literal["balance"]
    result: Code
    plus: list[Code] = Field(min_length=1)
    minus: list[Code] = []

    @property
    def codes(self) -> list[str]:
        return [self.result, *self.plus, *self.minus]


class AtMostCheck(Schema):
    """The sum of `these` ≤ `factor` × the sum of `of` (× days of the month when `per_day`).

    Without `of` the limit is the days of the month themselves.
    """

    kind: Literal["at_most"]
    these: list[Code] = Field(min_length=1)
    of: list[Code] = []
    per_day: bool = False
    factor: float = Field(default=1, gt=0)
    severity: Literal["hard", "soft"] = "hard"

    @model_validator(mode="after")
    def has_a_limit(self) -> AtMostCheck:
        if not self.of and not self.per_day:
            raise ValueError("needs “of”, or “per_day”")
        return self

    @property
    def codes(self) -> list[str]:
        return [*self.these, *self.of]


class CarriedOverCheck(Schema):
    """`start` of the month is `end` of the month before, or somebody has to say why not."""

    kind: Literal["carried_over"]
    start: Code
    end: Code

    @property
    def codes(self) -> list[str]:
        return [self.start, self.end]


class EqualOverUnitsCheck(Schema):
    """The sum of `these` equals the sum of `others` over all units of the hospital; a remark, not a bar."""

    kind: Literal["equal_over_units"]
    these: list[Code] = Field(min_length=1)
    others: list[Code] = Field(min_length=1)

    @property
    def codes(self) -> list[str]:
        return [*self.these, *self.others]


CheckTable = Annotated[
    BalanceCheck | AtMostCheck | CarriedOverCheck | EqualOverUnitsCheck, Field(discriminator="kind")
]


class FormTable(Schema):
    code: Code
    name: Bilingual
    help: Bilingual | None = None
    unit_kinds: list[UnitKindName] = Field(min_length=1)
    due_day: int = Field(default=10, ge=1, le=28)
    approval_steps: Literal[1, 2] = 1
    section: list[SectionTable] = Field(min_length=1)
    check: list[CheckTable] = []

    @property
    def elements(self) -> list[FormElementTable]:
        return [element for section in self.section for element in section.elements]

    @model_validator(mode="after")
    def consistent(self) -> FormTable:
        codes = [element.code for element in self.elements]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"element “{code}” stands in the form twice")
        sections = [section.code for section in self.section]
        if len(set(sections)) < len(sections):
            raise ValueError("two sections have the same code")
        totals = {element.code for element in self.elements if element.total_of}
        for element in self.elements:
            for part in element.total_of:
                if part not in codes:
                    raise ValueError(f"“{element.code}” adds up “{part}”, which is not in the form")
                if part in totals:
                    raise ValueError(f"“{element.code}” adds up “{part}”, which is a total itself")
        for check in self.check:
            for code in check.codes:
                if code not in codes:
                    raise ValueError(f"a check names “{code}”, which is not in the form")
        return self
