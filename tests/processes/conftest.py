from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.processes.site import Site, database_for_site
from tests.side_by_side import broker_beside


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A migrated site with one hospital whose numbers wait to be computed; nothing runs yet."""
    with database_for_site(tmp_path) as database:
        site = Site(tmp_path, database, broker_beside(settings.CELERY_BROKER_URL))
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("sync_definitions")
            site.play("build")
            yield site
        finally:
            site.stop()
