"""The Django admin of scorecard templates."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from hospitals.models import Hospital, User
from scorecard.models import Objective, ObjectiveIndicator, Template
from scorecard.template_copies import copy_template

pytestmark = pytest.mark.usefixtures("definitions")
TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def page(joko: User, as_person: Callable[[User], Client]) -> Client:
    return as_person(joko)


@pytest.fixture
def own(hospital: Hospital) -> Template:
    """A template of RSUD Anggrek that begins tomorrow."""
    return copy_template(
        template=Template.objects.get(), hospital=hospital, valid_from=TOMORROW, name_en="Own", name_id="Kita"
    )


def weights(template: Template) -> list[tuple]:
    rows = ObjectiveIndicator.objects.filter(objective__perspective__template=template)
    return list(
        rows.order_by("objective__perspective__position", "objective__position", "position").values_list(
            "objective__perspective__code", "objective__code", "indicator__code", "weight"
        )
    )


def objective_form(objective: Objective, weight: str) -> dict:
    rows = list(objective.weighted_indicators.all())
    form = {
        "name_en": objective.name_en,
        "name_id": objective.name_id,
        "weight": "1",
        "position": "0",
        "weighted_indicators-INITIAL_FORMS": len(rows),
        "weighted_indicators-TOTAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        before = f"weighted_indicators-{number}"
        form |= {f"{before}-id": row.pk, f"{before}-objective": objective.pk, f"{before}-weight": weight}
        form |= {f"{before}-indicator": row.indicator_id, f"{before}-position": row.position}
    return form


def test_a_hospitals_own_template_is_a_copy(page: Client, hospital: Hospital):
    shipped = Template.objects.get()
    answer = page.post(
        "/admin/scorecard/template/add/",
        {
            "copy_of": shipped.pk,
            "hospital": hospital.pk,
            "name_en": "Own",
            "name_id": "Kita",
            "valid_from": TOMORROW.isoformat(),
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    made = Template.objects.get(hospital=hospital)
    assert weights(made) == weights(shipped)
    assert weights(made)


def test_a_template_does_not_begin_in_the_past(page: Client, hospital: Hospital):
    given = {"copy_of": Template.objects.get().pk, "hospital": hospital.pk, "name_en": "x", "name_id": "x"}
    answer = page.post(
        "/admin/scorecard/template/add/", given | {"valid_from": timezone.localdate().isoformat()}
    )
    assert "valid_from" in answer.context["adminform"].form.errors


def test_its_weights_are_changed_until_it_begins(page: Client, own: Template):
    objective = Objective.objects.filter(perspective__template=own)[0]
    address = f"/admin/scorecard/objective/{objective.pk}/change/"
    answer = page.post(address, objective_form(objective, "3"))
    assert answer.status_code == 302, answer.context["errors"]
    assert set(objective.weighted_indicators.values_list("weight", flat=True)) == {3}
    Template.objects.filter(pk=own.pk).update(valid_from=timezone.localdate())
    assert page.post(address, objective_form(objective, "4")).status_code == 403


def template_form(template: Template, known_at_least: str) -> dict:
    rows = list(template.perspectives.all())
    form = {
        "name_en": "Own",
        "name_id": "Kita",
        "valid_from": TOMORROW.isoformat(),
        "good_from": "80",
        "fair_from": "60",
        "known_at_least": known_at_least,
        "perspectives-INITIAL_FORMS": len(rows),
        "perspectives-TOTAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        before = f"perspectives-{number}"
        form |= {f"{before}-id": row.pk, f"{before}-template": template.pk, f"{before}-weight": "1"}
        form |= {f"{before}-name_en": row.name_en, f"{before}-name_id": row.name_id}
    return form


def test_how_much_has_to_be_known_for_a_verdict_is_set_there(page: Client, own: Template):
    address = f"/admin/scorecard/template/{own.pk}/change/"
    answer = page.post(address, template_form(own, "0.75"))
    assert answer.status_code == 302, answer.context["errors"]
    own.refresh_from_db()
    assert own.known_at_least == 0.75
    for wrong in ("1.5", "-0.1"):
        answer = page.post(address, template_form(own, wrong))
        assert "known_at_least" in answer.context["adminform"].form.errors


def test_a_shipped_template_is_shown_and_not_changed(page: Client, hospital: Hospital):
    shipped = Template.objects.get()
    objective = Objective.objects.filter(perspective__template=shipped)[0]
    for address in (f"template/{shipped.pk}", f"objective/{objective.pk}"):
        assert page.get(f"/admin/scorecard/{address}/change/").status_code == 200
        assert page.post(f"/admin/scorecard/{address}/change/", {}).status_code == 403


@pytest.mark.parametrize("address", ["template/", "template/add/", "objective/"])
def test_every_list_and_form_opens(address: str, page: Client, own: Template):
    assert page.get(f"/admin/scorecard/{address}").status_code == 200
    assert page.get(f"/admin/scorecard/template/{own.pk}/change/").status_code == 200
