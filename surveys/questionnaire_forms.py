"""Forms of an administrator's own version of a questionnaire."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.forms import styled
from surveys.models import Item, Questionnaire

FEWEST_POINTS, MOST_POINTS = 4, 5
LANGUAGES = ("id", "en")


class QuestionnaireForm(forms.ModelForm):
    """Names and texts of a version that nobody uses yet."""

    class Meta:
        model = Questionnaire
        fields = ["name_id", "name_en", "introduction_id", "introduction_en", "comment"]
        widgets = {
            "introduction_id": forms.Textarea(attrs={"rows": 3}),
            "introduction_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class ItemForm(forms.ModelForm):
    remove = forms.BooleanField(label=_("Leave out"), required=False)

    class Meta:
        model = Item
        fields = ["text_id", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class NewItemForm(forms.Form):
    """An item of the hospital's own; left empty it adds nothing."""

    dimension = forms.ChoiceField(label=_("Dimension"), required=False)
    text_id = forms.CharField(label=_("text in Indonesian"), max_length=300, required=False)
    text_en = forms.CharField(label=_("text in English"), max_length=300, required=False)

    def __init__(self, *args: Any, dimensions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dimension"]
        if isinstance(field, forms.ChoiceField):
            field.choices = dimensions
        styled(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        texts = [cleaned.get("text_id"), cleaned.get("text_en")]
        if any(texts) and not all(texts):
            raise forms.ValidationError(gettext("A new item needs its text in both languages."))
        return cleaned


class ScaleForm(forms.Form):
    """The words for each answer from worst to best, and from which one on somebody counts as satisfied.

    How many answers there are is how many words were given: the last row may stay empty.
    """

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_points = questionnaire.fixed_points
        stored = questionnaire.scale
        self.points = range(1, max(MOST_POINTS, len(stored)) + 1)
        for point in self.points:
            for language, label in zip(LANGUAGES, (_("In Indonesian"), _("In English")), strict=True):
                self.fields[f"{language}_{point}"] = forms.CharField(
                    label=label,
                    max_length=60,
                    required=False,
                    widget=forms.TextInput(attrs={"placeholder": label}),
                    initial=stored[point - 1][language] if point <= len(stored) else "",
                )
        self.fields["satisfied_from"] = forms.TypedChoiceField(
            label=_("Satisfied from here on"),
            coerce=int,
            choices=[(point, point) for point in self.points if point > 1],
            initial=questionnaire.satisfied_from,
            widget=forms.RadioSelect,
        )
        styled(self)

    @property
    def rows(self) -> list[tuple[int, Any, Any]]:
        """(answer, field in Indonesian, field in English)"""
        return [(point, self[f"id_{point}"], self[f"en_{point}"]) for point in self.points]

    @property
    def chosen(self) -> str:
        """From which answer on, as it stands in the page."""
        return str(self["satisfied_from"].value())

    @property
    def words(self) -> list[dict[str, str]]:
        """What was typed, in the order of the answers, without empty rows at the end; after `is_valid`."""
        typed = [
            {language: self.cleaned_data[f"{language}_{point}"] for language in LANGUAGES}
            for point in self.points
        ]
        while typed and not any(typed[-1].values()):
            typed.pop()
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(f"{language}_{point}" not in cleaned for point in self.points for language in LANGUAGES):
            return cleaned
        words = self.words
        if any(not all(word.values()) for word in words):
            raise forms.ValidationError(gettext("Every answer needs its words in both languages."))
        if self.fixed_points is not None and len(words) != self.fixed_points:
            raise forms.ValidationError(
                gettext(
                    "The scorecard reckons with %s answers here: their words can change, their number cannot."
                )
                % self.fixed_points
            )
        if not FEWEST_POINTS <= len(words) <= len(self.points):
            raise forms.ValidationError(gettext("A scale has four or five answers."))
        for language in LANGUAGES:
            if len({word[language].casefold() for word in words}) < len(words):
                raise forms.ValidationError(gettext("Two answers have the same words."))
        if cleaned.get("satisfied_from", 0) > len(words):
            self.add_error("satisfied_from", gettext("This answer is not on the scale."))
        return cleaned
