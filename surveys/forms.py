"""Forms of the managers' pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Unit
from indicators.begins import ValueRefusedError, hospital_begins, refuse_before_begin
from indicators.first_months import questions_about
from indicators.periods import nearest_month
from surveys.analysis import sampling
from surveys.models import Campaign, Characteristic
from surveys.queries import questionnaires_for

MOST_INVITATIONS = 500


def styled(form: forms.BaseForm) -> None:
    """Give the fields the look of the house."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
            widget.attrs.setdefault("class", "form-check-input")
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
            continue
        kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
        widget.attrs.setdefault("class", kind)


class CampaignForm(forms.ModelForm):
    """A campaign of a hospital; the questionnaire cannot change any more once it was opened."""

    class Meta:
        model = Campaign
        fields = [
            "questionnaire",
            "name",
            "unit",
            "units",
            "segment",
            "starts_on",
            "ends_on",
            "past_because",
            "access",
            "population",
            "target_sample",
            "most_per_address_per_hour",
        ]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "units": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, hospital: Hospital, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("questionnaire", questionnaires_for(hospital)),
            ("unit", units),
            ("units", units.filter(parent__isnull=False)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - made from foreign keys
            field.queryset = choices
            field.empty_label = None
        self.fields["segment"] = forms.ChoiceField(
            label=_("Segment"),
            required=False,
            choices=_segments(hospital, self.instance.segment),
            help_text=_("Who is asked, where it is the same for all; otherwise the respondent says it."),
        )
        if not self.is_bound and not self.instance.past_because:
            # Nobody has asked yet.
            del self.fields["past_because"]
        if self.instance.opened_at is not None or self._has_answers():
            for name in ("questionnaire", "unit", "segment"):
                self.fields[name].disabled = True
        styled(self)

    def _has_answers(self) -> bool:
        if self.instance.pk is None:
            return False
        return self.instance.responses.exists() or self.instance.tally_sheets.exists()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The campaign cannot end before it starts."))
        segment, questionnaire = cleaned.get("segment"), cleaned.get("questionnaire")
        if segment and questionnaire and segment != self.instance.segment:
            asked = questionnaire.characteristics.filter(is_segment=True).first()
            if asked is None or segment not in dict(asked.choices):
                self.add_error("segment", _("This questionnaire does not know this segment."))
        unit: Unit | None = cleaned.get("unit")
        if unit is not None and any(
            chosen.hospital_id != unit.hospital_id for chosen in cleaned.get("units") or ()
        ):
            self.add_error("units", _("These units belong to another hospital."))
        if unit is not None and starts and ends and not self.errors:
            self._check_times(unit, starts, ends)
        return cleaned

    def _check_times(self, unit: Unit, starts: dt.date, ends: dt.date) -> None:
        begins = hospital_begins(unit.hospital, unit.hospital.root)
        try:
            refuse_before_begin(unit=unit, period=nearest_month(ends), hospital_begins=begins)
        except ValueRefusedError as error:
            self.add_error("ends_on", str(error))
            return
        first = max(nearest_month(day) for day in (starts, begins, unit.opened_on) if day)
        if not self.cleaned_data.get("past_because"):
            for question in questions_about(unit.hospital, [first]):
                self.add_error("past_because", question.text)


def _segments(hospital: Hospital, stored: str) -> list[tuple[str, Any]]:
    """The segments of all questionnaires; what a tally was imported with stays a choice."""
    found: dict[str, str] = {stored: stored} if stored else {}
    asked = Characteristic.objects.filter(is_segment=True, questionnaire__in=questionnaires_for(hospital))
    for characteristic in asked:
        found.update(dict(characteristic.choices))
    return [("", _("The respondent says it")), *found.items()]


class SampleForm(forms.Form):
    """The calculator of the target sample."""

    population = forms.IntegerField(label=_("Population"), min_value=1, max_value=10_000_000)
    precision_percent = forms.FloatField(
        label=_("Precision, in percentage points"), min_value=0.1, max_value=50, initial=5
    )
    z = forms.FloatField(
        label=_("z"),
        min_value=0.1,
        max_value=5,
        initial=sampling.Z,
        help_text=_("1.96 for 95 percent, 2.58 for 99 percent confidence"),
    )
    proportion_percent = forms.FloatField(
        label=_("Expected share, in percent"), min_value=0.1, max_value=99.9, initial=96
    )
    allowance_percent = forms.IntegerField(
        label=_("Allowance for drop-outs, in percent"), min_value=0, max_value=100, initial=10
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def sizes(self) -> tuple[int, int]:
        """People needed, without and with the allowance; after `is_valid`."""
        given = self.cleaned_data
        needed = sampling.sample_size(
            given["population"],
            precision=given["precision_percent"] / 100,
            z=given["z"],
            proportion=given["proportion_percent"] / 100,
        )
        return needed, sampling.with_allowance(needed, given["allowance_percent"])


class InvitationForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many links"), min_value=1, max_value=MOST_INVITATIONS, initial=50
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class TallyUploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_(
            "A file has the columns item, answer, expectation_count and reality_count. "
            "Without a file the table counts."
        ),
    )
    period = forms.CharField(label=_("Period"), max_length=7, help_text=_("2010 or 2010-03"))
    respondents = forms.IntegerField(label=_("Respondents"), required=False, min_value=1)
    past_because = forms.CharField(label=_("Why it lies so far back"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # Nobody has asked yet.
            del self.fields["past_because"]
        styled(self)
