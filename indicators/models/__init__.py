from indicators.models.confirmed_results import ConfirmedResults
from indicators.models.definition import (
    DataElement,
    Direction,
    FormerDecimals,
    Indicator,
    IndicatorFormula,
    OverTime,
    OverUnits,
    Perspective,
)
from indicators.models.identity import Identity
from indicators.models.indicator_value import ApprovedIndicatorValue, IndicatorValue, LeftOut, Verdict
from indicators.models.recomputation import Computation, DefinitionStamp, JudgedUnder, RecomputeMark
from indicators.models.reference import ReferenceRange, Standard, StandardChoice
from indicators.models.value import DataValue, Status

__all__ = [
    "ApprovedIndicatorValue",
    "Computation",
    "ConfirmedResults",
    "DataElement",
    "DataValue",
    "DefinitionStamp",
    "Direction",
    "FormerDecimals",
    "Identity",
    "Indicator",
    "IndicatorFormula",
    "IndicatorValue",
    "JudgedUnder",
    "LeftOut",
    "OverTime",
    "OverUnits",
    "Perspective",
    "RecomputeMark",
    "ReferenceRange",
    "Standard",
    "StandardChoice",
    "Status",
    "Verdict",
]
