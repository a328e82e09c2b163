"""The command behind `make demo`: it fills an empty database, and leaves a filled one alone."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from demo.people import PASSWORD, PEOPLE
from entry.models import State, Submission
from hospitals.access import can, visible_hospitals
from hospitals.models import Hospital, Role, User
from indicators.models import DataValue, RecomputeMark
from indicators.periods import month_of
from scorecard.actions import recompute_scores
from scorecard.models import Level, Score, TemplatePerspective
from scorecard.queries import scorecard_of
from surveys.analysis.summary import PairedSummary
from surveys.answering import Given, save_answers
from surveys.models import Campaign
from surveys.publishing import publish_marked
from surveys.reports import report_of
from surveys.sums import Arrived, arrived

HOSPITALS = {"RSUCS", "RSIABK", "RSDS"}


def prepare(**options: Any) -> str:
    out = io.StringIO()
    call_command("prepare_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def first_start(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the first start printed; its data are there for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield prepare()
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_start")]


def everything_stored() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, the history included."""
    rooms = ("hospitals", "indicators", "scorecard")
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.app_label in rooms
    }


def test_the_first_start_loads_three_hospitals_with_scores_that_are_up_to_date() -> None:
    assert set(Hospital.objects.values_list("code", flat=True)) == HOSPITALS
    for hospital in Hospital.objects.all():
        assert Score.objects.filter(unit=hospital.root, level=Level.OVERALL).exists()
    assert not RecomputeMark.objects.exists()


def test_only_the_made_up_hospital_is_marked_as_made_up() -> None:
    assert [hospital.code for hospital in Hospital.objects.filter(is_synthetic=True)] == ["RSUCS"]


def test_the_made_up_hospital_ends_with_the_month_before_today() -> None:
    latest = DataValue.objects.filter(unit__hospital__code="RSUCS", element__code="beds")
    last_month = month_of(timezone.localdate()).shifted(-1)
    assert max(latest.values_list("period", flat=True)) == last_month


def test_patients_of_the_made_up_hospital_are_answering_a_survey() -> None:
    campaign = Campaign.objects.get(unit__hospital__code="RSUCS")
    assert campaign.is_open
    this_month = month_of(timezone.localdate())
    by_unit = Counter(campaign.responses.filter(submitted=True).values_list("unit__code", flat=True))
    assert set(by_unit) == {unit.code for unit in campaign.units.all()}
    assert min(by_unit.values()) >= 9
    assert arrived(campaign) == Arrived(counted=sum(by_unit.values()), waiting=0)
    sums = DataValue.objects.filter(element__code="servqual_respondents", period=this_month)
    assert sum(value.value or 0 for value in sums) == sum(by_unit.values())


def test_its_answers_are_reliable_and_leave_something_to_do() -> None:
    report = report_of(
        Campaign.objects.get(unit__hospital__code="RSUCS"), segment=None, siblings=[], with_comments=True
    )
    assert isinstance(report.summary, PairedSummary)
    assert report.summary.quadrants.letters["q14"] == "A"
    assert report.quality is not None
    assert report.quality.reality is not None
    assert report.quality.reality.verdict == "reliable"
    assert report.comments


def test_one_more_patient_moves_the_customer_perspective() -> None:
    campaign = Campaign.objects.get(unit__hospital__code="RSUCS")
    hospital = campaign.unit.hospital

    customer = TemplatePerspective.objects.filter(code="customer").values("pk")

    def score() -> float:
        """Of this month. Over the year it moves by less than the tenth of a percent it is scored by."""
        theirs = Score.objects.filter(unit=hospital.root, level=Level.PERSPECTIVE, node__in=customer)
        return theirs.get(period=month_of(timezone.localdate())).score

    before = score()
    items = campaign.questionnaire.items.values_list("code", flat=True)
    given = Given(answers=dict.fromkeys(items, (4, 4)), unit_code="melati", submit=True)
    with transaction.atomic():
        save_answers(campaign=campaign, given=given, key="k" * 40)
        publish_marked(campaign_id=campaign.pk)
        recompute_scores(hospital_id=hospital.pk)
        after = score()
        transaction.set_rollback(True)
    assert after > before


