"""After a hand-over no page leads to months that are another's."""

from collections.abc import Callable

import pytest
from django.test import Client

from entry.actions import assign_form
from entry.models import Form, Scope
from hospitals.models import Hospital, Role, Unit, User
from indicators.periods import Period
from tests.cast import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_april")]
AsPerson = Callable[[User], Client]


@pytest.fixture
def handed_over(finance: Unit, inap: Unit, hospital: Hospital) -> Form:
    """Finance spoke of the hospital in January and February, the inpatient department does since March."""
    form = Form.objects.get(code="finance")
    told = {"form": form, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
    february = Period.month(2026, 2)
    assign_form(**told, unit=finance, first_month=february.shifted(-1), last_month=february)
    assign_form(**told, unit=inap, first_month=february.shifted(1))
    return form


@pytest.fixture
def clerk(finance: Unit) -> User:
    return person("clerk", "Klerek", finance, Role.DATA_ENTRY)


@pytest.mark.parametrize("page", ["RSA/{}/", "table/{}/"])
def test_a_page_leads_to_the_month_beside_only_where_the_person_may_go(
    handed_over: Form, clerk: User, ani: User, as_person: AsPerson, page: str
) -> None:
    address = f"/forms/RSA/finance/{page}"
    january, february, march = (address.format(f"2026-0{n}") for n in (1, 2, 3))
    client = as_person(clerk)
    assert client.get(march).status_code == 404
    seen = client.get(february).content.decode()
    assert f'href="{january}"' in seen
    assert f'href="{march}"' not in seen
    assert 'href="/forms/RSA/finance/' + page.format("2025-12") not in client.get(january).content.decode()
    managers = as_person(ani).get(february).content.decode()
    assert f'href="{january}"' in managers
    assert f'href="{march}"' in managers


def test_files_are_offered_of_the_months_that_the_person_fills_in(
    handed_over: Form, clerk: User, as_person: AsPerson
) -> None:
    months = as_person(clerk).get("/forms/RSA/finance/").context["months"]
    assert [str(month) for month in months] == ["2026-02", "2026-01"]
