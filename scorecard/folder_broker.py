"""Celery's broker in a folder, made safe against messages that are not whole.

kombu's own writes a message under the name by which workers find it: one that looks at that very
moment, or after a power cut, reads half a message and ends with an error. Here a message is
written aside and renamed, and one that cannot be read is left out with a line in the log. Losing
one is harmless: the marks in the database are the truth.
"""

import logging
import os
import time
import uuid
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    # kombu's own two classes name the second argument differently.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # Workers take messages in the order of their names, so the time comes first.
        stem = os.path.join(self.data_folder_out, f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}")
        try:
            with open(f"{stem}.draft", "w") as draft:
                draft.write(dumps(payload))
            os.replace(f"{stem}.draft", f"{stem}.msg")
        except OSError as error:
            raise ChannelError(f"Cannot write a message to {self.data_folder_out}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError as error:
            logger.warning("A message that cannot be read was left out: %s", error)
            raise Empty from error


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: Any = None, **kwargs: Any) -> None:
        # Between two calls the worker acknowledges what is done, and notices that it is to stop.
        # It asks for two seconds, in which a third message would wait for the first two.
        super().drain_events(connection, timeout=self.polling_interval)