def test_it_prints_the_address_and_a_sign_in_for_every_role(first_start) -> None:
    assert "http://127.0.0.1:8000" in first_start
    for role in Role.values:
        assert role in first_start
    for person in PEOPLE:
        assert person.username in first_start
    assert PASSWORD in first_start


def test_the_address_has_the_port_that_was_chosen(monkeypatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert "http://127.0.0.1:8123" in prepare()


def test_every_sign_in_works_and_has_its_role_where_the_table_says() -> None:
    for person in PEOPLE:
        user = User.objects.get(username=person.username)
        assert check_password(PASSWORD, user.password)
        given = user.memberships.values_list("unit__hospital__code", "unit__code", "role")
        assert set(given) == {(*place, person.role) for place in person.at}
        assert not user.is_superuser


def test_the_clerk_of_one_ward_enters_there_and_nowhere_else() -> None:
    clerk = User.objects.get(username="petugas")
    hospital = Hospital.objects.get(code="RSUCS")
    assert can(clerk, "enter", hospital.units.get(code="melati"))
    assert not can(clerk, "view", hospital.units.get(code="mawar"))
    assert not can(clerk, "approve", hospital.units.get(code="melati"))


def test_the_director_of_another_hospital_is_a_stranger_in_the_made_up_one() -> None:
    stranger = User.objects.get(username="direktur-rsiabk")
    assert [hospital.code for hospital in visible_hospitals(stranger)] == ["RSIABK"]


def test_a_second_start_changes_no_row_and_no_history() -> None:
    before = everything_stored()
    prepare()
    assert everything_stored() == before


def test_a_second_start_in_a_later_month_changes_no_data(monkeypatch) -> None:
    values = list(DataValue.objects.order_by("pk").values_list())
    later = timezone.localdate() + dt.timedelta(days=70)
    monkeypatch.setattr(timezone, "localdate", lambda: later)
    prepare()
    assert list(DataValue.objects.order_by("pk").values_list()) == values


def test_the_forms_of_earlier_months_are_approved_and_the_wards_still_owe_the_last() -> None:
    last_month = month_of(timezone.localdate()).shifted(-1)
    ward_forms = Submission.objects.filter(form__code="inpatient_ward")
    assert set(ward_forms.values_list("state", flat=True)) == {State.APPROVED}
    assert max(ward_forms.values_list("period", flat=True)) == last_month.shifted(-1)
    finance = Submission.objects.get(form__code="finance", period=last_month)
    steps = finance.events.values_list("event", "by__username")
    assert list(steps) == [("submitted", "admin"), ("checked", "keuangan"), ("approved", "wadir")]
    assert Submission.objects.get(state=State.SUBMITTED).form.code == "quality_and_complaints"


def test_scores_of_the_last_month_stand_on_numbers_not_approved_yet() -> None:
    last_month = month_of(timezone.localdate()).shifted(-1)
    root = Hospital.objects.get(code="RSUCS").root
    with_all, only = (scorecard_of(root, last_month, approved_only=asked) for asked in (False, True))
    assert with_all.unapproved > 0
    assert with_all.overall.known > only.overall.known > 0
    assert scorecard_of(root, last_month.shifted(-1)).unapproved == 0


def test_what_people_changed_survives_the_next_start() -> None:
    clerk = User.objects.get(username="petugas")
    clerk.set_password("a password of my own")
    clerk.save()
    clerk.memberships.all().delete()
    prepare()
    clerk.refresh_from_db()
    assert check_password("a password of my own", clerk.password)
    assert not clerk.memberships.exists()


def test_it_refuses_to_run_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="IMBANG_PRODUCTION"):
        prepare()
