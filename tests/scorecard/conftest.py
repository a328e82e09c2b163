from pathlib import Path

import pytest

from indicators.definition_sync import sync_definitions
from indicators.models import Indicator
from scorecard.template_sync import sync_templates
from tests.indicators.definitions_text import ALL, write


@pytest.fixture
def rates(db: None, tmp_path: Path) -> Indicator:
    """The one indicator of these tests: 100 × cases / patients, ideal up to 5, worst from 10."""
    paths = write(tmp_path, ALL)
    sync_definitions(paths)
    sync_templates(paths)
    return Indicator.objects.get(code="rate")
