"""Says in one sentence that PORT is taken, before anything is started: `python -m scorecard.port`."""

import socket
import sys

from scorecard.environment import read


def is_free(port: int) -> bool:
    """Whether a server can listen on `port` of this machine."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


if __name__ == "__main__":
    wanted = read("int", "PORT", 8000, example="8001")
    if not is_free(wanted):
        sys.exit(f"Port {wanted} is taken by another program; choose another one: make demo PORT=8001")
