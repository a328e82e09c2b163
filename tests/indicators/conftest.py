"""Fixtures of the tests of this room."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from hospitals.models import Unit, User
from indicators.actions import NewValue, save_values
from indicators.definition_sync import sync_definitions
from indicators.models import DataElement
from indicators.periods import Period
from scorecard.actions import recompute_scores
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, write


@pytest.fixture
def page(joko: User, as_person: Callable[[User], Client]) -> Client:
    """The administration, in English, as the administrator sees it."""
    client = as_person(joko)
    client.cookies.load({"django_language": "en"})
    return client


@pytest.fixture
def shipped(db: None, tmp_path: Path) -> list[Path]:
    """The small definitions of the test, and nothing else, in the database."""
    paths = write(tmp_path, ALL)
    sync_definitions(paths)
    sync_templates(paths)
    return paths


@pytest.fixture
def scored(shipped: list[Path], melati: Unit) -> list[Path]:
    """…with a stored value that stands on them: 3 of 100."""
    elements = {e.code: e for e in DataElement.objects.all()}
    march = Period.parse("2009-03")
    values = [NewValue(melati, elements[code], march, n) for code, n in (("cases", 3), ("patients", 100))]
    save_values(values, by=None)
    recompute_scores(hospital_id=melati.hospital_id)
    return shipped
