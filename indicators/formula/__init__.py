"""The formula language of indicators and derived data elements.

Numbers, data element codes, `+ - * /` (also `− × ÷`), parentheses, `days` (days in the period),
`first(x, y, …)` (the first that was collected), `mean(x, y, …)` (of those parts that have cases) and
`year_ago(x)`. A formula is parsed to a tree and never handed to Python's `eval`; anything else is refused
with its position.
"""

from indicators.formula.alternatives import Alternative, alternatives_of
from indicators.formula.evaluate import Outcome, divides_absent, evaluate
from indicators.formula.nodes import Input
from indicators.formula.optional import blanked_by
from indicators.formula.parse import Formula, FormulaError, parse
from indicators.formula.plain import PlainFormula, Term, plain_formulas_of

__all__ = [
    "Alternative",
    "Formula",
    "FormulaError",
    "Input",
    "Outcome",
    "PlainFormula",
    "Term",
    "alternatives_of",
    "blanked_by",
    "divides_absent",
    "evaluate",
    "parse",
    "plain_formulas_of",
]
