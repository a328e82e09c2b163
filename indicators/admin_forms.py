"""What the admin checks before a definition or a range is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Model, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.dates import day_in_words
from indicators.closed_years import ClosedYearsField, holds_from
from indicators.formula import parse
from indicators.formula_checks import (
    check_derived_element,
    check_indicator_formula,
    check_may_be_absent,
)
from indicators.models import DataElement, DataValue, ReferenceRange, StandardChoice
from indicators.models.definition import ALWAYS, SHIPPED_FIRST, first_open_day
from indicators.periods import Period
from indicators.scoring_tables import read_steps
from indicators.totals import fault_of_parts


def refuse_shipped_code(model: type[Model], code: str | None) -> None:
    """A hospital's own definition must not hide a shipped one."""
    if model._default_manager.filter(hospital=None, code=code).exists():
        raise ValidationError(_("“%(code)s” is shipped with Imbang; choose another code.") % {"code": code})


def refuse_earlier(rows: Any, valid_from: dt.date | None) -> None:
    """What judged the past stays as it was; only a later day takes over."""
    latest = rows.aggregate(latest=Max("valid_from"))["latest"]
    if latest is not None and valid_from is not None and valid_from <= latest:
        words = {"latest": day_in_words(latest)}
        raise ValidationError({"valid_from": _("Choose a day after %(latest)s.") % words})


#: How a data element adds up and is derived: what its numbers mean.
_MEANING = ("over_time", "over_units", "derived", "parts")


def _in_closed_year(*days: dt.date | None) -> bool:
    opens = first_open_day(timezone.localdate())
    return any(day is not None and day < opens for day in days)


def _stays_retired() -> ValidationError:
    opens = day_in_words(first_open_day(timezone.localdate()))
    return ValidationError(_("Years that are closed stay as they are: choose a day from %s on.") % opens)


