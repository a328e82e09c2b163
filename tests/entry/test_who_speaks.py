"""Which unit fills in a form, and of which it speaks: assignments, in code and in the administration."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from entry.actions import (
    assign_form,
)
from entry.models import Form, FormAssignment, Scope
from entry.queries.approval import approvals_in
from entry.queries.completeness import Standing, completeness_of
from entry.queries.duties import duties_in, duty_of
from hospitals.models import Hospital, Unit, User
from hospitals.tree import UnitTree
from indicators.models import DataElement
from indicators.periods import Period
from tests.entry.conftest import MARCH

pytestmark = pytest.mark.django_db

JANUARY = Period.month(2026, 1)
ROOT = "/forms/RSA/finance/"
SHEET = f"{ROOT}RSA/2026-03/"
AsPerson = Callable[[User], Client]


class TestWhoSpeaks:
    def test_a_unit_does_not_speak_for_itself_while_another_speaks_of_it(
        self, finance: Unit, hospital: Hospital
    ) -> None:
        """The hospital's own form stands aside from March to May."""
        form = Form.objects.get(code="finance")
        assign_form(form=form, unit=hospital.root, first_month=JANUARY)
        assign_form(
            form=form,
            unit=finance,
            first_month=MARCH,
            last_month=Period.month(2026, 5),
            scope=Scope.THIS_UNIT,
            speaks_of=hospital.root,
        )
        spans = [(d.filled_by.code, str(d.first_month), str(d.last_month)) for d in self.duties(hospital)]
        assert spans == [
            ("RSA", "2026-01", "2026-02"),
            ("RSA", "2026-06", "None"),
            ("keuangan", "2026-03", "2026-05"),
        ]

    def test_one_unit_after_another_speaks_of_it_and_its_numbers_wait_in_the_months_of_both(
        self, finance: Unit, hospital: Hospital, inap: Unit
    ) -> None:
        form = Form.objects.get(code="finance")
        told = {"form": form, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
        assign_form(**told, unit=finance, first_month=JANUARY, last_month=MARCH)
        assign_form(**told, unit=inap, first_month=Period.month(2026, 4))
        element = DataElement.objects.get(code="revenue")
        months = [Period.month(2025, 12), MARCH, Period.month(2026, 4)]
        rows = {
            "unit": np.full(3, hospital.root.pk),
            "element": np.full(3, element.pk),
            "period": np.array([month.code for month in months]),
        }
        assert approvals_in(UnitTree.of(hospital))(rows).tolist() == [False, True, True]
        assert duty_of(form=form, unit=hospital.root, period=MARCH).filled_by == finance

    def test_what_was_handed_over_comes_back_and_stays_to_be_read_month_by_month(
        self, finance: Unit, hospital: Hospital, inap: Unit, ani: User
    ) -> None:
        form = Form.objects.get(code="finance")
        told = {"form": form, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
        april, june, july = (Period.month(2026, n) for n in (4, 6, 7))
        assign_form(**told, unit=finance, first_month=JANUARY, last_month=MARCH)
        assign_form(**told, unit=inap, first_month=april, last_month=june)
        assign_form(**told, unit=finance, first_month=july)
        fillers = ["keuangan"] * 3 + ["inap"] * 3 + ["keuangan"] * 6
        duties = self.duties(hospital)
        for month, filler in zip(Period.of_year(2026).months(), fillers, strict=True):
            assert [d.filled_by.code for d in duties if d.holds_in(month)] == [filler]
        lines = completeness_of(hospital, ani, year=2026, today=dt.date(2026, 9, 20))
        asked = [
            (line.filled_by.code, [str(c.period) for c in line.months if c.standing != Standing.NOT_ASKED])
            for line in lines
        ]
        assert asked == [
            ("keuangan", ["2026-01", "2026-02", "2026-03"]),
            ("inap", ["2026-04", "2026-05", "2026-06"]),
            ("keuangan", ["2026-07", "2026-08", "2026-09"]),
        ]

    def test_a_unit_that_speaks_of_another_does_not_begin_again_before_it_ended(
        self, books: Form, finance: Unit, hospital: Hospital
    ) -> None:
        again = {"form": books, "unit": finance, "scope": Scope.THIS_UNIT, "speaks_of": hospital.root}
        with pytest.raises(ValidationError, match="Keuangan"):
            assign_form(**again, first_month=MARCH)
        assign_form(**again, first_month=JANUARY, last_month=Period.month(2026, 2))
        assign_form(**again, first_month=MARCH)
        assert FormAssignment.objects.count() == 2

    def test_a_turn_is_kept_once(self, books: Form, finance: Unit, hospital: Hospital) -> None:
        twice = FormAssignment(
            form=books, unit=finance, speaks_of=hospital.root, scope=Scope.THIS_UNIT, first_month=JANUARY
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save()

    def test_two_units_do_not_speak_of_a_third_in_the_same_month(
        self, books: Form, hospital: Hospital, inap: Unit
    ) -> None:
        with pytest.raises(ValidationError, match="Keuangan"):
            assign_form(
                form=books, unit=inap, first_month=MARCH, scope=Scope.THIS_UNIT, speaks_of=hospital.root
            )

    def test_only_one_unit_alone_speaks_of_another(self, finance: Unit, hospital: Hospital) -> None:
        form = Form.objects.get(code="finance")
        with pytest.raises(IntegrityError), transaction.atomic():
            assign_form(form=form, unit=finance, first_month=MARCH, speaks_of=hospital.root)

    def test_one_office_fills_in_the_forms_of_several_wards(
        self, ward_form: Form, hospital: Hospital, finance: Unit, melati: Unit, mawar: Unit
    ) -> None:
        for ward in (melati, mawar):
            assign_form(
                form=ward_form, unit=finance, first_month=MARCH, scope=Scope.THIS_UNIT, speaks_of=ward
            )
        assert [(d.unit.code, d.filled_by.code) for d in self.duties(hospital) if d.holds_in(MARCH)] == [
            ("melati", "keuangan"),
            ("mawar", "keuangan"),
        ]

    def test_it_is_not_asked_for_after_the_office_closed(self, books: Form, finance: Unit, hospital) -> None:
        finance.closed_on = dt.date(2026, 2, 10)
        finance.save()
        assert duty_of(form=books, unit=hospital.root, period=Period.month(2026, 2)) is not None
        assert duty_of(form=books, unit=hospital.root, period=MARCH) is None

    def duties(self, hospital: Hospital) -> list:
        return duties_in(UnitTree.of(hospital))


class TestInTheAdministration:
    ADD = "/admin/entry/formassignment/add/"

    def said(self, finance: Unit, hospital: Hospital, **more: object) -> dict:
        return {
            "form": Form.objects.get(code="finance").pk,
            "unit": finance.pk,
            "speaks_of": hospital.root.pk,
            "scope": "this_unit",
            "first_month": "2026-01",
        } | more

    def test_an_administrator_says_of_whom_and_what_is_not_kept(
        self, finance: Unit, hospital: Hospital, joko: User, as_person: AsPerson
    ) -> None:
        said = self.said(finance, hospital, not_kept=["radiology", "patient_days_vip"])
        assert as_person(joko).post(self.ADD, said).status_code == 302
        made = FormAssignment.objects.get()
        assert (made.speaks_of, made.not_kept) == (hospital.root, ["radiology"])
        page = as_person(joko).get(f"/admin/entry/formassignment/{made.pk}/change/").content.decode()
        assert 'value="radiology"' in page
        assert 'value="patient_days_vip"' not in page

    def test_an_administrator_gives_back_what_was_handed_over(
        self, finance: Unit, hospital: Hospital, inap: Unit, joko: User, as_person: AsPerson
    ) -> None:
        client = as_person(joko)
        turns = [
            {"last_month": "2026-03"},
            {"unit": inap.pk, "first_month": "2026-04", "last_month": "2026-06"},
            {"first_month": "2026-07"},
        ]
        for turn in turns:
            assert client.post(self.ADD, self.said(finance, hospital, **turn)).status_code == 302
        page = client.get("/admin/entry/formassignment/").content.decode()
        for month in ("2026-01", "2026-03", "2026-04", "2026-06", "2026-07"):
            assert month in page

    def test_what_contradicts_is_said_in_words(
        self, books: Form, finance: Unit, hospital: Hospital, inap: Unit, joko: User, as_person: AsPerson
    ) -> None:
        client = as_person(joko)
        for more, words in (
            ({}, "sudah ditugaskan"),
            ({"unit": inap.pk}, "sudah mengisi mengenai “RSUD Anggrek”"),
            (
                {"unit": inap.pk, "scope": "below", "first_month": "2025-01", "last_month": "2025-12"},
                "unit ini",
            ),
        ):
            answer = client.post(self.ADD, self.said(finance, hospital, **more))
            assert answer.status_code == 200
            assert any(words in str(error) for error in answer.context["errors"]), answer.context["errors"]
        assert FormAssignment.objects.count() == 1
