"""What a questionnaire must say in a definition file, and the shape in which versions are compared."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from indicators.definition_files import Bilingual, Schema
from indicators.definition_schemas import Code
from surveys.item_elements import MOST_ITEMS


class OptionTable(Schema):
    """An answer to a question about the respondent. A segment without `counts` is never published."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=32)
    en: str
    id: str
    counts: bool = True


class CharacteristicTable(Schema):
    """A question about the respondent, by which answers are compared."""

    code: Code
    name: Bilingual
    options: list[OptionTable] = Field(min_length=2)
    segment: bool = False

    @model_validator(mode="after")
    def options_differ(self) -> CharacteristicTable:
        _refuse_repeated([option.code for option in self.options])
        return self


class DimensionTable(Schema):
    code: Code
    name: Bilingual
    items: list[Bilingual] = Field(min_length=1)


class PublishesTable(Schema):
    """Data elements that take the sums of a survey; what is left out is not published."""

    respondents: Code | None = None
    reality_weight: Code | None = None
    expectation_weight: Code | None = None
    weight: Code | None = None
    answers: Code | None = None
    satisfied_answers: Code | None = None

    @property
    def elements(self) -> dict[str, str]:
        """Data element code by the name of the sum."""
        return {name: code for name, code in self.model_dump().items() if code}


class QuestionnaireTable(Schema):
    """Items are numbered through over all dimensions: q1, q2, …"""

    code: Code
    name: Bilingual
    introduction: Bilingual
    audience: Literal["patients", "employees", "partners"]
    kind: Literal["paired", "single"]
    scale: list[Bilingual] = Field(min_length=2, max_length=9)
    satisfied_from: int = Field(ge=2)
    index: Literal["", "skm"] = ""
    comment: bool = False
    publishes: PublishesTable = PublishesTable()
    source: str
    secondary: bool = False
    checked: dt.date
    characteristics: list[CharacteristicTable] = []
    dimensions: list[DimensionTable] = Field(min_length=1)

    @model_validator(mode="after")
    def consistent(self) -> QuestionnaireTable:
        _refuse_repeated([dimension.code for dimension in self.dimensions])
        _refuse_repeated([characteristic.code for characteristic in self.characteristics])
        if self.satisfied_from > len(self.scale):
            raise ValueError(f"satisfied_from {self.satisfied_from} lies above the scale")
        if sum(characteristic.segment for characteristic in self.characteristics) > 1:
            raise ValueError("only one characteristic can tell the segments apart")
        if self.index and sum(len(dimension.items) for dimension in self.dimensions) > MOST_ITEMS:
            raise ValueError(f"an index has room for {MOST_ITEMS} items")
        if self.index == "skm" and (self.kind != "single" or len(self.scale) != 4):
            raise ValueError("the SKM index needs single answers on a scale of four")
        paired = {"reality_weight", "expectation_weight"} & set(self.publishes.elements)
        if paired and self.kind != "paired":
            raise ValueError("only paired answers have weights of reality and expectation")
        return self


def _refuse_repeated(codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"“{code}” stands there twice")
