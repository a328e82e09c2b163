from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from indicators.periods import Period, PeriodError

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    # For type checkers it is not a whole number: other types are assigned, read and looked up.
    Base = models.Field
else:
    Base = models.IntegerField


class PeriodField(Base):
    """A `Period`, stored as a readable whole number: 200903, 200921 (Q1), 200931 (S1), 200900."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Period | str | Combinable
        _pyi_private_get_type: Period
        _pyi_lookup_exact_type: Period | str | int

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Period | None:
        return None if value is None else Period.from_code(value)

    def to_python(self, value: Any) -> Period | None:
        if value is None or isinstance(value, Period):
            return value
        try:
            return Period.from_code(value) if isinstance(value, int) else Period.parse(str(value))
        except PeriodError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = Period.parse(value)
        return value.code if isinstance(value, Period) else super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.CharField(max_length=7, required=not self.blank, label=self.verbose_name)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if value is None and not self.null:
            raise ValidationError(self.error_messages["null"], code="null")

    def run_validators(self, value: Any) -> None:
        """A period is checked when it is read; the integer validators do not apply."""
