"""Whatever is changed in the administration, the stored rows follow, and closed years stay where definitions
are edited."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.test import Client

from hospitals.models import User
from tests.scorecard.admin_walk import send, tries
from tests.scorecard.living_hospital import Living, of_closed_years

#: What holds from a day on: their editors leave closed years as they are.
DATED = ("indicators/", "scorecard/")


def test_whatever_is_edited_the_rows_follow_and_closed_years_stay(
    living: Living, superuser: User, as_person: Callable[[User], Client]
) -> None:
    page = as_person(superuser)
    before = of_closed_years(living.compute_anew())
    taken, behind, moved = 0, [], []
    for attempt in list(tries(page, living.hospital)):
        with transaction.atomic():
            if send(page, attempt):
                taken += 1
                if living.behind():
                    behind.append(str(attempt))
                if any(room in attempt.address for room in DATED):
                    now = of_closed_years(living.compute())
                    moved += [] if now == before else [str(attempt)]
            transaction.set_rollback(True)
    assert (behind, moved) == ([], [])
    assert taken > 70
