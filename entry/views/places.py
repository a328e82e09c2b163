"""What the codes in an address stand for, as far as the person may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import wraps
from typing import Any, NamedTuple, TypedDict, cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from entry.assignments import Duty
from entry.models import Form, FormElement, Submission
from entry.queries.duties import duties_about, duty_of
from entry.views.other_months import not_this_month
from hospitals.access import unit_ids_with
from hospitals.models import Hospital, Unit, User
from indicators.periods import Period, PeriodKind
from indicators.written_periods import period_in_address


class Keywords(TypedDict):
    form: Form
    unit: Unit
    period: Period


class Place(NamedTuple):
    """The form that speaks of a unit, and a month. `is_asked_for` false: it was taken away after something
    was entered, and can only be read."""

    form: Form
    unit: Unit
    period: Period
    is_asked_for: bool = True

    @property
    def keywords(self) -> Keywords:
        """As actions and queries take it."""
        return {"form": self.form, "unit": self.unit, "period": self.period}

    @property
    def codes(self) -> dict[str, str]:
        """As the addresses name it."""
        return {
            "hospital": self.unit.hospital.code,
            "form": self.form.code,
            "unit": self.unit.code,
            "month": str(self.period),
        }


def find_place(request: HttpRequest, hospital: str, form: str, unit: str, month: str) -> Place:
    """Raises Http404 for what does not exist, what is not the person's to see, and for a form that nobody
    fills in of the unit for that month or has begun to; NotThisMonth where they see it in other months. Who
    sees the unit that fills it in sees it too."""
    period = read_month(month)  # first: a fault in it is told, whatever there is
    units = Unit.objects.select_related("hospital", "parent")
    found = get_object_or_404(units, hospital__code=hospital, code=unit)
    place = Place(find_form(found.hospital, form), found, period)
    visible = unit_ids_with(request.user, "view")
    seen = place_if_seen(place, visible)
    if seen is None:
        duties = duties_seen(duties_about(form=place.form, unit=found), visible)
        raise not_this_month(duties, period, name=f"{found.name}: {place.form.name}")
    return seen


def place_if_seen(place: Place, visible: Set[int]) -> Place | None:
    """The place, where its page opens to who sees the units `visible`: links lead nowhere else."""
    duty = duty_of(**place.keywords)
    concerned = {place.unit.pk} if duty is None else {place.unit.pk, duty.filled_by.pk}
    if concerned.isdisjoint(visible):
        return None
    if duty is None and not Submission.objects.filter(**place.keywords).exists():
        return None
    return place._replace(is_asked_for=duty is not None)


def duties_seen(duties: Iterable[Duty], visible: Set[int]) -> list[Duty]:
    """Those of which the person sees the unit, or the one that fills it in."""
    return [duty for duty in duties if {duty.unit.pk, duty.filled_by.pk} & visible]


def find_form(hospital: Hospital, code: str) -> Form:
    """A hospital's own form comes before the shipped one of the same code."""
    forms = Form.objects.filter(Q(hospital=hospital) | Q(hospital=None), code=code)
    form = forms.order_by(F("hospital").asc(nulls_last=True)).first()
    if form is None:
        raise Http404
    return form


def find_form_element(form: Form, code: str) -> FormElement:
    elements = FormElement.objects.select_related("form", "element")
    return get_object_or_404(elements, form=form, element__code=code)


def read_month(text: str) -> Period:
    period = period_in_address(text)
    if period.kind != PeriodKind.MONTH:
        raise Http404
    return period


def sent_by_somebody(page: str, *codes: str) -> Callable[[Callable[..., HttpResponse]], Any]:
    """For views that only take a POST. Who has been signed out meanwhile signs in and finds `page`, the
    one the button stands on, where the codes of the address are the same."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, **kwargs)
            return redirect_to_login(reverse(page, kwargs={code: kwargs[code] for code in codes}))

        return require_POST(answer)

    return around


def person(request: HttpRequest) -> User:
    """Who asks; for views behind `login_required`."""
    return cast(User, request.user)
