"""What was said not to be kept, where forms are assigned: no way in takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from entry.assignments import Duty
from entry.models import FormElement
from hospitals.models import Unit
from indicators.begins import ValueRefusedError
from indicators.models import DataElement
from indicators.periods import Period


@dataclass(frozen=True)
class NotKept:
    """`told`: by unit id its duties, each with the codes on its form that any unit is said not to keep."""

    told: Mapping[int, Sequence[tuple[Duty, frozenset[str]]]] = field(default_factory=dict)

    @classmethod
    def of(cls, duties: Iterable[Duty]) -> NotKept:
        """One query; none where all units keep everything."""
        duties = list(duties)
        codes = {code for duty in duties for code in duty.not_kept}
        if not codes:
            return cls()
        on_form: dict[int, set[str]] = {}
        rows = FormElement.objects.filter(
            form__in={duty.form.pk for duty in duties}, element__code__in=codes
        ).order_by()
        for form_id, code in rows.values_list("form_id", "element__code"):
            on_form.setdefault(form_id, set()).add(code)
        told: dict[int, list[tuple[Duty, frozenset[str]]]] = {}
        for duty in duties:
            told.setdefault(duty.unit.pk, []).append((duty, frozenset(on_form.get(duty.form.pk, ()))))
        return cls(told)

    def refuse(self, *, unit: Unit, element: DataElement, period: Period) -> None:
        """Raise ValueRefusedError, with where that can be changed, for what the unit is said not to keep in
        any month of `period`."""
        said = [self._said(unit, element.code, month) for month in period.months()]
        duty = said[0]
        if duty is not None and None not in said:
            words = {"unit": unit.name, "element": element.name, "form": duty.form.name}
            raise ValueRefusedError(
                _(
                    "%(unit)s does not keep “%(element)s”: so it was said in the assignment of the form "
                    "“%(form)s”, where an administrator can change it"
                )
                % words
            )

    def _said(self, unit: Unit, code: str, month: Period) -> Duty | None:
        """The duty that says so, unless another form asks the unit for it all the same."""
        holding = [
            duty for duty, codes in self.told.get(unit.pk, ()) if code in codes and duty.holds_in(month)
        ]
        if not holding or any(code not in duty.not_kept for duty in holding):
            return None
        return holding[0]
