"""How Celery runs for Imbang, on either broker.

The message that starts a recomputation is only a hint: the mark in the database is the truth and
`sweep` finds what a lost message left behind. So publishing fails fast instead of waiting, and
nothing depends on results being kept.
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["filesystem"] = "scorecard.folder_broker:Transport"
SWEEP_SECONDS = 5


def configuration(broker_url: str, var: Path, concurrency: int) -> dict[str, Any]:
    """Celery's settings for `broker_url`; files of queue and beat lie under `var`."""
    embedded = broker_url.startswith("filesystem")
    return {
        "broker_url": "filesystem://localhost//" if embedded else broker_url,
        "broker_transport_options": _folders(var / "queue") if embedded else _timeouts(),
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry": False,
        "task_ignore_result": True,
        # A task is taken off the queue when it is done, so that a killed worker's task runs again.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # A task under way when the broker goes is finished; running it a second time does no harm.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_prefetch_multiplier": 1,
        # One process with threads is enough on one machine; with a server the arithmetic of
        # several hospitals runs in parallel processes.
        "worker_pool": "threads" if embedded else "prefork",
        "worker_concurrency": concurrency,
        # How long a worker that is told to stop waits for its own clock, in seconds.
        "worker_timer_precision": 0.2,
        # Remote control polls the folder broker for nothing.
        "worker_enable_remote_control": not embedded,
        "worker_hijack_root_logger": False,
        "beat_schedule_filename": str(var / "beat-schedule"),
        "beat_schedule": {
            "sweep": {
                "task": "scorecard.tasks.sweep",
                "schedule": SWEEP_SECONDS,
                # Without a worker these must not pile up.
                "options": {"expires": SWEEP_SECONDS},
            },
            "sweep surveys": {
                "task": "surveys.tasks.sweep_surveys",
                "schedule": SWEEP_SECONDS,
                "options": {"expires": SWEEP_SECONDS},
            },
            "roll over month": {
                "task": "scorecard.tasks.roll_over_month",
                "schedule": 3600,
                "options": {"expires": 3600},
            },
            "reminders": {
                "task": "entry.tasks.remind_everybody",
                # Each form is reminded of once; the round only has to come by every day.
                "schedule": crontab(hour="7", minute="0"),
                "options": {"expires": 3600},
            },
        },
    }


def _folders(queue: Path) -> dict[str, Any]:
    messages, control = queue / "messages", queue / "control"
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.1,
    }


def _timeouts() -> dict[str, Any]:
    """Redis: a dead one costs a request nothing, a silent one two seconds."""
    return {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "retry_on_timeout": False,
        # Of publishing only: the worker keeps trying to come back.
        "max_retries": 0,
        "health_check_interval": 30,
    }
