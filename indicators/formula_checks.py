"""Whether a formula that a person typed can be computed, and if not, at which character not."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from hospitals.models import Hospital
from indicators.formula import Formula, FormulaError, alternatives_of, parse
from indicators.formula.alternatives import MOST
from indicators.models import DataElement


def check_indicator_formula(text: str, *, hospital: Hospital | None) -> None:
    """Raise ValidationError unless `text` is a formula over elements that the hospital has."""
    formula = _parsed(text)
    _check_codes(formula, _derived_by_code(hospital))
    if len(alternatives_of(formula)) >= MOST:
        raise ValidationError(_("The formula has too many alternatives; use first(…) less often."))


def check_derived_element(text: str, *, hospital: Hospital | None, code: str) -> None:
    """Raise ValidationError unless `text` derives an element from reported ones, month by month."""
    formula = _parsed(text)
    derived = _derived_by_code(hospital)
    _check_codes(formula, derived)
    for used in formula.codes:
        if derived[used] or used == code:
            raise _at(formula, used, _("“%(code)s” is derived itself") % {"code": used})
    if len(alternatives_of(formula)) > 1:
        raise ValidationError(_("first(…) belongs in indicators, not in data elements."))


def _parsed(text: str) -> Formula:
    try:
        return parse(text)
    except FormulaError as error:
        raise ValidationError(str(error)) from error


def _derived_by_code(hospital: Hospital | None) -> dict[str, str]:
    theirs = DataElement.objects.filter(Q(hospital=None) | Q(hospital=hospital))
    return dict(theirs.values_list("code", "derived"))


def _check_codes(formula: Formula, known: dict[str, str]) -> None:
    for code in formula.codes:
        if code not in known:
            raise _at(formula, code, _("there is no data element “%(code)s”") % {"code": code})


def _at(formula: Formula, code: str, reason: str) -> ValidationError:
    found = re.search(rf"\b{re.escape(code)}\b", formula.text)
    return ValidationError(str(FormulaError(reason, found.start() + 1 if found else 1)))
