"""What a form must say in a definition file: sections, elements, who fills it, and its checks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from entry.toml_lines import Place
from indicators.definition_files import Bilingual, Schema
from indicators.definition_schemas import Code

UnitKindName = Literal["hospital", "department", "ward", "clinic", "service"]


Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Heading(Bilingual):
    """As long as there is room for in the database."""

    en: Name
    id: Name


class FormElementTable(Schema):
    code: Code
    required: bool = True


class SectionTable(Schema):
    code: Code
    name: Heading
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
    factor: float = Field(default=1, gt=0, allow_inf_nan=False)
    severity: Literal["hard", "soft"] = "hard"

    @model_validator(mode="after")
    def has_a_limit(self) -> AtMostCheck:
        if not self.of and not self.per_day:
            raise _contradiction("no_limit", (), "needs “of”, or “per_day”")
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


#: The kinds of checks by their name.
CHECKS: dict[str, type[BaseModel]] = {
    "balance": BalanceCheck,
    "at_most": AtMostCheck,
    "carried_over": CarriedOverCheck,
    "equal_over_units": EqualOverUnitsCheck,
}
CheckTable = Annotated[
    BalanceCheck | AtMostCheck | CarriedOverCheck | EqualOverUnitsCheck, Field(discriminator="kind")
]


class FormTable(Schema):
    code: Code
    name: Heading
    help: Bilingual | None = None
    unit_kinds: list[UnitKindName] = Field(min_length=1)
    due_day: int = Field(default=10, ge=1, le=28)
    approval_steps: Literal[1, 2] = 1
    section: list[SectionTable] = Field(min_length=1)
    check: list[CheckTable] = []

    @property
    def elements(self) -> list[FormElementTable]:
        return [element for section in self.section for element in section.elements]

    @property
    def places(self) -> list[tuple[Place, FormElementTable]]:
        """The elements and where they stand."""
        return [
            (("section", s, "elements", e), element)
            for s, section in enumerate(self.section)
            for e, element in enumerate(section.elements)
        ]

    @model_validator(mode="after")
    def consistent(self) -> FormTable:
        codes = {element.code for element in self.elements}
        self._nothing_twice()
        for c, check in enumerate(self.check):
            for code in check.codes:
                if code not in codes:
                    said = "a check names “{code}”, which is not in the form"
                    raise _contradiction("check_missing", ("check", c), said, code=code)
        return self

    def _nothing_twice(self) -> None:
        seen: set[str] = set()
        for place, element in self.places:
            if element.code in seen:
                said = "element “{code}” stands in the form twice"
                raise _contradiction("element_twice", place, said, code=element.code)
            seen.add(element.code)
        sections: set[str] = set()
        for s, section in enumerate(self.section):
            if section.code in sections:
                said = "section “{code}” stands in the form twice"
                raise _contradiction("section_twice", ("section", s), said, code=section.code)
            sections.add(section.code)


def _contradiction(kind: str, at: Place, said: str, **names: str) -> PydanticCustomError:
    """What the keys of a table say against each other; `at` is where, for who shows the line."""
    return PydanticCustomError(kind, said, {**names, "at": at})
