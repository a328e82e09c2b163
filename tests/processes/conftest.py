from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.processes.site import Site, database_for_site
from tests.side_by_side import broker_beside


@pytest.fixture(scope="module")
def filled_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A migrated site with one hospital; each test has wards of its own in it, as filling it takes long."""
    folder = tmp_path_factory.mktemp("site")
    with database_for_site(folder) as database:
        site = Site(folder, database, broker_beside(settings.CELERY_BROKER_URL))
        site.manage("migrate", "--verbosity", "0")
        site.manage("sync_definitions")
        site.play("build")
        yield site


@pytest.fixture
def site(filled_site: Site) -> Iterator[Site]:
    """The site with nothing running, neither before nor after; what was saved may wait to be computed."""
    try:
        yield filled_site
    finally:
        filled_site.stop()
