"""What an administrator writes about forms: the definition of an own one, and who fills which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entry.models import Form, FormAssignment, HistoryMove
from indicators.models import DataElement
from indicators.models.definition import offered_on
from indicators.periods import Period, PeriodError, PeriodKind, YearError
from indicators.written_periods import year_not_taken

#: Many times the longest one that is shipped.
LONGEST_DEFINITION = 100_000


# What knows definition files loads Pydantic, and actions load what computes: they are imported where
# somebody reads, writes or acts. Django loads this module in every process.


def text_of(form: Form) -> str:
    """The definition of a form, as in a definition file."""
    from entry.form_text import write_form_text

    return write_form_text(form)


class FormForm(forms.ModelForm):
    """A hospital's own form, written as in a definition file."""

    definition = forms.CharField(
        label=capfirst(gettext_lazy("definition")),
        max_length=LONGEST_DEFINITION,
        strip=False,  # or the lines that are named would not be those that are seen
        widget=forms.Textarea(attrs={"rows": 30, "cols": 110, "spellcheck": "false"}),
        help_text=gettext_lazy("TOML. To begin with a shipped form, open that and make an own one from it."),
    )

    class Meta:
        model = Form
        fields = ["hospital", "retired"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "definition" in self.fields:
            self.fields["definition"].initial = text_of(self.instance)

    def clean(self) -> dict[str, Any]:
        from entry.form_faults import MOST_FAULTS, element_fault
        from entry.form_sync import faults_of
        from entry.form_text import FormTextError, read_form

        cleaned = super().clean() or {}
        hospital = cleaned.get("hospital") or self.instance.hospital
        if not cleaned.get("definition"):
            return cleaned
        try:
            self.table, lines = read_form(cleaned["definition"])
        except FormTextError as error:
            raise ValidationError({"definition": error.faults}) from error
        if hospital is None:
            return cleaned
        theirs = DataElement.objects.filter(
            Q(hospital=None) | Q(hospital=hospital), offered_on(timezone.localdate())
        )
        self.elements = {element.code: element for element in theirs.order_by("hospital_id")}
        if faults := list(faults_of(self.table, self.elements)):
            sentences = [element_fault(fault, self.elements, lines) for fault in faults[:MOST_FAULTS]]
            raise ValidationError({"definition": sentences})
        if self.instance.pk and self.table.code != self.instance.code:
            said = _("The code of a form does not change; it is “%s”.") % self.instance.code
            raise ValidationError({"definition": lines.say(("code",), said)})
        # A shipped form of the same code as well: pages tell the two apart by nothing but the code.
        theirs_or_shipped = Form.objects.filter(Q(hospital=hospital) | Q(hospital=None), code=self.table.code)
        if not self.instance.pk and theirs_or_shipped.exists():
            said = _("there is a form with this code already; write another one.")
            raise ValidationError({"definition": lines.say(("code",), said)})
        return cleaned

    def write(self) -> Form:
        """Bring the form to what the definition says."""
        from entry.form_sync import write_form

        form = self.instance if self.instance.pk else None
        return write_form(
            form,
            self.table,
            position=form.position if form else 100,
            elements=self.elements,
            hospital=self.cleaned_data.get("hospital") or self.instance.hospital,
        )


class MonthField(forms.Field):
    """A month written 2026-03."""

    def to_python(self, value: Any) -> Period | None:
        if value in self.empty_values or isinstance(value, Period):
            return value or None
        try:
            period = Period.parse(str(value))
        except YearError as error:
            raise ValidationError(f"{year_not_taken(str(value))}.") from error
        except PeriodError as error:
            raise ValidationError(_("A month is wanted here, like 2026-03.")) from error
        if period.kind != PeriodKind.MONTH:
            raise ValidationError(_("A month is wanted here, like 2026-03."))
        return period


class FormAssignmentForm(forms.ModelForm):
    first_month = MonthField(label=capfirst(gettext_lazy("first month")))
    last_month = MonthField(label=capfirst(gettext_lazy("last month")), required=False)
    not_kept = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("parts that are not kept")),
        required=False,
        # By this name the admin gives the choices the width of their words.
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
        help_text=gettext_lazy(
            "They are not asked for, and the total does not wait for them: a ward without class III."
        ),
    )

    class Meta:
        model = FormAssignment
        fields = ["form", "unit", "speaks_of", "scope", "first_month", "last_month", "not_kept"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elements = DataElement.objects.filter(offered_on(timezone.localdate()))
        if self.instance.pk:
            elements = elements.filter(form_elements__form=self.instance.form_id)
        else:
            units = self.fields["unit"].queryset  # type: ignore[attr-defined]  # those that they administer
            elements = elements.filter(Q(hospital=None) | Q(hospital__in=units.values("hospital")))
        self.fields["not_kept"].choices = _parts_to_choose(elements)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        from entry.actions.duties import refuse_told_twice

        cleaned = super().clean() or {}
        form, unit, speaks_of = (cleaned.get(name) for name in ("form", "unit", "speaks_of"))
        if form and unit and form.hospital_id not in (None, unit.hospital_id):
            raise ValidationError({"form": _("This form belongs to another hospital.")})
        if unit and speaks_of and unit.hospital_id != speaks_of.hospital_id:
            raise ValidationError({"speaks_of": _("The two units belong to different hospitals.")})
        if unit and speaks_of == unit:
            cleaned["speaks_of"] = None
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and last < first:
            raise ValidationError({"last_month": _("The last month comes before the first.")})
        if form:
            on_form = set(form.form_elements.values_list("element__code", flat=True))
            cleaned["not_kept"] = [code for code in cleaned.get("not_kept", ()) if code in on_form]
        if form and unit and first:
            told = {name: cleaned.get(name) for name in ("form", "unit", "speaks_of", "scope", "not_kept")}
            refuse_told_twice(FormAssignment(pk=self.instance.pk, first_month=first, last_month=last, **told))
        return cleaned


def _parts_to_choose(elements: Iterable[DataElement]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The parts of totals, below the names of these."""
    by_code = {element.code: element for element in elements}
    return [
        (total.name, [(code, by_code[code].name) for code in total.parts if code in by_code])
        for total in by_code.values()
        if total.parts
    ]


class HistoryMoveForm(forms.ModelForm):
    """Tried before it is done, so that the fault stands in the form."""

    class Meta:
        model = HistoryMove
        fields = ["form", "from_unit", "to_unit", "reason"]
        help_texts = {
            "form": gettext_lazy(
                "All numbers of this form, of every month and closed years too, with comments and approvals."
            ),
            "to_unit": gettext_lazy(
                "Nothing moves where both units have a number of the same month. The scores follow."
            ),
            "reason": gettext_lazy("It stays to be read beside every number that moves."),
        }

    def clean(self) -> dict[str, Any]:
        from entry.actions.history import refuse_move

        cleaned = super().clean() or {}
        form, from_unit, to_unit = (cleaned.get(name) for name in ("form", "from_unit", "to_unit"))
        if form and from_unit and to_unit:
            refuse_move(form=form, from_unit=from_unit, to_unit=to_unit)
        return cleaned
