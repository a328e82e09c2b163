from pathlib import Path

import pytest

from hospitals.models import Hospital, User
from indicators.definition_sync import sync_definitions
from indicators.models import Indicator
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, write
from tests.scorecard.living_hospital import TODAY, Living, make_living


@pytest.fixture
def rates(db: None, tmp_path: Path) -> Indicator:
    """The one indicator of these tests: 100 × cases / patients, ideal up to 5, worst from 10."""
    paths = write(tmp_path, ALL)
    sync_definitions(paths)
    sync_templates(paths)
    return Indicator.objects.get(code="rate")


@pytest.fixture
def living(
    tmp_path: Path,
    hospital: Hospital,
    joko: User,
    wati: User,
    sri: User,
    monkeypatch: pytest.MonkeyPatch,
) -> Living:
    """A hospital with a row of everything that scores may depend on, in November 2026."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)
    return make_living(tmp_path, hospital, administrator=joko, clerk=wati, approver=sri)
