"""Approving, reopening and typing in any order leave what a full recomputation would."""

from random import Random

import pytest

from entry.actions import approve, assign_form, reopen
from entry.models import Form, State, Submission
from entry.queries.duties import duties_in
from hospitals.models import Hospital, User
from hospitals.tree import UnitTree
from indicators.actions import save_values
from indicators.models import ApprovedIndicatorValue, DataElement
from indicators.periods import Period
from scorecard.actions import recompute_scores
from tests.scorecard.test_incremental import CODES, TODAY, random_change, rows_from_scratch, stored_rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(4))
def test_changes_and_approvals_in_any_order_end_where_a_full_recomputation_does(
    definitions: None, hospital: Hospital, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    units, elements = list(hospital.units.all()), list(DataElement.objects.filter(code__in=CODES))
    forms = list(Form.objects.filter(code__in=["inpatient_ward", "finance"]))
    for form in forms:
        assign_form(form=form, unit=hospital.root, first_month=Period.month(2008, random.randint(1, 12)))
    duties = duties_in(UnitTree.of(hospital))
    some_were_left_out = False
    for step in range(12):
        save_values(random_change(random, units, elements), by=None)
        month, duty = Period.month(random.choice([2008, 2009]), random.randint(1, 12)), random.choice(duties)
        if duty.holds_in(month):
            key = {"form": duty.form, "unit": duty.unit, "period": month}
            _toggle(Submission.objects.get_or_create(**key)[0], hospital)
        recompute_scores(hospital_id=hospital.pk, today=TODAY)
        if step % 3 == 2:
            found = stored_rows(hospital)
            assert found == rows_from_scratch(hospital, TODAY)
            some_were_left_out |= ApprovedIndicatorValue.objects.exists()
    assert some_were_left_out or seed


def _toggle(submission: Submission, hospital: Hospital) -> None:
    """Approved, or no longer so, by somebody who may."""
    joko = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("joko")
    if submission.state == State.APPROVED:
        reopen(submission=submission, by=joko, reason="diperiksa ulang")
        return
    Submission.objects.filter(pk=submission.pk).update(state=State.SUBMITTED)
    for _step in range(submission.form.approval_steps):
        submission.refresh_from_db()
        if submission.state == State.SUBMITTED:
            approve(submission=submission, by=User.objects.create_superuser(f"a{User.objects.count()}"))
