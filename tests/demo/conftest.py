"""The demo hospitals, loaded and computed once for a file of tests and taken back afterwards."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from demo.actions import load_hospital
from demo.published import published_hospitals
from hospitals.models import Hospital
from scorecard.actions import recompute_scores


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Hospital]]:
    """Both published hospitals by code, through the pipeline every number takes."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sync_definitions", stdout=io.StringIO())
        hospitals = {plan.code: load_hospital(plan) for plan in published_hospitals()}
        for hospital in hospitals.values():
            recompute_scores(hospital_id=hospital.pk)
        yield hospitals
        transaction.set_rollback(True)
