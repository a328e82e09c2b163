"""Whether a formula that a person typed can be computed, and if not, at which character not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from hospitals.models import Hospital
from indicators.formula import Formula, FormulaError, alternatives_of, blanked_by, parse
from indicators.formula.alternatives import MOST
from indicators.models import DataElement, IndicatorFormula
from indicators.models.definition import SHIPPED_FIRST


def check_indicator_formula(text: str, *, hospital: Hospital | None) -> None:
    """Raise ValidationError unless `text` is a formula over elements that the hospital has."""
    formula = _parsed(text)
    elements = _elements(hospital)
    _check_codes(formula, elements)
    if len(alternatives_of(formula)) >= MOST:
        raise ValidationError(_("The formula has too many alternatives; use first(…) less often."))
    _check_sums(formula, elements)


def check_derived_element(text: str, *, hospital: Hospital | None, code: str) -> None:
    """Raise ValidationError unless `text` derives an element from reported ones, month by month."""
    formula = _parsed(text)
    elements = _elements(hospital)
    _check_codes(formula, elements)
    for used in formula.codes:
        if elements[used].derived or used == code:
            raise _at(formula, used, _("“%(code)s” is derived itself") % {"code": used})
    for other in elements.values():
        if other.derived and code in parse(other.derived).codes:
            words = {"code": code, "other": other.code}
            raise ValidationError(
                _("“%(other)s” is derived from “%(code)s”, and nothing is derived twice.") % words
            )
    if len(alternatives_of(formula)) > 1:
        raise ValidationError(_("first(…) belongs in indicators, not in data elements."))
    _check_sums(formula, elements)


def check_may_be_absent(*, hospital: Hospital | None, code: str) -> None:
    """Raise ValidationError where a sum of the hospital would lose its value without the element."""
    elements = _elements(hospital)
    formulas = IndicatorFormula.objects.filter(Q(indicator__hospital=hospital))
    texts = [*formulas.values_list("expression", flat=True), *(e.derived for e in elements.values())]
    for text in texts:
        if text and blanked_by(parse(text), _optional(elements) | {code}) == code:
            raise _blanked(text, code)


def _parsed(text: str) -> Formula:
    try:
        return parse(text)
    except FormulaError as error:
        raise ValidationError(str(error)) from error


def _elements(hospital: Hospital | None) -> dict[str, DataElement]:
    theirs = DataElement.objects.filter(Q(hospital=None) | Q(hospital=hospital))
    return {element.code: element for element in theirs.order_by(SHIPPED_FIRST)}


def _optional(elements: Mapping[str, DataElement]) -> set[str]:
    """Codes of the optional elements, and of what is derived from one."""
    found = {code for code, element in elements.items() if element.optional}
    texts = {code: element.derived for code, element in elements.items() if element.derived}
    return found | {code for code, text in texts.items() if found & set(parse(text).codes)}


def _check_sums(formula: Formula, elements: Mapping[str, DataElement]) -> None:
    if code := blanked_by(formula, _optional(elements)):
        raise _blanked(formula.text, code)


def _blanked(formula: str, code: str) -> ValidationError:
    said = _(
        "“%(formula)s” has no value where there is no “%(code)s”, which is optional; offer the sum "
        "without it as well: first(a + b, a)."
    )
    return ValidationError(said % {"formula": formula, "code": code})


def _check_codes(formula: Formula, known: Collection[str]) -> None:
    for code in formula.codes:
        if code not in known:
            raise _at(formula, code, _("there is no data element “%(code)s”") % {"code": code})


def _at(formula: Formula, code: str, reason: str) -> ValidationError:
    found = re.search(rf"\b{re.escape(code)}\b", formula.text)
    return ValidationError(str(FormulaError(reason, found.start() + 1 if found else 1)))
