from collections.abc import Iterator

import pytest

from tests.processes.site import Site, broker_for_site, database_for_site


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A migrated site with one hospital whose numbers wait to be computed; nothing runs yet."""
    with database_for_site(tmp_path) as database:
        site = Site(tmp_path, database, broker_for_site())
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("sync_definitions")
            site.play("build")
            yield site
        finally:
            site.stop()