class CodesField(forms.CharField):
    """Codes in one line, separated by commas or blanks."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, list) else (value or "").replace(",", " ").split()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class DataElementForm(forms.ModelForm):
    parts = CodesField(
        label=capfirst(gettext_lazy("total of")),
        required=False,
        help_text=gettext_lazy(
            "Codes of its parts: where they are known their sum is the total, unless it was typed."
        ),
    )

    def clean_retired_from(self) -> dt.date | None:
        """What was asked for in closed years was asked for."""
        day, before = self.cleaned_data["retired_from"], self.initial.get("retired_from")
        if day != before and _in_closed_year(day, before):
            raise _stays_retired()
        return day

    def clean_code(self) -> str:
        refuse_shipped_code(DataElement, self.cleaned_data["code"])
        return self.cleaned_data["code"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        low, high = given.get("minimum"), given.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("The largest number cannot be below the smallest."))
        hospital = given.get("hospital") or self.instance.hospital
        code = given.get("code") or self.instance.code
        if derived := given.get("derived"):
            try:
                check_derived_element(derived, hospital=hospital, code=code)
            except ValidationError as error:
                self.add_error("derived", error)
        changed = [name for name in _MEANING if self.instance.pk and name in self.changed_data]
        if changed and self._stands_in_closed_years(given):
            said = _("Numbers of closed years mean what it means now: give the new meaning a new code.")
            self.add_error(changed[0], said)
        if given.get("optional"):
            try:
                check_may_be_absent(hospital=hospital, code=code)
            except ValidationError as error:
                self.add_error("optional", error)
        self._check_parts(given)
        return given

    def _stands_in_closed_years(self, given: dict[str, Any]) -> bool:
        """Whether the hospital has numbers of closed years of what the element is made of, was or would be.

        What would be made of no element, as the days are, has a number in every month in which there is any.
        """
        hospital = self.instance.hospital
        numbers = DataValue.objects.filter(
            unit__hospital=hospital, period__lt=Period.of_year(first_open_day(timezone.localdate()).year)
        )
        codes, of_nothing = {self.instance.code}, False
        for text in (self.initial.get("derived"), given.get("derived")):
            used = set(parse(text).codes) if text else set()
            of_nothing |= bool(text) and not used
            codes |= used
        for parts in (self.initial.get("parts"), given.get("parts")):
            codes |= set(parts or ())
        if not of_nothing:
            theirs = Q(hospital=None) | Q(hospital=hospital)
            numbers = numbers.filter(element__in=DataElement.objects.filter(theirs, code__in=codes))
        return numbers.exists()

    def _check_parts(self, given: dict[str, Any]) -> None:
        """As a total of its parts, and as a part of totals that there are."""
        # How it adds up may be wrong itself; that is said where it is.
        names = ("derived", "parts", "unit_of_measure", "over_time", "over_units")
        if any(name in self.errors for name in names):
            return
        hospital = given.get("hospital") or self.instance.hospital
        code = given.get("code") or self.instance.code
        theirs = DataElement.objects.filter(Q(hospital=None) | Q(hospital=hospital)).order_by(SHIPPED_FIRST)
        elements = {element.code: element for element in theirs}
        elements[code] = DataElement(code=code, **{name: given[name] for name in names})
        for total in elements.values():
            concerned = total.parts and (total.code == code or code in total.parts)
            if concerned and (fault := fault_of_parts(total, elements)):
                own = total.code == code
                self.add_error("parts" if own else _first(self.changed_data, names), fault)
                return


def _first(changed: Collection[str], names: Sequence[str]) -> str:
    """The first of the fields that was changed."""
    return next((name for name in names if name in changed), names[0])


class IndicatorForm(forms.ModelForm):
    closed_years = ClosedYearsField()

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        refuse_shipped_code(self._meta.model, code)
        # The result as reported gets a data element of the same code.
        refuse_shipped_code(DataElement, code)
        return code

    def clean(self) -> dict[str, Any]:
        """Closed years keep their decimals and what was offered in them, unless they are to follow."""
        given = super().clean() or self.cleaned_data
        if self.errors or not self.instance.pk:
            return given
        day, before = given.get("retired_from"), self.initial.get("retired_from")
        # What was retired before is retired no longer: that tells from its own day on.
        touched = [one for one in (day, before) if one is not None and day != before]
        since = [ALWAYS] if "decimals" in self.changed_data else touched
        if since and (held := holds_from(self, hospital=self.instance.hospital, day=min(since))) > min(since):
            if touched and _in_closed_year(before):
                self.add_error("retired_from", _stays_retired())
            elif day is not None and day != before:
                given["retired_from"] = max(day, held)
        return given


class FormulaForm(forms.ModelForm):
    closed_years = ClosedYearsField()


class FormulaFormSet(forms.BaseInlineFormSet):
    """New formulas of an indicator: understood, and later than those there are."""

    def clean(self) -> None:
        super().clean()
        new = [form for form in self.forms if form.has_changed() and hasattr(form, "cleaned_data")]
        for form in new:
            if text := form.cleaned_data.get("expression"):
                try:
                    check_indicator_formula(text, hospital=self.instance.hospital)
                except ValidationError as error:
                    form.add_error("expression", error)
            if self.instance.pk:
                try:
                    refuse_earlier(self.instance.formulas, form.cleaned_data.get("valid_from"))
                except ValidationError as error:
                    form.add_error(None, error)
            if not form.errors and "valid_from" in form.cleaned_data:
                day = holds_from(form, hospital=self.instance.hospital, day=form.cleaned_data["valid_from"])
                form.cleaned_data["valid_from"] = form.instance.valid_from = day


class RangeForm(forms.ModelForm):
    closed_years = ClosedYearsField()
    scoring_table = forms.CharField(
        label=capfirst(gettext_lazy("scoring table")),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 6, "cols": 60, "placeholder": "{ from = 0, to = 50, points = 20 }"}
        ),
        help_text=gettext_lazy(
            "In place of four points: one step a line, like { from = 0, to = 50, points = 20 }. "
            "The first may leave out from, the last to."
        ),
    )

    def clean_scoring_table(self) -> list[dict[str, Any]]:
        try:
            return read_steps(self.cleaned_data["scoring_table"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        points = [given.get(name) for name in ("worst_low", "ideal_low", "ideal_high", "worst_high")]
        known = [point for point in points if point is not None]
        steps = given.get("scoring_table")
        self.instance.steps = steps or []
        if given.get("ideal_low") is None and given.get("ideal_high") is None and not steps:
            raise ValidationError(_("Give at least one edge of the ideal range."))
        if known != sorted(known):
            raise ValidationError(_("The numbers must rise: worst below, ideal from, ideal to, worst above."))
        indicator, unit = given.get("indicator"), given.get("unit")
        if indicator and unit and indicator.hospital_id not in (None, unit.hospital_id):
            raise ValidationError({"unit": _("The indicator belongs to another hospital.")})
        same = ReferenceRange.objects.filter(indicator=indicator, unit=unit)
        refuse_earlier(same, given.get("valid_from"))
        if unit and not self.errors:
            given["valid_from"] = holds_from(self, hospital=unit.hospital, day=given["valid_from"])
        return given


class StandardChoiceForm(forms.ModelForm):
    closed_years = ClosedYearsField()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        same = StandardChoice.objects.filter(hospital=given.get("hospital"))
        refuse_earlier(same, given.get("valid_from"))
        if not self.errors:
            given["valid_from"] = holds_from(self, hospital=given["hospital"], day=given["valid_from"])
        return given
