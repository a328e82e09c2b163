"""Scores end up right whatever happens to workers and broker: nothing lost, nothing doubled."""

import time

import pytest

from tests.processes.site import NOBODY_LISTENS_THERE, Site

pytestmark = [pytest.mark.processes, pytest.mark.alone]


def kill_in_the_middle(site: Site) -> bool:
    """Kill a worker with `kill -9` shortly after it took a task; says whether work was left undone."""
    worker = site.worker()
    site.play("announce_everything")
    for line in worker.stderr:
        if "received" in line and "recompute_hospital" in line:
            break
    time.sleep(0.1)
    site.kill(worker)
    return site.play("marks_left") > 0


def test_a_worker_killed_in_the_middle_leaves_the_work_to_the_next(site: Site) -> None:
    caught = [kill_in_the_middle(site) for _ in range(3)]
    # Where the machine is busy the worker may be quicker than its murderer.
    while not any(caught):
        assert len(caught) < 10
        caught.append(kill_in_the_middle(site))
    assert site.play("save_numbers", "W4", 100, 24) == 24

    site.worker()
    site.beat()
    site.wait_until_caught_up()

    assert site.play("numbers_of", "W4")[:24] == [100.0 + n for n in range(24)]
    assert site.play("stored_rows") == site.play("rows_computed_anew")


def test_numbers_saved_while_the_broker_is_away_reach_the_scores_when_it_is_back(site: Site) -> None:
    site.manage("recompute", "--hospital", "RS1")
    before = site.play("stored_rows")

    saved = site.play("save_numbers", "W5", 200, 12, CELERY_BROKER_URL=NOBODY_LISTENS_THERE)
    assert saved == 12
    assert site.play("marks_left") == 12
    assert site.play("stored_rows") == before

    site.worker()
    site.beat()
    site.wait_until_caught_up()

    after = site.play("stored_rows")
    assert after != before
    assert after == site.play("rows_computed_anew")


def test_two_workers_and_three_clerks_at_once_lose_and_double_nothing(site: Site) -> None:
    site.worker()
    site.worker()
    site.beat()
    clerks = [site.begin("save_numbers", f"W{n}", 1000 * n, 60) for n in (1, 2, 3)]
    for clerk in clerks:
        answer, _errors = clerk.communicate(timeout=120)
        assert answer.strip() == "60"
    site.wait_until_caught_up()

    for n in (1, 2, 3):
        assert site.play("numbers_of", f"W{n}") == [1000.0 * n + k for k in range(60)]
        assert site.play("history_of", f"W{n}") == 60
    assert site.play("stored_rows") == site.play("rows_computed_anew")
